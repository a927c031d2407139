// The time of the sandbox as the seat used last has it, and what moves it.

import { get, post } from "./api.js";
import { dayOf, dayWords, distance, localOf, timeOf } from "./dates.js";
import { h, newId, redraw } from "./dom.js";

const STEPS = [["+15 min", 15], ["+1 h", 60], ["+1 day", 1440]];

export async function drawClock({ person, reader }, attempt) {
  const { now, journey, moments } = await get("/api/clock", { person });
  const { zone } = reader;
  const items = [
    { kind: "time", clock: timeOf(now, zone), day: shortDay(dayOf(now, zone)), zone },
    { kind: "steps" },
    ...moments.map(({ name, at }) => ({ kind: "moment", name, at, words: when(at, now, zone) })),
    { kind: "form", person, day: dayOf(now, zone) },
    // Last: what is under the pointer and in focus stays where it is.
    ...(journey ? [{ kind: "journey", now, ...journey, words: when(journey.until, now, zone) }] : []),
  ];
  const move = (body) => attempt(() => post("/api/clock", body));
  redraw(place(), items, {
    key: ({ kind, name = "" }) => kind + name,
    draw: (item) => DRAWN[item.kind](item, move, { now, zone, attempt }),
  });
}

function place() {
  const section = document.getElementById("clock");
  return section.querySelector(".clock") ?? section.appendChild(h("div", { class: "clock" }));
}

// "today 20:30", "tomorrow 08:31", "Thu 26 Nov 08:31"
function when(seconds, now, zone) {
  const day = dayOf(seconds, zone);
  const near = ["today", "tomorrow"][distance(day, dayOf(now, zone))];
  return `${near ?? shortDay(day)} ${timeOf(seconds, zone)}`;
}

// "Thu 9 Apr"
function shortDay(day) {
  return dayWords(day).replace(/ \d{4}$/, "");
}

const DRAWN = {
  time: ({ clock, day, zone }) =>
    h(
      "p",
      { class: "time" },
      h("strong", {}, clock),
      h("span", {}, day, h("span", { class: "quiet small" }, zone.replaceAll("_", " "))),
    ),

  steps: (_item, move) =>
    h(
      "div",
      { class: "row", role: "group", "aria-label": "Move the time ahead" },
      STEPS.map(([words, minutes]) => button(words, () => move({ minutes }))),
    ),

  moment: ({ name, at, words }, move) =>
    h(
      "button",
      { type: "button", class: "button small moment", data: { name }, onclick: () => move({ to: at }) },
      h("span", {}, name),
      h("span", { class: "quiet" }, words),
    ),

  form: ({ person }, move, { now, zone }) => {
    const id = newId();
    const field = h("input", { id, type: "datetime-local", required: true, value: localOf(now, zone), data: { name: "go-to" } });
    const go = (event) => {
      event.preventDefault();
      move({ local: field.value, person });
    };
    return h(
      "form",
      { class: "go-to", onsubmit: go },
      h("label", { class: "quiet small", for: id }, "Go to"),
      h("div", { class: "row" }, field, h("button", { type: "submit", class: "button small", data: { name: "go" } }, "Go")),
    );
  },

  journey: ({ now, since, until, words }, _move, { attempt }) => {
    const bar = { max: until - since, value: now - since, "aria-label": `On the way to ${words}` };
    return h(
      "div",
      { class: "journey" },
      h("p", { class: "quiet small" }, `On the way to ${words}…`),
      h("div", { class: "row" }, h("progress", bar), button("Stop", () => attempt(() => post("/api/clock/stop")))),
    );
  },
};

function button(words, onclick) {
  return h("button", { type: "button", class: "button small", data: { name: words }, onclick }, words);
}
