// The elements that act at once: buttons, menus and pickers in messages and views.
//
// `scene` is where they stand: {reader, people, state, place, press, drafts?}.

import { h } from "./dom.js";
import { choices, dateInput, NATIVE } from "./inputs.js";
import { confirmed, openMenu, searched } from "./menu.js";
import { plain, textNodes } from "./text.js";

// What a state entry holds beside its type.
export function valueIn(entry) {
  const [, value] = Object.entries(entry ?? {}).find(([key]) => key !== "type") ?? [];
  return value;
}

export function drawElement(block, element, scene) {
  return (KINDS[element.type] ?? unknown)(block, element, scene);
}

function unknown(_block, element) {
  return h("span", { class: "quiet" }, `[${element.type}: this sandbox cannot draw it]`);
}

// The name by which a redrawn element gets the focus back.
function nameOf(block, element) {
  return { name: `${block.block_id}/${element.action_id}` };
}

function act(block, element, scene, value) {
  return async (event) => {
    const source = event?.currentTarget;
    const sure = await confirmed(element.confirm, (text) => textNodes(text, scene.reader));
    if (!sure) return;
    source?.setAttribute("aria-busy", "true");
    await scene.press(block, element, value);
    source?.removeAttribute("aria-busy");
  };
}

function button(block, element, scene) {
  const press = act(block, element, scene);
  const onclick = (event) => {
    if (/^https?:/i.test(element.url ?? "")) window.open(element.url, "_blank", "noopener");
    return press(event);
  };
  const options = {
    type: "button",
    class: `button ${element.style ?? ""}`,
    "aria-label": element.accessibility_label,
    data: nameOf(block, element),
    onclick,
  };
  return h("button", options, plain(element.text), element.url && " ↗");
}

function feedback(block, element, scene) {
  return ["positive_button", "negative_button"].map((key) =>
    h(
      "button",
      { type: "button", class: "button", onclick: act(block, element, scene, key) },
      plain(element[key].text),
    ),
  );
}

// A button that opens a menu; what was chosen stands on it.
function menuButton(block, element, scene, { label, title, ...menu }) {
  const choose = (option) => {
    if (/^https?:/i.test(option.url ?? "")) window.open(option.url, "_blank", "noopener");
    return act(block, element, scene, menu.given ? menu.given(option) : option)();
  };
  const options = {
    type: "button",
    class: title ? "button" : "button opens",
    "aria-haspopup": menu.search ? "dialog" : "menu",
    "aria-expanded": "false",
    "aria-label": title,
    data: nameOf(block, element),
    onclick: (event) => openMenu(event.currentTarget, { title: title ?? label, ...menu, choose }),
  };
  return h("button", options, label);
}

function chosenIn(block, element, scene) {
  return valueIn(scene.state[block.block_id]?.[element.action_id]);
}

function placeholder(element, otherwise) {
  return element.placeholder ? plain(element.placeholder) : otherwise;
}

function staticSelect(block, element, scene) {
  const chosen = chosenIn(block, element, scene);
  const label = chosen ? plain(chosen.text) : placeholder(element, "Select");
  return menuButton(block, element, scene, { label, groups: element.option_groups ?? [element] });
}

function externalSelect(block, element, scene) {
  const chosen = chosenIn(block, element, scene);
  const label = chosen ? plain(chosen.text) : placeholder(element, "Search");
  const search = (query) => searched(scene.place(block, element), query);
  return menuButton(block, element, scene, { label, search });
}

function overflow(block, element, scene) {
  return menuButton(block, element, scene, { label: "⋯", title: "More", groups: [element] });
}

function userSelect(block, element, scene) {
  const chosen = chosenIn(block, element, scene);
  const label = scene.reader.names[chosen] ?? placeholder(element, "Choose a person");
  const options = scene.people.map(({ id, name }) => ({
    text: { type: "plain_text", text: name },
    value: id,
  }));
  const given = (option) => option.value;
  return menuButton(block, element, scene, { label, groups: [{ options }], given });
}

// A picker acts when its "Set" is pressed: typing a date passes through many.
function picker(block, element, scene) {
  const value = chosenIn(block, element, scene);
  const input = dateInput(element, value, scene.reader, {
    "aria-label": placeholder(element, "Date or time"),
    data: nameOf(block, element),
  });
  const set = (event) => input.value && act(block, element, scene, input.value)(event);
  return h(
    "span",
    { class: "row" },
    input,
    h("button", { type: "button", class: "button", onclick: set }, "Set"),
  );
}

function options(block, element, scene) {
  const chosen = chosenIn(block, element, scene);
  const changed = (value) => act(block, element, scene, value)();
  return choices(element, chosen, scene.reader, changed);
}

function image(_block, element) {
  return picture(element);
}

// A picture, if it is of this machine; its words otherwise: the sandbox loads nothing from afar.
export function picture({ image_url: url = "", alt_text: words }) {
  const own = url.startsWith("data:") || url.startsWith(`${window.location.origin}/`);
  if (own) return h("img", { src: url, alt: words });
  return h("span", { class: "picture", role: "img", "aria-label": words }, words);
}

const KINDS = {
  button,
  workflow_button: button,
  icon_button: button,
  feedback_buttons: feedback,
  static_select: staticSelect,
  external_select: externalSelect,
  users_select: userSelect,
  overflow,
  image,
  radio_buttons: options,
  checkboxes: options,
  ...Object.fromEntries(Object.keys(NATIVE).map((type) => [type, picker])),
};
