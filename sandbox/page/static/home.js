// The app's home tab: the app hears of it each time that it is opened.

import { post } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { whenMatters } from "./conversation.js";
import { h, redraw } from "./dom.js";
import { viewScene } from "./scene.js";
import { drawWarning, warningOf } from "./warning.js";

const panel = document.getElementById("home");

let opened; // whose tab was opened last, and which
let warning;

export function drawHome(page) {
  const { conversation, tab } = page;
  panel.hidden = tab !== "home";
  const here = conversation.direct ? `${page.person}/${tab}` : null;
  if (here && opened !== here) tell(page);
  opened = here;
  if (panel.hidden) return;
  const home = page.home ?? { id: "none", hash: "", blocks: [] };
  redraw(panel, [{ ...home, warning }], {
    key: ({ id }) => id,
    signature: (view) => JSON.stringify([view.hash, view.state, warning]) + whenMatters(view.blocks, page),
    draw: (view) => drawView(view, page),
  });
}

function drawView(view, page) {
  const acting = async (act) => {
    warning = undefined;
    const answer = await act().catch((refused) => {
      warning = warningOf(refused, page.app);
      return null;
    });
    page.redraw();
    return answer;
  };
  return h(
    "div",
    { class: "home" },
    warning && drawWarning(warning),
    page.home
      ? h("div", { class: "blocks" }, drawBlocks(view.blocks, viewScene(view, page, acting)))
      : h("p", { class: "quiet nothing" }, `${page.app.name} has published nothing here yet.`),
  );
}

function tell({ person, tab, app, redraw: again }) {
  warning = undefined;
  post("/api/home", { person, tab }).catch((refused) => {
    warning = warningOf(refused, app);
    again();
  });
}
