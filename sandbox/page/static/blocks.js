// Block Kit as elements. `scene`: {reader, people, state, place, press, input}.

import { h } from "./dom.js";
import { drawElement, picture } from "./elements.js";
import { richText } from "./rich.js";
import { mrkdwn, plain, textNodes } from "./text.js";

export function drawBlocks(blocks, scene) {
  return blocks.map((block) => (BLOCKS[block.type] ?? unknown)(block, scene));
}

function unknown(block) {
  return h("p", { class: "quiet" }, `[${block.type}: this sandbox cannot draw it]`);
}

function section(block, scene) {
  const { reader } = scene;
  return h(
    "div",
    { class: "section" },
    h(
      "div",
      { class: "grow" },
      block.text && h("div", { class: "words" }, textNodes(block.text, reader)),
      block.fields &&
        h("div", { class: "fields" }, block.fields.map((one) => h("div", {}, textNodes(one, reader)))),
    ),
    block.accessory && h("div", { class: "accessory" }, drawElement(block, block.accessory, scene)),
  );
}

function header(block) {
  return h("h3", { class: "header" }, plain(block.text));
}

function context(block, { reader }) {
  return h(
    "div",
    { class: "context quiet" },
    block.elements.map((one) =>
      one.type === "image" ? picture(one) : h("span", {}, textNodes(one, reader)),
    ),
  );
}

function actions(block, scene) {
  return h(
    "div",
    { class: "actions row" },
    block.elements.map((element) => drawElement(block, element, scene)),
  );
}

function image(block) {
  return h(
    "figure",
    {},
    block.title && h("figcaption", { class: "quiet" }, plain(block.title)),
    picture(block),
  );
}

function rich(block, { reader }) {
  return h("div", { class: "words" }, richText(block, reader));
}

function markdown(block, { reader }) {
  return h("div", { class: "words" }, mrkdwn(block.text, reader));
}

function input(block, scene) {
  return scene.input(block);
}

function alert(block, { reader }) {
  return h("div", { class: `alert ${block.level ?? ""}` }, textNodes(block.text, reader));
}

function container(block, scene) {
  const title = block.rich_text_title
    ? richText(block.rich_text_title, scene.reader)
    : plain(block.title);
  return h(
    "details",
    { class: "container", open: !block.is_collapsed, data: { name: block.block_id } },
    h("summary", {}, title),
    drawBlocks(block.child_blocks, scene),
  );
}

function card(block, scene) {
  const { reader } = scene;
  return h(
    "div",
    { class: "card" },
    block.title && h("strong", {}, textNodes(block.title, reader)),
    block.subtitle && h("div", { class: "quiet" }, textNodes(block.subtitle, reader)),
    block.body && h("div", { class: "words" }, textNodes(block.body, reader)),
    block.actions && actions({ ...block, elements: block.actions }, scene),
  );
}

function carousel(block, scene) {
  return h("div", { class: "row" }, drawBlocks(block.elements, scene));
}

function table(block, scene) {
  const cell = (one) => h("td", {}, one.type === "rich_text" ? rich(one, scene) : String(one.text ?? one.value ?? ""));
  return h(
    "table",
    {},
    block.caption && h("caption", {}, block.caption.text ?? block.caption),
    block.rows.map((row) => h("tr", {}, row.map(cell))),
  );
}

const BLOCKS = {
  section,
  header,
  context,
  actions,
  context_actions: actions,
  divider: () => h("hr"),
  image,
  rich_text: rich,
  markdown,
  input,
  alert,
  container,
  card,
  carousel,
  table,
  data_table: table,
};
