// The open modal: draws the view the server has for this person, keeps what was typed, checks it as Slack's client does,
// and sends it. Which view is open is the server's to say.

import { h, icon } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { problemOf } from "./elements.js";
import { drawText, plain } from "./mrkdwn.js";
import { act, session, suggest } from "./session.js";

const dialog = document.getElementById("form");
const kept = new Map(); // view id → what was typed, while the view is open or lies under another
let shown = null; // {id, hash, host, view} of what is in the dialog
let busy = false;

const typed = (host) => [...host.fields.values()].reduce((values, { block, element, control }) => {
  (values[block.block_id] ??= {})[element.action_id] = control.read();
  return values;
}, {});

/** Show what the server says is open: {id, stack, view, errors, error}, or null for nothing. */
export function showForm(open) {
  if (shown) kept.set(shown.id, typed(shown.host));
  if (!open) return close();
  if (shown?.id !== open.id || shown.hash !== open.view.hash) draw(open);
  showErrors(open);
}

function close() {
  kept.clear();
  shown = null;
  if (dialog.open) dialog.close();
  dialog.replaceChildren();
}

/** Draw the view. What was typed stays where block_id and action_id stay, whatever initial value the new view brings. */
function draw(open) {
  const { id, view } = open;
  const held = shown?.id === id ? document.activeElement?.dataset.key : null;
  const host = {
    prefix: "form", fields: new Map(),
    dispatch: (...press) => dispatch(id, host, ...press),
    suggest: (block, element, text) => suggest({ view_id: id }, block, element, text),
  };
  const title = plain(drawText(view.title));
  const body = h("div", { class: "body" }, h("p", { class: "error summary", role: "alert", hidden: true }), drawBlocks(view.blocks, host));
  dialog.setAttribute("aria-label", title);
  dialog.replaceChildren(h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); submit(); } },
    h("header", {}, h("h2", {}, title),
      h("button", { class: "quiet", "aria-label": "Dismiss", onclick: () => dismiss(true) }, icon("close"))),
    body,
    h("footer", {},
      h("button", { class: "button", onclick: () => dismiss(false) }, view.close ? drawText(view.close) : view.submit ? "Cancel" : "Close"),
      view.submit && h("button", { type: "submit", class: "button primary" }, drawText(view.submit)))));
  restore(host, kept.get(id) ?? view.state?.values ?? {});
  shown = { id, hash: view.hash, host, view };
  if (!dialog.open) dialog.showModal();
  focusFirst(body, held);
  setBusy(busy);
}

function restore(host, values) {
  for (const { block, element, control } of host.fields.values()) {
    const before = values[block.block_id]?.[element.action_id];
    if (before?.type === element.type) control.write(before);
  }
}

function focusFirst(body, held) {
  const key = held && body.querySelector(`[data-key="${CSS.escape(held)}"]`);
  const first = body.querySelector("[autofocus]") ?? body.querySelector("input, textarea, select, .actions button");
  (key ?? first ?? dialog.querySelector("footer .primary, footer button")).focus();
  if (!key) body.scrollTop = 0;
}

let toldErrors = null;

/** The server's errors, once per answer: those the person has since begun to mend stay away. */
function showErrors({ id, view, errors, error }) {
  const signature = JSON.stringify([id, view.hash, errors, error]);
  if (signature === toldErrors) return;
  toldErrors = signature;
  mark(errors ?? {});
  const summary = dialog.querySelector(".summary");
  summary.textContent = kindly(error);
  summary.hidden = !error;
  if (error) summary.scrollIntoView({ block: "nearest" });
}

const IN_WORDS = {
  operation_timeout: "Lockstep took longer than three seconds, so it is not certain that this was recorded. "
    + "Nothing you typed is lost: please send it again.",
  dispatch_failed: "Lockstep is not connected. Nothing you typed is lost: start it, then send this again.",
};

/** Slack's two codes for an app that does not answer, in words; anything else is already a sentence. */
function kindly(error) {
  const code = Object.keys(IN_WORDS).find((it) => error?.includes(it));
  return code ? IN_WORDS[code] : error ?? "";
}

/** Put each text next to its field, take away the others, and go to the first. */
function mark(errors) {
  const wrong = [...dialog.querySelectorAll(".block.input")].filter((field) => tell(field, errors[field.dataset.block]));
  wrong[0]?.querySelector("input, textarea, select")?.focus();
  wrong[0]?.scrollIntoView({ block: "nearest" });
}

function tell(field, text) {
  const note = field.querySelector(".error");
  note.textContent = text ?? "";
  note.hidden = !text;
  field.querySelectorAll("input, textarea, select").forEach((control) => {
    if (text) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  });
  return Boolean(text);
}

async function submit() {
  if (busy || !shown) return;
  const fields = [...shown.host.fields.values()];
  const problems = fields.map((field) => [field.block.block_id, problemOf(field)]).filter(([, problem]) => problem);
  mark(Object.fromEntries(problems));
  if (problems.length) return;
  toldErrors = null; // the same errors may come again, and are then news
  setBusy(true);
  const { id } = shown;
  const answer = await act("submit", { view_id: id, values: typed(shown.host) }, { quiet: true });
  setBusy(false);
  complain(id, answer);
}

function setBusy(on) {
  busy = on;
  dialog.toggleAttribute("data-busy", on);
  dialog.querySelector("form")?.setAttribute("aria-busy", String(on));
  const send = dialog.querySelector("button[type=submit]");
  send?.setAttribute("aria-disabled", String(on)); // not `disabled`, which would drop the focus
}

/** A refusal goes above the form, unless the server has put its own words there. */
function complain(id, answer) {
  if (!answer.ok && shown?.id === id && !session.state.view?.error) showErrors({ ...shown, errors: {}, error: answer.error });
}

async function dispatch(id, host, block, element, selected, node) {
  node.setAttribute("aria-busy", "true");
  const press = { view_id: id, block_id: block.block_id, action_id: element.action_id, selected, values: typed(host) };
  complain(id, await act("press", press, { quiet: true }));
  node.removeAttribute("aria-busy");
}

/** The cross closes every view of the stack, the other button and Escape only the one on top. */
function dismiss(whole) {
  if (shown) act("close", { view_id: shown.id, whole_stack: whole });
}

dialog.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault(); // the server closes the view; the dialog follows
  dismiss(false);
});
dialog.addEventListener("cancel", (event) => event.preventDefault());
dialog.addEventListener("click", (event) => {
  if (event.target.closest('a[href^="#"]') && !shown?.view.submit) dismiss(true); // nothing in it that could be lost
});
dialog.addEventListener("input", (event) => {
  const field = event.target.closest(".block.input");
  if (field) tell(field, null);
});
