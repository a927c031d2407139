// The line for messages and commands, and the shortcuts beside it.

import { post } from "./api.js";
import { toEnd } from "./conversation.js";
import { openMenu } from "./menu.js";
import { shortcutOption } from "./message.js";
import { offerCommands, startSlash, takesKey } from "./slash.js";
import { drawWarning, warningOf } from "./warning.js";

const form = document.getElementById("composer");
const line = document.getElementById("line");
const send = document.getElementById("send");
const closed = document.getElementById("closed");
const shortcuts = document.getElementById("shortcuts");
const complaint = document.getElementById("complaint");

const drafts = new Map(); // what was typed and not sent, by person and conversation
const sent = []; // the lines of this seat, oldest first

let page; // as it was drawn last
let draft; // whose draft stands in the line
let recalled = 0; // how many lines back the line has gone

export function startComposer() {
  startSlash(line);
  form.addEventListener("submit", say);
  line.addEventListener("keydown", pressed);
  shortcuts.addEventListener("click", chooseShortcut);
}

export function drawComposer(now) {
  page = now;
  const { person, conversation, tab } = page;
  const here = `${person}/${conversation.id}`;
  if (draft !== here) {
    if (draft) { // what was typed before anything was drawn stays
      drafts.set(draft, line.value);
      line.value = drafts.get(here) ?? "";
    }
    draft = here;
    complain(null);
  }
  line.placeholder = `Message ${conversation.direct ? "" : "#"}${conversation.name}`;
  document.getElementById("foot").hidden = tab !== "messages";
  form.hidden = !page.takes_messages;
  closed.hidden = page.takes_messages;
  shortcuts.hidden = !page.shortcuts.global.length;
  offerCommands(page.commands);
}

async function say(event) {
  event.preventDefault();
  const text = line.value.trim();
  if (!text || !page) return;
  const { person, conversation } = page;
  if (sent.at(-1) !== text) sent.push(text);
  recalled = 0;
  line.value = "";
  toEnd();
  offerCommands(page.commands);
  const said = await acting(send, () => post("/api/say", { person, channel: conversation.id, text }));
  if (!said && !line.value) line.value = text;
}

// Run what may be refused, with its button busy; what is refused is said here.
async function acting(button, act) {
  button.setAttribute("aria-busy", "true");
  complain(null);
  try {
    return await act();
  } catch (refused) {
    complain(warningOf(refused, page.app));
    return null;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function complain(warning) {
  complaint.replaceChildren(...(warning ? [drawWarning(warning)] : []));
}

function pressed(event) {
  const { key, isComposing, ctrlKey, altKey, metaKey, shiftKey } = event;
  if (isComposing || ctrlKey || altKey || metaKey || shiftKey) return;
  if (takesKey(key) || recall(key)) event.preventDefault();
}

// Up and down go through the lines that were sent, as long as nothing else was typed.
function recall(key) {
  const step = { ArrowUp: 1, ArrowDown: -1 }[key];
  if (!step || line.value !== (recalled ? sent.at(-recalled) : "")) return false;
  recalled = Math.max(0, Math.min(sent.length, recalled + step));
  line.value = recalled ? sent.at(-recalled) : "";
  return true;
}

function chooseShortcut() {
  const { person, app } = page;
  const choose = ({ value }) =>
    acting(shortcuts, () => post("/api/shortcut", { person, callback_id: value }));
  const options = page.shortcuts.global.map((one) => shortcutOption(one, app));
  openMenu(shortcuts, { title: "Shortcuts", groups: [{ options }], choose });
}
