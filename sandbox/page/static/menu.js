// One floating menu for everything that offers choices: selects, overflows, searches.

import { post } from "./api.js";
import { h, newId } from "./dom.js";
import { plain } from "./text.js";

const PAUSE = 150; // milliseconds of typing nothing before the app is asked

// Show choices below `anchor`. Each group is {label?, options}; `choose` gets the option. With
// `search`, an async function of what was typed, the options come from there.
export function openMenu(anchor, { title, groups = [], search, choose }) {
  const menu = document.getElementById("menu");
  (anchor.closest("dialog") ?? document.body).append(menu);
  const close = (option) => {
    menu.hidePopover();
    anchor.focus();
    if (option) choose(option);
  };
  const list = h("div", { class: "choices" });
  fill(list, groups, close);
  menu.replaceChildren(...(search ? [searchBox(title, search, list, close)] : []), list);
  menu.setAttribute("role", search ? "dialog" : "menu");
  menu.setAttribute("aria-label", title);
  menu.onkeydown = (event) => move(menu, event);
  menu.ontoggle = (event) => anchor.setAttribute("aria-expanded", event.newState === "open");
  menu.showPopover();
  placeBelow(menu, anchor);
  focusable(menu)[0]?.focus();
}

function fill(list, groups, close) {
  const rows = groups.flatMap(({ label, options }) => [
    label && h("div", { class: "quiet group" }, plain(label)),
    ...options.map((option) => choice(option, close)),
  ]);
  list.replaceChildren(...rows.filter(Boolean));
  const inSearch = list.previousElementSibling !== null;
  for (const row of list.querySelectorAll("button")) row.role = inSearch ? null : "menuitem";
}

function choice(option, close) {
  const description = option.description && h("span", { class: "quiet" }, plain(option.description));
  return h(
    "button",
    { type: "button", class: "choice", role: "menuitem", tabindex: -1, onclick: () => close(option) },
    plain(option.text),
    description,
  );
}

function searchBox(title, search, list, close) {
  const id = newId();
  const said = h("p", { class: "quiet", role: "status" });
  let timer;
  let asked = 0;
  const look = async (query) => {
    asked += 1;
    const mine = asked;
    said.textContent = "Searching…";
    const options = await search(query).catch((refused) => refused);
    if (mine !== asked) return;
    if (options instanceof Error) {
      said.textContent = options.message;
    } else {
      fill(list, [{ options }], close);
      said.textContent = options.length ? "" : "Nothing found.";
    }
  };
  const typed = (event) => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE, event.target.value);
  };
  look("");
  return h(
    "div",
    { class: "search" },
    h("label", { class: "hidden", for: id }, title),
    h("input", { id, type: "search", placeholder: title, maxlength: 150, oninput: typed, autocomplete: "off" }),
    said,
  );
}

function focusable(menu) {
  return [...menu.querySelectorAll("input, button")];
}

// Arrow keys go through the choices.
function move(menu, event) {
  const stops = focusable(menu);
  const here = stops.indexOf(document.activeElement);
  const goal = {
    ArrowDown: Math.min(here + 1, stops.length - 1),
    ArrowUp: Math.max(here - 1, 0),
  }[event.key];
  if (goal !== undefined) {
    event.preventDefault();
    stops[goal].focus();
  } else if (event.key === "Tab") {
    menu.hidePopover();
  }
}

function placeBelow(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const below = at.bottom + size.height + 8 < window.innerHeight;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - size.height - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - size.width - 8))}px`;
}

// Ask the app for options.
export async function searched(place, query) {
  const { options } = await post("/api/search", { ...place, query });
  return options;
}

// Ask whether to go on, as an element's `confirm` demands; true at once if it demands nothing.
export function confirmed(confirm, textNodes) {
  if (!confirm) return true;
  const dialog = document.getElementById("confirm");
  return new Promise((resolve) => {
    const end = (answer) => () => {
      dialog.close();
      resolve(answer);
    };
    dialog.oncancel = () => resolve(false);
    dialog.replaceChildren(
      h("h2", { id: "confirm-title" }, plain(confirm.title)),
      h("p", {}, textNodes(confirm.text)),
      h(
        "div",
        { class: "row end" },
        h("button", { type: "button", class: "button", onclick: end(false) }, plain(confirm.deny)),
        h(
          "button",
          { type: "button", class: `button ${confirm.style ?? "primary"}`, onclick: end(true) },
          plain(confirm.confirm),
        ),
      ),
    );
    dialog.showModal();
  });
}
