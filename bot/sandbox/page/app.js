// The shell: puts sidebar, channel, thread and form together, and draws what the server says, part by part.

import { h, icon, openMenu, redraw } from "./dom.js";
import { composer } from "./composer.js";
import { showForm } from "./forms.js";
import { avatar, conversation, gist } from "./messages.js";
import { home, showHome } from "./home.js";
import { link, mrkdwn } from "./mrkdwn.js";
import { act, appUser, go, HOME, href, nameOf, route, session, setTime, start, titleOf } from "./session.js";
import { showSidebar } from "./sidebar.js";
import { hourMinute, inFull, now, place, refreshTimes, setClock, speed, withSeconds } from "./time.js";

const [shell, side, main, aside] = ["shell", "side", "main", "thread"].map((id) => document.getElementById(id));

// ── the channel ──

const title = h("div", { class: "title" });
const people = h("div", { class: "people" });
const clock = h("button", { class: "clock", onclick: offerTimes });
const pinned = h("div", { class: "pins", role: "region", "aria-label": "Pinned" });
const log = conversation({ label: "Messages", inThread: false });
const notice = h("div", { class: "notice" });
const hint = h("p", { class: "help" });
const writing = composer({ name: "message", send: (text) => say({ text }), footer: hint, commands: () => session.state?.commands ?? [], shortcuts });
main.append(
  h("header", { class: "bar" },
    h("button", { class: "quiet sandwich", "aria-label": "Show channels", onclick: () => slide(true) }, icon("menu")),
    title, clock, people),
  pinned, log.node, home, notice, writing.node,
);
writing.node.hidden = true; // until it is known where what is written would go

/** The app's global shortcuts, which one starts from the composer by "/". */
function shortcuts() {
  const run = (callback_id) => () => act("shortcut", { callback_id });
  return (session.state?.shortcuts ?? []).filter((it) => it.kind === "global").map((it) => ({ ...it, run: run(it.callback_id) }));
}

/** As in Slack one may type at once; on a phone that would raise the keyboard over what one came to read. */
const mayFocus = () => matchMedia("(hover: hover)").matches;

async function say(fields) {
  const answer = await act("say", { channel: session.state.channel.id, ...fields });
  if (answer.ok) (fields.thread_ts ? replies : log).toEnd();
  return answer.ok;
}

function showChannel({ me, channel, users }) {
  redraw(title, [channel?.id, channel?.name, channel?.topic, me, route().channel], () => [
    h("h2", {}, channel ? titleOf(channel) : route().channel === HOME ? nameOf(appUser()) : "No channel"),
    channel?.topic && h("p", { class: "topic" }, mrkdwn(channel.topic)),
  ]);
  redraw(people, [channel?.members, channel?.is_member, users.length, me], () => (channel ? peopleButton(channel) : []));
  const pins = (channel?.pins ?? []).map((ts) => [ts, gist(channel.messages.find((message) => message.ts === ts))]);
  const bookmarks = channel?.bookmarks ?? [];
  redraw(pinned, [channel?.id, pins, bookmarks], () => [pins.map(pin), bookmarks.map((it) => h("span", { class: "pin" }, link(it.link, it.title)))]);
  log.node.hidden = !channel?.messages.length;
  log.show(`${me} ${channel?.id}`, channel, channel?.messages ?? [], channel?.pins ?? []);
  redraw(notice, [route().channel, channel?.is_member, channel?.is_archived, channel?.messages.length === 0], () => noticeOf(channel));
  writing.node.hidden = !channel?.is_member || channel.is_archived;
  const moved = writing.show(`${me} ${channel?.id}`, channel ? `Message ${titleOf(channel)}` : "");
  if (moved && !route().thread && mayFocus()) writing.focus();
  redraw(hint, session.state.commands, helpLine);
}

/** A pinned message is one click away; one older than what is loaded opens beside the channel, as a thread. */
function pin([ts, words]) {
  const show = () => log.point(ts) || go({ thread: ts });
  return h("button", { class: "pin", onclick: show }, icon("pin"), h("span", {}, h("b", {}, "Pinned"), ` ${words}`));
}

function peopleButton(channel) {
  const draw = (user) => ({ label: nameOf(user), lead: avatar(user), note: user.is_bot ? "app" : user.title || `@${user.name}` });
  const leave = { label: "Leave this channel", run: () => act("leave", { channel: channel.id }) };
  const mayLeave = channel.is_member && !channel.is_archived && !channel.is_im;
  const items = () => [...channel.members.map(session.user).filter(Boolean).map(draw), ...(mayLeave ? [leave] : [])];
  const button = h("button", {
    class: "quiet", "aria-haspopup": "menu", "aria-label": `${channel.members.length} members`, onclick: () => openMenu(button, "Members", items()),
  }, icon("people"), channel.members.length);
  return button;
}

function noticeOf(channel) {
  if (!channel) return route().channel === HOME ? [] : h("p", {}, "Pick a channel on the left.");
  if (channel.is_archived) return h("p", {}, "This channel is archived. It can be read, not written to.");
  if (!channel.is_member) {
    const join = () => act("join", { channel: channel.id });
    return [h("p", {}, "You are looking in from outside."), h("button", { class: "button primary", onclick: join }, "Join channel")];
  }
  return channel.messages.length ? [] : welcome(channel);
}

