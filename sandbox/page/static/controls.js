// The elements that hold a value: fields, selects, pickers, choices. They stand in input blocks,
// where a value waits to be submitted, and beside texts and buttons, where it acts at once.
//
// `field` is {labelled, value, give, enter, attributes, scene, place, waits, optional}: `give` hears of
// a new value, `enter` of that key, `attributes` name the control, `waits` tells that it stands in
// an input block, whose label has the id `labelled`.

import { post } from "./api.js";
import { h, newId } from "./dom.js";
import { clears, picker } from "./pickers.js";
import { openPicklist, same } from "./picklist.js";
import { plain, textNodes } from "./text.js";

export function placeholder(element, otherwise) {
  return element.placeholder ? plain(element.placeholder) : otherwise;
}

// A list of options from which one is chosen, or several.
function select(options) {
  return (element, field) => {
    const offer = options(element, field);
    return element.type.startsWith("multi_") ? several(element, field, offer) : one(element, field, offer);
  };
}

const fixed = ({ option_groups: groups, options }) => ({
  groups: groups ?? [{ options }],
  toOption: (value) => value,
  toValue: (option) => option,
  words: "Select",
});

const served = (element, { place }) => ({
  ...fixed(element),
  groups: [],
  words: "Search",
  least: element.min_query_length ?? 3,
  ask: async (query) => (await post("/api/search", { ...place(), query })).options,
});

// Options that stand for ids: people or conversations.
function ids(known, words) {
  const options = known.map(({ id, name }) => ({ text: { type: "plain_text", text: name }, value: id }));
  const unknown = (id) => ({ text: { type: "plain_text", text: id }, value: id });
  return {
    groups: [{ options }],
    toOption: (id) => id && (options.find(({ value }) => value === id) ?? unknown(id)),
    toValue: ({ value }) => value,
    words,
  };
}

const people = (_element, { scene }) => ids(scene.people, "Choose a person");

const conversations = (_element, { scene }) => ids(scene.conversations.map(named), "Choose a conversation");

const channels = (_element, { scene }) =>
  ids(scene.conversations.filter(({ direct }) => !direct).map(named), "Choose a channel");

function named({ id, name, direct }) {
  return { id, name: direct ? name : `# ${name}` };
}

function one(element, { labelled, value, give, attributes, waits, optional }, offer) {
  let chosen = offer.toOption(value);
  const words = placeholder(element, offer.words);
  const shown = h("span", { class: "chosen" });
  const clear = h("button", { ...clears(labelled), onclick: () => put(null) }, "✕");
  const show = () => {
    shown.textContent = chosen ? plain(chosen.text) : words;
    shown.classList.toggle("empty-choice", !chosen);
    if (!waits && chosen) button.setAttribute("aria-label", `${words}: ${plain(chosen.text)}`);
    clear.hidden = !(optional && chosen);
  };
  const put = (option) => {
    if (!option) button.focus();
    chosen = option;
    show();
    give(option && offer.toValue(option));
  };
  const open = () =>
    openPicklist(button, { ...offer, title: words, chosen: chosen ? [chosen] : [], choose: put });
  const button = h("button", { ...attributes, ...OPENS, class: "button select", onclick: open }, shown);
  show();
  return h("span", { class: "holder" }, button, clear);
}

