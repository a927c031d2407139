// Where blocks stand, and what pressing something there does: a message, or a view with its inputs.

import { post } from "./api.js";
import { valueIn } from "./elements.js";
import { drawInput } from "./inputs.js";

// What was typed into views and not submitted yet: view → block_id → action_id → value.
const typed = new Map();

export function typedIn(view) {
  return typed.get(view) ?? {};
}

export function forget(view) {
  typed.delete(view);
}

function keep(view, blockId, actionId, value) {
  const values = typedIn(view);
  typed.set(view, values);
  (values[blockId] ??= {})[actionId] = value;
}

// The scene of a message. `attempt` runs what may be refused and says so.
export function messageScene(message, page, attempt) {
  const place = (block, element) => ({
    person: page.person,
    channel: message.channel,
    ts: message.ts,
    block_id: block.block_id,
    action_id: element.action_id,
  });
  return scene(message.state, page, place, attempt);
}

// The scene of a modal or home tab; `errors` by block_id.
export function viewScene(view, page, attempt, errors = {}) {
  const place = (block, element) => ({
    person: page.person,
    view: view.id,
    block_id: block.block_id,
    action_id: element.action_id,
    values: typedIn(view.id),
  });
  const made = scene(view.state, page, place, attempt);
  made.input = (block) => {
    const { block_id: blockId, element } = block;
    const now = () => {
      const values = typedIn(view.id)[blockId] ?? {};
      if (element.action_id in values) return values[element.action_id];
      return valueIn(view.state[blockId]?.[element.action_id]);
    };
    const field = drawInput(block, {
      value: now(),
      error: errors[blockId],
      reader: page.reader,
      people: page.people,
      place: place(block, element),
      changed: (value) => keep(view.id, blockId, element.action_id, value),
    });
    if (block.dispatch_action) {
      field.addEventListener("change", () => made.press(block, element, now()));
    }
    return field;
  };
  return made;
}

function scene(state, page, place, attempt) {
  return {
    reader: page.reader,
    people: page.people,
    state,
    place,
    press: (block, element, value = null) =>
      attempt(() => post("/api/press", { ...place(block, element), value })),
  };
}
