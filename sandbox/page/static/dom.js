// Building and redrawing the page. Data only ever becomes text nodes and attributes.

// An element: h("button", {class: "x", onclick: act, data: {key: 1}}, "words", child, …).
export function h(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "data") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(isSomething));
  return element;
}

function isSomething(child) {
  return child !== undefined && child !== null && child !== false && child !== "";
}

let numbers = 0;

// An id for a label and its input.
export function newId() {
  numbers += 1;
  return `e${numbers}`;
}

// Make `container` hold one element for each item. What is drawn already and has not changed stays
// as it is, with its focus and whatever is typed into it.
export function redraw(container, items, { key, signature = JSON.stringify, draw }) {
  const known = new Map([...container.children].map((child) => [child.dataset.item, child]));
  const wanted = new Set(items.map((item) => String(key(item))));
  // First, so that what stays need not move: it would lose the focus.
  for (const [name, child] of known) if (!wanted.has(name)) child.remove();
  let place = container.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const signed = signature(item);
    let element = known.get(name);
    if (!element || element.signed !== signed) {
      const fresh = draw(item);
      fresh.dataset.item = name;
      fresh.signed = signed;
      if (element) {
        if (place === element) place = fresh;
        replace(element, fresh);
      }
      element = fresh;
    }
    if (element === place) place = place.nextElementSibling;
    else container.insertBefore(element, place);
  }
}

// Put `fresh` where `old` stands; the focus goes to what is called the same (data-name).
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const name = focused?.dataset.name;
  const all = (element) => [element, ...element.querySelectorAll("details")];
  const opened = all(old).filter((one) => one.open).map((one) => one.dataset.name);
  old.replaceWith(fresh);
  for (const details of all(fresh)) {
    if (opened.includes(details.dataset.name)) details.open = true;
  }
  if (!focused) return;
  const named = [fresh, ...fresh.querySelectorAll("[data-name]")];
  const heir = name && named.find((one) => one.dataset.name === name);
  if (heir) {
    heir.focus();
  } else {
    fresh.tabIndex = -1;
    fresh.focus();
  }
}
