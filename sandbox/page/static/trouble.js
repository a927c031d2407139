// What breaks things: the app's program, the troubles of each service, and what struck.

import { get, post } from "./api.js";
import { h, redraw } from "./dom.js";
import { showPart } from "./parts.js";

const broken = document.getElementById("broken");
const program = h("div");
const tabs = h("div", { class: "tabs switch", role: "group", "aria-label": "Choose a service" });
const switches = h("div", { class: "troubles" });
const log = h("ol", {});
const struckLately = h(
  "section",
  { class: "struck", "aria-label": "What struck", tabindex: "0", hidden: true },
  h("h2", {}, "What struck"),
  log,
);

let chosen = "slack"; // the service whose troubles show

export async function drawTrouble(page, attempt) {
  const seen = await get("/api/troubles");
  if (!tabs.isConnected) build(attempt);
  drawBroken(seen, attempt);
  drawProgram(seen.program, attempt);
  drawServices(seen.services, attempt);
  drawLog(seen.log, page.reader.zone);
}

function build(attempt) {
  const clear = { type: "button", class: "button small", onclick: () => attempt(() => post("/api/troubles/clear")) };
  document.getElementById("trouble").append(
    program,
    h("header", { class: "row" }, h("h2", { class: "grow" }, "What breaks"), h("button", clear, "All well again")),
    tabs,
    switches,
    struckLately,
  );
}

// At the top of the stage, for as long as anything is broken.
function drawBroken({ services, program: life }, attempt) {
  const said = services.flatMap(({ title, troubles }) =>
    troubles.filter(({ on }) => on).map(({ now }) => `${title} ${now}`),
  );
  if (life && life.state !== "running") said.unshift(`${life.title} is ${life.state}`);
  const lines = said.length ? [{ words: said.join(" · "), down: life?.state === "stopped" }] : [];
  redraw(broken, lines, {
    key: () => "line",
    draw: ({ words, down }) =>
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", class: "to-trouble grow", data: { name: "broken" }, onclick: toPanel }, words),
        down && act("start", life, attempt),
      ),
  });
}

function toPanel() {
  showPart("trouble");
  document.getElementById("trouble").focus();
}

const WORDS = { kill: "Kill", stop: "Stop", start: "Start" };
const ACTS = { running: ["kill", "stop"], starting: ["kill", "start"], stopped: ["start"] };

// While it starts, its button stays where it was, without effect: who presses twice must not kill.
function act(name, { title, state }, attempt) {
  const idle = name === "start" && state === "starting";
  return h(
    "button",
    {
      type: "button",
      class: `button small ${name === "kill" ? "danger" : ""}`,
      "aria-label": `${WORDS[name]} ${title}`,
      data: { name: `program-${name}` },
      "aria-disabled": idle && "true",
      onclick: !idle && (() => attempt(() => post(`/api/program/${name}`))),
    },
    WORDS[name],
  );
}

// The app's process, where the sandbox may kill and start it.
function drawProgram(life, attempt) {
  redraw(program, life ? [life] : [], {
    key: () => "program",
    draw: ({ title, state, lastWords }) =>
      h(
        "section",
        { class: "program", "aria-label": `The program ${title}` },
        h(
          "div",
          { class: "row" },
          h("span", { class: `lamp ${state}`, "aria-hidden": "true" }),
          h("h2", {}, title),
          h("span", { class: "grow", role: "status" }, state),
          ACTS[state].map((name) => act(name, { title, state }, attempt)),
        ),
        h("p", { class: "quiet" }, HINTS[state]),
        lastWords && h("pre", { "aria-label": "What it wrote last" }, lastWords),
      ),
  });
}

const HINTS = {
  running: "Kill it in the middle of something (kill -9), or stop it politely. What people did must not be lost.",
  starting: "Until it is up, Slack shows a warning for each click.",
  stopped: "Click something in Slack now: a warning, as in Slack. Then start it, and see each card put right.",
};

function drawServices(services, attempt) {
  const count = ({ troubles }) => troubles.filter(({ on }) => on).length;
  redraw(tabs, services, {
    key: ({ name }) => name,
    signature: (one) => JSON.stringify([count(one), one.name === chosen]),
    draw: (one) =>
      h(
        "button",
        {
          type: "button",
          class: "tab",
          "aria-pressed": String(one.name === chosen),
          data: { name: `troubles-${one.name}` },
          onclick: () => {
            chosen = one.name;
            drawServices(services, attempt);
          },
        },
        one.title,
        count(one) > 0 && h("strong", { class: "bad" }, ` ${count(one)}`, h("span", { class: "hidden" }, " on")),
      ),
  });
  const service = services.find(({ name }) => name === chosen);
  redraw(switches, service.troubles, {
    key: ({ name }) => `${service.name}-${name}`,
    draw: (one) => trouble(service, one, attempt),
  });
}

function trouble(service, { name, title, happens, watch, lasts, on, strikes }, attempt) {
  const id = `trouble-${service.name}-${name}`;
  const flip = () => attempt(() => post(`/api/troubles/${service.name}/${name}`, { on: !on }));
  return h(
    "article",
    { class: `trouble-row ${on ? "on" : ""}`, "aria-label": `${title}: ${service.title}` },
    h(
      "button",
      {
        type: "button",
        class: "flip",
        role: "switch",
        "aria-checked": String(on),
        "aria-label": `${title}: ${service.title}`,
        "aria-describedby": id,
        data: { name: id },
        onclick: flip,
      },
      title,
    ),
    h("span", { class: "quiet small" }, [!lasts && "once", struck(strikes)].filter(Boolean).join(" · ")),
    h("p", { id, class: "what" }, happens, on && h("span", { class: "watch" }, h("strong", {}, "Watch: "), watch)),
  );
}

function struck(times) {
  if (times === 0) return "";
  return times === 1 ? "struck once" : `struck ${times} times`;
}

function drawLog(entries, zone) {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "medium" });
  redraw(log, entries, {
    key: ({ number }) => number,
    signature: (entry) => JSON.stringify([entry, zone]),
    draw: ({ words, at, times }) =>
      h(
        "li",
        {},
        h("time", { class: "quiet" }, clock.format(at * 1000)),
        h("span", {}, words, times > 1 && h("span", { class: "quiet" }, `\u00a0×${times}`)),
      ),
  });
  struckLately.hidden = entries.length === 0;
}
