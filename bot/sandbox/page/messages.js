// A conversation: messages by author and day, kept by key so that a new one never disturbs what someone is reading.

import { h, icon, keyed, openMenu, redraw } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { emoji, REACTIONS } from "./emoji.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { act, go, href, nameOf, session, suggest } from "./session.js";
import { dayHeading, dayOf, hourMinute, inFull } from "./time.js";

const GROUP_SECONDS = 300; // as in Slack, one author's messages within five minutes share a name
const NEAR_BOTTOM = 60; // px
const SYSTEM = /^(channel|group|bot)_(join|leave|topic|purpose|name|archive|unarchive|add|remove)$|^pinned_item$|^unpinned_item$/;

/** Initials on the user's colour, dark or light by what reads better on it. */
export function avatar(user) {
  const hex = /^#?([0-9a-f]{6})$/i.exec(user?.color ?? "")?.[1] ?? "6b7280";
  const [red, green, blue] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const initials = nameOf(user).split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();
  const node = h("span", { class: "avatar", "aria-hidden": "true" }, initials);
  node.style.background = `#${hex}`;
  node.style.color = red * 0.299 + green * 0.587 + blue * 0.114 > 150 ? "#1b1d20" : "#fff";
  return node;
}

/** Who a message is from: a message of a bot may carry a name of its own. */
function author(message) {
  const user = session.user(message.user);
  const name = message.username ?? (message.bot_id ? message.bot_profile?.name : undefined) ?? nameOf(user);
  return { id: message.user ?? message.bot_id, name, color: user?.color, real_name: name, isBot: Boolean(message.bot_id || user?.is_bot) };
}

/**
 * A scrolling list of messages. `show(place, channel, messages, pins)` draws; a new `place` starts at its end. The list
 * stays at the end while the reader is there, else it offers a way down to what arrived.
 */
export function conversation({ label, inThread }) {
  const list = h("ol", { class: "messages", role: "log" });
  const more = h("button", { class: "jump", hidden: true, onclick: () => toEnd() });
  const scroller = h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": label }, list);
  const node = h("div", { class: "conversation" }, scroller, more);
  const state = { place: null, stuck: true, last: "0" };

  const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; more.hidden = true; };
  scroller.addEventListener("scroll", () => {
    state.stuck = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM;
    if (state.stuck) more.hidden = true;
  });
  new ResizeObserver(() => { if (state.stuck) toEnd(); }).observe(list);
  new ResizeObserver(() => { if (state.stuck) toEnd(); }).observe(scroller);

  function show(place, channel, messages, pins) {
    const fresh = place !== state.place;
    if (fresh) Object.assign(state, { place, stuck: true, last: "0" });
    keyed(list, rows(messages, { channel, pins, inThread, place }), (row, item) => drawRow(row, item));
    const arrived = messages.filter((message) => message.ts > state.last);
    state.last = messages.reduce((last, message) => (message.ts > last ? message.ts : last), state.last);
    if (state.stuck) toEnd();
    else if (arrived.length) announce(arrived);
  }

  function announce(arrived) {
    const mine = arrived.some((message) => message.ephemeral);
    redraw(more, mine, () => [icon("down"), mine ? "An answer for you" : "New messages"]);
    more.hidden = false;
  }

  /** Bring a message into view and point at it; false when it is not here. */
  function point(ts) {
    const row = [...list.children].find((item) => item.dataset.ts === ts);
    if (!row) return false;
    row.scrollIntoView({ block: row.offsetHeight > scroller.clientHeight ? "start" : "center" });
    row.classList.remove("pointed");
    void row.offsetWidth; // restarts the highlight
    row.classList.add("pointed");
    row.focus({ preventScroll: true });
    return true;
  }
  return { node, show, point, toEnd };
}

/** The rows to show: a heading where a day begins, then each message with whether it continues the one before. */
function rows(messages, { channel, pins, inThread, place }) {
  const channels = session.state.channels.map(({ id, name }) => [id, name]);
  let before = null;
  return messages.flatMap((message) => {
    const day = dayOf(message.ts);
    const heading = !before || dayOf(before.ts) !== day;
    const continued = !heading && continues(before, message);
    before = message;
    const pinned = pins.includes(message.ts);
    const linked = JSON.stringify(message).includes("<#") ? channels : null; // a channel's name may change or come into sight
    const key = `${place} ${message.ts}${message.ephemeral ? " e" : ""}`;
    const row = { key, data: [message, continued, pinned, linked], message, continued, pinned, channel, inThread };
    return heading ? [{ key: `${place} ${day}`, data: dayHeading(message.ts), day }, row] : [row];
  });
}

const isSystem = (message) => SYSTEM.test(message.subtype ?? "");

const continues = (before, message) => !isSystem(before) && !isSystem(message) && !message.ephemeral === !before.ephemeral
  && author(before).id === author(message).id && author(before).name === author(message).name
  && !message.broadcast && message.ts - before.ts < GROUP_SECONDS;

function drawRow(row, item) {
  if (row.day) { item.className = "day"; return h("span", {}, row.data); }
  const { message } = row;
  item.dataset.ts = message.ts;
  item.tabIndex = -1;
  item.className = "message";
  const kinds = { system: isSystem(message), continued: row.continued, ephemeral: message.ephemeral, pinned: row.pinned };
  for (const [kind, is] of Object.entries(kinds)) item.classList.toggle(kind, Boolean(is));
  return isSystem(message) ? systemLine(message) : wholeMessage(row, item);
}

const timeOf = (message) => h("time", { class: "at", title: inFull(message.ts) }, hourMinute(message.ts));

