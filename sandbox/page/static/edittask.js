// The form in a task's place that changes it.

import { post } from "./api.js";
import { dayOf, timeOf } from "./dates.js";
import { h } from "./dom.js";
import { choices, saidAt, taskFields } from "./fields.js";

// `done` is called when it is over, after saving or not. Only what was changed is sent: the rest
// stays as it is at the provider, to the second.
export function editForm(board, task, page, done) {
  const settable = task.open || board.reopens;
  const more = settable && { status: choices(statuses(board, task), task.status) };
  const { fields, element, offerSubjects } = taskFields(board, more, { status: "Status" });
  offerSubjects(board.subjects);
  const values = valuesOf(task, page.reader.zone);
  for (const [key, field] of Object.entries(fields)) field.value = values[key];
  const before = read(fields); // a field may hold less than it was given, such as one line of many
  const wrong = h("p", { class: "error", role: "alert" });
  const address = `/api/boards/${board.name}/tasks/${encodeURIComponent(task.id)}/edit`;
  const submitted = async (event) => {
    event.preventDefault();
    const changed = changesOf(fields, before);
    const body = { person: page.person, ...changed };
    const nothing = Object.keys(changed).length === 0;
    if (nothing || (await saidAt(wrong, () => post(address, body)))) done();
  };
  const form = h(
    "form",
    {
      class: "task-form",
      "aria-label": `Edit ${task.title}`,
      autocomplete: "off",
      onsubmit: submitted,
      onkeydown: ({ key }) => key === "Escape" && done(),
    },
    element,
    h("p", { class: "quiet" }, `Times are in ${page.reader.zone}.`),
    wrong,
    h(
      "div",
      { class: "row end" },
      h("button", { type: "button", class: "button", onclick: () => done() }, "Cancel"),
      h("button", { type: "submit", class: "button primary" }, "Save"),
    ),
  );
  return { form, focus: () => fields.title.select() };
}

// The statuses that can be chosen; the present one is among them even if people can't set it.
function statuses(board, task) {
  return board.statuses.includes(task.status) ? board.statuses : [task.status, ...board.statuses];
}

function read(fields) {
  return Object.fromEntries(Object.entries(fields).map(([key, { value }]) => [key, value]));
}

function valuesOf({ title, subject, due, priority, status }, zone) {
  const day = due?.day ?? (due ? dayOf(due.moment, zone) : "");
  const hour = due?.moment === undefined ? "" : timeOf(due.moment, zone);
  return { title, about: subject, day, hour, priority, status };
}

// The fields that say something else than before; day and hour go together.
function changesOf(fields, before) {
  const changed = {};
  const differs = (key) => fields[key] && fields[key].value !== before[key];
  for (const key of ["title", "about", "priority", "status"]) {
    if (differs(key)) changed[key] = fields[key].value;
  }
  if (differs("day") || differs("hour")) {
    changed.day = fields.day.value || null;
    changed.hour = fields.hour.value || null;
  }
  return changed;
}
