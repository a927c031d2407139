// The text of a markdown block as nodes: headings, lists, code, quotes, tables, rules, links.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { lines, link } from "./text.js";

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/;
const QUOTE = /^ {0,3}> ?/;
const DASHES = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

export function markdown(source) {
  return blocks(source.replaceAll("\r\n", "\n").split("\n"));
}

function blocks(rows) {
  const nodes = [];
  let at = 0;
  while (at < rows.length) {
    const { node, taken } = block(rows.slice(at));
    if (node) nodes.push(node);
    at += taken;
  }
  return nodes;
}

// The block that opens these rows, and how many it takes.
function block(rows) {
  const [first] = rows;
  if (!first.trim()) return { taken: 1 };
  if (FENCE.test(first)) return fenced(rows);
  if (RULE.test(first)) return { node: h("hr"), taken: 1 };
  const heading = HEADING.exec(first);
  if (heading) {
    const level = Math.min(heading[1].length + 1, 6); // the page has the only first heading
    return { node: h(`h${level}`, { class: "heading" }, inline(heading[2])), taken: 1 };
  }
  if (QUOTE.test(first)) {
    const taken = run(rows, (row) => QUOTE.test(row));
    const inner = rows.slice(0, taken).map((row) => row.replace(QUOTE, ""));
    return { node: h("blockquote", {}, blocks(inner)), taken };
  }
  if (ITEM.test(first)) return list(rows);
  if (first.includes("|") && rows.length > 1 && DASHES.test(rows[1])) return table(rows);
  const taken = run(rows, (row) => row.trim() && !opens(row));
  const words = rows.slice(0, taken).map((row) => row.trim());
  return { node: h("p", {}, inline(words.join("\n"))), taken };
}

function opens(row) {
  return [FENCE, RULE, HEADING, QUOTE, ITEM].some((form) => form.test(row));
}

// How many rows from the first on are alike; at least one.
function run(rows, alike) {
  const end = rows.findIndex((row, number) => number > 0 && !alike(row));
  return end < 0 ? rows.length : end;
}

function fenced(rows) {
  const [, fence] = FENCE.exec(rows[0]);
  const end = rows.findIndex((row, number) => number > 0 && row.trim().startsWith(fence));
  const last = end < 0 ? rows.length : end;
  return { node: h("pre", {}, rows.slice(1, last).join("\n")), taken: last + 1 };
}

// A list: its items are the rows that stand as deep as the first; what is deeper is theirs.
function list(rows) {
  const [, margin, bullet, number] = ITEM.exec(rows[0]);
  const depth = margin.length;
  const deeper = (row) => row.search(/\S/) > depth;
  const ours = (row) => {
    const item = ITEM.exec(row);
    return Boolean(item) && item[1].length === depth && Boolean(item[2]) === Boolean(bullet);
  };
  const taken = run(rows, (row) => deeper(row) || ours(row));
  const items = [];
  for (const row of rows.slice(0, taken)) {
    if (ours(row)) items.push([ITEM.exec(row)[4]]);
    else items.at(-1).push(row);
  }
  const start = number && number !== "1" ? number : null;
  return { node: h(bullet ? "ul" : "ol", { start }, items.map(item)), taken };
}

const TASK = /^\[([ xX])\]\s+/;

function item([words, ...inner]) {
  const task = TASK.exec(words);
  const done = task && task[1] !== " ";
  return h(
    "li",
    { class: task ? "task" : null },
    task && h("span", { role: "img", "aria-label": done ? "Done" : "To do" }, done ? "☑ " : "☐ "),
    inline(words.replace(TASK, "")),
    inner.length ? blocks(inner) : null,
  );
}

function table(rows) {
  const taken = run(rows, (row) => row.includes("|"));
  const aligned = cells(rows[1]).map((dashes) => {
    if (/^:-*:$/.test(dashes)) return "center";
    return dashes.endsWith(":") ? "right" : "left";
  });
  const row = (tag) => (source) =>
    h("tr", {}, cells(source).map((one, at) => h(tag, { class: aligned[at] }, inline(one))));
  const node = h(
    "div",
    { class: "scroll", tabindex: 0, role: "group", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, row("th")(rows[0])),
      h("tbody", {}, rows.slice(2, taken).map(row("td"))),
    ),
  );
  return { node, taken };
}

function cells(row) {
  return row.trim().replace(/^\||\|$/g, "").split("|").map((one) => one.trim());
}

// Markup of one line, the strongest first.
const MARKS = [
  { form: /\\([\\`*_{}[\]()#+\-.!~|>])/, draw: (inner) => inner },
  { form: /`+([^`]+)`+/, draw: (inner) => h("code", {}, inner) },
  { form: /!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, draw: (words, url) => link(url, inline(words || url)) },
  { form: /<?(https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"\]}])>?/, draw: (url) => link(url, url) },
  { form: /\*\*(?=\S)([\s\S]*?\S)\*\*/, draw: within("strong") },
  { form: /(?<!\w)__(?=\S)([\s\S]*?\S)__(?!\w)/, draw: within("strong") },
  { form: /~~(?=\S)([\s\S]*?\S)~~/, draw: within("s") },
  { form: /\*(\S(?:[^*]*?\S)?)\*/, draw: within("em") },
  { form: /(?<!\w)_(\S(?:[^_]*?\S)?)_(?!\w)/, draw: within("em") },
];

function within(tag) {
  return (inner) => h(tag, {}, inline(inner));
}

function inline(source) {
  let first;
  for (const { form, draw } of MARKS) {
    const found = form.exec(source);
    if (found && (!first || found.index < first.found.index)) first = { found, draw };
  }
  if (!first) return lines(withEmoji(source));
  const { found, draw } = first;
  return [
    ...(found.index ? inline(source.slice(0, found.index)) : []),
    draw(found[1], found[2]),
    ...inline(source.slice(found.index + found[0].length)),
  ];
}
