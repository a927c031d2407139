// Dates, times and moments: the browser's own inputs, with what stands in them told in the
// reader's language, and moments in the reader's zone.

import { localOf, pickedWords } from "./dates.js";
import { h, newId } from "./dom.js";
import { float } from "./menu.js";
import { plain } from "./text.js";

const NATIVE = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };
const EMPTY = {
  datepicker: "Select a date",
  timepicker: "Select a time",
  datetimepicker: "Select a date and time",
};

export function picker(element, field) {
  return field.waits ? inForm(element, field) : upon(element, field);
}

// What a button is that empties the field with this label.
export function clears(labelled) {
  return { type: "button", class: "clear", "aria-label": "Clear", "aria-describedby": labelled };
}

// What the input holds: a moment as it is in the reader's zone. What was typed is shown again.
function localValue(value, reader) {
  return typeof value === "number" ? localOf(value, reader.zone) : (value ?? "");
}

function words({ type, timezone }, local, reader) {
  if (!local) return "";
  const zone = type === "datetimepicker" ? reader.zone : timezone;
  return [pickedWords(type, local, reader), zone].filter(Boolean).join(" · ");
}

// Within a form the input itself stands there, and its words beneath it.
function inForm(element, { labelled, value, give, attributes, scene }) {
  const said = h("span", { class: "quiet" });
  const show = () => {
    said.textContent = words(element, input.value, scene.reader);
    clear.hidden = !input.value;
  };
  const changed = () => {
    show();
    give(input.value || null);
  };
  const wipe = () => {
    input.value = "";
    changed();
    input.focus();
  };
  const input = h("input", {
    ...attributes,
    type: NATIVE[element.type],
    value: localValue(value, scene.reader),
    oninput: changed,
  });
  const clear = h("button", { ...clears(labelled), onclick: wipe }, "✕");
  show();
  return h("span", { class: "holder picked" }, input, clear, said);
}

// Beside texts and buttons it is a button, and acts once "Set" is pressed: typing a date passes
// through many.
function upon(element, { value, give, attributes, scene }) {
  const local = localValue(value, scene.reader);
  const title = element.placeholder ? plain(element.placeholder) : EMPTY[element.type];
  const shown = local ? pickedWords(element.type, local, scene.reader) : title;
  const open = ({ currentTarget }) => {
    const id = newId();
    const input = h("input", { id, type: NATIVE[element.type], value: local });
    const put = (picked) => {
      close();
      if (picked !== local) give(picked || null);
    };
    const submitted = (event) => {
      event.preventDefault();
      put(input.value);
    };
    const form = h(
      "form",
      { class: "picking", onsubmit: submitted },
      h("label", { for: id }, title),
      input,
      element.type === "datetimepicker" && h("p", { class: "quiet" }, scene.reader.zone),
      h(
        "div",
        { class: "row end" },
        local && h("button", { type: "button", class: "button", onclick: () => put("") }, "Clear"),
        h("button", { type: "submit", class: "button primary" }, "Set"),
      ),
    );
    const close = float(currentTarget, { role: "dialog", title, content: [form], first: input });
  };
  const options = { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: open };
  return h(
    "button",
    {
      ...attributes,
      ...options,
      "aria-label": local ? `${title}: ${shown}` : null,
      class: `button select ${element.type}`,
    },
    h("span", { class: local ? "chosen" : "chosen empty-choice" }, shown),
  );
}
