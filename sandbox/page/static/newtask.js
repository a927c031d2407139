// The form on a board that adds a task.

import { post } from "./api.js";
import { h, newId } from "./dom.js";

// Its element, and `offer`, which keeps its choices up to date without touching what is typed.
export function addForm(name, board, attempt) {
  const { labels, fixedSubjects, severalOperators, priorities } = board;
  const listId = newId();
  const fields = {
    title: h("input", { type: "text", required: true, maxlength: 200 }),
    about: fixedSubjects ? h("select") : h("input", { type: "text", list: listId, maxlength: 200 }),
    operator: severalOperators ? h("div", { class: "options" }) : h("select"),
    day: h("input", { type: "date" }),
    hour: h("input", { type: "time" }),
    ...(priorities.length && { priority: prioritySelect(priorities) }),
  };
  const subjects = fixedSubjects ? fields.about : h("datalist", { id: listId });
  const zone = h("p", { class: "quiet" });
  const said = h("p", { class: "quiet", role: "status" });
  const hour = board.needsTime ? "At" : "At (or all day)";
  const words = { ...labels, day: "Due on", hour, priority: "Priority" };
  let who;
  const submitted = async (event) => {
    event.preventDefault();
    const body = { person: who, title: fields.title.value, about: fields.about.value };
    body.operators = severalOperators ? ticked(fields.operator) : [fields.operator.value].filter(Boolean);
    for (const key of ["day", "hour", "priority"]) {
      if (fields[key]?.value) body[key] = fields[key].value;
    }
    said.textContent = "";
    const added = await attempt(() => post(`/api/boards/${name}/tasks`, body));
    if (!added) return;
    said.textContent = `Added “${fields.title.value}”.`;
    fields.title.value = "";
    fields.title.focus();
  };
  const element = h(
    "form",
    { class: "add", onsubmit: submitted, autocomplete: "off" },
    Object.entries(fields).map(([key, field]) => labelled(words[key], field)),
    fixedSubjects ? null : subjects,
    zone,
    h("div", { class: "row end" }, h("button", { type: "submit", class: "button primary" }, "Add")),
    said,
  );
  const offer = ({ subjects: known, operators }, { person, reader }) => {
    const another = who !== person;
    who = person;
    zone.textContent = `Times are in ${reader.zone}.`;
    const kind = (words_, value) => ({ words: words_, value });
    options(subjects, known.map((one) => kind(one, one)), fixedSubjects ? [] : null);
    const self = operators.find((one) => one.name === reader.names[person]);
    if (severalOperators) {
      boxes(fields.operator, operators, another && self?.id);
      return;
    }
    options(fields.operator, operators.map((one) => kind(one.name, one.id)), [kind("Nobody", "")]);
    if (another && self) fields.operator.value = self.id;
  };
  return { element, offer };
}

function prioritySelect(priorities) {
  return h("select", {}, priorities.map((one) => h("option", { selected: one === "medium" }, one)));
}

// A box for each operator; those that were ticked stay so, unless `only` says who shall be.
function boxes(place, operators, only) {
  const before = only ? [only] : ticked(place);
  const signed = JSON.stringify(operators);
  if (place.signed !== signed) place.replaceChildren(...operators.map(box));
  place.signed = signed;
  for (const input of place.querySelectorAll("input")) input.checked = before.includes(input.value);
}

function box({ id, name }) {
  const input = h("input", { id: newId(), type: "checkbox", value: id });
  return h("div", { class: "option" }, input, h("label", { for: input.id }, name));
}

function ticked(place) {
  return [...place.querySelectorAll("input:checked")].map((box) => box.value);
}

function labelled(words, field) {
  if (field.classList.contains("options")) {
    return h("fieldset", { class: "field" }, h("legend", {}, words), field);
  }
  field.id = newId();
  return h("div", { class: "field" }, h("label", { for: field.id }, words), field);
}

// The options of a select, or of a datalist (`last` is null then).
function options(list, choices, last) {
  const chosen = list.value;
  const all = [...choices, ...(last ?? [])];
  const signed = JSON.stringify(all);
  if (list.signed === signed) return;
  list.replaceChildren(...all.map(({ words, value }) => h("option", { value }, last && words)));
  list.signed = signed;
  if (chosen && all.some(({ value }) => value === chosen)) list.value = chosen;
}
