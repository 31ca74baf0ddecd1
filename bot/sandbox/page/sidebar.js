// The left side: the workspace, who one is, and the channels.

import { h, icon, openMenu, redraw } from "./dom.js";
import { avatar } from "./messages.js";
import { act, appUser, HOME, href, nameOf, session, titleOf } from "./session.js";

const workspace = h("header", { class: "workspace" });
const person = h("div", { class: "person" });
const channels = h("div", { class: "channels" });

/** Draw what of the left side has changed. */
export function showSidebar(side, { team, users, me, channels: all }, current) {
  if (!workspace.isConnected) side.append(workspace, person, channels);
  redraw(workspace, team, () => [
    h("span", { class: "logo", "aria-hidden": "true" }, team.name[0]),
    h("h1", {}, team.name, h("small", {}, "Lockstep sandbox")),
  ]);
  redraw(person, [users, me, current], () => switcher());
  redraw(channels, [all, current, me], () => [
    group("Channels", all.filter((it) => it.is_member && !it.is_archived && !it.is_im), current),
    group("Browse", all.filter((it) => !it.is_member && !it.is_archived), current),
    group("Direct messages", all.filter((it) => it.is_im && !isApps(it)), current),
    appGroup(all.find(isApps), current),
    group("Archived", all.filter((it) => it.is_archived), current),
  ]);
}

/** What a person is, as far as the data says. */
const standing = (user) => user.title || `@${user.name}`;

function switcher() {
  const me = session.user(session.state.me);
  const items = () => session.people().map((user) => ({
    label: nameOf(user), lead: avatar(user), note: standing(user), current: user.id === me.id, href: href({ user: user.id, thread: null }),
  }));
  const button = h("button", {
    class: "switcher", "data-key": "switcher", "aria-haspopup": "menu",
    "aria-label": `You are ${nameOf(me)} · ${standing(me)}`,
    onclick: () => openMenu(button, "Be someone else", items()),
  }, avatar(me), h("span", {}, h("small", {}, "You are"), h("strong", {}, nameOf(me)), h("small", {}, standing(me))), icon("chevron"));
  return button;
}

function group(title, list, current) {
  if (!list.length) return null;
  return h("section", { "aria-label": title }, h("h2", {}, title), h("ul", {}, list.map((channel) => entry(channel, current))));
}

const isApps = (channel) => channel.is_im && channel.name === appUser()?.name;

/** The app's Home tab if it has one, and what it wrote to this person once there is such a conversation. */
function appGroup(direct, current) {
  if (!appUser()) return null;
  const tabs = session.state.home_tab ? [{ id: HOME, name: "Home", is_member: true, picture: "home" }] : [];
  if (direct) tabs.push({ ...direct, is_im: false, name: "Messages", picture: "thread" });
  return group(nameOf(appUser()), tabs, current);
}

const pictureOf = (channel) => channel.picture ?? (channel.is_im ? "person" : channel.is_private ? "lock" : "hash");

function entry(channel, current) {
  const unread = channel.is_member && channel.id !== current ? channel.unread : 0;
  const link = h("a", {
    href: href({ channel: channel.id }), class: unread ? "channel unread" : "channel", "data-key": channel.id, title: channel.name,
    "aria-current": channel.id === current ? "page" : null,
  }, icon(pictureOf(channel)), h("span", {}, channel.is_im ? titleOf(channel) : channel.name),
  unread > 0 && h("span", { class: "count", "aria-label": `${unread} unread` }, unread));
  const join = () => act("join", { channel: channel.id });
  const joinable = !channel.is_member && !channel.is_archived;
  const offer = joinable && h("button", { class: "button small", "aria-label": `Join #${channel.name}`, onclick: join }, "Join");
  return h("li", {}, link, offer);
}
