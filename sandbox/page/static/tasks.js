// The tasks of a board, newest first: the open ones, and the closed ones folded away below them.

import { post } from "./api.js";
import { dateWords, dayOf, dayWords } from "./dates.js";
import { h, newId, redraw } from "./dom.js";
import { editForm } from "./edittask.js";
import { openMenu } from "./menu.js";

const FEW = 10; // tasks among which nobody needs to search
const JUST_CLOSED = 3; // of those that were closed under the reader's eyes, how many stay in sight

// The element, and what makes it show the newest. `look` asks the sandbox again.
export function taskList(name, look) {
  const forms = new Map(); // the forms of tasks that are being edited, by task
  const told = new Map(); // what was shown last of each task, to mark what has changed
  let justClosed = []; // ids, the newest first
  const search = searchField(() => draw());
  const open = h("div", { class: "tasks" });
  const closed = h("div", { class: "tasks" });
  const summary = h("summary");
  const folded = h("details", { class: "closed-tasks", ontoggle: () => draw() }, summary, closed);
  const empty = h("p", { class: "quiet" });
  let now; // the board, the page, and what says refusals
  let drawn; // what the list depended on when it was drawn

  const refresh = (board, page, attempt) => {
    const { zone, now: moment } = page.reader;
    const basis = JSON.stringify([board.revision, zone, Math.floor(moment / 60)]);
    now = { board, page, attempt };
    if (basis === drawn) return;
    drawn = basis;
    const present = new Map(board.tasks.map((task) => [task.id, task]));
    const shut = board.tasks.filter(({ id, open: isOpen }) => !isOpen && told.get(id)?.open);
    const ids = [...shut.map(({ id }) => id), ...justClosed];
    justClosed = ids.filter((id) => present.get(id)?.open === false).slice(0, JUST_CLOSED);
    for (const id of forms.keys()) if (!present.has(id)) forms.delete(id);
    draw();
    for (const task of board.tasks) told.set(task.id, task);
  };

  const draw = () => {
    const { board, page } = now;
    const found = search.among(board.tasks).toReversed();
    const inSight = (task) => task.open || justClosed.includes(task.id);
    const earlier = found.filter((task) => !inSight(task));
    const rows = (container, tasks) =>
      redraw(container, tasks, {
        key: ({ id }) => id,
        signature: (task) => signature(task, page.reader),
        draw: (task) => (forms.has(task.id) ? editing(task) : row(task)),
      });
    rows(open, found.filter(inSight));
    rows(closed, folded.open ? earlier : []);
    summary.textContent = `Closed tasks: ${earlier.length}`;
    folded.hidden = earlier.length === 0;
    empty.textContent = nothing(board, found);
    empty.hidden = empty.textContent === "";
  };

  const signature = (task, reader) => {
    if (forms.has(task.id)) return "form";
    return JSON.stringify([task, dueWords(task.due, reader), isOverdue(task, reader)]);
  };

  const editing = (task) =>
    h("article", { class: "task", "aria-label": task.title }, forms.get(task.id).form);

  const row = (task) => {
    const mark = told.size > 0 && JSON.stringify(told.get(task.id)) !== JSON.stringify(task);
    return h(
      "article",
      { class: `task ${task.open ? "" : "closed"} ${mark ? "changed" : ""}`, "aria-label": task.title },
      h("div", { class: "row actions" }, actions(task)),
      h("strong", {}, task.title),
      task.about && h("div", { class: "quiet about" }, task.about),
      h("div", { class: "quiet" }, when(task, now.page.reader)),
      h("div", { class: "state" }, standing(task, now.board.labels)),
    );
  };

  const actions = (task) => {
    const { reopens } = now.board;
    const main = task.open ? "Finish" : reopens && "Reopen";
    return [
      main && button(task, main, main, () => act(task, main.toLowerCase())),
      button(task, "More", "⋯", (event) => more(task, event.currentTarget), {
        "aria-haspopup": "menu",
        "aria-expanded": "false",
      }),
    ];
  };

  const act = (task, verb, body = {}) =>
    now.attempt(() => post(`/api/boards/${name}/tasks/${encodeURIComponent(task.id)}/${verb}`, body));

  const more = (task, anchor) =>
    openMenu(anchor, {
      title: `More: ${task.title}`,
      groups: [{ options: [choice("Edit", edit), task.open && choice("Reassign", reassign), choice("Remove", remove)].filter(Boolean) }],
      choose: ({ value }) => value(task, anchor),
    });

  const edit = (task) => {
    const over = async () => {
      await look();
      forms.delete(task.id);
      draw();
      folded.parentElement.querySelector(`[data-name="${CSS.escape(`${task.id}/More`)}"]`)?.focus();
    };
    forms.set(task.id, editForm(now.board, task, now.page, over));
    draw();
    forms.get(task.id).focus();
  };

  const reassign = (task, anchor) =>
    openMenu(anchor, {
      title: `Reassign ${task.title}`,
      groups: [{ options: assignments(task, now.board) }],
      choose: ({ value }) => act(task, "reassign", { operators: value }),
    });

  const remove = (task) => act(task, "remove");

  return { element: h("div", { class: "board-tasks" }, search.element, empty, open, folded), refresh };
}

