// Which part of the stage is shown where there is no room for all, and what stands behind Slack.

import { walkTabs } from "./tabs.js";

const FOLDED = "folded";
const BEHIND = ["boards", "trouble"];

const behind = document.getElementById("behind");
const fold = document.getElementById("fold");

// One of "people", "slack", "boards" and "trouble".
export function showPart(name) {
  document.body.dataset.part = name;
  for (const button of document.querySelectorAll(".parts button")) {
    button.setAttribute("aria-pressed", String(button.dataset.part === name));
  }
  if (!BEHIND.includes(name)) return;
  folded(false);
  showBehind(name);
}

function showBehind(name) {
  for (const one of BEHIND) {
    const tab = document.getElementById(`${one}-tab`);
    tab.setAttribute("aria-selected", String(one === name));
    tab.tabIndex = one === name ? 0 : -1;
    document.getElementById(one).hidden = one !== name;
  }
}

// Where there are no providers, nothing speaks of them.
export function withoutBoards() {
  document.getElementById("boards-tab").hidden = true;
  document.querySelector(".parts [data-part=boards]").hidden = true;
  showBehind("trouble");
}

function folded(yes) {
  behind.classList.toggle("folded", yes);
  fold.setAttribute("aria-expanded", String(!yes));
  fold.setAttribute("aria-label", yes ? "Unfold providers and trouble" : "Fold providers and trouble");
  fold.textContent = yes ? "‹" : "›";
}

export function startParts() {
  for (const button of document.querySelectorAll(".parts button")) {
    button.addEventListener("click", () => showPart(button.dataset.part));
  }
  for (const name of BEHIND) {
    const tab = document.getElementById(`${name}-tab`);
    tab.addEventListener("click", () => showBehind(name));
  }
  walkTabs(behind.querySelector("[role=tablist]"));
  fold.addEventListener("click", () => {
    const yes = !behind.classList.contains("folded");
    window.localStorage.setItem(FOLDED, String(yes));
    folded(yes);
  });
  folded(window.localStorage.getItem(FOLDED) === "true");
  showBehind("boards");
}
