// The right of the page: the providers, their tasks, and what the app asked of them.

import { post } from "./api.js";
import { dateWords, dayWords, timeOf } from "./dates.js";
import { h, newId, redraw } from "./dom.js";
import { openMenu } from "./menu.js";

const drawn = new Map(); // board by name

export function drawBoards(boards, page, attempt) {
  for (const [name, board] of Object.entries(boards)) {
    if (!drawn.has(name)) drawn.set(name, build(name, board, attempt));
    refresh(name, board, page, attempt);
  }
}

// What stays: head, form, and the empty lists.
function build(name, board, attempt) {
  const parts = {
    outage: h("button", { type: "button", class: "button" }),
    tasks: h("div", { class: "tasks" }),
    requests: h("div", { class: "requests" }),
    form: addForm(name, board, attempt),
  };
  const section = h(
    "section",
    { class: "board", "aria-label": board.title, data: { board: name } },
    h("header", { class: "row" }, h("h2", { class: "grow" }, board.title), parts.outage),
    h("details", {}, h("summary", {}, "Add a task"), parts.form.element),
    parts.tasks,
    h("details", {}, h("summary", {}, "Requests of the app"), parts.requests),
  );
  document.getElementById("boards").append(section);
  return parts;
}

function refresh(name, board, page, attempt) {
  const { outage, tasks, requests, form } = drawn.get(name);
  outage.textContent = board.down ? "Bring it back" : "Take it down";
  outage.setAttribute("aria-label", `${outage.textContent}: ${board.title}`);
  outage.classList.toggle("danger", board.down);
  outage.onclick = () => attempt(() => post(`/api/boards/${name}/outage`, { down: !board.down }));
  form.offer(board, page);
  const open = board.tasks.filter((task) => task.open);
  const closed = board.tasks.filter((task) => !task.open).reverse();
  redraw(tasks, [...open, ...closed], {
    key: ({ id }) => id,
    signature: (task) => JSON.stringify([task, dueWords(task.due, page.reader), board.operators]),
    draw: (task) => row(name, task, board, page, attempt),
  });
  redraw(requests, board.requests, {
    key: ({ number }) => number,
    signature: (one) => JSON.stringify([one.status, page.reader.zone]),
    draw: (one) => request(one, page),
  });
}

function dueWords(due, reader) {
  if (!due) return "no date";
  if (due.day) return dayWords(due.day);
  return dateWords(due.moment, "{date_short_pretty} {time}", reader);
}

function row(name, task, board, page, attempt) {
  const address = `/api/boards/${name}/tasks/${encodeURIComponent(task.id)}`;
  const details = [task.about, task.operatorName ?? "nobody", dueWords(task.due, page.reader)];
  const outcome = [task.status, task.result, task.comment && `“${task.comment}”`];
  const act = (verb) => () => attempt(() => post(`${address}/${verb}`, {}));
  const button = (words, onclick, more = {}) =>
    h(
      "button",
      {
        type: "button",
        class: "button small",
        "aria-label": `${words}: ${task.title}`,
        data: { name: `${task.id}/${words}` },
        onclick,
        ...more,
      },
      words,
    );
  const reassign = (event) =>
    openMenu(event.currentTarget, {
      title: `Reassign ${task.title}`,
      groups: [{ options: [...board.operators, { id: null, name: "Nobody" }].map(asOption) }],
      choose: ({ value }) => attempt(() => post(`${address}/reassign`, { operator: value })),
    });
  return h(
    "article",
    { class: `task ${task.open ? "" : "closed"}`, "aria-label": task.title },
    h("strong", {}, task.title),
    h("div", { class: "quiet" }, details.filter(Boolean).join(" · ")),
    h("div", { class: "state" }, outcome.filter(Boolean).join(" · ")),
    task.open &&
      h(
        "div",
        { class: "row" },
        button("Finish", act("finish")),
        button("Reassign", reassign, { "aria-haspopup": "menu", "aria-expanded": "false" }),
        button("Remove", act("remove")),
      ),
  );
}

function asOption({ id, name }) {
  return { text: { type: "plain_text", text: name, emoji: false }, value: id };
}

function request(one, page) {
  const { method, path, query, body, status, at, number } = one;
  const good = status !== null && status < 400;
  return h(
    "details",
    { class: "request", data: { name: `request-${number}` } },
    h(
      "summary",
      {},
      h("code", {}, `${method} ${path}`),
      h("span", { class: good ? "good" : "bad" }, ` ${status ?? "no answer"} `),
      h("span", { class: "quiet" }, timeOf(at, page.reader.zone)),
    ),
    query && h("pre", {}, decodeURIComponent(query.replaceAll("&", "\n").replaceAll("+", " "))),
    body !== null && h("pre", {}, typeof body === "string" ? body : JSON.stringify(body, null, 2)),
    !query && body === null && h("p", { class: "quiet" }, "Neither query nor body."),
  );
}

// The form that adds a task; `offer` keeps its choices up to date without touching what is typed.
function addForm(name, board, attempt) {
  const { labels, fixedSubjects } = board;
  const listId = newId();
  const fields = {
    title: h("input", { type: "text", required: true, maxlength: 200 }),
    about: fixedSubjects ? h("select") : h("input", { type: "text", list: listId, maxlength: 200 }),
    operator: h("select"),
    day: h("input", { type: "date" }),
    hour: h("input", { type: "time" }),
  };
  const subjects = fixedSubjects ? fields.about : h("datalist", { id: listId });
  const zone = h("p", { class: "quiet" });
  const said = h("p", { class: "quiet", role: "status" });
  const words = { ...labels, day: "Due on", hour: board.needsTime ? "At" : "At (or all day)" };
  let who;
  const submitted = async (event) => {
    event.preventDefault();
    const body = { person: who, title: fields.title.value, about: fields.about.value };
    body.operator = fields.operator.value || null;
    if (fields.day.value) body.day = fields.day.value;
    if (fields.hour.value) body.hour = fields.hour.value;
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
    options(fields.operator, operators.map((one) => kind(one.name, one.id)), [kind("Nobody", "")]);
    const self = operators.find((one) => one.name === reader.names[person]);
    if (another && self) fields.operator.value = self.id;
  };
  return { element, offer };
}

function labelled(words, field) {
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
