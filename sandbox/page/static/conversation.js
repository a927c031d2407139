// The messages of a conversation: grouped, dated, and told where the new ones begin.

import { post } from "./api.js";
import { dayOf } from "./dates.js";
import { h, redraw } from "./dom.js";
import { drawItem } from "./message.js";
import { mrkdwn } from "./text.js";
import { warningOf } from "./warning.js";

const NEAR = 60; // pixels from the end that still count as being there
const ROW = 300; // seconds between two messages of one author that still stand in a row

const list = document.getElementById("messages");
const newest = document.getElementById("newest");
const heard = document.getElementById("heard");

const contents = new Map(); // what a message said when it was drawn last, by key
const warnings = new Map(); // what went wrong in a message, by key

let last; // the page as it was drawn last
let shown; // whose conversation stands there
let fresh; // the ts of the message above which "New" stands
let atEnd = true;

export function startConversation() {
  list.addEventListener("scroll", () => {
    // A list that is hidden, or was just made smaller, has not been scrolled by anybody.
    if (!list.clientHeight) return;
    atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
    if (atEnd) reached();
  });
  new ResizeObserver(() => atEnd && toEnd()).observe(list);
  newest.addEventListener("click", () => {
    toEnd();
    list.focus();
  });
}

export function drawConversation(page) {
  const { person, conversation, messages, tab } = page;
  list.hidden = tab !== "messages";
  const here = `${person}/${conversation.id}/${tab}`;
  const another = shown !== here;
  const before = another ? null : last?.messages.at(-1)?.ts ?? "";
  shown = here;
  last = page;
  if (list.hidden) {
    newest.hidden = true;
    return;
  }
  if (another) contents.clear();
  markFresh(page, another);
  drawList(page);
  if (another) atEnd = true;
  if (before !== null) arrived(messages.filter(({ ts }) => ts > before), page);
  if (atEnd) toEnd();
}

function drawList(page) {
  const items = inRows(page);
  redraw(list, items.length ? items : [{ key: "nothing" }], {
    key: ({ key }) => key,
    signature: (item) => JSON.stringify(item) + whenMatters(item, page),
    draw: (item) => (item.ts ? draw(item, page) : h("p", { class: "quiet nothing" }, "Nothing here yet.")),
  });
}

function draw(item, page) {
  const changed = edited(item.key, item);
  contents.set(item.key, contentOf(item));
  return drawItem({ ...item, changed }, page, acting(item, page));
}

// Whether a message says something else than when it was drawn last, under the reader's eyes.
function edited(key, item) {
  return contents.has(key) && contents.get(key) !== contentOf(item);
}

function contentOf({ text, blocks }) {
  return JSON.stringify([text, blocks]);
}

// Run what is done in a message; what goes wrong is said in it.
function acting({ key }, page) {
  return async (act) => {
    const warned = warnings.delete(key);
    const answer = await act().catch((refused) => {
      warnings.set(key, warningOf(refused, page.app));
      return null;
    });
    if (warned || warnings.has(key)) drawList(last);
    return answer;
  };
}

// The messages with what stands above each, the first in a row of one author marked.
function inRows({ person, messages, reader }) {
  let previous;
  return messages.map((item) => {
    const date = dayOf(Number(item.ts), reader.zone);
    const day = date === previous?.date ? null : date;
    const key = `${person}/${item.channel}/${item.ts}`;
    if (edited(key, item)) warnings.delete(key);
    const isFresh = item.ts === fresh;
    const first = Boolean(day) || isFresh || !inRow(previous?.item, item);
    previous = { item, date };
    return { ...item, key, day, fresh: isFresh, first, warning: warnings.get(key) };
  });
}

function inRow(one, next) {
  const near = Number(next.ts) - Number(one.ts) < ROW;
  return near && one.user === next.user && one.ephemeral === next.ephemeral;
}

// "New" stands above what was unread when the conversation was opened, or above what came unseen
// later; it goes when the person has written something below.
function markFresh({ person, messages, read }, another) {
  const unread = messages.find(({ ts, user }) => ts > read && user !== person);
  const unseen = unread && !(atEnd && document.visibilityState === "visible") && !(fresh > read);
  if (another || unseen) fresh = unread?.ts;
  if (fresh && messages.some(({ ts, user }) => ts > fresh && user === person)) fresh = undefined;
}

// Tell of what has come: to who listens, and to who has scrolled away.
function arrived(messages, { person, reader }) {
  const others = messages.filter(({ user }) => user !== person);
  if (!others.length) {
    if (messages.length) atEnd = true; // one's own line is looked at
    return;
  }
  newest.hidden = atEnd;
  const words = ({ user, text }) => [`${reader.names[user]}: `, mrkdwn(text, reader)];
  heard.replaceChildren(...others.slice(-3).map((one) => h("p", {}, words(one))));
}

export function toEnd() {
  atEnd = true;
  list.scrollTop = list.scrollHeight;
  if (list.clientHeight) reached();
}

// The end is in sight: everything there has been read.
function reached() {
  newest.hidden = true;
  if (!last?.conversation.unread || document.visibilityState !== "visible") return;
  const { person, conversation } = last;
  post("/api/read", { person, channel: conversation.id }).catch(() => {});
}

// Dates change their words with the reader's time; nothing else does.
export function whenMatters(content, { reader }) {
  const dated = /!date\^|"type":"date"/.test(JSON.stringify(content));
  return reader.zone + (dated ? Math.floor(reader.now / 60) : dayOf(reader.now, reader.zone));
}