const OPENS = { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" };

function several(element, { value, give, attributes, waits }, offer) {
  let chosen = (value ?? []).map(offer.toOption);
  const words = placeholder(element, offer.words);
  const chips = h("span", { class: "chips" });
  const put = (options) => {
    chosen = options;
    show();
    give(options.map(offer.toValue));
  };
  const remove = (option, number) => {
    put(chosen.filter((other) => other !== option));
    (chips.querySelectorAll("button")[Math.min(number, chosen.length - 1)] ?? button).focus();
  };
  const show = () => {
    chips.replaceChildren(
      ...chosen.map((option, number) => {
        const name = `${attributes.data.name}/${option.value}`;
        return chip(option, { data: { name }, onclick: () => remove(option, number) });
      }),
    );
    button.firstChild.textContent = chosen.length ? "Add" : words;
    if (chosen.length && !waits) button.setAttribute("aria-label", `Add to ${words}`);
    else button.removeAttribute("aria-label");
  };
  const list = () => ({
    ...offer,
    title: words,
    chosen,
    several: true,
    most: element.max_selected_items ?? Infinity,
    choose: put,
  });
  const button = h(
    "button",
    { ...attributes, ...OPENS, class: "button select", onclick: () => openPicklist(button, list()) },
    h("span", { class: "chosen empty-choice" }),
  );
  show();
  return h("span", { class: "holder several" }, chips, button);
}

function chip(option, attributes) {
  const words = plain(option.text);
  const remove = { ...attributes, type: "button", class: "clear", "aria-label": `Remove ${words}` };
  return h("span", { class: "chip" }, words, h("button", remove, "✕"));
}

// Radio buttons or checkboxes.
function choices(element, { value, give, attributes, scene, waits }) {
  const many = element.type === "checkboxes";
  const name = newId();
  const chosen = new Set(
    element.options.filter((option) => [value ?? []].flat().some((other) => same(option, other))),
  );
  const pick = (option) => ({ target }) => {
    if (!many) return give(option);
    if (target.checked) chosen.add(option);
    else chosen.delete(option);
    return give(element.options.filter((one) => chosen.has(one)));
  };
  const row = (option, number) => {
    const id = newId();
    const box = {
      id, name, type: many ? "checkbox" : "radio", checked: chosen.has(option), onchange: pick(option),
      autofocus: number === 0 ? attributes.autofocus : null,
      data: { ...attributes.data, name: `${attributes.data.name}/${option.value}` },
    };
    const details = option.description &&
      h("span", { class: "quiet" }, textNodes(option.description, scene.reader));
    return h(
      "div",
      { class: "option" },
      h("input", box),
      h("label", { for: id }, textNodes(option.text, scene.reader), details),
    );
  };
  const group = waits ? {} : { role: many ? "group" : "radiogroup", "aria-label": attributes["aria-label"] };
  return h("div", { ...group, class: "options" }, element.options.map(row));
}

const TYPES = { email_text_input: "email", url_text_input: "url" };

const NEAR = 0.8; // the part of a limit from which on the count shows

// A line or lines of words.
function text(element, { value, give, attributes, enter }) {
  const { min_length: least = 0, max_length: most } = element;
  const count = h("span", { class: "count quiet" });
  const tell = (words) => {
    const over = most && words.length > most;
    count.textContent = over ? `${words.length - most} too many` : `${words.length} / ${most}`;
    count.classList.toggle("bad", Boolean(over));
    count.hidden = !(words.length >= most * NEAR);
    if (least && words.length && words.length < least) {
      count.hidden = false;
      count.textContent = `At least ${least} characters`;
    }
  };
  const options = {
    ...attributes,
    placeholder: element.placeholder && plain(element.placeholder),
    value: value ?? "",
    oninput: ({ target }) => {
      tell(target.value);
      give(target.value, { typing: true });
    },
    onkeydown: (event) => event.key === "Enter" && enter?.(event),
  };
  tell(options.value);
  const field = element.multiline
    ? h("textarea", { ...options, rows: 3 })
    : h("input", {
        ...options,
        type: TYPES[element.type] ?? "text",
        inputmode: element.type === "number_input" ? "decimal" : null,
      });
  return h("span", { class: "holder written" }, field, count);
}

// Rich text is written as plain lines here.
function rich(element, field) {
  const wrap = (words) => ({
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: [{ type: "text", text: words }] }],
  });
  const give = (words, how) => field.give(words && wrap(words), how);
  return text({ ...element, multiline: true }, { ...field, give, value: wordsOf(field.value) });
}

function wordsOf(value) {
  const parts = (value?.elements ?? []).map(({ elements = [] }) =>
    elements.map((one) => one.text ?? (one.elements ? wordsOf({ elements: [one] }) : "")).join(""),
  );
  return parts.join("\n");
}

function file(_element, { attributes }) {
  const options = { ...attributes, type: "text", disabled: true, value: "This sandbox takes no files" };
  return h("input", options);
}

export const CONTROLS = {
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
  rich_text_input: rich,
  file_input: file,
  static_select: select(fixed),
  multi_static_select: select(fixed),
  external_select: select(served),
  multi_external_select: select(served),
  users_select: select(people),
  multi_users_select: select(people),
  conversations_select: select(conversations),
  multi_conversations_select: select(conversations),
  channels_select: select(channels),
  multi_channels_select: select(channels),
  radio_buttons: choices,
  checkboxes: choices,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
};
