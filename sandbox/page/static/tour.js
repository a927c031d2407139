// The tour: what to do next, and where. It stands above everything else and covers nothing.

import { get, post } from "./api.js";
import { h, redraw } from "./dom.js";
import { showPart } from "./parts.js";

const TRIES = 20; // how often what is pointed at is looked for before it counts as gone
const PAUSE = 200; // milliseconds between them

const area = document.getElementById("tour");
const words = h("div", { class: "grow", "aria-live": "polite" });
const acts = h("div", { class: "row" });
const again = h("button", { type: "button", class: "button small", hidden: true }, "Tour");

let target; // what is pointed at
let shown; // the number of the step whose target was brought into view
let waiting; // for what is pointed at to be there

export async function drawTour(page, attempt) {
  if (!words.isConnected) build(attempt);
  const { steps, step } = await get("/api/tour");
  const left = !step && area.contains(document.activeElement);
  area.hidden = !step;
  again.hidden = !steps || Boolean(step);
  if (left) again.focus();
  redraw(words, step ? [{ ...step, steps }] : [], { key: ({ number }) => number, draw: wordsOf });
  redraw(acts, step ? [{ number: step.number, steps, waits: step.waits }] : [], {
    key: () => "acts",
    draw: (one) => actsOf(one, attempt),
  });
  target = step?.target;
  bring(step, page, TRIES);
}

function build(attempt) {
  area.append(words, acts);
  again.addEventListener("click", () => attempt(() => post("/api/tour/again")));
  document.querySelector(".side header").append(again);
  window.addEventListener("message", ({ origin, data }) => {
    if (origin === window.location.origin && data?.kind === "seated") pointInSeats();
  });
}

function wordsOf({ number, steps, title, words: said }) {
  return h(
    "div",
    {},
    h("p", {}, h("span", { class: "quiet small" }, `${number} of ${steps}`), " ", h("strong", {}, title)),
    h("p", {}, said),
  );
}

function actsOf({ number, steps, waits }, attempt) {
  const button = (name, label, kind = "") =>
    h(
      "button",
      {
        type: "button",
        class: `button small ${kind}`,
        data: { name },
        onclick: () => attempt(() => post(`/api/tour/${name}`)),
      },
      label,
    );
  const last = number === steps;
  return h(
    "div",
    { class: "row" },
    number > 1 && button("back", "Back"),
    button("next", last ? "Finish" : "Next", waits ? "" : "primary"),
    !last && button("skip", "Skip the tour"),
  );
}

// Show what the step is about, once, and ring it, for as long as the step is on.
function bring(step, page, tries) {
  clearTimeout(waiting);
  if (step && shown !== step.number && !show(target, page)) {
    if (tries) waiting = setTimeout(() => bring(step, page, tries - 1), PAUSE);
    return;
  }
  shown = step?.number;
  ring(step && !target.seat ? placeOf(target.panel) : null);
  pointInSeats();
}

// Whether everything that the step is about is there; what is hidden is brought to the front.
function show({ panel, seat }, page) {
  if (seat && !page.seats.includes(seat)) {
    page.show(seat);
    return false;
  }
  const [part, name] = panel.split("/");
  if (name) {
    const tab = document.querySelector(`[data-name="${TABS[part]}-${name}"]`);
    if (!tab) return false;
    showPart(part);
    tab.click();
  }
  if (seat) showPart("slack");
  else if (!name) showPart("people");
  return true;
}

const TABS = { boards: "board", trouble: "troubles" };

function placeOf(panel) {
  const [part, name, thing] = panel.split("/");
  if (thing) return document.getElementById(`${part}-${name}-${thing}`)?.closest("article");
  return name
    ? document.querySelector(`[data-name="${TABS[part]}-${name}"]`)
    : document.getElementById(part);
}

function ring(place) {
  for (const one of document.querySelectorAll(".pointed")) {
    if (one !== place) one.classList.remove("pointed");
  }
  place?.classList.add("pointed");
}

function pointInSeats() {
  for (const frame of document.querySelectorAll("#seats iframe")) {
    const wanted = target?.seat && target.seat === frame.dataset.person ? target : null;
    const told = wanted && { message: wanted.message, button: wanted.button };
    frame.contentWindow.postMessage({ kind: "point", target: told }, window.location.origin);
  }
}
