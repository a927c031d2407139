// Light or dark: as the system has it, or as was chosen here for all seats.

const KEY = "theme";
const NAMES = { "": "as the system", light: "light", dark: "dark" };
const SIGNS = { "": "◐", light: "☀", dark: "☾" };
const NEXT = { "": "dark", dark: "light", light: "" };

function chosen() {
  return window.localStorage.getItem(KEY) ?? "";
}

function apply() {
  document.documentElement.dataset.theme = chosen();
}

// Follow what is chosen, in this document or another.
export function followTheme() {
  apply();
  window.addEventListener("storage", apply);
}

// Let `button` choose, one after the other.
export function offerTheme(button) {
  const say = () => {
    button.textContent = SIGNS[chosen()];
    button.title = `Colours: ${NAMES[chosen()]}`;
    button.setAttribute("aria-label", button.title);
  };
  button.addEventListener("click", () => {
    window.localStorage.setItem(KEY, NEXT[chosen()]);
    apply();
    say();
  });
  say();
}
