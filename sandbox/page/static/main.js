// The page: looks at the sandbox after every change, and draws what the chosen person sees.

import { follow, get, post } from "./api.js";
import { drawBoards } from "./boards.js";
import { drawConversation } from "./conversation.js";
import { h } from "./dom.js";
import { drawModal } from "./modal.js";
import { drawClock, drawPeople } from "./people.js";

const chosen = { person: null, conversation: null, tab: "messages" };

let seen; // the last state and boards
let asked = 0;
let ahead = 0; // seconds by which the sandbox's time leads this machine's

function fromAddress() {
  const address = new URLSearchParams(window.location.hash.slice(1));
  chosen.person = address.get("person");
  chosen.conversation = address.get("conversation");
}

function choose(changes) {
  Object.assign(chosen, changes);
  const { person, conversation } = chosen;
  const known = Object.entries({ person, conversation }).filter(([, value]) => value);
  window.history.replaceState(null, "", `#${new URLSearchParams(known)}`);
  notice("");
  showPane("chat");
  look();
}

// Ask for everything and draw it; an answer that was overtaken by a later question is dropped.
async function look() {
  asked += 1;
  const mine = asked;
  const { person, conversation } = chosen;
  try {
    const [state, boards] = await Promise.all([
      get("/api/state", { person, conversation }),
      get("/api/boards"),
    ]);
    if (mine !== asked) return;
    seen = { state, boards };
    ahead = state.now - Date.now() / 1000;
    draw();
  } catch (refused) {
    if (person && mine === asked) choose({ person: null, conversation: null });
    else notice(refused.message);
  }
}

function draw() {
  const { state, boards } = seen;
  const zone = state.people.find(({ id }) => id === state.person).zone;
  const { names, channels } = state;
  const page = {
    ...state,
    conversation: state.conversations.find(({ id }) => id === state.conversation),
    reader: { zone, now: now(), names, channels },
    tab: chosen.tab,
    choose,
  };
  drawPeople(page);
  drawClock(now(), zone);
  drawConversation(page, attempt);
  drawModal(page);
  drawBoards(boards, page, attempt);
  markRead(page);
}

function now() {
  return Date.now() / 1000 + ahead;
}

function markRead({ person, conversation }) {
  if (conversation.unread && document.visibilityState === "visible") {
    post("/api/read", { person, channel: conversation.id }).catch(() => {});
  }
}

// Run what may be refused; what is refused is said over the page.
async function attempt(act) {
  try {
    const answer = await act();
    notice("");
    return answer;
  } catch (refused) {
    notice(refused.message);
    return null;
  }
}

function notice(words) {
  const place = document.getElementById("notice");
  place.hidden = !words;
  const dismiss = { type: "button", class: "button small", onclick: () => notice("") };
  const content = words ? [h("span", { class: "grow" }, words), h("button", dismiss, "Dismiss")] : [];
  place.replaceChildren(...content);
}

async function say(event) {
  event.preventDefault();
  const line = document.getElementById("line");
  const text = line.value.trim();
  if (!text || !seen) return;
  const { person, conversation: channel } = seen.state;
  line.value = "";
  const said = await attempt(() => post("/api/say", { person, channel, text }));
  if (!said && !line.value) line.value = text;
}

function tick() {
  if (!seen) return;
  const zone = seen.state.people.find(({ id }) => id === seen.state.person).zone;
  drawClock(now(), zone);
  if (new Date(now() * 1000).getUTCSeconds() === 0) draw();
}

function showPane(name) {
  document.body.dataset.pane = name;
  for (const button of document.querySelectorAll(".panes button")) {
    button.setAttribute("aria-pressed", String(button.dataset.pane === name));
  }
}

function lost(down) {
  if (down) notice("The sandbox does not answer. Waiting for it to come back…");
  else notice("");
}

function start() {
  fromAddress();
  document.getElementById("composer").addEventListener("submit", say);
  for (const button of document.querySelectorAll("[data-minutes]")) {
    const minutes = Number(button.dataset.minutes);
    button.addEventListener("click", () => attempt(() => post("/api/clock", { minutes })));
  }
  for (const button of document.querySelectorAll(".panes button")) {
    button.addEventListener("click", () => showPane(button.dataset.pane));
  }
  window.addEventListener("hashchange", () => {
    fromAddress();
    look();
  });
  document.addEventListener("visibilitychange", () => seen && draw());
  setInterval(tick, 1000);
  follow(look, lost);
}

start();
