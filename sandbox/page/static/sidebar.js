// The left of a seat: the workspace, its conversations, and whose seat it is.

import { h, redraw } from "./dom.js";
import { face } from "./face.js";
import { selfButton } from "./status.js";

const sidebar = document.getElementById("sidebar");
const button = document.getElementById("sidebar-button");

export function drawSidebar(page) {
  const { person, conversation } = page;
  drawButton(page);
  document.getElementById("workspace").textContent = page.workspace;
  redraw(document.getElementById("self"), [page.people.find(({ id }) => id === person)], {
    key: ({ id }) => id,
    signature: ({ name, status }) => JSON.stringify([name, status]),
    draw: selfButton,
  });
  const groups = [
    { title: "Channels", items: page.conversations.filter(({ direct }) => !direct) },
    { title: "Apps", items: page.conversations.filter(({ direct }) => direct) },
  ];
  const lists = groups.map(({ title, items }) => ({
    title,
    items: items.map((one) => ({ ...one, on: one.id === conversation.id })),
  }));
  redraw(document.getElementById("conversations"), lists, {
    key: ({ title }) => title,
    draw: (list) => group(list, page),
  });
}

function group({ title, items }, page) {
  const row = ({ id, direct, name, unread, on }) =>
    h(
      "button",
      {
        type: "button",
        class: `pick ${unread ? "news" : ""}`,
        "aria-current": on ? "page" : null,
        data: { name: id },
        onclick: () => {
          hideSidebar();
          page.choose({ conversation: id, tab: "messages" });
        },
      },
      direct ? face({ id: page.app.id, name }, "app") : h("span", { class: "hash", "aria-hidden": "true" }, "#"),
      h("span", { class: "grow" }, name),
      unread > 0 && h("span", { class: "unread" }, unread, h("span", { class: "hidden" }, " unread")),
    );
  return h("section", { "aria-label": title }, h("h2", {}, title), items.map(row));
}

// What waits elsewhere shows on the button that leads there.
function drawButton({ conversations, conversation }) {
  const waiting = conversations.filter(({ id }) => id !== conversation.id);
  const unread = waiting.reduce((sum, one) => sum + one.unread, 0);
  button.classList.toggle("news", unread > 0);
  button.setAttribute("aria-label", unread ? `Conversations, ${unread} unread` : "Conversations");
}

function showSidebar(yes) {
  sidebar.classList.toggle("shown", yes);
  button.setAttribute("aria-expanded", String(yes));
}

// Where it lies over the messages, it goes, and the focus to what brings it back.
function hideSidebar() {
  if (!sidebar.classList.contains("shown")) return;
  showSidebar(false);
  button.focus();
}

export function startSidebar() {
  button.addEventListener("click", () => {
    showSidebar(!sidebar.classList.contains("shown"));
    sidebar.querySelector("[aria-current]")?.focus();
  });
  sidebar.addEventListener("keydown", ({ key }) => key === "Escape" && hideSidebar());
  document.getElementById("chat").addEventListener("pointerdown", ({ target }) => {
    if (!button.contains(target)) showSidebar(false);
  });
}
