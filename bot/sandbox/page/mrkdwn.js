// Slack's text (mrkdwn, plain_text and rich_text) as DOM nodes. What is not markup stays text, so nothing a person
// typed can become an element of its own choosing.

import { h } from "./dom.js";
import { emoji, emojify } from "./emoji.js";
import { href, nameOf, session } from "./session.js";
import { fillIn, inFull } from "./time.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
/** Slack escapes exactly these three characters. */
export const decode = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** A text object of Block Kit: mrkdwn is parsed, plain_text only has its emoji replaced. */
export function drawText({ type, text, emoji: shortcodes }) {
  if (type === "mrkdwn") return mrkdwn(text);
  return [shortcodes === false ? text : emojify(text)];
}

/** A message's text: code fences first, since nothing inside them is markup, then quotes, then the rest. */
export function mrkdwn(text) {
  return text.split(/```\n?([\s\S]+?)\n?```\n?/).flatMap((part, index) => (index % 2 ? [h("pre", {}, decode(part))] : quotes(part)));
}

function quotes(text) {
  const runs = text.split(/((?:^(?:&gt;|>)[^\n]*(?:\n|$))+)/m).filter(Boolean);
  return runs.flatMap((run) => (/^(&gt;|>)/.test(run)
    ? [h("blockquote", {}, inline(run.replace(/\n$/, "").replace(/^(&gt;|>) ?/gm, "")))]
    : inline(run)));
}

// One alternative each for <…>, `code`, :emoji:, a bare address, *bold*, _italic_ and ~strike~.
// A style mark only counts at a word's edge, so snake_case stays as it is.
const INLINE = new RegExp([
  "<([^<>\\n]+)>", "`([^`\\n]+)`", ":([a-z0-9_+-]+):", "(https?://[^\\s<>]*[^\\s<>.,;:!?)'\"*_~])",
  ...["\\*", "_", "~"].map((mark) => `(?<![\\p{L}\\p{N}${mark}])${mark}(?!\\s)([^\\n]*?[^\\s${mark}])${mark}(?![\\p{L}\\p{N}${mark}])`),
].join("|"), "gu");
const STYLES = ["strong", "em", "s"];

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(decode(text.slice(end, match.index)), token(match));
    end = match.index + match[0].length;
  }
  return [...nodes, decode(text.slice(end))].filter((node) => node !== "");
}

function token([, angle, code, shortcode, address, ...styled]) {
  if (angle !== undefined) return special(angle);
  if (code !== undefined) return h("code", {}, decode(code));
  if (shortcode !== undefined) return emoji(shortcode);
  if (address !== undefined) return link(decode(address));
  const which = styled.findIndex((inner) => inner !== undefined);
  return h(STYLES[which], {}, inline(styled[which]));
}

/** What stands between < and >: a mention, a date, or a link. */
function special(body) {
  const [target, label] = body.split(/\|(.*)/s).map(decode);
  if (/^@[UWB]/.test(target)) return mention(target.slice(1), label);
  if (/^#[CGD]/.test(target)) return channelLink(target.slice(1), label);
  const [kind, ...rest] = target.slice(1).split("^");
  if (!target.startsWith("!")) return /^\w+:/.test(target) ? link(target, label && emojify(label)) : decode(`<${body}>`);
  if (kind === "date") return date({ epoch: Number(rest[0]), format: rest[1], url: rest[2], fallback: label });
  return kind === "subteam" ? group(rest[0], label) : h("span", { class: "mention" }, `@${kind}`);
}

/** A person's name; one's own stands out. */
export function mention(id, label) {
  const user = session.user(id);
  const style = id === session.state.me ? "mention me" : "mention";
  return h("span", { class: style, title: user && `@${user.name}` }, `@${user ? nameOf(user) : label || id}`);
}

function group(id, label) {
  const known = session.state.usergroups?.find((it) => it.id === id);
  return h("span", { class: "mention", title: known?.name }, known ? `@${known.handle}` : label || id);
}

/** A channel this person may see is a link to it; one they may not see only has a name if the text gave one. */
export function channelLink(id, label) {
  const channel = session.channel(id);
  if (!channel) return h("span", { class: "mention" }, label ? `#${label}` : "a private channel");
  return h("a", { class: "mention", href: href({ channel: id }) }, `#${channel.name}`);
}

/** A link to the web, or plain text when it leads anywhere a link should not. A Slack permalink stays within the page. */
export function link(target, label) {
  const [, channel, digits, root] = /^https?:\/\/[^/]+\/archives\/([CGD]\w+)(?:\/p(\d+)(?:\?thread_ts=([\d.]+))?)?/.exec(target) ?? [];
  const thread = root ?? (digits && `${digits.slice(0, -6)}.${digits.slice(-6)}`);
  if (channel) return h("a", { href: href({ channel, thread }) }, label || target);
  if (!/^(https?:\/\/|mailto:)/i.test(target)) return label ? `${label} (${target})` : target;
  return h("a", { href: target, target: "_blank", rel: "noopener noreferrer" }, label || target.replace(/^mailto:/i, ""));
}

/** Follow an address a button carries, by the same rules as `link`. */
export function follow(target) {
  const node = link(target, "");
  if (node instanceof HTMLAnchorElement) node.click();
}

/** A moment in the viewer's zone; the tooltip has it in full. */
export function date({ epoch, format, url, fallback }) {
  if (!Number.isFinite(epoch) || !format) return fallback || "";
  const moving = /pretty|ago/.test(format) ? format : null; // what refreshTimes must look at
  const time = h("time", { title: inFull(epoch), "data-epoch": epoch, "data-moving": moving }, fillIn(format, epoch));
  if (!url) return time;
  const anchor = link(url, " ");
  if (anchor instanceof HTMLAnchorElement) { anchor.replaceChildren(time); return anchor; }
  return time;
}

const INLINE_ELEMENTS = {
  text: (it) => it.text,
  link: (it) => link(it.url, it.text),
  emoji: (it) => emoji(it.name),
  user: (it) => mention(it.user_id),
  usergroup: (it) => group(it.usergroup_id),
  channel: (it) => channelLink(it.channel_id),
  broadcast: (it) => h("span", { class: "mention" }, `@${it.range}`),
  date: (it) => date({ ...it, epoch: it.timestamp }),
  color: (it) => it.value,
};
const WRAPS = { code: "code", bold: "strong", italic: "em", strike: "s" };

function richInline(elements) {
  return elements.map((it) => Object.keys(WRAPS).filter((style) => it.style?.[style])
    .reduce((inner, style) => h(WRAPS[style], {}, inner), INLINE_ELEMENTS[it.type]?.(it) ?? it.text ?? ""));
}

/** A rich_text block's elements. */
export function richText(elements) {
  return elements.map((it) => {
    if (it.type === "rich_text_list") {
      return h(it.style === "ordered" ? "ol" : "ul", { start: it.offset ? it.offset + 1 : null, class: `indent-${it.indent ?? 0}` },
        it.elements.map((item) => h("li", {}, richInline(item.elements))));
    }
    return h({ rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[it.type] ?? "div", {}, richInline(it.elements));
  });
}

/** What a text object says, without markup. */
export const label = (object) => plain(drawText(object));

/** Text without its markup, for labels and previews. */
export function plain(nodes) {
  const holder = h("div", {}, nodes);
  return holder.textContent.replace(/\s+/g, " ").trim();
}
