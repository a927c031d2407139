// The stage: people and the time, their seats in Slack, and what stands behind it.

import { follow, get } from "./api.js";
import { drawBoards } from "./boards.js";
import { drawClock } from "./clock.js";
import { looker } from "./looking.js";
import { attempt, notice } from "./notice.js";
import { showPart, startParts } from "./parts.js";
import { drawPeople } from "./people.js";
import { beside, drawSeats, followSeats, leave, seatsOf, show, tellSeats } from "./seats.js";
import { followTheme, offerTheme } from "./theme.js";
import { drawTour } from "./tour.js";
import { drawTrouble } from "./trouble.js";

// Each is called with (page, attempt) after every change, every minute, and when another seat is
// used; one that shows more than the page knows asks for it.
const PANELS = [
  drawPeople,
  drawSeats,
  drawClock,
  drawBoards,
  drawTrouble,
  drawTour,
];

let seen; // what the stage was told last
let failed = false; // whether the last look did
let minute; // the one that was drawn last
let ahead = 0; // seconds by which the sandbox's time leads this machine's

function now() {
  return Date.now() / 1000 + ahead;
}

const look = looker(async () => {
  try {
    seen = await get("/api/stage");
    ahead = seen.now - Date.now() / 1000;
    await draw();
    if (failed) notice("");
    failed = false;
  } catch (refused) {
    failed = true;
    notice(refused.message);
  }
});

function draw() {
  minute = Math.floor(now() / 60);
  const { seats, person } = seatsOf(seen.people);
  const { zone, locale } = seen.people.find(({ id }) => id === person);
  const { names, channels } = seen;
  const page = {
    ...seen,
    person, // whose seat was used last
    seats,
    reader: { zone, locale, now: now(), names, channels },
    show: change(show),
    beside: change(beside),
    leave: change(leave),
  };
  return Promise.all(PANELS.map(async (panel) => panel(page, attempt)));
}

// What chooses seats, and shows them then.
function change(choose) {
  return (person) => {
    choose(person);
    showPart("slack");
    look();
  };
}

function tick() {
  if (seen && Math.floor(now() / 60) !== minute) look();
}

function lost(down) {
  notice(down ? "The sandbox does not answer. Waiting for it to come back…" : "");
}

function changed() {
  tellSeats();
  look();
}

function start() {
  followTheme();
  offerTheme(document.getElementById("theme"));
  startParts();
  followSeats(look);
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", look);
  follow(changed, lost);
}

start();
