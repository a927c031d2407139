// The head of a conversation: what it is called, and its tabs.

import { h, redraw } from "./dom.js";
import { walkTabs } from "./tabs.js";

const tabs = document.getElementById("tabs");
const title = document.getElementById("chat-title");
const connection = document.getElementById("connection");

const WORDS = { home: "Home", messages: "Messages" };

export function startHead() {
  walkTabs(tabs);
}

export function drawHead(page) {
  const { conversation, tab } = page;
  const name = conversation.direct ? conversation.name : `# ${conversation.name}`;
  if (title.textContent !== name) title.textContent = name;
  document.title = `${name} · ${page.names[page.person]} · ${page.workspace}`;
  const words = page.connected ? "" : "No app is connected yet";
  if (connection.textContent !== words) connection.textContent = words;
  redraw(tabs, tabsOf(page).map((one) => ({ name: one, on: one === tab })), {
    key: ({ name: one }) => one,
    draw: ({ name: one, on }) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          class: "tab",
          tabindex: on ? 0 : -1,
          "aria-selected": String(on),
          "aria-controls": one,
          data: { name: `tab-${one}` },
          onclick: () => page.choose({ tab: one }),
        },
        WORDS[one],
      ),
  });
}

// The tabs of a conversation: the app has those that its manifest says.
export function tabsOf({ conversation, home_tab: home, messages_tab: messages }) {
  if (!conversation.direct) return ["messages"];
  return [home && "home", messages && "messages"].filter(Boolean);
}
