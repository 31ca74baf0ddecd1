// The box one writes in: Enter sends, Shift+Enter breaks the line; commands, people and channels complete as one types. A
// shortcut offered beside the commands runs at once.

import { h, icon } from "./dom.js";
import { nameOf, session } from "./session.js";

const MOST = 8; // suggestions shown at once

/**
 * A composer. `send(text)` resolves to whether it was taken; `commands()` are those that work here, `shortcuts()` what may be
 * started from here: {name, description, run}. `place` in `show` keeps each conversation's unsent draft apart.
 */
export function composer({ name, send, footer, commands = () => [], shortcuts = () => [] }) {
  const box = h("textarea", { rows: "1", id: `${name}-box`, "aria-autocomplete": "list", "aria-controls": `${name}-suggestions` });
  const list = h("ul", { class: "suggestions", role: "listbox", id: `${name}-suggestions`, "aria-label": "Suggestions", hidden: true });
  const button = h("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send"));
  const usage = h("p", { class: "usage", hidden: true });
  const node = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); submit(); } },
    list, usage, h("div", { class: "writing" }, box, button), footer);
  const drafts = new Map();
  let place = null;
  let offered = [];
  let chosen = 0;

  async function submit() {
    const [text, from] = [box.value.trim(), place];
    if (!text) return;
    fill("");
    if (await send(text)) return;
    if (place === from && !box.value) fill(text); // nothing typed is lost
  }

  function fill(text) {
    box.value = text;
    changed();
  }

  function changed() {
    box.style.height = ""; // one row, so that scrollHeight is what the text needs
    if (box.value) box.style.height = `${box.scrollHeight}px`;
    offered = suggestions(box.value, box.selectionStart, commands(), shortcuts());
    chosen = 0;
    const command = commands().find((it) => box.value.startsWith(`${it.command} `));
    usage.textContent = command ? `${command.command} ${command.usage_hint ?? ""}` : "";
    usage.hidden = !command?.usage_hint || offered.length > 0;
    drawSuggestions();
  }

  function drawSuggestions() {
    list.hidden = !offered.length;
    list.replaceChildren(...offered.map((it, index) => h("li", {
      role: "option", id: `${name}-option-${index}`, "aria-selected": String(index === chosen),
      onpointerdown: (event) => { event.preventDefault(); take(it); }, // before the box would lose the focus
    }, h("strong", {}, it.label), it.note && h("small", {}, it.note))));
    if (offered.length) box.setAttribute("aria-activedescendant", `${name}-option-${chosen}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function take({ text, from, run }) {
    if (run) { fill(""); run(); return; }
    const rest = box.value.slice(box.selectionStart);
    box.value = `${box.value.slice(0, from)}${text} ${rest.trimStart()}`;
    box.selectionStart = box.selectionEnd = from + text.length + 1;
    changed();
    box.focus();
  }

  box.addEventListener("input", changed);
  box.addEventListener("blur", () => { list.hidden = true; });
  box.addEventListener("focus", drawSuggestions);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || !onKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  });

  /** Whether the key was ours. A finished word is sent by Enter, an unfinished one completed. */
  function onKey({ key, shiftKey }) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (offered.length && step) { chosen = (chosen + step + offered.length) % offered.length; drawSuggestions(); return true; }
    if (offered.length && key === "Escape") { offered = []; drawSuggestions(); return true; }
    const unfinished = offered.length && !offered.some((it) => it.text === box.value.slice(it.from, box.selectionStart));
    if (offered.length && (key === "Tab" || (key === "Enter" && unfinished))) { take(offered[chosen]); return true; }
    if (key === "Enter" && !shiftKey) { submit(); return true; }
    return false;
  }

  return {
    node,
    focus: () => box.focus(),
    /** Begin a text for the person, e.g. a command they were hinted at. */
    begin(text) { fill(text); box.focus(); },
    /** Turn to another conversation; whether it is another one. */
    show(next, placeholder) {
      box.placeholder = placeholder;
      box.setAttribute("aria-label", placeholder);
      if (next === place) return false;
      drafts.set(place, box.value);
      place = next;
      fill(drafts.get(place) ?? "");
      return true;
    },
  };
}

/** What could complete the word before the caret: a command or shortcut at the very beginning, a person after @, a channel after #. */
function suggestions(text, caret, commands, shortcuts) {
  const before = text.slice(0, caret);
  const [, sign, word] = /(?:^|\s)([@#])([\w.-]*)$/.exec(before) ?? [];
  const from = sign ? caret - word.length - 1 : 0;
  const { users, usergroups = [], channels } = session.state;
  const named = [...users, ...usergroups.map(({ handle, name }) => ({ name: handle, real_name: name }))];
  const fits = (...names) => names.some((it) => it?.toLowerCase().split(/\s/).some((part) => part.startsWith(word.toLowerCase())));
  if (sign === "@") {
    return named.filter((it) => fits(it.name, it.real_name)).slice(0, MOST)
      .map((it) => ({ from, text: `@${it.name}`, label: nameOf(it), note: `@${it.name}` }));
  }
  if (sign === "#") {
    return channels.filter((it) => !it.is_im && fits(it.name)).slice(0, MOST).map(({ name }) => ({ from, text: `#${name}`, label: `#${name}` }));
  }
  if (!/^\/\S*$/.test(before)) return [];
  const typed = before.slice(1).toLowerCase();
  return [
    ...commands.filter((it) => it.command.startsWith(before))
      .map((it) => ({ from, text: it.command, label: `${it.command} ${it.usage_hint ?? ""}`, note: it.description })),
    ...shortcuts.filter((it) => it.name.toLowerCase().split(/\s/).some((part) => part.startsWith(typed)))
      .map((it) => ({ label: it.name, note: it.description, run: it.run })),
  ];
}
