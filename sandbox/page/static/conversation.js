// The middle of the page: the messages of a conversation, or the app's home tab.

import { post } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { dayOf, dayWords, distance, momentWords, timeOf } from "./dates.js";
import { h, redraw } from "./dom.js";
import { face } from "./face.js";
import { messageScene, viewScene } from "./scene.js";
import { mrkdwn } from "./text.js";

const NEAR = 60; // pixels from the end that still count as being there

const list = document.getElementById("messages");
const home = document.getElementById("home");

let shown; // which conversation stands there

export function drawConversation(page, attempt) {
  const { conversation, messages } = page;
  drawHead(page, attempt);
  list.hidden = page.tab === "home";
  home.hidden = page.tab !== "home";
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  const another = shown !== `${page.person}/${conversation.id}`;
  redraw(list, withDays(messages, page), {
    key: (item) => `${page.person}/${item.ts}`,
    signature: (item) => JSON.stringify(item) + whenMatters(item, page),
    draw: (item) => message(item, page, attempt),
  });
  if (!messages.length) list.replaceChildren(h("p", { class: "quiet empty" }, "Nothing here yet."));
  if (atEnd || another) list.scrollTop = list.scrollHeight;
  shown = `${page.person}/${conversation.id}`;
  if (page.home) drawHome(page, attempt);
  else home.replaceChildren(h("p", { class: "quiet empty" }, "The app has published no home yet."));
}

function drawHead(page, attempt) {
  const { conversation, tab } = page;
  const title = conversation.direct ? conversation.name : `# ${conversation.name}`;
  document.getElementById("chat-title").textContent = title;
  document.title = `${title} · ${page.workspace}`;
  const tabs = conversation.direct ? ["home", "messages"] : ["messages"];
  // Whose tab it is belongs to it: pressing it looks at that person's home.
  const items = tabs.map((name) => ({ name, on: name === tab, person: page.person }));
  redraw(document.getElementById("tabs"), items, {
    key: ({ name }) => name,
    draw: ({ name, on }) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          class: "tab",
          "aria-selected": String(on),
          "aria-controls": name,
          data: { name: `tab-${name}` },
          onclick: () => openTab(name, page, attempt),
        },
        name === "home" ? "Home" : "Messages",
      ),
  });
  const words = page.connected ? "" : "No app is connected yet";
  document.getElementById("connection").textContent = words;
}

function openTab(name, page, attempt) {
  page.choose({ tab: name });
  if (name === "home") attempt(() => post("/api/home", { person: page.person }));
}

function drawHome(page, attempt) {
  redraw(home, [page.home], {
    key: (view) => view.id,
    signature: (view) => view.hash + whenMatters(view.blocks, page),
    draw: (view) => h("div", { class: "blocks" }, drawBlocks(view.blocks, viewScene(view, page, attempt))),
  });
}

// Dates change their words with the reader's time; nothing else does.
function whenMatters(content, { reader }) {
  const dated = /!date\^|"type":"date"/.test(JSON.stringify(content));
  return reader.zone + (dated ? Math.floor(reader.now / 60) : dayOf(reader.now, reader.zone));
}

// The messages, the first of each day marked.
function withDays(messages, { reader }) {
  let last;
  return messages.map((item) => {
    const day = dayOf(Number(item.ts), reader.zone);
    const opens = day === last ? null : day;
    last = day;
    return { ...item, opens };
  });
}

function dayLine(day, reader) {
  const near = { 0: "Today", [-1]: "Yesterday" };
  const words = near[distance(day, dayOf(reader.now, reader.zone))] ?? dayWords(day);
  return h("div", { class: "day" }, h("span", {}, words));
}

function message(item, page, attempt) {
  const { reader, app } = page;
  const author = reader.names[item.user] ?? item.user;
  const at = Number(item.ts);
  const words = item.blocks.length
    ? h("div", { class: "blocks" }, drawBlocks(item.blocks, messageScene(item, page, attempt)))
    : h("div", { class: "words" }, mrkdwn(item.text, reader));
  return h(
    "div",
    {},
    item.opens && dayLine(item.opens, reader),
    h(
      "article",
      { class: `message ${item.ephemeral ? "ephemeral" : ""}`, data: { ts: item.ts } },
      item.ephemeral && h("div", { class: "quiet only" }, "Only visible to you"),
      face({ id: item.user, name: author }, item.user === app.id ? "app" : ""),
      h(
        "div",
        { class: "said" },
        h(
          "div",
          { class: "by" },
          h("strong", {}, author),
          item.user === app.id && h("span", { class: "badge" }, "APP"),
          h("time", { class: "quiet", title: momentWords(at, reader.zone) }, timeOf(at, reader.zone)),
          item.edited && h("span", { class: "quiet" }, "(edited)"),
        ),
        words,
      ),
    ),
  );
}
