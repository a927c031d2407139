// Slack's texts as nodes: plain_text, mrkdwn and rich_text. `reader` is {zone, now, names, channels}.

import { dateWords } from "./dates.js";
import { h } from "./dom.js";
import { emojiOf, withEmoji } from "./emoji.js";

// A text object.
export function textNodes(text, reader) {
  if (text.type === "mrkdwn") return mrkdwn(text.text, reader, text.verbatim);
  return lines(text.emoji === false ? text.text : withEmoji(text.text));
}

// The words of a plain_text object.
export function plain(text) {
  return text.emoji === false ? text.text : withEmoji(text.text);
}

function lines(words) {
  return words.split("\n").flatMap((line, number) => (number ? [h("br"), line] : [line]));
}

function unescape(words) {
  return words.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

// A link that opens beside the page, if it leads to the web.
export function link(url, words) {
  if (!/^(https?|mailto):/i.test(url)) return words;
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
}

// Markup of one line, the strongest first: code is not looked into, the others are.
const MARKS = [
  { form: /```([\s\S]+?)```/, draw: (inner) => h("pre", {}, unescape(inner)) },
  { form: /`([^`\n]+)`/, draw: (inner) => h("code", {}, unescape(inner)) },
  { form: /<([^<>\n]+)>/, draw: entity },
  { form: /(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])/, draw: within("strong") },
  { form: /(?<![\w_])_([^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])/, draw: within("em") },
  { form: /(?<![\w~])~([^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])/, draw: within("s") },
];

function within(tag) {
  return (inner, reader) => h(tag, {}, inline(inner, reader));
}

export function mrkdwn(source, reader) {
  const nodes = [];
  const quoted = /(?:^|\n)((?:&gt;|>) ?[^\n]*(?:\n(?:&gt;|>) ?[^\n]*)*)/;
  let rest = source;
  for (let found = quoted.exec(rest); found; found = quoted.exec(rest)) {
    nodes.push(...inline(rest.slice(0, found.index), reader));
    const words = found[1].replace(/^(?:&gt;|>) ?/gm, "");
    nodes.push(h("blockquote", {}, inline(words, reader)));
    rest = rest.slice(found.index + found[0].length).replace(/^\n/, "");
  }
  return [...nodes, ...inline(rest, reader)];
}

function inline(source, reader) {
  let first;
  for (const { form, draw } of MARKS) {
    const found = form.exec(source);
    if (found && (!first || found.index < first.found.index)) first = { found, draw };
  }
  if (!first) return lines(withEmoji(unescape(source)));
  const { found, draw } = first;
  return [
    ...(found.index ? inline(source.slice(0, found.index), reader) : []),
    draw(found[1], reader),
    ...inline(source.slice(found.index + found[0].length), reader),
  ];
}

function entity(inner, reader) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : unescape(inner.slice(bar + 1));
  if (target.startsWith("!date^")) return date(target, reader);
  if (target.startsWith("@")) return mention(`@${reader.names[target.slice(1)] ?? (label || target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${reader.channels[target.slice(1)] ?? (label || target.slice(1))}`);
  if (target.startsWith("!")) return mention(label || `@${target.slice(1).split("^")[0]}`);
  return link(unescape(target), label || unescape(target));
}

function date(target, reader) {
  const [, stamp, format, url] = target.split("^");
  const words = dateWords(Number(stamp), unescape(format), reader);
  const shown = h("time", { datetime: new Date(stamp * 1000).toISOString() }, words);
  return url ? link(unescape(url), shown) : shown;
}

function mention(words) {
  return h("span", { class: "mention" }, words);
}

// A rich_text block.
export function richText(block, reader) {
  return block.elements.map((element) => richPart(element, reader));
}

function richPart(element, reader) {
  const inlines = () => element.elements.map((one) => richInline(one, reader));
  switch (element.type) {
    case "rich_text_list":
      return h(
        element.style === "ordered" ? "ol" : "ul",
        { class: `indent-${Math.min(element.indent ?? 0, 4)}` },
        element.elements.map((item) => h("li", {}, item.elements.map((one) => richInline(one, reader)))),
      );
    case "rich_text_quote":
      return h("blockquote", {}, inlines());
    case "rich_text_preformatted":
      return h("pre", {}, inlines());
    default:
      return h("div", { class: "rich" }, inlines());
  }
}

const RICH = {
  text: ({ text }) => lines(text),
  link: ({ url, text }) => link(url, text || url),
  user: ({ user_id: id }, { names }) => mention(`@${names[id] ?? id}`),
  channel: ({ channel_id: id }, { channels }) => mention(`#${channels[id] ?? id}`),
  usergroup: ({ usergroup_id: id }) => mention(`@${id}`),
  team: ({ team_id: id }) => mention(id),
  broadcast: ({ range }) => mention(`@${range}`),
  emoji: emojiOf,
  date: ({ timestamp, format, url }, reader) => {
    const words = dateWords(timestamp, format, reader);
    return url ? link(url, words) : words;
  },
  color: ({ value }) => value,
};

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark" };

function richInline(element, reader) {
  let shown = [RICH[element.type]?.(element, reader)].flat();
  for (const [style, tag] of Object.entries(STYLES)) {
    if (element.style?.[style]) shown = [h(tag, {}, shown)];
  }
  return shown;
}
