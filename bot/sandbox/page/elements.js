// Block Kit's interactive elements. A stateful one is {node, target, read, write}: `read` gives, and `write` takes, its value as
// Slack keeps it in state.values; `target` is what a label belongs to. A button only dispatches.

import { confirmed, h, icon, openMenu, rested } from "./dom.js";
import { FIELDS } from "./fields.js";
import { drawText, follow, label } from "./mrkdwn.js";
import { SELECTS } from "./selects.js";
import { session } from "./session.js";

const TYPING_MS = 300; // how long typing must rest before the app is told
const keyOf = (element) => `${element.action_id}|${element.value ?? ""}`;

/** Whether the element's confirm dialog, if it has one, was agreed to. */
async function agreed({ confirm }) {
  if (!confirm) return true;
  const [title, yes, no] = [confirm.title, confirm.confirm, confirm.deny].map(label);
  return confirmed({ title, text: drawText(confirm.text), confirm: yes, deny: no, style: confirm.style });
}

/**
 * One element, ready to be placed. `host` is where it stands: {prefix, fields, dispatch, suggest}. Stateful elements enter
 * `fields`; dispatch(block, element, selected, node) tells the app of a press or a choice; suggest(block, element, text)
 * asks it what an external select offers.
 */
export function drawElement(block, element, host) {
  if (element.type === "image") return picture(element);
  const build = BUILDERS[element.type];
  if (!build) return h("span", { class: "unsupported" }, `(${element.type} is not shown in the sandbox)`);
  const control = build(element, block, host);
  if (control instanceof Node) return control;
  control.target.dataset.key = keyOf(element);
  control.target.id ||= `${host.prefix}-${block.block_id}-${element.action_id}`;
  control.target.toggleAttribute("autofocus", Boolean(element.focus_on_load));
  control.write(initial(element, control.read()));
  if (block.type !== "input" || block.dispatch_action) dispatching(control, element, block, host);
  host.fields.set(`${block.block_id} ${element.action_id}`, { block, element, control });
  return control.node;
}

/**
 * A picture of this workspace, if its person may read the file. One from elsewhere would be a request to the world, so only
 * its words are shown.
 */
export function picture({ slack_file: file, alt_text: words }) {
  const [id] = /\bF[0-9A-Z]{8,}\b/.exec(file?.id ?? file?.url ?? "") ?? [];
  const instead = h("span", { class: "picture-words" }, words);
  if (!id) return instead;
  return h("img", { src: `/page/files/${id}?user=${session.state.me}`, alt: words, onerror: (event) => event.target.replaceWith(instead) });
}

/** The state an element starts with: its own empty state, with what its initial_… fields say. */
function initial(element, empty) {
  const [key] = Object.keys(empty).filter((name) => name !== "type");
  const here = element.default_to_current_conversation && session.state.channel?.id;
  const first = here ? (key.endsWith("s") ? [here] : here) : element[`initial_${key.replace(/^selected_|^rich_text_/, "")}`];
  return { ...empty, [key]: first ?? empty[key] };
}

/** Tell the app of every choice, and of a text as its dispatch_action_config says. A refused confirm restores what was chosen before. */
function dispatching(control, element, block, host) {
  let before = control.read();
  const tell = async () => {
    if (!(await agreed(element))) return control.write(before);
    before = control.read();
    host.dispatch(block, element, before, control.target);
  };
  if (!("value" in before || "rich_text_value" in before)) return control.node.addEventListener("change", tell);
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (on.includes("on_character_entered")) control.node.addEventListener("input", rested(tell, TYPING_MS));
  if (on.includes("on_enter_pressed")) control.node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
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

/** A button of a context_actions block: small, with its words beside it or, for icons, in place of a picture Slack has. */
function iconButton(element, block, host) {
  const mine = element.visible_to_user_ids?.includes(session.state.me) ?? true;
  return mine ? button({ ...element, style: "small" }, block, host) : h("span", { hidden: true });
}

function feedbackButtons(element, block, host) {
  const draw = (one, mark) => h("button", {
    class: "button small", "aria-label": one.accessibility_label, "data-key": `${element.action_id}|${one.value}`,
    onclick: (event) => host.dispatch(block, element, one.value, event.currentTarget),
  }, mark, drawText(one.text));
  return h("span", { class: "feedback" }, draw(element.positive_button, "👍 "), draw(element.negative_button, "👎 "));
}

/** Workflows live in Slack; the sandbox shows that there is one. */
const workflowButton = (element) => h("button", {
  class: `button ${element.style ?? ""}`, disabled: true, title: "Workflows do not run in the sandbox", "aria-label": element.accessibility_label,
}, drawText(element.text));

const BUILDERS = {
  button, overflow,
  icon_button: iconButton, feedback_buttons: feedbackButtons, workflow_button: workflowButton,
  ...FIELDS, ...SELECTS,
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
