// The commands that a line could become: a list to choose from, then how the chosen one is used.

import { h } from "./dom.js";

const list = document.getElementById("hints");
const usage = document.getElementById("usage");

let line; // the input
let commands = [];
let offered = []; // those that stand in the list
let active = 0;
let refused = ""; // the text for which the list was closed

// Offer commands above an input.
export function startSlash(input) {
  line = input;
  line.addEventListener("input", () => {
    refused = "";
    active = 0;
    draw();
  });
  line.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) complete(offered[[...list.children].indexOf(option)]);
  });
}

// Take the commands that there are, and draw what fits the line.
export function offerCommands(known) {
  commands = known;
  draw();
}

function close() {
  refused = line.value;
  draw();
}

function draw() {
  const text = line.value;
  const open = document.activeElement === line && text !== refused;
  offered = open && /^\/\S*$/.test(text) ? commands.filter(({ command }) => command.startsWith(text)) : [];
  const options = offered.map(({ command, usage_hint: hint, description }, number) =>
    h(
      "div",
      { id: `hint-${number}`, role: "option", class: "choice", "aria-selected": String(number === active) },
      h("strong", {}, command),
      hint && h("span", { class: "quiet" }, ` ${hint}`),
      h("span", { class: "quiet" }, description),
    ),
  );
  list.replaceChildren(...options);
  list.hidden = !offered.length;
  line.setAttribute("aria-expanded", String(offered.length > 0));
  if (offered.length) line.setAttribute("aria-activedescendant", `hint-${active}`);
  else line.removeAttribute("aria-activedescendant");
  drawUsage(commands.find(({ command }) => text.startsWith(`${command} `)));
}

function drawUsage(used) {
  usage.hidden = !used;
  const words = used ? `${used.command} ${used.usage_hint}` : "";
  if (usage.dataset.words === words) return;
  usage.dataset.words = words;
  const parts = used ? [h("strong", {}, used.command), ` ${used.usage_hint} · ${used.description}`] : [];
  usage.replaceChildren(...parts);
}

function complete({ command }) {
  line.value = `${command} `;
  refused = "";
  draw();
}

// Whether a key was for the list.
export function takesKey(key) {
  if (!offered.length) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (step) {
    active = (active + step + offered.length) % offered.length;
    draw();
    return true;
  }
  if (key === "Escape") {
    close();
    return true;
  }
  const whole = offered[active].command === line.value;
  if (key === "Tab" || (key === "Enter" && !whole)) {
    complete(offered[active]);
    return true;
  }
  return false;
}
