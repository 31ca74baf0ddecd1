// Standard Markdown, which a markdown block holds, as DOM nodes: headings, lists, quotes, code, rules, tables and the inline marks.
// What is not markup stays text.

import { h } from "./dom.js";
import { emojify } from "./emoji.js";
import { link } from "./mrkdwn.js";

const INLINE = new RegExp([
  "`([^`\\n]+)`", "\\[([^\\]\\n]+)\\]\\(([^)\\s]+)\\)", "\\*\\*(\\S(?:[^\\n]*?\\S)?)\\*\\*", "~~(\\S(?:[^\\n]*?\\S)?)~~",
  "(?<![\\p{L}\\p{N}*])[*_](\\S(?:[^\\n]*?\\S)?)[*_](?![\\p{L}\\p{N}*])",
].join("|"), "gu");

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, words, target, bold, gone, soft] = match;
    nodes.push(emojify(text.slice(end, match.index)));
    if (code !== undefined) nodes.push(h("code", {}, code));
    else if (target !== undefined) nodes.push(link(target, words));
    else nodes.push(h(bold !== undefined ? "strong" : gone !== undefined ? "s" : "em", {}, inline(bold ?? gone ?? soft)));
    end = match.index + whole.length;
  }
  return [...nodes, emojify(text.slice(end))].filter((node) => node !== "");
}

const cells = (line) => line.replace(/^\s*\||\|\s*$/g, "").split("|").map((cell) => cell.trim());
const grid = (lines) => {
  const [head, , ...rows] = lines.map(cells);
  return h("div", { class: "scrolls" }, h("table", {},
    h("thead", {}, h("tr", {}, head.map((cell) => h("th", {}, inline(cell))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, inline(cell))))))));
};
const stripped = (lines, mark) => lines.map((line) => line.replace(mark, ""));

// How a run of lines begins, and what becomes of it. The first that fits counts; all others are paragraphs.
const RUNS = [
  [/^\s*[-*+] /, (lines, mark) => h("ul", {}, stripped(lines, mark).map((line) => h("li", {}, inline(line))))],
  [/^\s*\d+[.)] /, (lines, mark) => h("ol", {}, stripped(lines, mark).map((line) => h("li", {}, inline(line))))],
  [/^> ?/, (lines, mark) => h("blockquote", {}, inline(stripped(lines, mark).join("\n")))],
  [/^\s*\|/, (lines) => (lines.length > 1 ? grid(lines) : h("p", {}, inline(lines[0])))],
];

function paragraphs(text) {
  const nodes = [];
  let run = null;
  const close = () => { if (run) nodes.push(run.draw(run.lines, run.mark)); run = null; };
  for (const line of text.split("\n")) {
    const heading = /^(#{1,6}) +(.*)$/.exec(line);
    const [mark, draw] = RUNS.find(([start]) => start.test(line)) ?? [null, (lines) => h("p", {}, inline(lines.join("\n")))];
    if (heading || !line.trim() || /^(-{3,}|\*{3,})$/.test(line)) {
      close();
      if (heading) nodes.push(h(heading[1].length > 2 ? "h5" : "h4", {}, inline(heading[2])));
      else if (line.trim()) nodes.push(h("hr"));
    } else if (run && run.mark === mark) run.lines.push(line);
    else { close(); run = { mark, draw, lines: [line] }; }
  }
  close();
  return nodes;
}

/** A Markdown text: code fences first, since nothing inside them is markup. */
export const markdown = (text) => text.split(/```\w*\n?([\s\S]+?)\n?```\n?/)
  .flatMap((part, index) => (index % 2 ? [h("pre", {}, part)] : paragraphs(part)));
