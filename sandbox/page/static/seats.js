// The seats that are open: one frame for each person's Slack, side by side as the width allows.

import { h, redraw } from "./dom.js";

const MOST = 3;
const LEAST = 340; // pixels that a seat needs

const area = document.getElementById("seats");

let open = fromAddress(); // ids of people, from left to right
let used = open[0]; // whose seat was used last

function fromAddress() {
  const address = new URLSearchParams(window.location.hash.slice(1));
  return (address.get("seats") ?? "").split(",").filter(Boolean).slice(0, MOST);
}

// Only who is there can have a seat; the first one has one if nobody else has.
export function seatsOf(people) {
  const known = people.map(({ id }) => id);
  open = open.filter((id) => known.includes(id));
  if (!open.length) open = known.slice(0, 1);
  if (!open.includes(used)) used = open.at(-1);
  window.history.replaceState(null, "", `#seats=${open.join(",")}`);
  return { seats: open, person: used };
}

// Show a person's seat where one was used last.
export function show(person) {
  if (!open.includes(person)) open = open.map((id) => (id === used ? person : id));
  used = person;
}

// Show a person's seat beside the others; where there is no room, in place of the last.
export function beside(person) {
  open = [...open.slice(0, Math.max(1, room() - 1)), person].slice(-room());
  used = person;
}

// How many seats the width allows.
function room() {
  return Math.max(1, Math.min(MOST, Math.floor(area.clientWidth / LEAST)));
}

export function leave(person) {
  open = open.filter((id) => id !== person);
}

// Follow the address; `changed` is called when another seat is used or asked for.
export function followSeats(changed) {
  window.addEventListener("hashchange", () => {
    open = fromAddress();
    changed();
  });
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // the address tells who sits here
    area.querySelector(`iframe[data-person="${used}"]`)?.focus();
  });
  new ResizeObserver(() => {
    arrange();
    tellSeats();
  }).observe(area);
  window.addEventListener("message", ({ origin, data, source }) => {
    if (origin !== window.location.origin || data?.kind !== "used") return;
    const frame = [...area.querySelectorAll("iframe")].find((one) => one.contentWindow === source);
    const person = frame?.dataset.person;
    if (!person || person === used) return;
    used = person;
    changed();
  });
}

// Tell the seats that are in sight that something has changed.
export function tellSeats() {
  if (area.clientWidth) [...area.children].filter(({ hidden }) => !hidden).forEach(tell);
}

function tell(place) {
  const frame = place.querySelector("iframe");
  frame.contentWindow.postMessage({ kind: "change" }, window.location.origin);
}

export function drawSeats(page) {
  const people = page.seats.map((id) => page.people.find((one) => one.id === id));
  redraw(area, people, {
    key: ({ id }) => id,
    signature: ({ id }) => id,
    draw: (one) => seat(one, page),
  });
  arrange();
}

// Where not all have room, the one that was used last has; that one is marked, if it has company.
function arrange() {
  const shown = open.filter((id) => id !== used).slice(0, room() - 1);
  for (const place of area.children) {
    const { item } = place.dataset;
    const slept = place.hidden;
    place.hidden = item !== used && !shown.includes(item);
    if (slept && !place.hidden) tell(place);
    place.classList.toggle("used", item === used && shown.length > 0);
  }
  area.classList.toggle("alone", open.length === 1);
}

function seat({ id, name }, page) {
  const address = `/seat.html#${new URLSearchParams({ person: id })}`;
  return h(
    "section",
    { class: "place", "aria-label": name },
    h(
      "header",
      { class: "place-head" },
      h("strong", { class: "grow" }, name),
      h("a", { href: address, target: "_blank", "aria-label": `${name} in a window of their own` }, "Own window"),
      h(
        "button",
        {
          type: "button",
          class: "button small close",
          "aria-label": `Close ${name}'s seat`,
          onclick: () => page.leave(id),
        },
        "✕",
      ),
    ),
    h("iframe", { src: address, title: `Slack of ${name}`, data: { person: id } }),
  );
}
