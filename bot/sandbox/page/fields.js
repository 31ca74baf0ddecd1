// Fields that are filled in: texts, numbers, dates, formatted texts, files, boxes. Each builds {node, target, read, write}, as
// elements.js explains.

import { h, icon } from "./dom.js";
import { drawText, label } from "./mrkdwn.js";
import { act } from "./session.js";
import { fromLocal, toLocal } from "./time.js";

function textField(type, attributes = () => ({})) {
  return (element) => {
    const multiline = element.multiline;
    const node = h(multiline ? "textarea" : "input", {
      class: "field", type: multiline ? null : type, rows: multiline ? "4" : null, autocomplete: "off",
      placeholder: element.placeholder && label(element.placeholder), ...attributes(element),
    });
    return {
      node, target: node,
      read: () => ({ type: element.type, value: node.value || null }),
      write: ({ value }) => { node.value = value ?? ""; },
    };
  };
}

const bounds = ({ min_value: min, max_value: max, is_decimal_allowed: decimal }) => ({ min, max, step: decimal ? "any" : "1" });

function momentField(type, key, fromInput = (text) => text, toInput = (value) => value) {
  return (element) => {
    const input = h("input", { class: "field moment", type, "aria-label": element.placeholder && label(element.placeholder) });
    const zone = element.timezone ? { timezone: element.timezone } : {};
    const node = element.timezone ? h("span", { class: "zoned" }, input, h("small", {}, element.timezone.replaceAll("_", " "))) : input;
    return {
      node, target: input,
      read: () => ({ type: element.type, [key]: input.value ? fromInput(input.value) : null, ...zone }),
      write: (state) => { input.value = state[key] ? toInput(state[key]) : ""; },
    };
  };
}

const wordsOf = (block) => (block?.elements ?? [])
  .map((part) => (part.type === "rich_text_list" ? part.elements : [part]).map((line) => line.elements.map((it) => it.text ?? it.url ?? "").join("")).join("\n"))
  .join("\n");

/** A text whose formatting the sandbox keeps while nobody types over it. */
function richText(element) {
  const node = h("textarea", { class: "field", rows: String(Math.min(element.min_lines ?? 3, 12)), placeholder: element.placeholder && label(element.placeholder) });
  let kept = null;
  const typed = (text) => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] });
  const value = () => (!node.value ? null : kept && wordsOf(kept) === node.value ? kept : typed(node.value));
  return {
    node, target: node,
    read: () => ({ type: element.type, rich_text_value: value() }),
    write: (state) => { kept = state.rich_text_value; node.value = wordsOf(kept); },
  };
}

const inBase64 = (file) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result.split(",")[1]);
  reader.onerror = reject;
  reader.readAsDataURL(file);
});

/** Files: a row for each, and a button that adds. They go to the workspace as soon as they are chosen, as in Slack. */
function files(element) {
  const most = element.max_files ?? 10;
  const accept = element.filetypes?.map((type) => `.${type}`).join(",");
  const input = h("input", { type: "file", class: "field", multiple: most > 1, accept });
  const rows = h("ul", { class: "chips" });
  const node = h("div", { class: "multi" }, rows, input);
  let chosen = [];
  const show = (list) => {
    chosen = list.slice(0, most);
    rows.replaceChildren(...chosen.map((file) => h("li", {}, file.name,
      h("button", { "aria-label": `Remove ${file.name}`, onclick: () => { show(chosen.filter((it) => it !== file)); input.focus(); } }, icon("close")))));
  };
  input.addEventListener("change", async () => {
    for (const file of [...input.files].slice(0, most - chosen.length)) {
      const { ok, file: kept } = await act("upload", { name: file.name, content: await inBase64(file) });
      if (ok) show([...chosen, kept]);
    }
    input.value = "";
  });
  return { node, target: input, read: () => ({ type: element.type, files: chosen }), write: (state) => show(state.files ?? []) };
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
        const values = [state[key]].flat().map((value) => value?.value ?? value);
        inputs.forEach((input) => { input.checked = values.includes(input.value); });
      },
    };
  };
}

/** The builder of each type of field. */
export const FIELDS = {
  plain_text_input: textField("text"),
  email_text_input: textField("email"),
  url_text_input: textField("url"),
  number_input: textField("number", bounds),
  rich_text_input: richText,
  file_input: files,
  datepicker: momentField("date", "selected_date"),
  timepicker: momentField("time", "selected_time"),
  datetimepicker: momentField("datetime-local", "selected_date_time", fromLocal, toLocal),
  radio_buttons: boxes("radio", "selected_option"),
  checkboxes: boxes("checkbox", "selected_options"),
};
