// What the app asked of a provider, and what it was answered: newest first, reads folded together.

import { get } from "./api.js";
import { secondsOf } from "./dates.js";
import { h, newId, redraw } from "./dom.js";

const LONG = 1; // seconds without an answer after which a request is told to wait

// The element, and what makes it show the newest.
export function requestList({ name }) {
  const id = newId();
  const filter = h("input", { id, type: "checkbox", checked: true, onchange: () => draw() });
  const waiting = h("div", { class: "requests" });
  const list = h("div", { class: "requests" });
  const empty = h("p", { class: "quiet" });
  const count = h("span", { class: "quiet small" });
  let now; // the board and the page

  const draw = () => {
    const { requests, underWay } = now.board;
    const { reader } = now.page;
    const written = requests.filter((one) => one.wrote);
    const shown = filter.checked ? written : requests;
    redraw(waiting, underWay.filter(({ at }) => reader.now - at >= LONG), { key: ({ at }) => at, draw: underWayLine });
    redraw(list, shown, {
      key: ({ number }) => number,
      signature: () => "", // each shows by itself what has become of it
      draw: ({ number, wrote }) => line(`/api/boards/${name}/requests/${number}`, wrote),
    });
    shown.forEach((one, at) => list.children[at].show(one, reader.zone));
    count.textContent = `${written.length} ${written.length === 1 ? "write" : "writes"}`;
    empty.textContent = shown.length ? "" : nothing(requests, filter.checked);
    empty.hidden = shown.length > 0;
  };

  const refresh = (board, page) => {
    now = { board, page };
    draw();
  };

  const element = h(
    "details",
    { class: "asked" },
    h("summary", {}, "Requests of the app ", count),
    h("div", { class: "option" }, filter, h("label", { for: id }, "Writes only")),
    empty,
    waiting,
    list,
  );
  return { element, refresh };
}

function nothing(requests, writesOnly) {
  if (!requests.length) return "Nothing was asked yet. The app reads when it next polls.";
  return writesOnly ? "Nothing was written yet. Finish a task in Slack, and see here what is sent." : "";
}

function underWayLine({ method, path }) {
  return h("p", {}, h("strong", {}, method), " ", h("code", {}, path), " is waiting for its answer…");
}

// One line, which is drawn once; `show` tells it what became of it since.
function line(address, wrote) {
  const head = h("span", { class: "grow" });
  const content = h("div", { class: "exchange" });
  let latest; // what was told of it last
  let version; // of what is shown of it: equal answers to folded reads are not shown again
  const open = async () => {
    const newest = JSON.stringify([latest.changes, latest.status]);
    if (!element.open || version === newest) return;
    version = newest;
    const told = await get(address).catch((gone) => gone);
    content.replaceChildren(
      told instanceof Error ? h("p", { class: "quiet" }, told.message) : exchange(told, latest),
    );
  };
  const element = h(
    "details",
    { class: `request ${wrote ? "wrote" : ""}`, ontoggle: open },
    h("summary", {}, head),
    content,
  );
  element.show = (one, zone) => {
    const signed = JSON.stringify([one, zone]);
    if (element.told === signed) return;
    element.told = signed;
    latest = one;
    head.replaceChildren(...headline(one, zone));
    open();
  };
  return element;
}

function headline(one, zone) {
  const { method, path, query, status, at, times, changes } = one;
  const time = secondsOf(at, zone);
  const often = changes ? `changed ${changes === 1 ? "once" : `${changes} times`}` : "unchanged";
  const good = status !== null && status < 400;
  return [
    h("strong", {}, method),
    " ",
    h("code", {}, path, query && `?${query}`),
    " ",
    h("span", { class: good ? "good" : "bad" }, status ?? "no answer"),
    " ",
    h("span", { class: "quiet" }, times > 1 ? `${times} times, ${often}, last ${time}` : time),
  ];
}

function exchange({ query, body, answer, answerSize }, { status }) {
  const asked = query.map(([key, value]) => `${key} = ${value}`).join("\n");
  const size = new Blob([answer]).size;
  return h(
    "div",
    {},
    asked && part("Query", asked),
    body !== null && part("Body", typeof body === "string" ? body : JSON.stringify(body, null, 2)),
    answer ? part("Answer", pretty(answer)) : h("p", { class: "quiet" }, unanswered(status)),
    size < answerSize && h("p", { class: "quiet" }, `The first ${size} of ${answerSize} bytes.`),
  );
}

function unanswered(status) {
  return status === null ? "The line was cut before an answer." : "The answer has no body.";
}

function part(words, text) {
  return [h("h3", {}, words), h("pre", { tabindex: 0, role: "group", "aria-label": words }, text)];
}

// JSON with a line for each field; anything else as it is.
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
