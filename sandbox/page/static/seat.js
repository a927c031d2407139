// One person's Slack: looks at the sandbox after every change, and draws what that person sees.

import { follow, get } from "./api.js";
import { drawComposer, startComposer } from "./composer.js";
import { drawConversation, startConversation } from "./conversation.js";
import { drawHead, startHead, tabsOf } from "./head.js";
import { drawHome } from "./home.js";
import { looker } from "./looking.js";
import { drawModal } from "./modal.js";
import { notice } from "./notice.js";
import { drawPointed, followPointing } from "./pointed.js";
import { drawSidebar, startSidebar } from "./sidebar.js";
import { followTheme } from "./theme.js";

const PANELS = [drawSidebar, drawHead, drawConversation, drawHome, drawComposer, drawModal, drawPointed];

const chosen = { person: null, conversation: null, tab: "messages" };

let seen; // what the person saw last
let told; // the same as text, without the time
let signed; // what was drawn last, and in which minute
let ahead = 0; // seconds by which the sandbox's time leads this machine's

function fromAddress() {
  const address = new URLSearchParams(window.location.hash.slice(1));
  chosen.person = address.get("person");
  chosen.conversation = address.get("conversation");
  chosen.tab = address.get("tab") ?? "messages";
}

function choose(changes) {
  Object.assign(chosen, changes);
  const known = Object.entries(chosen).filter(([, value]) => value);
  window.history.replaceState(null, "", `#${new URLSearchParams(known)}`);
  if (!("conversation" in changes)) redraw();
  look();
}

function redraw() {
  signed = null;
  draw();
}

function now() {
  return Date.now() / 1000 + ahead;
}

const look = looker(async () => {
  const { person, conversation } = chosen;
  try {
    const { now: time, ...state } = await get("/api/state", { person, conversation });
    ahead = time - Date.now() / 1000;
    seen = state;
    told = JSON.stringify(state);
    notice("");
    draw();
  } catch (refused) {
    notice(refused.message);
  }
});

// Nothing is touched unless something has changed, or the minute.
function draw() {
  const fresh = [Math.floor(now() / 60), JSON.stringify(chosen), told].join(" ");
  if (fresh === signed) return;
  signed = fresh;
  const { zone, locale } = seen.people.find(({ id }) => id === seen.person);
  const { names, channels } = seen;
  const page = {
    ...seen,
    conversation: seen.conversations.find(({ id }) => id === seen.conversation),
    reader: { id: seen.person, zone, locale, now: now(), names, channels },
    choose,
    redraw,
  };
  const tabs = tabsOf(page);
  page.tab = tabs.includes(chosen.tab) ? chosen.tab : tabs[0];
  for (const panel of PANELS) panel(page);
}

function lost(down) {
  notice(down ? "The sandbox does not answer. Waiting for it to come back…" : "");
}

// Within the stage, that listens for all; alone in a window, the seat does so itself.
function followChanges() {
  if (window.parent === window) {
    follow(look, lost);
    return;
  }
  const { origin } = window.location;
  window.addEventListener("message", (event) => {
    const told = event.origin === origin && event.source === window.parent;
    if (told && event.data?.kind === "change") look();
  });
  const used = () => window.parent.postMessage({ kind: "used" }, origin);
  window.addEventListener("focusin", used);
  window.addEventListener("pointerdown", used);
  followPointing();
  look();
}

function start() {
  fromAddress();
  followTheme();
  startSidebar();
  startHead();
  startConversation();
  startComposer();
  window.addEventListener("hashchange", () => {
    fromAddress();
    look();
  });
  document.addEventListener("visibilitychange", look);
  setInterval(() => seen && draw(), 1000);
  followChanges();
}

start();
