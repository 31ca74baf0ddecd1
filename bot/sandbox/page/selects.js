// Menus: one choice or several, of options that stand in the element, of people and conversations, or of what the app offers for
// a typed text. Each builds {node, target, read, write}, as elements.js explains.

import { h, icon, rested } from "./dom.js";
import { label } from "./mrkdwn.js";
import { nameOf, session, titleOf } from "./session.js";

const TYPING_MS = 200; // how long typing must rest before the app is asked
const MIN_QUERY_LENGTH = 3; // Slack's, unless the element says otherwise

/** An option where only plain text has room: what it is called, and what it means. */
const inWords = ({ text, description }) => [text, description].filter(Boolean).map((it) => label(it)).join(": ");

// What a select offers: [text, value to compare by, value to send, group].
const offers = {
  option: (element) => (element.option_groups ?? [{ options: element.options ?? [] }])
    .flatMap((group) => group.options.map((option) => [inWords(option), option.value, option, group.label && label(group.label)])),
  user: () => session.people().map((user) => [nameOf(user), user.id, user.id]),
  channel: () => session.state.channels.filter((it) => it.type === "public" && !it.is_archived).map(conversation),
  conversation: ({ filter = {} }) => session.state.channels
    .filter((it) => !it.is_archived && (filter.include ?? [it.type]).includes(it.type))
    .filter((it) => !(filter.exclude_bot_users && it.is_im && isBot(it.name))).map(conversation),
};
const conversation = (channel) => [titleOf(channel), channel.id, channel.id];
const isBot = (name) => session.state.users.find((user) => user.name === name)?.is_bot;
const comparable = (value) => value?.value ?? value ?? "";

/** A native select: every browser, screen reader and phone knows how to work one. */
function nativeSelect(element, choices, hint) {
  const draw = ([text, value]) => h("option", { value }, text);
  const groups = [...new Set(choices.map(([, , , group]) => group))];
  const sorted = groups.map((group) => {
    const options = choices.filter((choice) => choice[3] === group).map(draw);
    return group ? h("optgroup", { label: group }, options) : options;
  });
  return h("select", { class: "field", "aria-label": hint }, h("option", { value: "" }, hint), sorted);
}

function single(kind, key = `selected_${kind}`) {
  return (element) => {
    const choices = offers[kind](element);
    const node = nativeSelect(element, choices, element.placeholder ? label(element.placeholder) : "Choose…");
    return {
      node, target: node,
      read: () => ({ type: element.type, [key]: choices.find(([, value]) => value === node.value)?.[2] ?? null }),
      write: (state) => { node.value = comparable(state[key]); },
    };
  };
}

