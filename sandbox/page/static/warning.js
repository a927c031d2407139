// What went wrong where somebody acted, said in that place, as Slack does.

import { h } from "./dom.js";

// What a refusal says; why an app failed is for who develops it.
export function warningOf(refused, app) {
  if (!refused.appFailed) return { words: refused.message };
  return { words: `${app.name} did not respond.`, why: refused.appFailed };
}

export function drawWarning({ words, why }) {
  return h(
    "p",
    { class: "warning", role: "alert", title: why },
    h("span", { "aria-hidden": "true" }, "⚠ "),
    words,
    why && h("span", { class: "hidden" }, ` (${why})`),
  );
}
