// Where blocks stand, and what is done there: a message, or a view.
//
// A scene is {key, reader, people, conversations, errors, chosen, value, keep, place, press}.

import { post } from "./api.js";

// What was typed into inputs and not submitted yet: scene → block_id → action_id → value.
const typed = new Map();

export function typedIn(key) {
  return typed.get(key) ?? {};
}

export function forget(key) {
  typed.delete(key);
}

// The scene of a message. `attempt` runs what may be refused and says so.
export function messageScene(message, page, attempt) {
  const where = { channel: message.channel, ts: message.ts };
  return scene(`${page.person}/${message.channel}/${message.ts}`, message.state, where, page, attempt);
}

// The scene of a modal or home tab; `errors` by block_id.
export function viewScene(view, page, attempt, errors = {}) {
  return { ...scene(view.id, view.state, { view: view.id }, page, attempt), errors };
}

function scene(key, state, where, page, attempt) {
  const place = (block, element) => ({
    person: page.person,
    ...where,
    block_id: block.block_id,
    action_id: element.action_id,
    values: typedIn(key),
  });
  const chosen = (block, element) => valueIn(state[block.block_id]?.[element.action_id]);
  return {
    key,
    reader: page.reader,
    people: page.people,
    conversations: page.conversations,
    errors: {},
    chosen,
    // What stands in an input: what was typed, or else what is chosen.
    value: (block, element) => {
      const values = typedIn(key)[block.block_id] ?? {};
      return element.action_id in values ? values[element.action_id] : chosen(block, element);
    },
    keep: (block, element, value) => {
      const values = typedIn(key);
      typed.set(key, values);
      (values[block.block_id] ??= {})[element.action_id] = value;
    },
    place,
    press: (block, element, value = null) =>
      attempt(() => post("/api/press", { ...place(block, element), value })),
  };
}

// What a state entry holds beside its type.
function valueIn(entry) {
  const [, value] = Object.entries(entry ?? {}).find(([key]) => key !== "type") ?? [];
  return value;
}
