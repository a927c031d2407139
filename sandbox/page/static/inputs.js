// Input blocks: a label, a control whose value waits in the page until the view is submitted or
// something in it is pressed, a hint, and the error if there is one.

import { CONTROLS } from "./controls.js";
import { h, newId } from "./dom.js";
import { plain } from "./text.js";

const PAUSE = 300; // milliseconds of typing nothing before the app hears of what was typed
const GROUPS = ["radio_buttons", "checkboxes"];

export function drawInput(block, scene) {
  const { element } = block;
  const error = scene.errors[block.block_id];
  const ids = { control: newId(), label: newId(), notes: newId() };
  const grouped = GROUPS.includes(element.type);
  const label = [plain(block.label), block.optional && h("span", { class: "quiet" }, " (optional)")];
  const control = CONTROLS[element.type] ?? unknown;
  return h(
    grouped ? "fieldset" : "div",
    { class: "field", "aria-describedby": grouped ? ids.notes : null },
    grouped ? h("legend", {}, label) : h("label", { id: ids.label, for: ids.control }, label),
    control(element, {
      labelled: ids.label,
      value: scene.value(block, element),
      attributes: attributes(block, ids, error),
      scene,
      place: () => scene.place(block, element),
      waits: true,
      optional: block.optional,
      ...heard(block, scene),
    }),
    h(
      "div",
      { id: ids.notes },
      error && h("p", { class: "error", role: "alert" }, error),
      block.hint && h("p", { class: "quiet" }, plain(block.hint)),
      block.dispatch_action && typed(element) && triggers(element).includes(ENTER) &&
        h("p", { class: "quiet" }, "Press Enter to send"),
    ),
  );
}

function attributes(block, ids, error) {
  const { element } = block;
  const button = element.type.includes("select");
  return {
    id: ids.control,
    "aria-labelledby": button ? `${ids.label} ${ids.control}` : null,
    "aria-describedby": ids.notes,
    "aria-invalid": error && !button ? "true" : null,
    "aria-required": block.optional || button ? null : "true",
    autofocus: element.focus_on_load,
    data: { name: `${block.block_id}/${element.action_id}`, refused: error ? "yes" : "no" },
  };
}

const ENTER = "on_enter_pressed";

// When the app hears of what is typed.
function triggers(element) {
  return element.dispatch_action_config?.trigger_actions_on ?? [ENTER];
}

function typed({ type }) {
  return type.endsWith("_input");
}

// What is given is kept; with `dispatch_action` the app hears of it, too: at once of what is
// chosen, and of what is typed when `dispatch_action_config` says so.
function heard(block, scene) {
  const { element } = block;
  const on = triggers(element);
  let timer;
  const tell = () => {
    clearTimeout(timer);
    return scene.press(block, element, scene.value(block, element));
  };
  const give = (value, { typing = false } = {}) => {
    scene.keep(block, element, value);
    if (!block.dispatch_action) return;
    if (!typing) tell();
    else if (on.includes("on_character_entered")) timer = again(timer, tell);
  };
  const enter = (event) => {
    if (!block.dispatch_action || !on.includes(ENTER) || event.shiftKey) return;
    event.preventDefault();
    tell();
  };
  return { give, enter };
}

function again(timer, act) {
  clearTimeout(timer);
  return setTimeout(act, PAUSE);
}

function unknown(element) {
  return h("p", { class: "quiet" }, `[${element.type}: this sandbox cannot draw it]`);
}
