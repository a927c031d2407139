// The fields of a task that the forms of a board share.

import { h, newId } from "./dom.js";

const NOT_BLANK = { pattern: ".*\\S.*", title: "Something other than spaces" };

// The fields by what they hold. `element` is what stands in a form for all of them, in order, each
// under its label; `more` are further fields by their names, and `words` their labels.
export function taskFields({ labels, fixedSubjects, needsTime, priorities }, more, words) {
  const listId = newId();
  const fields = {
    title: h("input", { type: "text", required: true, maxlength: 200, ...NOT_BLANK }),
    about: fixedSubjects ? h("select") : h("input", { type: "text", list: listId, maxlength: 200 }),
    day: h("input", { type: "date" }),
    hour: h("input", { type: "time" }),
    ...(priorities.length && { priority: choices(priorities, "medium") }),
    ...more,
  };
  const subjects = fixedSubjects ? fields.about : h("datalist", { id: listId });
  const called = {
    title: labels.title,
    about: labels.about,
    day: "Due on",
    hour: needsTime ? "At" : "At (or all day)",
    priority: "Priority",
    ...words,
  };
  const element = h(
    "div",
    { class: "fields" },
    Object.entries(fields).map(([key, field]) => labelled(called[key], field)),
    fixedSubjects ? null : subjects,
  );
  const offerSubjects = (all) => options(subjects, all.map((one) => ({ words: one, value: one })), fixedSubjects);
  return { fields, element, offerSubjects };
}

// A select of plain words.
export function choices(all, selected) {
  return h("select", {}, all.map((one) => h("option", { selected: one === selected }, one)));
}

// The options of a select, or of a datalist, whose options have no words of their own.
export function options(list, all, worded = true) {
  const chosen = list.value;
  const signed = JSON.stringify(all);
  if (list.signed === signed) return;
  list.replaceChildren(...all.map(({ words, value }) => h("option", { value }, worded && words)));
  list.signed = signed;
  if (chosen && all.some(({ value }) => value === chosen)) list.value = chosen;
}

function labelled(words, field) {
  if (field.classList.contains("options")) {
    return h("fieldset", { class: "field" }, h("legend", {}, words), field);
  }
  field.id = newId();
  return h("div", { class: "field" }, h("label", { for: field.id }, words), field);
}

// Run `act`; what refuses it is said at `place`, as one sentence. Gives what it gave, or null.
export async function saidAt(place, act) {
  place.textContent = "";
  try {
    return await act();
  } catch (refused) {
    place.textContent = refused.message;
    return null;
  }
}