function button(task, words, shown, onclick, more = {}) {
  return h(
    "button",
    {
      type: "button",
      class: "button small",
      "aria-label": `${words}: ${task.title}`,
      data: { name: `${task.id}/${words}` },
      onclick,
      ...more,
    },
    shown,
  );
}

// A field that narrows the list down; it is there when there are many.
function searchField(changed) {
  const id = newId();
  const input = h("input", { id, type: "search", oninput: changed });
  const said = h("p", { class: "quiet", role: "status" });
  const element = h("div", { class: "field" }, h("label", { for: id }, "Search"), input, said);
  const among = (tasks) => {
    element.hidden = tasks.length <= FEW && !input.value;
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) {
      said.textContent = "";
      return tasks;
    }
    const found = tasks.filter((task) => words.every((word) => searched(task).includes(word)));
    said.textContent = `${found.length} of ${tasks.length}`;
    return found;
  };
  return { element, among };
}

function searched({ title, about, operators, status, result, comment }) {
  const names = operators.map((one) => one.name);
  return [title, about, ...names, status, result, comment].join(" ").toLowerCase();
}

function nothing({ tasks, title }, found) {
  if (found.some((task) => task.open)) return "";
  if (tasks.some((task) => task.open)) return "No open task is called so.";
  return `Nothing is open at ${title}. Add a task above and see it come to Slack.`;
}

// Who and when: "Ana Ruiz · Tomorrow 10:00 · overdue".
function when(task, reader) {
  const who = task.operators.map((one) => one.name).join(" and ") || "nobody";
  return [
    `${who} · ${dueWords(task.due, reader)}`,
    isOverdue(task, reader) && [" · ", h("strong", { class: "bad" }, "overdue")],
  ];
}

// What became of it: status, urgency, result, and what was written.
function standing({ status, priority, result, comment }, labels) {
  const said = comment && `“${comment}”`;
  return [
    h("span", { class: "pill" }, status),
    ["high", "urgent"].includes(priority) && h("span", { class: "pill urgent" }, `${priority} priority`),
    priority === "low" && h("span", { class: "pill" }, "low priority"),
    [result, labels.comment && said ? `${labels.comment}: ${said}` : said].filter(Boolean).join(" · "),
  ];
}

// The words of this page are English, whatever the reader's language.
function dueWords(due, reader) {
  if (!due) return "no date";
  if (due.day) return dayWords(due.day);
  return dateWords(due.moment, "{date_short_pretty} {time}", { ...reader, locale: "en-GB" });
}

function isOverdue({ open, due }, { now, zone }) {
  if (!open || !due) return false;
  return due.day ? due.day < dayOf(now, zone) : due.moment < now;
}

function choice(words, value) {
  return { text: { type: "plain_text", text: words, emoji: false }, value };
}

// Who could have a task: one of all, or, where there can be several, one more or one less.
function assignments(task, { operators, severalOperators }) {
  const present = task.operators.map((one) => one.id);
  const change = ({ id, name }) => {
    if (!severalOperators) return choice(name, [id]);
    if (!present.includes(id)) return choice(`Add ${name}`, [...present, id]);
    return choice(`Take ${name} off`, present.filter((one) => one !== id));
  };
  return [...operators.map(change), choice("Nobody", [])];
}
