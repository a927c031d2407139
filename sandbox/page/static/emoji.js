// The short names of the emoji that apps use most; others stay as they are written.

const NAMED = {
  alarm_clock: "⏰", arrow_down: "⬇️", arrow_left: "⬅️", arrow_right: "➡️", arrow_up: "⬆️",
  ballot_box_with_check: "☑️", bell: "🔔", broom: "🧹", bulb: "💡", calendar: "📅",
  checkered_flag: "🏁", clipboard: "📋", clock1: "🕐", clock3: "🕒", clock4: "🕓", clock9: "🕘",
  construction: "🚧", eyes: "👀", fire: "🔥", gear: "⚙️", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", house: "🏠", information_source: "ℹ️", large_blue_circle: "🔵",
  large_green_circle: "🟢", large_orange_circle: "🟠", large_red_circle: "🔴",
  large_yellow_circle: "🟡", leftwards_arrow_with_hook: "↩️", link: "🔗", lock: "🔒", mag: "🔍",
  memo: "📝", mute: "🔇", no_entry: "⛔", no_entry_sign: "🚫", ok_hand: "👌", pause_button: "⏸️",
  pencil2: "✏️", phone: "☎️", pushpin: "📌", question: "❓", red_circle: "🔴",
  repeat: "🔁", rocket: "🚀", rotating_light: "🚨", speech_balloon: "💬", spiral_calendar_pad: "🗓️",
  tada: "🎉", telephone_receiver: "📞", thumbsdown: "👎", thumbsup: "👍", warning: "⚠️",
  wastebasket: "🗑️", wave: "👋", white_check_mark: "✅", white_circle: "⚪", wrench: "🔧", x: "❌",
  zap: "⚡", zzz: "💤", "+1": "👍", "-1": "👎",
};

// The words with :names: turned into characters.
export function withEmoji(words) {
  return words.replace(/:([a-z0-9_+-]+):/g, (whole, name) => NAMED[name] ?? whole);
}

// The emoji of a rich_text element.
export function emojiOf({ name, unicode }) {
  if (unicode) return unicode.split("-").map((code) => String.fromCodePoint(parseInt(code, 16))).join("");
  return NAMED[name] ?? `:${name}:`;
}
