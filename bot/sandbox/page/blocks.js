// Block Kit's blocks as DOM nodes; the same for messages and forms. What the sandbox does not draw it says, never hides.

import { h } from "./dom.js";
import { drawElement, picture } from "./elements.js";
import { drawText, richText } from "./mrkdwn.js";
import { NEWER } from "./newer.js";

/** All blocks of a message or view. `host` is where they stand (see elements.js). */
export function drawBlocks(blocks, host) {
  return blocks.map((block) => (DRAW[block.type] ?? unsupported)(block, host, drawBlocks));
}

const DRAW = {
  header: (block) => h("h3", { class: "block header" }, drawText(block.text)),
  divider: () => h("hr", { class: "block" }),
  section,
  context: (block) => h("div", { class: "block context" },
    block.elements.map((it) => (it.type === "image" ? picture(it) : h("span", { class: "text" }, drawText(it))))),
  actions: (block, host) => h("div", { class: "block actions" }, block.elements.map((element) => drawElement(block, element, host))),
  image: (block) => h("figure", { class: "block" }, block.title && h("figcaption", {}, drawText(block.title)), picture(block)),
  rich_text: (block) => h("div", { class: "block text rich" }, richText(block.elements)),
  input,
  ...NEWER,
};

const unsupported = (block) => h("div", { class: "block unsupported" }, `(A ${block.type} block is not shown in the sandbox.)`);

function section(block, host) {
  const id = `${host.prefix}-${block.block_id}-text`;
  const text = block.text && h("div", { class: "text", id }, drawText(block.text));
  const fields = block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "text" }, drawText(field))));
  const accessory = block.accessory && drawElement(block, block.accessory, host);
  // A select beside a text is named by it; a button has a name of its own.
  if (text && accessory && !accessory.matches("button, img, .unsupported, .picture-words")) {
    host.fields.get(`${block.block_id} ${block.accessory.action_id}`).control.target.setAttribute("aria-labelledby", id);
  }
  return h("div", { class: `block section ${accessory ? "with-accessory" : ""}` }, h("div", { class: "main" }, text, fields), accessory);
}

/** A field of a form with its label, hint and place for an error; a group of boxes is named by the label, not labelled by `for`. */
function input(block, host) {
  const node = drawElement(block, block.element, host);
  const target = host.fields.get(`${block.block_id} ${block.element.action_id}`)?.control.target ?? node;
  const grouped = target.matches(".boxes");
  const ids = { label: `${target.id}-label`, hint: `${target.id}-hint`, error: `${target.id}-error` };
  target.removeAttribute("aria-label"); // the label below names it
  if (grouped) target.setAttribute("aria-labelledby", ids.label);
  target.setAttribute("aria-describedby", `${ids.hint} ${ids.error}`);
  return h("div", { class: "block input", "data-block": block.block_id },
    h(grouped ? "div" : "label", { class: "label", id: ids.label, for: grouped ? null : target.id },
      drawText(block.label), block.optional && h("span", { class: "optional" }, " (optional)")),
    node,
    block.hint && h("p", { class: "hint", id: ids.hint }, drawText(block.hint)),
    h("p", { class: "error", id: ids.error, hidden: true }));
}
