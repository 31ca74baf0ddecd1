// Block Kit's interactive elements. A stateful one is {node, target, read, write}: `read` gives, and `write` takes, its value as
// Slack keeps it in state.values; `target` is what a label belongs to. A button only dispatches.

import { confirmed, h, icon, openMenu } from "./dom.js";
import { drawText, follow, plain } from "./mrkdwn.js";
import { nameOf, session } from "./session.js";
import { fromLocal, toLocal } from "./time.js";

const label = (object) => plain(drawText(object));
/** An option where only plain text has room: what it is called, and what it means. */
const inWords = ({ text, description }) => [text, description].filter(Boolean).map(label).join(": ");
const keyOf = (element) => `${element.action_id}|${element.value ?? ""}`;

/** Whether the element's confirm dialog, if it has one, was agreed to. */
async function agreed({ confirm }) {
  if (!confirm) return true;
  const [title, yes, no] = [confirm.title, confirm.confirm, confirm.deny].map(label);
  return confirmed({ title, text: drawText(confirm.text), confirm: yes, deny: no, style: confirm.style });
}

/**
 * One element, ready to be placed. `host` is where it stands: {prefix, fields, dispatch}. Stateful elements enter `fields`;
 * dispatch(block, element, selected, node) tells the app of a press or a choice.
 */
export function drawElement(block, element, host) {
  if (element.type === "image") return picture(element);
  const build = BUILDERS[element.type];
  if (!build) return h("span", { class: "unsupported" }, `(${element.type} is not shown in the sandbox)`);
  const control = build(element, block, host);
  if (control instanceof Node) return control;
  control.target.dataset.key = keyOf(element);
  control.target.id ||= `${host.prefix}-${block.block_id}-${element.action_id}`;
  control.write(initial(element, control.read()));
  if (block.type !== "input" || block.dispatch_action) dispatching(control, element, block, host);
  host.fields.set(`${block.block_id} ${element.action_id}`, { block, element, control });
  return control.node;
}

/** A picture of this workspace; one from elsewhere would be a request to the world, so only its words are shown. */
export function picture(image) {
  const address = image.image_url ?? image.slack_file?.url;
  const local = address && ["127.0.0.1", "localhost", location.hostname].includes(new URL(address, location.href).hostname);
  return local ? h("img", { src: address, alt: image.alt_text }) : h("span", { class: "unsupported" }, image.alt_text);
}

/** The state an element starts with: its own empty state, with what its initial_… fields say. */
function initial(element, empty) {
  const [key] = Object.keys(empty).filter((name) => name !== "type");
  return { ...empty, [key]: element[`initial_${key.replace("selected_", "")}`] ?? empty[key] };
}

/** Tell the app of every choice; a text only when Enter is pressed in it. A refused confirm restores what was chosen before. */
function dispatching(control, element, block, host) {
  let before = control.read();
  const tell = async () => {
    if (!(await agreed(element))) return control.write(before);
    before = control.read();
    host.dispatch(block, element, before, control.target);
  };
  const typed = "value" in before;
  control.node.addEventListener(typed ? "keydown" : "change", (event) => {
    if (typed && (event.key !== "Enter" || event.shiftKey)) return;
    if (typed) event.preventDefault();
    tell();
  });
}

function button(element, block, host) {
  const node = h("button", {
    class: `button ${element.style ?? ""}`, "data-key": keyOf(element), "aria-label": element.accessibility_label,
    onclick: async () => {
      if (node.hasAttribute("aria-busy") || !(await agreed(element))) return;
      if (element.url) follow(element.url);
      host.dispatch(block, element, undefined, node);
    },
  }, drawText(element.text));
  return node;
}

function overflow(element, block, host) {
  const choose = async (option) => {
    if (!(await agreed(element))) return;
    if (option.url) follow(option.url);
    host.dispatch(block, element, option.value, node);
  };
  const items = element.options.map((option) => ({ label: label(option.text), run: () => choose(option) }));
  const node = h("button", {
    class: "button icon-only", "aria-label": "More actions", "aria-haspopup": "menu", "data-key": keyOf(element),
    onclick: () => openMenu(node, "More actions", items),
  }, icon("more"));
  return node;
}

