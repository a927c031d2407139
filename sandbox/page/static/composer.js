// The line for messages and commands.

import { post } from "./api.js";
import { attempt } from "./notice.js";

const form = document.getElementById("composer");
const line = document.getElementById("line");

let where; // whose line it is, and in which conversation

export function drawComposer({ person, conversation, tab }) {
  where = { person, channel: conversation.id };
  form.hidden = tab !== "messages";
}

async function say(event) {
  event.preventDefault();
  const text = line.value.trim();
  if (!text || !where) return;
  line.value = "";
  const said = await attempt(() => post("/api/say", { ...where, text }));
  if (!said && !line.value) line.value = text;
}

export function startComposer() {
  form.addEventListener("submit", say);
}