/** Several choices: a chip for each, and a select that adds one. */
function multiple(kind, key = `selected_${kind}s`) {
  return (element) => {
    const choices = offers[kind](element);
    const add = nativeSelect(element, choices, element.placeholder ? label(element.placeholder) : "Add…");
    const chips = h("ul", { class: "chips" });
    const node = h("div", { class: "multi" }, chips, add);
    let chosen = [];
    const remove = (value) => {
      choose(chosen.filter((it) => it !== value));
      add.focus();
      node.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const chip = ([text, value]) => h("li", {}, text,
      h("button", { "aria-label": `Remove ${text}`, onclick: () => remove(value) }, icon("close")));
    const choose = (values) => {
      chosen = values.slice(0, element.max_selected_items ?? values.length);
      chips.replaceChildren(...choices.filter(([, value]) => chosen.includes(value)).map(chip));
      for (const option of add.options) option.disabled = chosen.includes(option.value);
      add.value = "";
    };
    add.addEventListener("change", () => { if (add.value) choose([...chosen, add.value]); });
    return {
      node, target: add,
      read: () => ({ type: element.type, [key]: choices.filter(([, value]) => chosen.includes(value)).map(([, , sent]) => sent) }),
      write: (state) => choose((state[key] ?? []).map(comparable)),
    };
  };
}

const optionsIn = (answer) => [...(answer.options ?? []), ...(answer.option_groups ?? []).flatMap((group) => group.options)];

/** A text field under which the app's options for what was typed appear. `pick` takes the option that is chosen. */
function asking(element, block, host, pick) {
  const least = element.min_query_length ?? MIN_QUERY_LENGTH;
  const id = `${host.prefix}-${block.block_id}-${element.action_id}-options`;
  const list = h("ul", { class: "menu offers", role: "listbox", id, popover: "manual" });
  const hint = element.placeholder ? label(element.placeholder) : "Type to search…";
  const input = h("input", {
    class: "field", type: "text", role: "combobox", autocomplete: "off", placeholder: hint, "aria-label": hint,
    "aria-controls": id, "aria-expanded": "false", "aria-autocomplete": "list",
  });
  const node = h("div", { class: "asking" }, input, list);
  const show = (rows) => {
    list.replaceChildren(...rows);
    list.togglePopover(rows.length > 0);
    input.setAttribute("aria-expanded", String(rows.length > 0));
    const at = input.getBoundingClientRect();
    Object.assign(list.style, { left: `${at.left}px`, top: `${at.bottom + 4}px`, width: `${at.width}px` });
  };
  const say = (text) => show([h("li", { class: "menu-item quietly" }, text)]);
  const choose = (option) => { show([]); pick(option); node.dispatchEvent(new Event("change", { bubbles: true })); };
  const ask = async () => {
    const text = input.value;
    if ([...text].length < least) return text ? say(`Type at least ${least} characters`) : show([]);
    const answer = await host.suggest(block, element, text);
    if (input.value !== text || document.activeElement !== input) return; // an answer to what is no longer asked
    const found = optionsIn(answer);
    if (!answer.ok) say(answer.error);
    else if (!found.length) say("Nothing found");
    else show(found.map((option) => h("li", { class: "menu-item", role: "option", tabindex: "-1", onclick: () => choose(option) }, inWords(option))));
  };
  const later = rested(ask, TYPING_MS);
  input.addEventListener("input", (event) => { event.stopPropagation(); later(); });
  input.addEventListener("change", (event) => event.stopPropagation()); // typing chooses nothing
  input.addEventListener("focus", later);
  node.addEventListener("focusout", ({ relatedTarget }) => { if (!node.contains(relatedTarget)) show([]); });
  node.addEventListener("keydown", (event) => walk(event, input, list, () => show([])));
  return { node, input };
}

/** Arrows go from the field into its list and along it, Enter chooses, Escape leaves. */
function walk(event, input, list, leave) {
  const rows = [...list.querySelectorAll("[role=option]")];
  const at = rows.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && rows.length) (rows[at + step] ?? (step > 0 ? rows[0] : input)).focus();
  else if (event.key === "Enter") (at >= 0 ? rows[at] : rows[0])?.click();
  else if (event.key === "Escape" && list.matches(":popover-open")) { leave(); input.focus(); }
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function external(element, block, host) {
  let chosen = null;
  const show = (option) => { chosen = option; input.value = option ? inWords(option) : ""; };
  const { node, input } = asking(element, block, host, show);
  input.addEventListener("input", () => { chosen = null; });
  return {
    node, target: input,
    read: () => ({ type: element.type, selected_option: chosen }),
    write: (state) => show(state.selected_option),
  };
}

function externalMany(element, block, host) {
  let chosen = [];
  const chips = h("ul", { class: "chips" });
  const show = (options) => {
    chosen = options.slice(0, element.max_selected_items ?? options.length);
    chips.replaceChildren(...chosen.map((option) => h("li", {}, inWords(option),
      h("button", { "aria-label": `Remove ${inWords(option)}`, onclick: () => remove(option) }, icon("close")))));
    input.value = "";
  };
  const remove = (option) => {
    show(chosen.filter((it) => it.value !== option.value));
    node.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const { node: field, input } = asking(element, block, host, (option) => show([...chosen.filter((it) => it.value !== option.value), option]));
  const node = h("div", { class: "multi" }, chips, field);
  return {
    node, target: input,
    read: () => ({ type: element.type, selected_options: chosen }),
    write: (state) => show(state.selected_options ?? []),
  };
}

/** The builder of each type of menu. */
export const SELECTS = {
  static_select: single("option"),
  external_select: external,
  users_select: single("user"),
  channels_select: single("channel"),
  conversations_select: single("conversation"),
  multi_static_select: multiple("option"),
  multi_external_select: externalMany,
  multi_users_select: multiple("user"),
  multi_channels_select: multiple("channel"),
  multi_conversations_select: multiple("conversation"),
};
