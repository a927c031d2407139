// One message of a conversation, and what stands above it: the day, and where the new ones begin.

import { post } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { dayOf, dayWords, distance, momentWords, timeOf } from "./dates.js";
import { h } from "./dom.js";
import { face } from "./face.js";
import { openMenu } from "./menu.js";
import { messageScene } from "./scene.js";
import { mrkdwn } from "./text.js";
import { drawWarning } from "./warning.js";

// `item` is a message with {day, fresh, first}: the day that begins with it, whether it is the
// first unread one, and whether it is the first in a row of one author. `attempt` runs what is
// done in it.
export function drawItem(item, page, attempt) {
  return h(
    "div",
    { class: "item" },
    item.day && dayLine(item.day, page.reader),
    item.fresh && h("div", { class: "fresh" }, h("span", {}, "New")),
    message(item, page, attempt),
  );
}

function dayLine(day, reader) {
  const near = { 0: "Today", [-1]: "Yesterday" };
  const words = near[distance(day, dayOf(reader.now, reader.zone))] ?? dayWords(day);
  return h("div", { class: "day" }, h("span", {}, words));
}

function message(item, page, attempt) {
  const { reader, app } = page;
  const author = reader.names[item.user] ?? item.user;
  const seconds = Number(item.ts);
  const time = timeOf(seconds, reader.zone);
  const when = { class: "quiet when", title: momentWords(seconds, reader.zone) };
  const kinds = [item.ephemeral && "ephemeral", !item.first && "follows", item.changed && "changed"];
  return h(
    "article",
    {
      class: ["message", ...kinds].filter(Boolean).join(" "),
      "aria-label": `${author}, ${time}`,
      data: { ts: item.ts },
    },
    item.ephemeral && onlyVisible(item, page, attempt),
    item.first
      ? face({ id: item.user, name: author }, item.user === app.id ? "app" : "")
      : h("time", { ...when, "aria-hidden": "true" }, time),
    h(
      "div",
      { class: "said" },
      item.first &&
        h(
          "div",
          { class: "by" },
          h("strong", {}, author),
          item.user === app.id && h("span", { class: "badge" }, "APP"),
          h("time", when, time),
        ),
      content(item, page, attempt),
      item.edited && h("span", { class: "quiet small edited" }, "(edited)"),
      item.warning && drawWarning(item.warning),
    ),
    page.shortcuts.message.length > 0 && !item.ephemeral && tools(item, page, attempt),
  );
}

function content(item, page, attempt) {
  if (!item.blocks.length) {
    return h("div", { class: "words", title: item.detail }, mrkdwn(item.text, page.reader));
  }
  return h("div", { class: "blocks" }, drawBlocks(item.blocks, messageScene(item, page, attempt)));
}

function onlyVisible({ channel, ts }, { person }, attempt) {
  const dismiss = () => attempt(() => post("/api/dismiss", { person, channel, ts }));
  const options = { type: "button", class: "plain", data: { name: `${ts}/dismiss` }, onclick: dismiss };
  return h(
    "div",
    { class: "quiet only" },
    h("span", { "aria-hidden": "true" }, "👁 "),
    "Only visible to you · ",
    h("button", options, "Dismiss"),
  );
}

function tools({ channel, ts }, { person, shortcuts, app }, attempt) {
  const choose = ({ value }) =>
    attempt(() => post("/api/shortcut", { person, channel, ts, callback_id: value }));
  const options = shortcuts.message.map((one) => shortcutOption(one, app));
  return h(
    "div",
    { class: "tools" },
    h(
      "button",
      {
        type: "button",
        class: "button small",
        "aria-label": "Message shortcuts",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        data: { name: `${ts}/shortcuts` },
        onclick: (event) =>
          openMenu(event.currentTarget, { title: "Message shortcuts", groups: [{ options }], choose }),
      },
      "⋯",
    ),
  );
}

// A shortcut as an option of a menu.
export function shortcutOption({ callback_id: value, name, description }, app) {
  const text = (words) => ({ type: "plain_text", text: words, emoji: false });
  return { text: text(name), description: text(`${app.name} · ${description}`), value };
}
