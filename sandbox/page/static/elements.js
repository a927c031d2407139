// The elements that act at once: buttons, menus, and what holds a value, in messages and views.

import { CONTROLS, placeholder } from "./controls.js";
import { h } from "./dom.js";
import { confirmed, openMenu } from "./menu.js";
import { plain } from "./text.js";

export function drawElement(block, element, scene) {
  if (element.type in CONTROLS) return acting(block, element, scene);
  return (ELEMENTS[element.type] ?? unknown)(block, element, scene);
}

function unknown(_block, element) {
  return h("span", { class: "quiet" }, `[${element.type}: this sandbox cannot draw it]`);
}

// The name by which a redrawn element gets the focus back.
function nameOf(block, element) {
  return { name: `${block.block_id}/${element.action_id}` };
}

function visit(url) {
  if (/^https?:/i.test(url ?? "")) window.open(url, "_blank", "noopener");
}

// Do it, if the person is sure; whether they were. What is under way is not begun again.
async function act(block, element, scene, value, source) {
  if (source?.getAttribute("aria-busy") === "true") return true;
  if (!(await confirmed(element.confirm, scene.reader))) return false;
  source?.setAttribute("aria-busy", "true");
  await scene.press(block, element, value);
  source?.removeAttribute("aria-busy");
  return true;
}

function button(block, element, scene) {
  const onclick = ({ currentTarget }) => {
    visit(element.url);
    return act(block, element, scene, null, currentTarget);
  };
  const options = {
    type: "button",
    class: `button ${element.style ?? ""}`,
    "aria-label": element.accessibility_label,
    data: nameOf(block, element),
    onclick,
  };
  return h("button", options, plain(element.text), element.url && h("span", { "aria-hidden": "true" }, " ↗"));
}

const ICONS = { trash: "🗑" };

function iconButton(block, element, scene) {
  const only = element.visible_to_user_ids;
  if (only && !only.includes(scene.reader.id)) return null;
  const words = plain(element.text);
  const options = {
    type: "button",
    class: "button icon",
    title: words,
    "aria-label": element.accessibility_label ?? words,
    data: nameOf(block, element),
    onclick: ({ currentTarget }) => act(block, element, scene, null, currentTarget),
  };
  return h("button", options, ICONS[element.icon] ?? words);
}

function feedback(block, element, scene) {
  return ["positive_button", "negative_button"].map((key) =>
    h(
      "button",
      {
        type: "button",
        class: "button icon",
        "aria-label": element[key].accessibility_label,
        data: { name: `${nameOf(block, element).name}/${key}` },
        onclick: ({ currentTarget }) => act(block, element, scene, key, currentTarget),
      },
      plain(element[key].text),
    ),
  );
}

function overflow(block, element, scene) {
  const choose = (option) => {
    visit(option.url);
    return act(block, element, scene, option);
  };
  const options = {
    type: "button",
    class: "button more",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "aria-label": "More",
    data: nameOf(block, element),
    onclick: ({ currentTarget }) => openMenu(currentTarget, { title: "More", groups: [element], choose }),
  };
  return h("button", options, "⋯");
}

// What holds a value acts when it is given one. Refused by the person, it shows again what it held.
function acting(block, element, scene) {
  const give = async (value) => {
    if (!(await act(block, element, scene, value, drawn))) drawn.replaceWith(acting(block, element, scene));
  };
  const drawn = CONTROLS[element.type](element, {
    value: scene.chosen(block, element),
    give,
    attributes: {
      "aria-label": GROUPED[element.type] && placeholder(element, GROUPED[element.type]),
      autofocus: element.focus_on_load,
      data: nameOf(block, element),
    },
    scene,
    place: () => scene.place(block, element),
    waits: false,
    optional: false,
  });
  return drawn;
}

const GROUPED = { radio_buttons: "Choose one", checkboxes: "Choose any" };

// A picture, if it is of this machine; its words otherwise: the sandbox loads nothing from afar.
export function picture({ image_url: url = "", alt_text: words }) {
  const own = url.startsWith("data:") || url.startsWith(`${window.location.origin}/`);
  if (own) return h("img", { src: url, alt: words });
  return h("span", { class: "picture", role: "img", "aria-label": words, title: words }, words);
}

export const ELEMENTS = {
  button,
  workflow_button: button,
  icon_button: iconButton,
  feedback_buttons: feedback,
  overflow,
  image: (_block, element) => picture(element),
};
