// Moments as the chosen person reads them: in their zone, with Slack's date tokens in their language.

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

// HH:MM:SS
export function secondsOf(seconds, zone) {
  return `${timeOf(seconds, zone)}:${parts(seconds, zone, DIGITS).second}`;
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

// Slack's tokens ({date_short_pretty}, {time}…) for a moment, as a reader ({zone, now, locale})
// sees it. A token that opens the line begins with a capital.
export function dateWords(seconds, format, reader) {
  return format.replace(/\{(\w+)\}/g, (token, name, at) => {
    const words = word(name, seconds, reader) ?? token;
    return at === 0 ? capital(words, reader.locale) : words;
  });
}

function capital(words, locale) {
  return words.slice(0, 1).toLocaleUpperCase(locale) + words.slice(1);
}

const DAY = { day: "numeric", month: "long" };
const CLOCK = { hour: "numeric", minute: "2-digit" };

const TOKENS = {
  date_num: (seconds, { zone }) => dayOf(seconds, zone),
  date_slash: shown({ year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (seconds, reader) => counted(withYear(DAY, seconds, reader))(seconds, reader),
  date_short: shown({ ...DAY, month: "short", year: "numeric" }),
  date_long: counted(NAMES),
  date_long_full: shown({ ...DAY, year: "numeric" }),
  day_divider: (seconds, reader) =>
    counted(withYear({ ...DAY, weekday: "long" }, seconds, reader))(seconds, reader),
  time: shown(CLOCK),
  time_secs: shown({ ...CLOCK, second: "2-digit" }),
  ago: (seconds, reader) => ago(seconds - reader.now, reader.locale),
};

function shown(options) {
  return (seconds, { zone, locale }) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })
      .format(new Date(seconds * 1000))
      .replaceAll("\u202f", " "); // the narrow space before AM and PM
}

const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };

// The same, with the day counted where English is spoken: "April 9th".
function counted(options) {
  const plain = shown(options);
  return (seconds, reader) => {
    const words = plain(seconds, reader);
    if (!/^en\b/.test(reader.locale ?? "")) return words;
    const rules = new Intl.PluralRules("en", { type: "ordinal" });
    return words.replace(/\b\d{1,2}\b/, (day) => day + ENDINGS[rules.select(day)]);
  };
}

// The year is told only of other years than the reader's.
function withYear(options, seconds, { zone, now }) {
  const same = dayOf(seconds, zone).slice(0, 4) === dayOf(now, zone).slice(0, 4);
  return same ? options : { ...options, year: "numeric" };
}

function word(name, seconds, reader) {
  if (!name.endsWith("_pretty")) return TOKENS[name]?.(seconds, reader);
  const away = distance(dayOf(seconds, reader.zone), dayOf(reader.now, reader.zone));
  if (Math.abs(away) <= 1) return relative(away, "day", reader.locale);
  return TOKENS[name.slice(0, -"_pretty".length)]?.(seconds, reader);
}

function relative(amount, unit, locale) {
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(amount, unit);
}

// The largest unit that is full: "3 minutes ago", "in 2 days", "now".
function ago(seconds, locale) {
  for (const [unit, size] of [["day", 86_400], ["hour", 3_600], ["minute", 60]]) {
    const amount = Math.trunc(seconds / size);
    if (amount) return new Intl.RelativeTimeFormat(locale).format(amount, unit);
  }
  return relative(0, "second", locale);
}

// What a picker of this kind holds ("2026-04-09", "16:00", or both with a T), in the reader's words.
export function pickedWords(kind, local, { locale }) {
  const [day, time] = { datepicker: [local, ""], timepicker: ["", local] }[kind] ?? local.split("T");
  const moment = Date.parse(`${day || "2000-01-01"}T${time || "12:00"}Z`) / 1000;
  const date = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  return shown({ ...(day && date), ...(time && CLOCK) })(moment, { zone: "UTC", locale });
}
