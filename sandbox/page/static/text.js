// Slack's text objects as nodes: plain_text and mrkdwn.
// `reader` is {id, zone, now, locale, names, channels}.

import { dateWords } from "./dates.js";
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";

// A text object.
export function textNodes(text, reader) {
  if (text.type === "mrkdwn") return mrkdwn(text.text, reader, text.verbatim);
  return lines(plain(text));
}

// The words of a plain_text object.
export function plain(text) {
  return text.emoji === false ? text.text : withEmoji(text.text);
}

// Words with their line ends.
export function lines(words) {
  return words.split("\n").flatMap((line, number) => (number ? [h("br"), line] : [line]));
}

function unescape(words) {
  return words.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

// A link that opens beside the page, if it leads to the web.
export function link(url, words) {
  if (!/^(https?|mailto|tel):/i.test(url)) return words;
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
}

// The moment in the reader's words; a link, if there is a `url`; `fallback` if there is no moment.
export function dateNode(seconds, format, reader, { url, fallback }) {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return fallback ?? format;
  const shown = h("time", { datetime: moment.toISOString() }, dateWords(seconds, format, reader));
  return url ? link(url, shown) : shown;
}

// Somebody, or something, that is named: `@Ana Ruiz`, `#general`.
export function mention(sign, id, names, reader, label) {
  const about = id === reader.id || sign === "!" ? "mention me" : "mention";
  return h("span", { class: about }, `${sign === "!" ? "@" : sign}${names[id] ?? label ?? id}`);
}

export function mrkdwn(source, reader, verbatim = false) {
  return source
    .split(/\n?```([\s\S]+?)```\n?/)
    .flatMap((piece, number) =>
      number % 2
        ? [h("pre", {}, unescape(piece.replace(/^\n|\n$/g, "")))]
        : quoted(piece, { reader, verbatim }),
    );
}

// Lines that begin with ">" are quotes; after ">>>" everything is.
function quoted(source, context) {
  const nodes = [];
  const quote = /(?:^|\n)(?:(?:&gt;|>){3}([\s\S]+)|((?:&gt;|>) ?[^\n]*(?:\n(?:&gt;|>) ?[^\n]*)*))/;
  let rest = source;
  for (let found = quote.exec(rest); found; found = quote.exec(rest)) {
    nodes.push(...inline(rest.slice(0, found.index), context));
    const words = found[1]?.trim() ?? found[2].replace(/^(?:&gt;|>) ?/gm, "");
    nodes.push(h("blockquote", {}, inline(words, context)));
    rest = rest.slice(found.index + found[0].length).replace(/^\n/, "");
  }
  return rest ? [...nodes, ...inline(rest, context)] : nodes;
}

const BARE = { form: /(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)'"\]}])/, draw: (url) => link(unescape(url), unescape(url)) };

// Markup of one line, the strongest first: code is not looked into, the others are.
const MARKS = [
  { form: /`([^`\n]+)`/, draw: (inner) => h("code", {}, unescape(inner)) },
  { form: /<([^<>\n]+)>/, draw: entity },
  { form: /(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])/, draw: within("strong") },
  { form: /(?<![\w_])_([^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])/, draw: within("em") },
  { form: /(?<![\w~])~([^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])/, draw: within("s") },
];

function within(tag) {
  return (inner, context) => h(tag, {}, inline(inner, context));
}

function inline(source, context) {
  const marks = context.verbatim ? MARKS : [...MARKS, BARE];
  let first;
  for (const { form, draw } of marks) {
    const found = form.exec(source);
    if (found && (!first || found.index < first.found.index)) first = { found, draw };
  }
  if (!first) return lines(withEmoji(unescape(source)));
  const { found, draw } = first;
  return [
    ...(found.index ? inline(source.slice(0, found.index), context) : []),
    draw(found[1], context),
    ...inline(source.slice(found.index + found[0].length), context),
  ];
}

// What stands between angle brackets: a link, a mention, a date.
function entity(inner, { reader }) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : unescape(inner.slice(bar + 1));
  const id = target.slice(1);
  if (target.startsWith("!date^")) {
    const [, stamp, format, url] = target.split("^").map(unescape);
    return dateNode(Number(stamp), format, reader, { url, fallback: label });
  }
  if (target.startsWith("@")) return mention("@", id, reader.names, reader, label);
  if (target.startsWith("#")) return mention("#", id, reader.channels, reader, label);
  if (target.startsWith("!subteam^")) {
    return mention("@", id.split("^")[1], {}, reader, label?.replace(/^@/, ""));
  }
  if (target.startsWith("!")) return mention("!", id, {}, reader, label?.replace(/^@/, ""));
  return link(unescape(target), label ? withEmoji(label) : unescape(target));
}
