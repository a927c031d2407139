// The modal that is open for the chosen person.

import { post } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { h, redraw } from "./dom.js";
import { forget, typedIn, viewScene } from "./scene.js";

const dialog = document.getElementById("modal");
const inside = h("div", {});
dialog.append(inside);

let open; // the view that stands there
let errors = {};
let complaint = "";
let close = () => {};

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  close();
});

export function drawModal(page) {
  const view = page.modals.at(-1);
  if (open && open.id !== view?.id) {
    errors = {};
    complaint = "";
    if (!view) forget(open.id);
  }
  open = view;
  if (!view) {
    dialog.close();
    inside.replaceChildren();
    return;
  }
  close = () => send(page, () => post("/api/modal/close", { person: page.person, view: view.id }));
  redraw(inside, [view], {
    key: ({ id }) => id,
    signature: ({ hash }) => JSON.stringify([hash, page.person, errors, complaint]),
    draw: () => form(view, page),
  });
  if (!dialog.open) {
    dialog.showModal();
    const first = dialog.querySelector("[autofocus]");
    (first ?? dialog.querySelector(".blocks :is(input, textarea, button)"))?.focus();
  }
}

// Do something in the modal; what is refused is said in it.
async function send(page, act) {
  const said = await act().then(
    (answer) => {
      complaint = "";
      return answer;
    },
    (refused) => {
      complaint = refused.message;
    },
  );
  drawModal(page);
  return said;
}

async function submit(view, page) {
  const values = typedIn(view.id);
  const body = { person: page.person, view: view.id, values };
  const answer = await send(page, () => post("/api/modal/submit", body));
  errors = answer?.errors ?? {};
  if (open?.id !== view.id) return;
  drawModal({ ...page, modals: [open] });
  dialog.querySelector("[data-refused=yes]")?.focus();
}

function form(view, page) {
  const scene = viewScene(view, page, (act) => send(page, act), errors);
  const submitted = (event) => {
    event.preventDefault();
    submit(view, page);
  };
  return h(
    "form",
    { novalidate: true, onsubmit: submitted, autocomplete: "off" },
    h(
      "header",
      { class: "row" },
      h("h2", { id: "modal-title", class: "grow" }, view.title),
      h("button", { type: "button", class: "button", "aria-label": "Close", onclick: () => close() }, "✕"),
    ),
    h("div", { class: "blocks" }, drawBlocks(view.blocks, scene)),
    complaint && h("p", { class: "error", role: "alert" }, complaint),
    h(
      "footer",
      { class: "row end" },
      h("button", { type: "button", class: "button", onclick: () => close() }, view.close ?? "Cancel"),
      view.submit && h("button", { type: "submit", class: "button primary" }, view.submit),
    ),
  );
}
