// What floats over the page: the menu of an overflow, and what else hangs upon a button; and the
// dialog that asks whether to go on.

import { h } from "./dom.js";
import { plain, textNodes } from "./text.js";

// Let `content` float by `anchor`; `closed` hears when it is gone. The focus goes to `first`, and
// back to the anchor at the end. Gives a function that closes it.
export function float(anchor, { role, title, content, first, closed }) {
  const menu = document.getElementById("menu");
  menu.hidePopover();
  (anchor.closest("dialog") ?? document.body).append(menu);
  menu.replaceChildren(...content);
  menu.setAttribute("role", role);
  menu.setAttribute("aria-label", title);
  menu.onkeydown = null;
  menu.onbeforetoggle = ({ newState }) => {
    anchor.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "open") return;
    menu.onbeforetoggle = null;
    setTimeout(() => document.activeElement === document.body && refocus(anchor));
    closed?.();
  };
  menu.showPopover();
  placeBy(menu, anchor);
  first?.focus();
  return () => {
    menu.hidePopover();
    refocus(anchor);
  };
}

// The focus goes to the anchor, or to what stands where it stood before a redraw.
function refocus(anchor) {
  const heir = () =>
    [...document.querySelectorAll("[data-name]")].find((one) => one.dataset.name === anchor.dataset.name);
  (anchor.isConnected ? anchor : heir())?.focus();
}

// Show choices by `anchor`. Each group is {label?, options}; `choose` gets the option.
export function openMenu(anchor, { title, groups, choose }) {
  const rows = groups.flatMap(({ label, options }) => [
    label && h("div", { class: "quiet group", role: "presentation" }, plain(label)),
    ...options.map((option) => item(option, () => pick(option))),
  ]);
  const content = rows.filter(Boolean);
  const items = content.filter(({ role }) => role === "menuitem");
  const close = float(anchor, { role: "menu", title, content, first: items[0] });
  const pick = (option) => {
    close();
    choose(option);
  };
  document.getElementById("menu").onkeydown = (event) => walk(items, event, close);
}

function item(option, onclick) {
  const description = option.description && h("span", { class: "quiet" }, plain(option.description));
  const options = { type: "button", class: "choice", role: "menuitem", tabindex: -1, onclick };
  return h("button", options, plain(option.text), description);
}

// Arrows, Home and End go through the items, a letter to the next that begins with it.
function walk(items, event, close) {
  const here = items.indexOf(document.activeElement);
  const goal = {
    ArrowDown: (here + 1) % items.length,
    ArrowUp: (here - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key] ?? begins(items, here, event);
  if (goal !== undefined) {
    event.preventDefault();
    items[goal].focus();
  } else if (event.key === "Tab") {
    event.preventDefault();
    close();
  }
}

function begins(items, here, { key, ctrlKey, metaKey }) {
  if (key.length !== 1 || key === " " || ctrlKey || metaKey) return undefined;
  const order = items.map((_, number) => (here + 1 + number) % items.length);
  return order.find((number) => items[number].textContent.toLowerCase().startsWith(key.toLowerCase()));
}

const ROOM = 240; // pixels below an anchor that are enough

// Below the anchor, or above it where there is more room; it may grow there.
function placeBy(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const under = window.innerHeight - at.bottom - 12;
  const over = at.top - 12;
  const below = under >= Math.min(ROOM, over);
  menu.style.top = below ? `${at.bottom + 4}px` : "auto";
  menu.style.bottom = below ? "auto" : `${window.innerHeight - at.top + 4}px`;
  menu.style.maxHeight = `min(20rem, ${below ? under : over}px)`;
  menu.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - menu.offsetWidth - 8))}px`;
}

// Ask whether to go on, as an element's `confirm` demands; true at once if it demands nothing.
export function confirmed(confirm, reader) {
  if (!confirm) return true;
  const dialog = document.getElementById("confirm");
  return new Promise((resolve) => {
    const end = (answer) => () => {
      dialog.close();
      resolve(answer);
    };
    const yes = { type: "button", class: `button ${confirm.style ?? "primary"}`, onclick: end(true) };
    dialog.oncancel = () => resolve(false);
    dialog.replaceChildren(
      h("h2", { id: "confirm-title" }, plain(confirm.title)),
      h("p", {}, textNodes(confirm.text, reader)),
      h(
        "div",
        { class: "row end" },
        h("button", { type: "button", class: "button", onclick: end(false) }, plain(confirm.deny)),
        h("button", yes, plain(confirm.confirm)),
      ),
    );
    dialog.showModal();
  });
}
