// The small picture of a person: their initials upon a colour that is theirs.

import { h } from "./dom.js";

const TONES = 6;

export function face({ id, name }, more = "") {
  const initials = name.split(/\s+/).map((word) => word[0]).join("").slice(0, 2);
  const tone = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % TONES, 0);
  return h("span", { class: `face ${more}`, "aria-hidden": "true", data: { tone } }, initials);
}
