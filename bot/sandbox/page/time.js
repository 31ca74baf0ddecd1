// Domain time, and how a moment reads in the viewer's time zone. The server owns the clock, which may run faster than
// real time or jump; between two answers of the server the page lets it tick on by its speed.

let base = { now: Date.now() / 1000, speed: 1, at: performance.now() };
let zone = "UTC";
const formats = new Map();

/** Set the clock and the viewer's zone by what the server said last. An unknown zone reads as UTC. */
export function setClock({ now, speed, tz }) {
  base = { now, speed, at: performance.now() };
  if (tz === zone) return;
  formats.clear();
  try { zone = new Intl.DateTimeFormat("en-US", { timeZone: tz }).resolvedOptions().timeZone; } catch { zone = "UTC"; }
}

/** Where the viewer's zone is, e.g. New York. */
export const place = () => zone.split("/").at(-1).replaceAll("_", " ");

/** Domain time in epoch seconds. */
export const now = () => base.now + ((performance.now() - base.at) / 1000) * base.speed;
export const speed = () => base.speed;

function format(epoch, options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-US", { hourCycle: "h23", timeZone: zone, ...options }));
  return formats.get(key).format(new Date(epoch * 1000));
}

const HOUR = { hour: "2-digit", minute: "2-digit" };
const DAY = { year: "numeric", month: "long", day: "numeric" };

export const hourMinute = (epoch) => format(epoch, HOUR);
export const withSeconds = (epoch) => format(epoch, { ...HOUR, second: "2-digit" });
/** A sortable calendar day in the viewer's zone, e.g. 2026-11-23; two moments share a day when these are equal. */
export const dayOf = (epoch) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(epoch * 1000));
/** Everything about a moment, zone name included: what a tooltip shows. */
export const inFull = (epoch) => format(epoch, { weekday: "long", ...DAY, ...HOUR, second: "2-digit", timeZoneName: "long" });

function ordinal(day) {
  const ending = { one: "st", two: "nd", few: "rd", other: "th" }[new Intl.PluralRules("en", { type: "ordinal" }).select(day)];
  return `${day}${ending}`;
}

function longDate(epoch, weekday) {
  const day = Number(format(epoch, { day: "numeric" }));
  const name = weekday ? `${format(epoch, { weekday: "long" })}, ` : "";
  return `${name}${format(epoch, { month: "long" })} ${ordinal(day)}, ${format(epoch, { year: "numeric" })}`;
}

/** Today, Yesterday or Tomorrow, or what `otherwise` says; measured on the domain clock. */
function pretty(epoch, otherwise) {
  const near = [["today", 0], ["yesterday", -86400], ["tomorrow", 86400]];
  return near.find(([, shift]) => dayOf(now() + shift) === dayOf(epoch))?.[0] ?? otherwise(epoch);
}

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function ago(epoch) {
  const seconds = epoch - now();
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

const short = (epoch) => format(epoch, { ...DAY, month: "short" });
const TOKENS = {
  date_num: dayOf,
  date: (epoch) => longDate(epoch, false),
  date_short: short,
  date_long: (epoch) => longDate(epoch, true),
  date_pretty: (epoch) => pretty(epoch, (it) => longDate(it, false)),
  date_short_pretty: (epoch) => pretty(epoch, short),
  date_long_pretty: (epoch) => pretty(epoch, (it) => longDate(it, true)),
  time: hourMinute,
  time_secs: withSeconds,
  ago,
};

/** A date token's format string with every {token} filled in; "today" is capitalised where it begins the text. */
export function fillIn(pattern, epoch) {
  const text = pattern.replace(/\{(\w+)\}/g, (token, name) => TOKENS[name]?.(epoch) ?? token);
  return pattern.startsWith("{date") ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** The heading above a day's messages. */
export const dayHeading = (epoch) => fillIn("{date_long_pretty}", epoch);

/** Keep words such as "today" and "3 minutes ago" true while the clock moves on. */
export function refreshTimes() {
  for (const node of document.querySelectorAll("time[data-moving]")) {
    const text = fillIn(node.dataset.moving, Number(node.dataset.epoch));
    if (node.textContent !== text) node.textContent = text;
  }
}

/** Epoch seconds ↔ what an input[type=datetime-local] holds, in the viewer's zone. */
export const toLocal = (epoch) => `${dayOf(epoch)}T${hourMinute(epoch)}`;
export function fromLocal(text) {
  const guess = Date.parse(`${text}Z`) / 1000;
  const offset = Date.parse(`${toLocal(guess)}Z`) / 1000 - guess;
  return guess - offset;
}
