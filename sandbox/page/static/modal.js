// The modals that are open for the person: a stack, of which only the top one can be used.

import { post } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { h, redraw } from "./dom.js";
import { face } from "./face.js";
import { forget, typedIn, viewScene } from "./scene.js";
import { drawWarning, warningOf } from "./warning.js";

const FIELDS = "input, textarea, select, button";

const dialog = document.getElementById("modal");
const stack = h("div", { class: "stack" });
dialog.append(stack);

let page; // as it was drawn last
let views = []; // those that stand there, the top one last
let errors = {}; // of the top one, by block_id
let warning; // what went wrong in it
let opener; // what had the focus before
let closing; // the view that is being closed: a browser may tell of one Escape twice

// Escape closes the top one, however a browser tells of it.
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  close();
});
dialog.addEventListener("close", () => views.length && draw());

export function drawModal(now) {
  page = now;
  const before = views;
  views = page.modals;
  const open = views.map(({ id }) => id);
  for (const { id } of before) if (!open.includes(id)) forget(id);
  const another = before.at(-1)?.id !== open.at(-1);
  if (another) {
    errors = {};
    warning = undefined;
  }
  draw(another);
}

function draw(another = false) {
  const items = views.map((view, number) => ({ view, number, below: views.length - 1 - number }));
  redraw(stack, items, {
    key: ({ view }) => view.id,
    signature: ({ view, below }) =>
      JSON.stringify([view.hash, below, page.person, chosenIn(view), !below && [errors, warning]]),
    draw: drawView,
  });
  if (!views.length) {
    if (dialog.open) leave();
    return;
  }
  if (!dialog.open) {
    opener = document.activeElement?.dataset.name;
    dialog.showModal();
  }
  if (another) focusFirst(".blocks [autofocus]", `.blocks :is(${FIELDS})`, FIELDS);
}

// What elements that act at once hold; what is typed into inputs stands there already.
function chosenIn({ blocks, state }) {
  return blocks.filter(({ type }) => type !== "input").map((block) => state[block.block_id]);
}

// The focus goes back to what opened the modal, or to what stands in its place by now.
function leave() {
  dialog.close();
  if (document.activeElement !== document.body || !opener) return;
  [...document.querySelectorAll("[data-name]")].find(({ dataset }) => dataset.name === opener)?.focus();
}

function focusFirst(...selectors) {
  const top = stack.lastElementChild;
  for (const selector of selectors) {
    const found = top.querySelector(selector);
    if (found) return (found.matches(FIELDS) ? found : found.querySelector(FIELDS))?.focus();
  }
  return undefined;
}

// Do something in the top one; what is refused is said in it.
async function acting(act) {
  warning = undefined;
  const answer = await act().catch((refused) => {
    warning = warningOf(refused, page.app);
    return null;
  });
  draw();
  return answer;
}

async function close() {
  const { person } = page;
  const view = views.at(-1).id;
  if (view === closing) return;
  closing = view;
  await acting(() => post("/api/modal/close", { person, view }));
  closing = null;
}

async function submit(event) {
  event.preventDefault();
  const button = event.currentTarget.querySelector("[type=submit]");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  const { id } = views.at(-1);
  button.setAttribute("aria-busy", "true");
  const body = { person: page.person, view: id, values: typedIn(id) };
  errors = {};
  await acting(async () => {
    const answer = await post("/api/modal/submit", body);
    if (views.at(-1)?.id === id) errors = answer.errors;
  });
  button.removeAttribute("aria-busy");
  if (Object.keys(errors).length) focusFirst("[data-refused=yes]", "[aria-invalid=true]");
}

function drawView({ view, number, below }) {
  const top = below === 0;
  const scene = viewScene(view, page, acting, top ? errors : {});
  return h(
    "form",
    { class: "view", novalidate: true, inert: !top, onsubmit: submit, autocomplete: "off", data: { below } },
    viewHead(view, { top, pushed: number > 0 }),
    h("div", { class: "blocks view-body" }, drawBlocks(view.blocks, scene)),
    top && warning && drawWarning(warning),
    h(
      "footer",
      { class: "row end" },
      h("button", { type: "button", class: "button", onclick: close }, view.close ?? "Cancel"),
      view.submit && h("button", { type: "submit", class: "button primary" }, view.submit),
    ),
  );
}

function viewHead(view, { top, pushed }) {
  const back = { type: "button", class: "button small", "aria-label": "Back", onclick: close };
  const away = { type: "button", class: "button small", "aria-label": "Close", onclick: close };
  return h(
    "header",
    { class: "view-head" },
    pushed && !view.clears && h("button", back, "←"),
    face({ id: page.app.id, name: page.app.name }, "app"),
    h("h2", { id: top ? "modal-title" : null, class: "grow" }, view.title),
    h("button", away, "✕"),
  );
}
