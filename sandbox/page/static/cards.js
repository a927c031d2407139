// The blocks that hold others, or stand out: containers, cards, carousels, alerts.

import { drawElement, picture } from "./elements.js";
import { h } from "./dom.js";
import { remembered } from "./memory.js";
import { richText } from "./rich.js";
import { plain, textNodes } from "./text.js";

// `draw` draws the blocks inside.
export function container(block, scene, draw) {
  const width = `container ${block.width ?? "standard"}`;
  const inside = h("div", { class: "blocks" }, draw(block.child_blocks, scene));
  if (!block.is_collapsible) {
    const header = h("div", { class: block.has_header_divider ? "head ruled" : "head" }, title(block, scene));
    return h("div", { class: width }, header, inside);
  }
  const look = remembered(scene, block, () => ({ open: !block.default_collapsed }));
  const ontoggle = ({ target }) => {
    look.open = target.open;
  };
  return h(
    "details",
    { class: width, open: look.open, ontoggle, data: { name: block.block_id } },
    h("summary", { class: "head" }, title(block, scene)),
    inside,
  );
}

function title(block, { reader }) {
  const words = block.rich_text_title ? richText(block.rich_text_title, reader) : plain(block.title);
  return [
    block.icon && h("span", { class: "small-picture" }, picture(block.icon)),
    h(
      "span",
      { class: "grow" },
      h("strong", {}, words),
      block.subtitle && h("span", { class: "quiet subtitle" }, textNodes(block.subtitle, reader)),
    ),
  ];
}

export function card(block, scene) {
  const { reader } = scene;
  const named = block.title || block.subtitle || block.icon;
  return h(
    "div",
    { class: "card" },
    block.hero_image && h("div", { class: "hero" }, picture(block.hero_image)),
    named &&
      h(
        "div",
        { class: "head" },
        block.icon && h("span", { class: "small-picture" }, picture(block.icon)),
        h(
          "span",
          { class: "grow" },
          block.title && h("strong", {}, textNodes(block.title, reader)),
          block.subtitle && h("span", { class: "quiet subtitle" }, textNodes(block.subtitle, reader)),
        ),
      ),
    block.body && h("div", { class: "words" }, textNodes(block.body, reader)),
    block.actions &&
      h("div", { class: "acts" }, block.actions.map((element) => drawElement(block, element, scene))),
  );
}

// Cards side by side: they scroll by their buttons, by arrow keys, and by touch.
export function carousel(block, scene) {
  const look = remembered(scene, block, () => ({ left: 0 }));
  const cards = block.elements.map((one) => card(one, scene));
  const track = h(
    "div",
    { class: "track", tabindex: 0, role: "group", "aria-label": `${cards.length} cards` },
    cards,
  );
  const move = (way) => () => track.scrollBy({ left: way * cards[0].offsetWidth, behavior: "smooth" });
  const step = (words, sign, way) =>
    h("button", { type: "button", class: "button icon", "aria-label": words, onclick: move(way) }, sign);
  const back = step("Previous card", "‹", -1);
  const on = step("Next card", "›", 1);
  const settle = () => {
    back.disabled = track.scrollLeft <= 0;
    on.disabled = track.scrollLeft + track.clientWidth >= track.scrollWidth - 1;
  };
  track.addEventListener("scroll", () => {
    look.left = track.scrollLeft;
    settle();
  });
  requestAnimationFrame(() => {
    track.scrollLeft = look.left;
    settle();
  });
  return h("div", { class: "carousel" }, track, h("div", { class: "row end" }, back, on));
}

const LEVELS = {
  default: ["•", "Note"],
  info: ["i", "Info"],
  warning: ["!", "Warning"],
  error: ["✕", "Error"],
  success: ["✓", "Done"],
};

export function alert(block, { reader }) {
  const level = block.level ?? "default";
  const [sign, word] = LEVELS[level];
  return h(
    "div",
    { class: `alert level-${level}`, role: "note" },
    h("span", { class: "sign", "aria-hidden": "true" }, sign),
    h("div", { class: "grow" }, h("strong", {}, `${word}: `), textNodes(block.text, reader)),
  );
}
