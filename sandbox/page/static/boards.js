// Behind Slack: the providers, their tasks, and what the app asked of them.

import { get, post } from "./api.js";
import { h, redraw } from "./dom.js";
import { addForm } from "./newtask.js";
import { withoutBoards } from "./parts.js";
import { requestList } from "./requests.js";
import { taskList } from "./tasks.js";

const known = {}; // what was told last of each board, by name
const drawn = new Map(); // what stands on the page of each board, by name

let chosen; // the name of the board that shows
let around; // the page and what says refusals, of the last look
let asked = 0;

// Ask for what has changed, and show it. Tasks that did not change are not sent again.
export async function drawBoards(page, attempt) {
  around = { page, attempt };
  await look();
}

async function look() {
  const revisions = Object.entries(known).map(([name, { revision }]) => [name, revision]);
  asked += 1;
  const mine = asked;
  const told = await get("/api/boards", Object.fromEntries(revisions));
  if (mine !== asked) return; // overtaken
  for (const [name, board] of Object.entries(told)) {
    known[name] = { ...board, name, tasks: board.tasks ?? known[name].tasks };
    if (!drawn.has(name)) drawn.set(name, build(known[name]));
  }
  chosen ??= Object.keys(told)[0];
  if (chosen) show();
  else withoutBoards();
}

// One board at a time; the others tell how many open tasks they have.
function show() {
  for (const [name, { section }] of drawn) section.hidden = name !== chosen;
  redraw(document.getElementById("board-list"), Object.values(known), {
    key: ({ name }) => name,
    signature: ({ name, open, down }) => JSON.stringify([open, down, name === chosen]),
    draw: tab,
  });
  drawn.get(chosen).refresh(known[chosen], around);
}

function tab({ name, title, open, down }) {
  const choose = () => {
    chosen = name;
    show();
    document.getElementById("boards").scrollTop = 0;
  };
  const count = [open, h("span", { class: "hidden" }, " open")];
  return h(
    "button",
    {
      type: "button",
      class: "tab",
      "aria-pressed": String(name === chosen),
      data: { name: `board-${name}` },
      onclick: choose,
    },
    title,
    " ",
    h("span", { class: "quiet small" }, count),
    down && h("strong", { class: "bad" }, " !", h("span", { class: "hidden" }, " down")),
  );
}

// What stays of a board, and what makes it show the newest.
function build(board) {
  const counts = h("p", { class: "quiet" });
  const outage = h("button", { type: "button", class: "button small" });
  const warnings = h("div");
  const form = addForm(board, look);
  const requests = requestList(board);
  const tasks = taskList(board.name, look);
  const section = h(
    "section",
    { class: "board", "aria-label": board.title, data: { board: board.name } },
    h(
      "header",
      { class: "board-head" },
      h("span", { class: "brand", "aria-hidden": "true" }, board.title[0]),
      h("h2", { class: "grow" }, board.title),
      counts,
      outage,
    ),
    warnings,
    form.element,
    requests.element,
    tasks.element,
  );
  document.getElementById("boards").append(section);
  const refresh = (now, { page, attempt }) => {
    counts.textContent = `${now.open} open · ${now.closed} closed`;
    refreshOutage(outage, now, attempt);
    redraw(warnings, now.violations.length ? [now.violations] : [], {
      key: () => "violations",
      draw: violationsOf,
    });
    form.refresh(now, page);
    requests.refresh(now, page);
    tasks.refresh(now, page, attempt);
  };
  return { section, refresh };
}

// The trouble that is needed most; the others are in the panel that breaks things.
function refreshOutage(button, { name, title, down }, attempt) {
  button.textContent = down ? "Bring it back" : "Take it down";
  button.setAttribute("aria-label", `${button.textContent}: ${title}`);
  button.classList.toggle("danger", down);
  button.onclick = () => attempt(() => post(`/api/troubles/${name}/down`, { on: !down }));
}

// Requests outside of what the provider has documented.
function violationsOf(violations) {
  const one = ({ words, times }) => h("li", {}, words, times > 1 && ` (${times} times)`);
  return h(
    "details",
    { class: "violations", data: { name: "violations" } },
    h("summary", {}, `Outside of the provider's documents: ${violations.length}`),
    h("p", {}, "The app asked for what the provider does not promise. An adapter should not."),
    h("ul", {}, violations.map(one)),
  );
}
