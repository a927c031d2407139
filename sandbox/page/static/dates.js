// Moments as the chosen person reads them: in their zone, with Slack's date tokens.

function parts(seconds, zone, options) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options });
  return Object.fromEntries(
    format.formatToParts(new Date(seconds * 1000)).map(({ type, value }) => [type, value]),
  );
}

const DIGITS = {
  year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit",
};
const NAMES = { year: "numeric", month: "long", day: "numeric", weekday: "long" };

// YYYY-MM-DD
export function dayOf(seconds, zone) {
  const { year, month, day } = parts(seconds, zone, DIGITS);
  return `${year}-${month}-${day}`;
}

// HH:MM
export function timeOf(seconds, zone) {
  const { hour, minute } = parts(seconds, zone, DIGITS);
  return `${hour}:${minute}`;
}

// What a datetime-local input holds.
export function localOf(seconds, zone) {
  return `${dayOf(seconds, zone)}T${timeOf(seconds, zone)}`;
}

// "Thu 9 Apr 2026"
export function dayWords(day) {
  const noon = Date.parse(`${day}T12:00:00Z`) / 1000;
  const { weekday, day: number, month, year } = parts(noon, "UTC", {
    ...NAMES, weekday: "short", month: "short",
  });
  return `${weekday} ${number} ${month} ${year}`;
}

// "Thursday 9 April, 14:03"
export function momentWords(seconds, zone) {
  const { weekday, day, month } = parts(seconds, zone, NAMES);
  return `${weekday} ${day} ${month}, ${timeOf(seconds, zone)}`;
}

export function distance(day, today) {
  return Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000);
}

const NEAR = new Map([[-1, "Yesterday"], [0, "Today"], [1, "Tomorrow"]]);

// Slack's tokens ({date_short_pretty}, {time}…) for a moment, as a reader ({zone, now}) sees it.
export function dateWords(seconds, format, reader) {
  return format.replace(/\{(\w+)\}/g, (token, name) => word(name, seconds, reader) ?? token);
}

function word(name, seconds, { zone, now }) {
  const day = dayOf(seconds, zone);
  if (name.endsWith("_pretty")) {
    const near = NEAR.get(distance(day, dayOf(now, zone)));
    return near ?? word(name.slice(0, -"_pretty".length), seconds, { zone, now });
  }
  const { year, month, day: number, weekday } = parts(seconds, zone, NAMES);
  const words = {
    date_num: day,
    date_slash: `${day.slice(5, 7)}/${day.slice(8)}/${day.slice(0, 4)}`,
    date: `${month} ${number}, ${year}`,
    date_short: `${month.slice(0, 3)} ${number}, ${year}`,
    date_long: `${weekday}, ${month} ${number}, ${year}`,
    day_divider: `${weekday}, ${month} ${number}`,
    time: timeOf(seconds, zone),
    time_secs: `${timeOf(seconds, zone)}:${parts(seconds, zone, DIGITS).second}`,
    ago: ago(seconds - now),
  };
  return words[name];
}

function ago(seconds) {
  const size = Math.abs(Math.round(seconds / 60));
  let amount = `${size} minutes`;
  if (size >= 60 * 24) amount = `${Math.floor(size / 60 / 24)} days`;
  else if (size >= 60) amount = `${Math.floor(size / 60)} hours`;
  return seconds >= 0 ? `in ${amount}` : `${amount} ago`;
}
