// The form on a board that adds tasks.

import { post } from "./api.js";
import { h, newId } from "./dom.js";
import { options, saidAt, taskFields } from "./fields.js";

const MOST = 500;

// Its element, and what keeps its choices up to date without touching what is typed.
export function addForm(board, look) {
  const { name, labels, severalOperators } = board;
  const more = {
    operator: severalOperators ? h("div", { class: "options" }) : h("select"),
    count: h("input", { type: "number", required: true, min: 1, max: MOST, value: 1 }),
  };
  const words = { operator: labels.operator, count: "How many" };
  const { fields, element, offerSubjects } = taskFields(board, more, words);
  const zone = h("p", { class: "quiet" });
  const added = h("p", { class: "quiet", role: "status" });
  const wrong = h("p", { class: "error", role: "alert" });
  let who;
  const submitted = async (event) => {
    event.preventDefault();
    added.textContent = "";
    const body = { person: who, title: fields.title.value, about: fields.about.value };
    body.operators = severalOperators ? ticked(fields.operator) : [fields.operator.value].filter(Boolean);
    body.count = Number(fields.count.value);
    for (const key of ["day", "hour", "priority"]) {
      if (fields[key]?.value) body[key] = fields[key].value;
    }
    const made = await saidAt(wrong, () => post(`/api/boards/${name}/tasks`, body));
    if (!made) return;
    added.textContent = body.count > 1 ? `Added ${body.count} tasks.` : `Added “${body.title}”.`;
    fields.title.value = "";
    fields.count.value = 1;
    fields.title.focus();
    await look();
  };
  const form = h(
    "form",
    { class: "task-form", onsubmit: submitted, autocomplete: "off" },
    element,
    zone,
    wrong,
    h("div", { class: "row end" }, h("button", { type: "submit", class: "button primary" }, "Add")),
    added,
  );
  const refresh = ({ subjects, operators }, { person, reader }) => {
    const another = who !== person;
    who = person;
    zone.textContent = `Times are in ${reader.zone}. More than one are numbered.`;
    offerSubjects(subjects);
    const self = operators.find((one) => one.name === reader.names[person]);
    if (severalOperators) {
      boxes(fields.operator, operators, another && self?.id);
      return;
    }
    const people = operators.map(({ id, name: words }) => ({ words, value: id }));
    options(fields.operator, [...people, { words: "Nobody", value: "" }]);
    if (another && self) fields.operator.value = self.id;
  };
  return { element: h("details", { class: "adding" }, h("summary", {}, "Add a task"), form), refresh };
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
