// Talking to the sandbox.

// What the sandbox did not do; `appFailed` says why where it was the app's fault.
export class Refused extends Error {
  constructor(words, appFailed) {
    super(words);
    this.appFailed = appFailed;
  }
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused("The sandbox does not answer. Is it still running?");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.error ?? `The sandbox answered ${answer.status}.`, body.app_failed);
  return body;
}

export function get(path, query = {}) {
  const wanted = Object.entries(query).filter(([, value]) => value);
  return ask(`${path}?${new URLSearchParams(wanted)}`);
}

export function post(path, body = {}) {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

// Call `look` at once and after every change; `lost` tells whether the line is down. A browser
// opens few lines to one place, so only one of all windows has one, and passes on what it hears.
export function follow(look, lost) {
  const windows = new BroadcastChannel("changes");
  const hear = ({ data }) => ("down" in data ? lost(data.down) : look());
  const tell = (data) => {
    hear({ data });
    windows.postMessage(data);
  };
  windows.addEventListener("message", hear);
  if (navigator.locks) navigator.locks.request("changes", () => new Promise(() => listen(tell)));
  else listen(tell);
  look();
}

function listen(tell) {
  const events = new EventSource("/api/changes");
  events.addEventListener("change", () => tell({}));
  events.addEventListener("open", () => tell({ down: false }));
  events.addEventListener("error", () => tell({ down: true }));
}