/** What a newcomer meets in an empty channel: the shortest way to see what this is. */
function welcome(channel) {
  const command = example();
  const isLockstep = session.state.commands.some((it) => it.command === "/incident");
  const step = (title, text, more) => h("li", {}, h("div", {}, h("b", {}, title), text, more && h("div", {}, more)));
  return h("div", { class: "welcome" }, h("h3", {}, `This is ${titleOf(channel)}`),
    h("p", {}, `${session.state.team.name} is a pretend company on your own machine. Nothing here reaches a real Slack, so try anything.`),
    isLockstep && h("ol", {},
      command && step("Declare an incident", "Say in a few words what is broken.", command),
      step("Open its room", "It appears on the left. The pinned card says where things stand and what is missing."),
      step("Be someone else", "Switch at the top left, or open a second window, and read what executives and support are told.")));
}

/** A command to begin with, which a click writes into the composer; null while no app is installed. */
function example() {
  const { commands } = session.state;
  const command = (commands.find((it) => it.command === "/incident") ?? commands[0])?.command;
  const start = command === "/incident" ? `${command} declare ` : `${command} `;
  return command && h("button", { class: "example", onclick: () => writing.begin(start) }, `${start}…`);
}

function helpLine() {
  const command = example();
  return [
    command && h("span", {}, "Type ", command),
    h("span", { class: "keys" }, "Enter sends, Shift+Enter breaks the line"),
  ];
}

// ── the thread ──

const replies = conversation({ label: "Thread", inThread: true });
const answering = composer({ name: "reply", send: reply });
const threadTitle = h("div", { class: "title" });
aside.append(
  h("header", { class: "bar" }, threadTitle,
    h("button", { class: "quiet", "aria-label": "Close thread", onclick: () => go({ thread: null }) }, icon("close"))),
  replies.node, answering.node,
);

function reply(text) {
  return say({ text, thread_ts: session.state.thread.ts });
}

function showThread({ me, thread, channel }) {
  const opened = aside.hidden && thread;
  aside.hidden = !thread;
  shell.classList.toggle("with-thread", Boolean(thread));
  if (!thread) return;
  redraw(threadTitle, channel?.name, () => [h("h2", {}, "Thread"), h("p", { class: "topic" }, titleOf(channel))]);
  replies.show(`${me} ${channel.id} ${thread.ts}`, channel, thread.messages, []);
  answering.node.hidden = !channel.is_member || channel.is_archived;
  answering.show(`${me} ${channel.id} ${thread.ts}`, "Reply…");
  if (opened && !answering.node.hidden && mayFocus()) answering.focus();
}

// ── time ──

const SPEEDS = [[1, "Real time"], [10, "10 times as fast"], [60, "A minute each second"], [600, "Ten minutes each second"]];
const JUMPS = [[600, "10 minutes"], [3600, "1 hour"], [86400, "1 day"]];

function offerTimes() {
  openMenu(clock, "Time in this workspace", [
    ...SPEEDS.map(([rate, label]) => ({ label, note: `×${rate}`, current: rate === speed(), run: () => setTime({ speed: rate }) })),
    ...JUMPS.map(([seconds, label]) => ({ label: `Jump ahead ${label}`, run: () => setTime({ advance: seconds }) })),
  ]);
}

/** The time where this person is, since others read other hours. At high speed the seconds would only whirl: left out. */
function tick() {
  if (!session.state) return;
  const time = speed() < 30 ? withSeconds(now()) : hourMinute(now());
  redraw(clock, [time, speed(), place()], () => [
    icon("clock"), h("span", {}, time), h("span", { class: "place" }, place()), speed() !== 1 && h("b", {}, `×${speed()}`),
  ]);
  const name = `Time in ${place()}: ${hourMinute(now())}${speed() === 1 ? "" : `, ${speed()} times as fast as real time`}`;
  if (clock.getAttribute("aria-label") !== name) {
    clock.setAttribute("aria-label", name);
    clock.title = inFull(now());
  }
}

setInterval(tick, 100);
setInterval(refreshTimes, 1000);

// ── the page ──

function slide(open) {
  shell.classList.toggle("with-side", open);
  if (open) side.querySelector("button, a")?.focus();
}

document.getElementById("scrim").addEventListener("click", () => slide(false));
addEventListener("hashchange", () => slide(false));
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (shell.classList.contains("with-side")) slide(false);
  else if (aside.contains(event.target)) go({ thread: null });
});

/** A window that does not say who and where is the first person, in their first channel. */
function settle({ me, users, channel, channels }) {
  const user = users.some((it) => it.id === route().user) ? route().user : me ?? users.find((it) => !it.is_bot)?.id;
  const first = channels.find((it) => it.is_member && !it.is_archived && !it.is_im) ?? channels[0];
  const place = route().channel === HOME ? HOME : (channel ?? first)?.id;
  if (user === route().user && place === route().channel) return true;
  location.replace(href({ user, channel: place, thread: null }));
  return false;
}

function draw(state) {
  const tz = session.user(state.me)?.tz;
  setClock({ now: state.now, speed: state.speed, tz });
  document.title = `${state.team.name} · Lockstep sandbox`;
  if (!settle(state)) return;
  showSidebar(side, state, route().channel);
  showChannel(state);
  showHome(state);
  showThread(state);
  showForm(state.view);
  tick();
}

start(draw, (isReached) => { document.getElementById("banner").hidden = isReached; });
