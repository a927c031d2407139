// A rich_text block as nodes.

import { h } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { dateNode, lines, link, mention } from "./text.js";

export function richText(block, reader) {
  return block.elements.map((element) => PARTS[element.type]?.(element, reader));
}

export const PARTS = {
  rich_text_section: (part, reader) => h("div", { class: "rich" }, inlines(part, reader)),
  rich_text_list: list,
  rich_text_quote: (part, reader) => h("blockquote", {}, inlines(part, reader)),
  rich_text_preformatted: (part, reader) =>
    h("pre", { class: bordered(part) }, inlines(part, reader)),
};

function bordered({ border }) {
  return border ? "bordered" : "";
}

const DEEPEST = 8;

// Lists are not nested in each other: `indent` tells how deep one stands, `offset` where a
// numbered one goes on.
function list(part, reader) {
  const ordered = part.style === "ordered";
  const depth = Math.min(part.indent ?? 0, DEEPEST);
  return h(
    ordered ? "ol" : "ul",
    {
      class: `indent-${depth} marks-${depth % 3} ${bordered(part)}`,
      start: ordered && part.offset ? part.offset + 1 : null,
    },
    part.elements.map((item) => h("li", {}, inlines(item, reader))),
  );
}

function inlines(part, reader) {
  return part.elements.map((element) => styled(element, reader));
}

export const INLINES = {
  text: ({ text }) => lines(text),
  link: ({ url, text }) => link(url, text || url),
  user: ({ user_id: id }, reader) => mention("@", id, reader.names, reader),
  channel: ({ channel_id: id }, reader) => mention("#", id, reader.channels, reader),
  usergroup: ({ usergroup_id: id }, reader) => mention("@", id, {}, reader),
  team: ({ team_id: id }, reader) => mention("@", id, {}, reader),
  broadcast: ({ range }, reader) => mention("!", range, {}, reader),
  emoji: emojiOf,
  date: (element, reader) => dateNode(element.timestamp, element.format, reader, element),
  color: ({ value }) => colour(value),
};

// A colour: its code, and a patch of it.
function colour(value) {
  const patch = h("span", { class: "patch" });
  patch.style.backgroundColor = value;
  return h("span", { class: "colour" }, patch, value);
}

const STYLES = {
  bold: "strong", italic: "em", strike: "s", underline: "u", code: "code",
  highlight: "mark", client_highlight: "mark",
};

function styled(element, reader) {
  let shown = [INLINES[element.type]?.(element, reader)].flat();
  for (const [style, tag] of Object.entries(STYLES)) {
    if (element.style?.[style]) shown = [h(tag, {}, shown)];
  }
  return shown;
}
