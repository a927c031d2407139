// The right of the page: the providers, their tasks, and what the app asked of them.

import { post } from "./api.js";
import { dateWords, dayWords, timeOf } from "./dates.js";
import { h, redraw } from "./dom.js";
import { openMenu } from "./menu.js";
import { addForm } from "./newtask.js";

const drawn = new Map(); // board by name

let chosen; // the name of the board that shows

export function drawBoards(boards, page, attempt) {
  for (const [name, board] of Object.entries(boards)) {
    if (!drawn.has(name)) drawn.set(name, build(name, board, attempt));
    refresh(name, board, page, attempt);
  }
  chosen ??= Object.keys(boards)[0];
  showBoard(boards);
}

// One board at a time; the others tell how many open tasks they have.
function showBoard(boards) {
  for (const [name, { section }] of drawn) section.hidden = name !== chosen;
  redraw(document.getElementById("board-list"), Object.entries(boards), {
    key: ([name]) => name,
    signature: ([name, { tasks, down }]) => JSON.stringify([openOnes(tasks).length, down, name === chosen]),
    draw: ([name, { title, tasks, down }]) =>
      h(
        "button",
        {
          type: "button",
          class: "tab",
          "aria-pressed": String(name === chosen),
          data: { name: `board-${name}` },
          onclick: () => {
            chosen = name;
            showBoard(boards);
            document.getElementById("boards").scrollTop = 0;
          },
        },
        title,
        " ",
        down
          ? h("strong", { class: "bad", title: "down" }, "!", h("span", { class: "hidden" }, " down"))
          : h("span", { class: "quiet small" }, openOnes(tasks).length, h("span", { class: "hidden" }, " open")),
      ),
  });
}

function openOnes(tasks) {
  return tasks.filter((task) => task.open);
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
  return { section, ...parts };
}

function refresh(name, board, page, attempt) {
  const { outage, tasks, requests, form } = drawn.get(name);
  outage.textContent = board.down ? "Bring it back" : "Take it down";
  outage.setAttribute("aria-label", `${outage.textContent}: ${board.title}`);
  outage.classList.toggle("danger", board.down);
  outage.onclick = () => attempt(() => post(`/api/troubles/${name}/down`, { on: !board.down }));
  form.offer(board, page);
  const closed = board.tasks.filter((task) => !task.open).reverse();
  redraw(tasks, [...openOnes(board.tasks), ...closed], {
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
  const who = task.operators.map((one) => one.name).join(" and ") || "nobody";
  const urgency = task.priority && task.priority !== "medium" && `${task.priority} priority`;
  const details = [task.about, who, dueWords(task.due, page.reader), urgency];
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
      groups: [{ options: assignments(task, board) }],
      choose: ({ value }) => attempt(() => post(`${address}/reassign`, { operators: value })),
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

// Who could have a task: one of all, or, where there can be several, one more or one less.
function assignments(task, { operators, severalOperators }) {
  const present = task.operators.map((one) => one.id);
  const choice = (words, value) => ({ text: { type: "plain_text", text: words, emoji: false }, value });
  const change = ({ id, name }) => {
    if (!severalOperators) return choice(name, [id]);
    if (!present.includes(id)) return choice(`Add ${name}`, [...present, id]);
    return choice(`Take ${name} off`, present.filter((one) => one !== id));
  };
  return [...operators.map(change), choice("Nobody", [])];
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
