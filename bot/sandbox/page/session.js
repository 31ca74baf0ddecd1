// What the page knows and may do: who is looking where (in the URL hash), the state the server last told, the acts.
// Knows nothing of how any of it is drawn.

import { toast } from "./dom.js";

/** The server's last answer, and lookups on it. `state` is null before the first answer. */
export const session = {
  state: null,
  user: (id) => session.state.users.find((user) => user.id === id),
  channel: (id) => session.state.channels.find((channel) => channel.id === id),
  people: () => session.state.users.filter((user) => !user.is_bot),
};

/** What a conversation is called: "#general", or the other person's name. */
export function titleOf(channel) {
  if (!channel.is_im) return `#${channel.name}`;
  return nameOf(session.state.users.find((user) => user.name === channel.name));
}

/** The app's bot user, whose Home tab is a place like a channel. */
export const appUser = () => session.state.users.find((user) => user.is_bot && user.id !== "USLACKBOT");
export const HOME = "home";

export const nameOf = (user) => user?.real_name || user?.name || "Someone";

/** Where this window looks: {user, channel, thread}. Two windows with different hashes are two people. */
export const route = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

/** The hash for the present place with `change` made to it; another channel leaves the thread, null leaves the key out. */
export function href(change) {
  const next = { ...route(), ...("channel" in change ? { thread: null } : {}), ...change };
  return `#${new URLSearchParams(Object.entries(next).filter(([, value]) => value))}`;
}

export const go = (change) => { location.hash = href(change); };

const RETRY_MS = 1500;

let since = "now"; // when this page was loaded, as the server told it: ephemeral messages from before are gone
let listener = () => {};
let reached = () => {};
let running = null;
let stale = false;

/** Fetch the state of the place the hash names, and draw it. Calls that arrive meanwhile share one more fetch. */
export function refresh() {
  stale = true;
  running ??= (async () => {
    while (stale) { stale = false; await load(); }
  })().finally(() => { running = null; });
  return running;
}

async function load() {
  const asked = location.hash;
  const state = await ask(`/page/state?${new URLSearchParams({ ...route(), since })}`);
  since = state?.since ?? since;
  reached(state !== null);
  if (!state) setTimeout(refresh, RETRY_MS);
  if (location.hash !== asked) stale = true; // the person has gone elsewhere meanwhile
  else if (state) { session.state = state; listener(state); }
}

/** The JSON at an address; null when the server cannot be reached. */
async function ask(path, options) {
  try {
    return await (await fetch(path, options)).json();
  } catch {
    return null;
  }
}

/** Do something as the person of this window. The answer is the server's; a refusal is also shown as a toast, unless quiet. */
export async function act(name, fields, { quiet = false } = {}) {
  const answer = await post("/page/act", { user: session.state.me, act: name, ...fields });
  if (!answer.ok && !quiet) toast(answer.error);
  await refresh();
  return answer;
}

/** Ask the app what an external select offers for a typed text; `place` says where it stands, as a press does. */
export const suggest = (place, block, element, text) => act("suggest",
  { ...place, block_id: block.block_id, action_id: element.action_id, text }, { quiet: true });

/** Change the workspace's clock: {speed} or {advance: seconds}. */
export async function setTime(change) {
  const answer = await post("/page/clock", change);
  if (!answer.ok) toast(answer.error);
  await refresh();
}

async function post(path, body) {
  const answer = await ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return answer ?? { ok: false, error: "The sandbox did not answer. Please try again when it is back." };
}

let stream = null;
let listening = null; // the user whose stream it is

/** Call `onState` with every new state and `onReach` with whether the server can be reached, for as long as the page is open. */
export function start(onState, onReach) {
  listener = onState;
  reached = onReach;
  addEventListener("hashchange", () => { listen(); refresh(); });
  document.addEventListener("visibilitychange", listen);
  listen();
  refresh();
}

/**
 * Keep one event stream open for the user of the hash. Every (re)connection refreshes, since events may have been missed.
 * A hidden window closes its stream: a browser grants one server only six, and nobody reads there.
 */
function listen() {
  const user = document.hidden ? null : route().user;
  if (document.hidden) { stream?.close(); listening = null; }
  if (!user || (user === listening && stream?.readyState !== EventSource.CLOSED)) return;
  stream?.close();
  listening = user;
  stream = new EventSource(`/page/events?user=${encodeURIComponent(user)}`);
  stream.onopen = () => { reached(true); refresh(); };
  stream.onmessage = refresh;
  stream.onerror = () => {
    reached(false);
    stream.close(); // a browser gives up after an HTTP error, so the retry is ours
    setTimeout(listen, RETRY_MS);
  };
}
