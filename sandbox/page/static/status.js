// What a person shows beside their name, and the menu that changes it.

import { post } from "./api.js";
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { face } from "./face.js";
import { openMenu } from "./menu.js";
import { attempt } from "./notice.js";

// As Slack offers them.
const OFFERED = [
  { emoji: ":spiral_calendar_pad:", text: "In a meeting", lasts: "hour" },
  { emoji: ":bus:", text: "Commuting", lasts: "hour" },
  { emoji: ":face_with_thermometer:", text: "Out sick", lasts: "today" },
  { emoji: ":palm_tree:", text: "Vacationing", lasts: "on" },
  { emoji: ":house_with_garden:", text: "Working remotely", lasts: "today" },
];
const LASTS = { hour: "for an hour", today: "today", on: "until it is cleared" };

export function drawStatus({ emoji, text }) {
  const words = withEmoji(emoji);
  return words && h("span", { role: "img", "aria-label": text, title: text }, words);
}

// The button that bears a person's name, face and status.
export function selfButton({ id, name, status }) {
  const choose = ({ value }) => attempt(() => post("/api/status", { person: id, ...value }));
  const groups = [{ options: OFFERED.map(option) }];
  if (status.emoji) groups.push({ options: [{ text: plainText("Clear status"), value: {} }] });
  return h(
    "button",
    {
      type: "button",
      class: "pick",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      data: { name: "self" },
      onclick: ({ currentTarget }) => openMenu(currentTarget, { title: "Set a status", groups, choose }),
    },
    face({ id, name }),
    h("strong", { class: "grow" }, name, " ", drawStatus(status), h("span", { class: "hidden" }, " Set a status")),
  );
}

function option(value) {
  const text = plainText(`${value.emoji} ${value.text}`);
  return { text, description: plainText(LASTS[value.lasts]), value };
}

function plainText(text) {
  return { type: "plain_text", text };
}