/** "Carol Diaz has joined the channel": said by the workspace, so without a face, and the name calls nobody. */
function systemLine(message) {
  const [, named, rest] = /^<@(\w+)> ([^]*)$/.exec(message.text) ?? [];
  const who = session.user(named ?? message.user);
  return [h("span", { class: "text" }, who && `${nameOf(who)} `, mrkdwn(rest ?? message.text)), timeOf(message)];
}

function wholeMessage(row, item) {
  const { message, continued } = row;
  const who = author(message);
  return [
    h("div", { class: "gutter" }, continued ? timeOf(message) : avatar(who)),
    h("div", { class: "content" },
      !continued && byline(who, message),
      marks(row),
      message.blocks?.length
        ? h("div", { class: "blocks" }, drawBlocks(message.blocks, hostOf(row, item)))
        : h("div", { class: "text" }, mrkdwn(message.text ?? ""), message.edited && h("span", { class: "edited" }, " (edited)")),
      message.files?.map(fileLink),
      reactions(row),
      replies(row)),
    !message.ephemeral && tools(row),
  ];
}

const byline = (who, message) => h("div", { class: "byline" },
  h("strong", {}, who.name), who.isBot && h("span", { class: "badge" }, "APP"), timeOf(message));

/** Why this message looks different: pinned, private to the viewer, or out of a thread. */
function marks({ message, continued, pinned, inThread, channel }) {
  const thread = () => h("a", { href: href({ channel: channel.id, thread: message.thread_ts }) }, "a thread");
  return [
    pinned && h("div", { class: "mark pinned-mark" }, icon("pin"), "Pinned"),
    message.ephemeral && !continued && h("div", { class: "mark" }, icon("eye"), "Only visible to you"),
    message.broadcast && h("div", { class: "mark" }, icon("thread"), inThread ? "Also sent to the channel" : ["Replied to ", thread()]),
  ];
}

function hostOf({ message, channel, inThread }, item) {
  return {
    prefix: `${inThread ? "t" : "m"}${message.ts}`,
    fields: new Map(),
    suggest: (block, element, text) => suggest({ channel: channel.id, message_ts: message.ts }, block, element, text),
    dispatch(block, element, selected, node) {
      node.setAttribute("aria-busy", "true");
      act("press", { channel: channel.id, message_ts: message.ts, block_id: block.block_id, action_id: element.action_id, selected })
        .finally(() => item.querySelectorAll("[aria-busy]").forEach((it) => it.removeAttribute("aria-busy")));
    },
  };
}

/** A file of a message: its name, its size, and the way to it; a picture is shown as well. */
function fileLink(file) {
  const size = file.size < 1000 ? `${file.size} B` : file.size < 1e6 ? `${Math.round(file.size / 1e3)} kB` : `${(file.size / 1e6).toFixed(1)} MB`;
  const way = h("a", { href: `/page/files/${file.id}?user=${session.state.me}`, download: file.name }, file.title || file.name);
  const shown = file.mimetype?.startsWith("image/")
    && h("img", { src: `/page/files/${file.id}?user=${session.state.me}`, alt: file.alt_txt || file.title || file.name });
  return h("div", { class: "file" }, shown, way, ` ${file.name === file.title ? "" : `${file.name}, `}${size}`);
}

function react(row, name) {
  const mine = row.message.reactions?.find((it) => it.name === name)?.users.includes(session.state.me);
  act(mine ? "unreact" : "react", { channel: row.channel.id, ts: row.message.ts, name });
}

function reactions(row) {
  const draw = ({ name, users, count }) => h("button", {
    class: "reaction", "data-key": `reaction-${name}`, "aria-pressed": String(users.includes(session.state.me)),
    "aria-label": `${name}, ${count}`, title: users.map((id) => nameOf(session.user(id))).join(", "), onclick: () => react(row, name),
  }, emoji(name), h("span", {}, count));
  return row.message.reactions?.length ? h("div", { class: "reactions" }, row.message.reactions.map(draw)) : null;
}

function replies({ message, inThread }) {
  if (inThread || !message.reply_count || message.broadcast) return null;
  const text = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const open = () => go({ thread: message.ts });
  return h("button", { class: "replies", "data-key": "replies", onclick: open }, icon("thread"), text);
}

/** What one can do with a message; shown on hover, on focus, and always where there is no hover. */
function tools(row) {
  const { message, channel, inThread } = row;
  if (!channel.is_member) return null;
  const tool = (name, picture, run) => h("button", { class: "quiet", "aria-label": name, title: name, onclick: run }, icon(picture));
  const faces = REACTIONS.map((name) => ({ label: name.replaceAll("_", " "), lead: emoji(name), run: () => react(row, name) }));
  const pick = tool("Add a reaction", "smile", () => openMenu(pick, "Reactions", faces));
  const reply = tool("Reply in thread", "thread", () => go({ thread: message.thread_ts ?? message.ts }));
  return h("div", { class: "tools" }, pick, !inThread && reply, shortcuts(row, tool));
}

/** The app's message shortcuts in a menu; null when it has none. */
function shortcuts({ message, channel }, tool) {
  const offered = session.state.shortcuts.filter((it) => it.kind === "message");
  const items = offered.map(({ name, description, callback_id }) => ({
    label: name, note: description, run: () => act("shortcut", { channel: channel.id, ts: message.ts, callback_id }),
  }));
  const more = tool("More actions", "more", () => openMenu(more, "More actions", items));
  return offered.length ? more : null;
}

/** What a pinned message is about, in a few words: its header, else its first words. */
export function gist(message) {
  const block = message?.blocks?.find((it) => it.type === "header") ?? message?.blocks?.find((it) => it.text);
  return plain(mrkdwn(block?.text.text ?? message?.text ?? "")).slice(0, 90) || "Pinned message";
}
