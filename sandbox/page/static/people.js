// The people of the workspace: whose Slack stands here, and what waits for each.

import { timeOf } from "./dates.js";
import { h, redraw } from "./dom.js";
import { face } from "./face.js";
import { drawStatus } from "./status.js";

const languages = new Intl.DisplayNames("en", { type: "language" });

export function drawPeople(page) {
  const people = page.people.map((one) => ({
    ...one,
    time: timeOf(page.reader.now, one.zone),
    open: page.seats.includes(one.id),
  }));
  redraw(document.getElementById("people-list"), people, {
    key: ({ id }) => id,
    draw: (one) => person(one, page),
  });
}

function person(one, page) {
  const city = one.zone.split("/").at(-1).replaceAll("_", " ");
  const language = languages.of(one.locale.split("-")[0]);
  const lines = [[one.role, language].filter(Boolean).join(" · "), `${one.time} · ${city}`];
  return h(
    "div",
    { class: "person" },
    h(
      "button",
      {
        type: "button",
        class: "pick",
        "aria-pressed": String(one.open),
        data: { name: one.id },
        onclick: () => page.show(one.id),
      },
      face(one),
      h("span", { class: "grow" }, one.name, " ", drawStatus(one.status), lines.map((line) => h("span", { class: "quiet small" }, line))),
      one.unread > 0 && h("span", { class: "unread" }, one.unread, h("span", { class: "hidden" }, " unread")),
    ),
    !one.open &&
      h(
        "button",
        {
          type: "button",
          class: "button small",
          "aria-label": `Show ${one.name} beside`,
          data: { name: `${one.id}/beside` },
          onclick: () => page.beside(one.id),
        },
        "Beside",
      ),
  );
}
