// Block Kit as elements. `scene` tells where the blocks stand (scene.js).

import { alert, card, carousel, container } from "./cards.js";
import { h } from "./dom.js";
import { drawElement, picture } from "./elements.js";
import { drawInput } from "./inputs.js";
import { markdown } from "./markdown.js";
import { remembered } from "./memory.js";
import { richText } from "./rich.js";
import { dataTable, table } from "./tables.js";
import { plain, textNodes } from "./text.js";

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
      block.text && words(block, scene),
      block.fields &&
        h("div", { class: "fields" }, block.fields.map((one) => h("div", {}, textNodes(one, reader)))),
    ),
    block.accessory && h("div", { class: "accessory" }, drawElement(block, block.accessory, scene)),
  );
}

const LONG = { characters: 700, lines: 12 };

// A long text is folded, unless the block says `expand`.
function words(block, scene) {
  const drawn = h("div", { class: "words" }, textNodes(block.text, scene.reader));
  const { text } = block.text;
  const long = text.length > LONG.characters || text.split("\n").length > LONG.lines;
  if (!long || block.expand) return drawn;
  const look = remembered(scene, block, () => ({ open: false }));
  const show = () => {
    drawn.classList.toggle("folded", !look.open);
    button.textContent = look.open ? "See less" : "See more";
    button.setAttribute("aria-expanded", String(look.open));
  };
  const onclick = () => {
    look.open = !look.open;
    show();
  };
  const data = { name: `${block.block_id}/fold` };
  const button = h("button", { type: "button", class: "see-more", onclick, data });
  show();
  return [drawn, button];
}

function header(block) {
  return h("h2", { class: "header" }, plain(block.text));
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

function actions(look) {
  return (block, scene) =>
    h("div", { class: look }, block.elements.map((element) => drawElement(block, element, scene)));
}

function image(block) {
  return h(
    "figure",
    {},
    block.title && h("figcaption", { class: "quiet" }, plain(block.title)),
    picture(block),
  );
}

export const BLOCKS = {
  section,
  header,
  context,
  actions: actions("actions"),
  context_actions: actions("actions quietly"),
  divider: () => h("hr"),
  image,
  rich_text: (block, { reader }) => h("div", { class: "words" }, richText(block, reader)),
  markdown: ({ text }) => h("div", { class: "words markdown" }, markdown(text)),
  input: drawInput,
  alert,
  container: (block, scene) => container(block, scene, drawBlocks),
  card,
  carousel,
  table,
  data_table: dataTable,
};
