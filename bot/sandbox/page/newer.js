// The blocks that Slack has added of late, for messages: tables, charts, cards, alerts, tasks, containers, videos.

import { h } from "./dom.js";
import { drawElement, picture } from "./elements.js";
import { markdown } from "./markdown.js";
import { drawText, label, link, richText } from "./mrkdwn.js";

const ALERTS = { default: "ℹ️", info: "ℹ️", warning: "⚠️", error: "⛔", success: "✅" };
const STATUSES = { pending: "○", in_progress: "◐", complete: "●", error: "✕" };

const cell = (it) => (it.type === "rich_text" ? richText(it.elements) : it.text ?? String(it.value));
const alignOf = (settings, column, it) => settings?.[column]?.align ?? (it.type === "raw_number" ? "right" : "left");

/** Rows of cells, the first of them the heading. */
function table({ rows: [head, ...rows], column_settings: settings, caption }) {
  const draw = (tag) => (it, column) => h(tag, { class: alignOf(settings, column, it) }, cell(it));
  return h("div", { class: "block scrolls" }, h("table", {}, caption && h("caption", {}, caption),
    h("thead", {}, h("tr", {}, head.map(draw("th")))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map(draw("td")))))));
}

const bar = (name, value, most) => h("tr", {}, h("th", { scope: "row" }, name),
  h("td", {}, h("meter", { min: "0", max: String(most), value: Math.max(0, value) }, ""), h("span", {}, String(value))));

/** A chart as bars with their numbers: what it says, if not how Slack would draw it. */
function chart({ title, chart: { segments, series } }) {
  const groups = segments ? [{ data: segments }] : series;
  const most = Math.max(1e-9, ...groups.flatMap((group) => group.data.map((point) => point.value)));
  return h("div", { class: "block scrolls" }, h("table", { class: "chart" }, h("caption", {}, title), groups.map((group) => h("tbody", {},
    group.name && groups.length > 1 && h("tr", {}, h("th", { colspan: "2", scope: "rowgroup" }, group.name)),
    group.data.map((point) => bar(point.label, point.value, most))))));
}

const words = (object, style) => object && h("div", { class: `text ${style}` }, drawText(object));

function card(block, host) {
  return h("div", { class: "block card" },
    block.hero_image && picture(block.hero_image),
    h("div", { class: "titled" }, block.icon && picture(block.icon), h("div", {}, words(block.title, "strong"), words(block.subtitle, "subtle"))),
    words(block.body, ""), words(block.subtext, "subtle"),
    block.actions && h("div", { class: "actions" }, block.actions.map((element) => drawElement(block, element, host))));
}

function task({ title, details, output, sources, status = "pending" }) {
  return h("div", { class: "block task" },
    h("div", {}, h("span", { "aria-label": status.replaceAll("_", " "), role: "img" }, STATUSES[status]), ` ${title}`),
    [details, output].map((part) => part && h("div", { class: "text subtle" }, richText(part.elements))),
    sources && h("div", { class: "subtle" }, sources.map((source) => h("span", { class: "source" }, link(source.url, source.text)))));
}

function container(block, host, drawBlocks) {
  const title = block.rich_text_title ? richText(block.rich_text_title.elements) : drawText(block.title);
  const heading = [h("div", { class: "strong" }, title), words(block.subtitle, "subtle")];
  const inside = drawBlocks(block.child_blocks, host);
  return block.is_collapsible
    ? h("details", { class: "block container", open: !block.default_collapsed }, h("summary", {}, heading), inside)
    : h("div", { class: "block container" }, h("div", {}, heading), block.has_header_divider && h("hr"), inside);
}

function video({ title, title_url: address, author_name: author, provider_name: provider, description, video_url: target }) {
  return h("div", { class: "block card" },
    h("div", { class: "strong" }, "▶ ", link(address ?? target, label(title))),
    h("div", { class: "subtle" }, [author, provider].filter(Boolean).join(" · ")),
    words(description, ""));
}

/** How each of them is drawn: (block, host, drawBlocks) → node. */
export const NEWER = {
  table, data_table: table, data_visualization: chart, card, container, video,
  markdown: (block) => h("div", { class: "block text markdown" }, markdown(block.text)),
  alert: (block) => h("div", { class: `block alert ${block.level ?? "default"}`, role: "note" },
    h("span", { "aria-hidden": "true" }, ALERTS[block.level ?? "default"]), h("div", { class: "text" }, drawText(block.text))),
  carousel: (block, host) => h("div", { class: "block carousel", tabindex: "0", role: "group", "aria-label": "Cards" },
    block.elements.map((one) => card(one, host))),
  task_card: task,
  plan: (block) => h("div", { class: "block container" }, h("div", { class: "strong" }, block.title), (block.tasks ?? []).map(task)),
  context_actions: (block, host) => h("div", { class: "block actions" }, block.elements.map((element) => drawElement(block, element, host))),
  file: (block) => h("div", { class: "block unsupported" }, `(remote file ${block.external_id})`),
  call: (block) => h("div", { class: "block unsupported" }, `(call ${block.call_id})`),
};
