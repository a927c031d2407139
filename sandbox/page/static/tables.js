// Tables: as they are, or to be sorted, filtered and leafed through.

import { h } from "./dom.js";
import { drawElement } from "./elements.js";
import { remembered } from "./memory.js";
import { richText } from "./rich.js";

export const CELLS = {
  raw_text: (cell) => cell.text,
  raw_number: (cell) => cell.text,
  rich_text: (cell, _block, { reader }) => richText(cell, reader),
  action: (cell, block, scene) => drawElement(block, cell.element, scene),
};

function drawCell(cell, block, scene) {
  return CELLS[cell.type]?.(cell, block, scene) ?? `[${cell.type}]`;
}

// A table that is wider than its place scrolls in itself.
function scrolling(words, table) {
  return h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": words }, table);
}

export function table(block, scene) {
  const [head, ...body] = block.rows;
  const settings = block.column_settings ?? [];
  const looks = head.map((_, at) => {
    const { align = "left", is_wrapped: wrapped } = settings[at] ?? {};
    return `${align} ${wrapped ? "" : "unwrapped"}`;
  });
  const row = (tag) => (cells) =>
    h("tr", {}, cells.map((cell, at) => h(tag, { class: looks[at] }, drawCell(cell, block, scene))));
  const drawn = h("table", {}, h("thead", {}, row("th")(head)), h("tbody", {}, body.map(row("td"))));
  return scrolling(`Table: ${drawn.tHead.textContent.slice(0, 80)}`, drawn);
}

const ORDERS = { none: "ascending", ascending: "descending", descending: "none" };

export function dataTable(block, scene) {
  const look = remembered(scene, block, () => ({ column: 0, order: "none", filter: "", page: 0 }));
  const [head, ...rows] = block.rows;
  const numeric = head.map((_, at) => rows.every((cells) => cells[at].type === "raw_number"));
  const body = h("tbody");
  const said = h("span", { class: "quiet", role: "status" });
  const drawn = rows.map((cells) => ({ cells, row: bodyRow(cells, block, scene, numeric) }));
  const view = { block, look, numeric, drawn, body, said, locale: scene.reader.locale };
  view.headers = head.map((cell, at) => header(view, cell, at));
  view.turns = [turn(view, "Previous page", "‹", -1), turn(view, "Next page", "›", 1)];
  show(view);
  return h(
    "div",
    { class: "data-table" },
    h("div", { class: "head" }, h("strong", { class: "grow" }, block.caption), filter(view)),
    scrolling(
      block.caption,
      h(
        "table",
        {},
        h("caption", { class: "hidden" }, block.caption),
        h("thead", {}, h("tr", {}, view.headers)),
        body,
      ),
    ),
    h("div", { class: "row end" }, said, view.turns),
  );
}

function bodyRow(cells, block, scene, numeric) {
  const name = block.row_header_column_index ?? 0;
  return h(
    "tr",
    {},
    cells.map((cell, at) =>
      h(
        at === name ? "th" : "td",
        { scope: at === name ? "row" : null, class: numeric[at] ? "right" : null },
        drawCell(cell, block, scene),
      ),
    ),
  );
}

function header(view, cell, at) {
  const { look } = view;
  const sort = () => {
    look.order = look.column === at ? ORDERS[look.order] : "ascending";
    look.column = at;
    look.page = 0;
    show(view);
  };
  const name = `${view.block.block_id}/sort/${at}`;
  return h(
    "th",
    { scope: "col", class: view.numeric[at] ? "right" : null },
    h("button", { type: "button", class: "sort", onclick: sort, data: { name } }, cell.text),
  );
}

function filter(view) {
  const { look, block } = view;
  const typed = ({ target }) => {
    look.filter = target.value;
    look.page = 0;
    show(view);
  };
  return h("input", {
    type: "search",
    value: look.filter,
    placeholder: "Filter",
    "aria-label": `Filter ${block.caption}`,
    oninput: typed,
    data: { name: `${block.block_id}/filter` },
  });
}

function turn(view, words, sign, way) {
  const onclick = () => {
    view.look.page += way;
    show(view);
  };
  const name = `${view.block.block_id}/page/${way}`;
  return h("button", { type: "button", class: "button icon", "aria-label": words, onclick, data: { name } }, sign);
}

function show(view) {
  const { look, block, drawn, headers, turns, body, said } = view;
  const wanted = look.filter.trim().toLowerCase();
  const found = sorted(view, drawn.filter(({ row }) => row.textContent.toLowerCase().includes(wanted)));
  const size = block.page_size ?? 5;
  const last = Math.max(0, Math.ceil(found.length / size) - 1);
  look.page = Math.min(look.page, last);
  const from = look.page * size;
  body.replaceChildren(...found.slice(from, from + size).map(({ row }) => row));
  said.textContent = found.length
    ? `${from + 1}–${Math.min(from + size, found.length)} of ${found.length}`
    : "Nothing found.";
  turns[0].disabled = look.page === 0;
  turns[1].disabled = look.page === last;
  headers.forEach((one, at) => one.setAttribute("aria-sort", look.column === at ? look.order : "none"));
}

// Numbers by their values, where a column has nothing else; words as the reader's language has them.
function sorted({ look, numeric, locale }, rows) {
  if (look.order === "none") return rows;
  const { column } = look;
  const words = new Intl.Collator(locale, { numeric: true });
  const compare = numeric[column]
    ? (one, other) => one.cells[column].value - other.cells[column].value
    : (one, other) =>
        words.compare(one.row.cells[column].textContent, other.row.cells[column].textContent);
  const way = look.order === "ascending" ? 1 : -1;
  return [...rows].sort((one, other) => way * compare(one, other));
}
