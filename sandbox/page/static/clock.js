// The time of the sandbox, and what moves it.

import { post } from "./api.js";
import { momentWords } from "./dates.js";
import { h } from "./dom.js";

const STEPS = { "+15 min": 15, "+1 h": 60, "+1 day": 1440 };

const time = h("p", { class: "clock" });

export function drawClock({ reader }, attempt) {
  if (!time.isConnected) build(attempt);
  const zone = h("span", { class: "quiet small" }, reader.zone);
  time.replaceChildren(momentWords(reader.now, reader.zone), " ", zone);
}

function build(attempt) {
  const step = ([words, minutes]) =>
    h(
      "button",
      { type: "button", class: "button small", onclick: () => attempt(() => post("/api/clock", { minutes })) },
      words,
    );
  const steps = { class: "row", role: "group", "aria-label": "Move the time ahead" };
  document.getElementById("clock").append(time, h("div", steps, Object.entries(STEPS).map(step)));
}
