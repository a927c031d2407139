// The left of the page: who one is, their conversations, and the time.

import { momentWords } from "./dates.js";
import { h, redraw } from "./dom.js";

export function drawPeople(page) {
  const people = page.people.map((one) => ({ ...one, on: one.id === page.person }));
  redraw(document.getElementById("people-list"), people, {
    key: ({ id }) => id,
    draw: (one) =>
      row(one.name, [one.zone, one.admin && "admin"].filter(Boolean).join(" · "), one, () =>
        page.choose({ person: one.id, conversation: null, tab: "messages" }),
      ),
  });
  const seen = page.conversations.map((one) => ({ ...one, on: one.id === page.conversation.id }));
  redraw(document.getElementById("conversation-list"), seen, {
    key: ({ id }) => id,
    draw: (one) =>
      row(one.direct ? one.name : `# ${one.name}`, one.direct ? "app" : "", one, () =>
        page.choose({ conversation: one.id, tab: "messages" }),
      ),
  });
}

function row(name, details, { id, on, unread }, onclick) {
  return h(
    "button",
    { type: "button", class: "pick", "aria-pressed": String(on), data: { name: id }, onclick },
    h("span", { class: "grow" }, name, details && h("span", { class: "quiet small" }, details)),
    unread > 0 && h("span", { class: "unread" }, unread, h("span", { class: "hidden" }, " unread")),
  );
}

export function drawClock(now, zone) {
  const words = h("span", {}, momentWords(now, zone), h("span", { class: "quiet small" }, zone));
  document.getElementById("clock").replaceChildren(words);
}