function textField(type, attributes = {}) {
  return (element) => {
    const multiline = element.multiline;
    const node = h(multiline ? "textarea" : "input", {
      class: "field", type: multiline ? null : type, rows: multiline ? "4" : null, autocomplete: "off",
      placeholder: element.placeholder && label(element.placeholder), autofocus: element.focus_on_load, ...attributes,
    });
    return {
      node, target: node,
      read: () => ({ type: element.type, value: node.value || null }),
      write: ({ value }) => { node.value = value ?? ""; },
    };
  };
}

function momentField(type, key, fromInput = (text) => text, toInput = (value) => value) {
  return (element) => {
    const node = h("input", { class: "field moment", type, "aria-label": element.placeholder && label(element.placeholder) });
    return {
      node, target: node,
      read: () => ({ type: element.type, [key]: node.value ? fromInput(node.value) : null }),
      write: (state) => { node.value = state[key] ? toInput(state[key]) : ""; },
    };
  };
}

// What a select offers: [text, value to compare by, value to send, group].
const offers = {
  option: (element) => (element.option_groups ?? [{ options: element.options ?? [] }])
    .flatMap((group) => group.options.map((option) => [inWords(option), option.value, option, group.label && label(group.label)])),
  user: () => session.people().map((user) => [nameOf(user), user.id, user.id]),
  channel: () => session.state.channels.map((channel) => [`#${channel.name}`, channel.id, channel.id]),
};
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

/** Radio buttons (one) or checkboxes (any number), in a group that the block's label names. */
function boxes(type, key) {
  return (element, block, host) => {
    const name = `${host.prefix}-${block.block_id}-${element.action_id}-group`;
    const inputs = element.options.map((option) => h("input", { type, name, value: option.value }));
    const many = type === "checkbox";
    const draw = (option, index) => h("label", {}, inputs[index],
      h("span", {}, drawText(option.text), option.description && h("small", {}, drawText(option.description))));
    const node = h("div", { class: "boxes", role: many ? "group" : "radiogroup", tabindex: "-1" }, element.options.map(draw));
    return {
      node, target: node,
      read: () => {
        const chosen = element.options.filter((_, index) => inputs[index].checked);
        return { type: element.type, [key]: many ? chosen : chosen[0] ?? null };
      },
      write: (state) => {
        const values = [state[key]].flat().map(comparable);
        inputs.forEach((input) => { input.checked = values.includes(input.value); });
      },
    };
  };
}

const BUILDERS = {
  button,
  overflow,
  plain_text_input: textField("text"),
  email_text_input: textField("email"),
  url_text_input: textField("url"),
  number_input: textField("number", { step: "any" }),
  datepicker: momentField("date", "selected_date"),
  timepicker: momentField("time", "selected_time"),
  datetimepicker: momentField("datetime-local", "selected_date_time", fromLocal, toLocal),
  static_select: single("option"),
  users_select: single("user"),
  channels_select: single("channel"),
  conversations_select: single("channel", "selected_conversation"),
  multi_static_select: multiple("option"),
  multi_users_select: multiple("user"),
  multi_channels_select: multiple("channel"),
  multi_conversations_select: multiple("channel", "selected_conversations"),
  radio_buttons: boxes("radio", "selected_option"),
  checkboxes: boxes("checkbox", "selected_options"),
};

const isEmpty = (state) => Object.entries(state).every(([key, value]) => key === "type" || value === null || value?.length === 0);

/** What is wrong with a field before it is sent, as Slack's client checks it; null when nothing is. */
export function problemOf({ block, element, control }) {
  const state = control.read();
  if (block.type === "input" && !block.optional && isEmpty(state)) return "Complete this required field";
  const length = [...(state.value ?? "")].length; // code points, as Slack counts
  if (length && length < (element.min_length ?? 0)) return `Write at least ${element.min_length} characters`;
  const surplus = length - (element.max_length ?? Infinity);
  if (surplus > 0) return `Shorten this by ${surplus} ${surplus === 1 ? "character" : "characters"} (at most ${element.max_length})`;
  return control.target.validationMessage || null;
}
