// What the tour points at in a seat: a button of a message, or the line where one writes.

let wanted; // {message, button}; without a message, the line
let fresh; // whether it has not been brought into view yet

// The stage tells what; it is asked as soon as the seat is there.
export function followPointing() {
  const { origin } = window.location;
  window.addEventListener("message", (event) => {
    const told = event.origin === origin && event.source === window.parent;
    if (!told || event.data?.kind !== "point") return;
    const { target } = event.data;
    if (JSON.stringify(target) !== JSON.stringify(wanted)) fresh = true;
    wanted = target;
    drawPointed();
  });
  window.parent.postMessage({ kind: "seated" }, origin);
}

export function drawPointed() {
  const place = wanted && placeOf(wanted);
  for (const one of document.querySelectorAll(".pointed")) {
    if (one !== place) one.classList.remove("pointed");
  }
  if (!place) return;
  place.classList.add("pointed");
  if (fresh) place.scrollIntoView({ block: "nearest" });
  fresh = false;
}

// In the newest message that begins so.
function placeOf({ message, button }) {
  if (!message) return document.getElementById("composer");
  const messages = [...document.querySelectorAll("#messages article")].reverse();
  for (const one of messages) {
    const title = [...one.querySelectorAll("*")].some((part) => part.textContent === message);
    const found = title && [...one.querySelectorAll("button")].find((part) => part.textContent === button);
    if (found) return found;
  }
  return null;
}
