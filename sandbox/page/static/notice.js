// What went wrong, said over whatever part is shown.

import { h } from "./dom.js";

// Say it; no words take it away.
export function notice(words) {
  const place = document.getElementById("notice");
  if (place.hidden && !words) return;
  place.hidden = !words;
  const dismiss = { type: "button", class: "button small", onclick: () => notice("") };
  const content = words ? [h("span", { class: "grow" }, words), h("button", dismiss, "Dismiss")] : [];
  place.replaceChildren(...content);
}

// Run what may be refused; gives its answer, or null after saying why not.
export async function attempt(act) {
  try {
    const answer = await act();
    notice("");
    return answer;
  } catch (refused) {
    notice(refused.message);
    return null;
  }
}
