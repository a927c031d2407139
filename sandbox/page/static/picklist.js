// The list of a select: it is filtered by typing, or served by the app for what is typed.

import { h, newId } from "./dom.js";
import { float } from "./menu.js";
import { plain } from "./text.js";

const PAUSE = 150; // milliseconds of typing nothing before the app is asked

// Show options by `anchor`. Each group is {label?, options}. With `ask`, an async function of what
// was typed, they come from there once `least` characters stand. `chosen` has what is chosen
// already. One choice ends it and goes to `choose`; with `several`, each is added or taken away
// until the list is closed, and `choose` gets them all if they have changed.
export function openPicklist(anchor, list) {
  const ids = { list: newId(), input: newId() };
  const state = { ...list, chosen: [...list.chosen], rows: [], at: 0, ids };
  const input = h("input", {
    id: ids.input, type: "text", role: "combobox", autocomplete: "off", maxlength: 150,
    "aria-label": list.title, "aria-expanded": "true", "aria-controls": ids.list,
    "aria-autocomplete": "list", placeholder: list.ask ? "Search" : "Filter",
  });
  const said = h("p", { class: "quiet", role: "status" });
  const shown = h("div", {
    id: ids.list, role: "listbox", "aria-label": list.title,
    "aria-multiselectable": list.several ? "true" : null,
  });
  Object.assign(state, { input, said, shown });
  const content = [h("div", { class: "search" }, input, said), shown];
  const closed = () => list.several && changed(list.chosen, state.chosen) && list.choose(state.chosen);
  const look = list.ask ? asking(state) : () => show(state, filtered(list.groups, input.value));
  state.close = float(anchor, { role: "dialog", title: list.title, content, first: input, closed });
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => walk(state, event));
  look();
}

function changed(before, after) {
  return before.length !== after.length || after.some((one) => !before.some((other) => same(one, other)));
}

export function same(one, other) {
  return one.value === other.value && one.text.text === other.text.text;
}

function folded(words) {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function filtered(groups, typed) {
  const wanted = folded(typed.trim());
  return groups
    .map(({ label, options }) => ({
      label,
      options: options.filter(({ text }) => folded(plain(text)).includes(wanted)),
    }))
    .filter(({ options }) => options.length);
}

// Asks the app a moment after the last letter; an answer that was overtaken is dropped.
function asking(state) {
  let timer;
  let asked = 0;
  const look = async (query) => {
    asked += 1;
    const mine = asked;
    state.said.textContent = "Searching…";
    const options = await state.ask(query).catch((refused) => refused);
    if (mine !== asked) return;
    if (options instanceof Error) state.said.textContent = options.message;
    else show(state, options.length ? [{ options }] : []);
  };
  return () => {
    clearTimeout(timer);
    const query = state.input.value;
    if (query.length >= state.least) {
      timer = setTimeout(look, query ? PAUSE : 0, query);
      return;
    }
    asked += 1;
    show(state, []);
    state.said.textContent = `Type at least ${state.least} ${state.least > 1 ? "letters" : "letter"}`;
  };
}

function show(state, groups) {
  state.rows = [];
  state.shown.replaceChildren(...groups.map((group) => drawGroup(state, group)));
  state.shown.hidden = !groups.length;
  state.said.textContent = groups.length ? "" : "Nothing found.";
  go(state, Math.max(0, state.rows.findIndex(({ option }) => has(state, option))));
}

function drawGroup(state, { label, options }) {
  const rows = options.map((option) => drawRow(state, option));
  if (!label) return h("div", { role: "presentation" }, rows);
  const words = h("div", { class: "quiet group", role: "presentation" }, plain(label));
  return h("div", { role: "group", "aria-label": plain(label) }, words, rows);
}

function drawRow(state, option) {
  const number = state.rows.length;
  const row = h(
    "div",
    {
      id: `${state.ids.list}-${number}`,
      class: "choice",
      role: "option",
      "aria-selected": String(has(state, option)),
      onclick: () => take(state, number),
      onpointermove: () => state.at !== number && go(state, number, false),
    },
    plain(option.text),
    option.description && h("span", { class: "quiet" }, plain(option.description)),
  );
  state.rows.push({ option, row });
  return row;
}

function has({ chosen }, option) {
  return chosen.some((one) => same(one, option));
}

function take(state, number) {
  const { option, row } = state.rows[number];
  if (!state.several) {
    state.close();
    state.choose(option);
    return;
  }
  const more = !has(state, option);
  if (more && state.chosen.length >= state.most) {
    state.said.textContent = `You can choose ${state.most} at most.`;
    return;
  }
  state.said.textContent = "";
  state.chosen = more
    ? [...state.chosen, option]
    : state.chosen.filter((one) => !same(one, option));
  row.setAttribute("aria-selected", String(more));
}

function go(state, number, scroll = true) {
  state.rows[state.at]?.row.classList.remove("active");
  state.at = number;
  const row = state.rows[number]?.row;
  row?.classList.add("active");
  if (scroll) row?.scrollIntoView({ block: "nearest" });
  if (row) state.input.setAttribute("aria-activedescendant", row.id);
  else state.input.removeAttribute("aria-activedescendant");
}

// Arrows, Home and End go through what is shown, Enter takes it.
function walk(state, event) {
  const { length } = state.rows;
  const goals = {
    ArrowDown: (state.at + 1) % length,
    ArrowUp: (state.at - 1 + length) % length,
    Home: 0,
    End: length - 1,
  };
  if (event.key === "Tab") {
    event.preventDefault();
    state.close();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (length) take(state, state.at);
  } else if (length && event.key in goals) {
    event.preventDefault();
    go(state, goals[event.key]);
  }
}
