// What can be filled in: the elements of input blocks. Values stay in the page until the view is
// submitted or something in it is pressed.

import { localOf } from "./dates.js";
import { h, newId } from "./dom.js";
import { openMenu, searched } from "./menu.js";
import { plain, textNodes } from "./text.js";

// The browser's own inputs for Slack's pickers.
export const NATIVE = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

const TEXTS = {
  plain_text_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
};

// An input block: label, element, hint, and the error if there is one. `value` is what stands in
// it; `changed` hears of what is given.
export function drawInput(block, { value, error, reader, people, place, changed }) {
  const { element } = block;
  const id = newId();
  const notes = newId();
  const group = element.type in { radio_buttons: 1, checkboxes: 1 };
  const label = [plain(block.label), block.optional && h("span", { class: "quiet" }, " (optional)")];
  const described = {
    id,
    "aria-describedby": notes,
    "aria-invalid": error ? "true" : null,
    "aria-required": block.optional ? null : "true",
    data: { name: `${block.block_id}/${element.action_id}` },
  };
  const field = drawField(element, { value, reader, people, place, changed, described });
  return h(
    group ? "fieldset" : "div",
    { class: "field" },
    group ? h("legend", {}, label) : h("label", { for: id }, label),
    field,
    h(
      "div",
      { id: notes },
      error && h("p", { class: "error", role: "alert" }, error),
      block.hint && h("p", { class: "quiet" }, plain(block.hint)),
      element.type === "datetimepicker" && h("p", { class: "quiet" }, `In ${reader.zone}`),
    ),
  );
}

function drawField(element, { value, reader, people, place, changed, described }) {
  if (element.type in TEXTS) return textInput(element, value, changed, described);
  if (element.type in NATIVE) {
    const input = dateInput(element, value, reader, described);
    input.addEventListener("input", () => changed(input.value || null));
    return input;
  }
  switch (element.type) {
    case "static_select":
      return nativeSelect(element, value, changed, described);
    case "users_select":
      return peopleSelect(element, people, value, changed, described);
    case "external_select":
      return searchSelect(element, value, place, changed, described);
    case "radio_buttons":
    case "checkboxes":
      return choices(element, value, reader, changed);
    case "multi_static_select":
      return choices({ ...element, type: "checkboxes" }, value, reader, changed);
    default:
      return h("p", { class: "quiet" }, `[${element.type}: this sandbox cannot draw it]`);
  }
}

function textInput(element, value, changed, described) {
  const options = {
    ...described,
    placeholder: element.placeholder && plain(element.placeholder),
    maxlength: element.max_length,
    autofocus: element.focus_on_load,
    oninput: (event) => changed(event.target.value),
  };
  if (element.multiline) return h("textarea", { ...options, rows: 4, value: value ?? "" });
  const step = element.is_decimal_allowed ? "any" : null;
  return h("input", { ...options, type: TEXTS[element.type], step, value: value ?? "" });
}

// A date, a time or both. A moment shows in the reader's zone; what was typed is shown again.
export function dateInput(element, value, reader, described) {
  const shown = typeof value === "number" ? localOf(value, reader.zone) : value;
  return h("input", { ...described, type: NATIVE[element.type], value: shown ?? "" });
}

function nativeSelect(element, value, changed, described) {
  const groups = element.option_groups ?? [element];
  const all = groups.flatMap(({ options }) => options);
  const drawn = (option) =>
    h(
      "option",
      { value: all.indexOf(option), selected: same(option, value) },
      plain(option.text),
    );
  const select = h(
    "select",
    { ...described, onchange: (event) => changed(all[event.target.value] ?? null) },
    h("option", { value: "" }, element.placeholder ? plain(element.placeholder) : "Select"),
    groups.map(({ label, options }) =>
      label ? h("optgroup", { label: plain(label) }, options.map(drawn)) : options.map(drawn),
    ),
  );
  return select;
}

function peopleSelect(element, people, value, changed, described) {
  return h(
    "select",
    { ...described, onchange: (event) => changed(event.target.value || null) },
    h("option", { value: "" }, element.placeholder ? plain(element.placeholder) : "Choose a person"),
    people.map(({ id, name }) => h("option", { value: id, selected: id === value }, name)),
  );
}

function searchSelect(element, value, place, changed, described) {
  const title = element.placeholder ? plain(element.placeholder) : "Search";
  const choose = (option) => {
    shown.textContent = plain(option.text);
    changed(option);
    shown.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const shown = h(
    "button",
    {
      ...described,
      type: "button",
      class: "button opens",
      "aria-haspopup": "dialog",
      onclick: (event) =>
        openMenu(event.currentTarget, { title, search: (query) => searched(place, query), choose }),
    },
    value ? plain(value.text) : title,
  );
  return shown;
}

// Radio buttons or checkboxes.
export function choices(element, value, reader, changed) {
  const several = element.type === "checkboxes";
  const name = newId();
  const options = (element.option_groups ?? [element]).flatMap((group) => group.options);
  const chosen = new Set(options.filter((one) => [value].flat().some((other) => same(one, other))));
  const pick = (option) => (event) => {
    if (!several) return changed(option);
    if (event.target.checked) chosen.add(option);
    else chosen.delete(option);
    return changed(options.filter((one) => chosen.has(one)));
  };
  return h(
    "div",
    { class: "options" },
    options.map((option) => {
      const id = newId();
      const type = several ? "checkbox" : "radio";
      return h(
        "div",
        { class: "option" },
        h("input", { id, type, name, checked: chosen.has(option), onchange: pick(option) }),
        h(
          "label",
          { for: id },
          textNodes(option.text, reader),
          option.description && h("span", { class: "quiet" }, textNodes(option.description, reader)),
        ),
      );
    }),
  );
}

function same(one, other) {
  return Boolean(one && other) && one.value === other.value && one.text.text === other.text.text;
}
