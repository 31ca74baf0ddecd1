// How nodes are made and kept. Text only ever enters as text: nothing in this page parses a string as HTML.
// Knows nothing of Slack.

const PROPERTIES = new Set(["value", "checked", "selected", "disabled", "hidden", "open"]);

/**
 * An element. `on…` props are listeners; null, undefined and false are left out, of props and of children. A button submits
 * a form only if its type says so.
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  if (tag === "button") node.type = "button";
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const ICONS = {
  hash: "M3.5 6h10M2.5 10h10M6.5 2.5l-1.5 11M11 2.5l-1.5 11",
  lock: "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  pin: "M5.5 2.5h5M6.5 2.5v4L4 9.5h8l-2.5-3v-4M8 9.5v4.5",
  thread: "M2.5 3.5h11v7h-6l-3 2.5v-2.5h-2z",
  smile: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M5.5 9.5c1.2 1.8 3.8 1.8 5 0M6 6.3v.4M10 6.3v.4",
  close: "M4 4l8 8M12 4l-8 8",
  back: "M10 3.5L5.5 8l4.5 4.5",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  chevron: "M5 6.5L8 9.5l3-3",
  person: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8M3 13.5c.3-2.6 2.3-3.8 5-3.8s4.7 1.2 5 3.8",
  home: "M2.5 7.5L8 3l5.5 4.5M4 6.5v6.5h8V6.5",
  people: "M6 8a2.3 2.3 0 1 0 0-4.6A2.3 2.3 0 0 0 6 8M1.8 13c.3-2.3 2-3.3 4.2-3.3s3.9 1 4.2 3.3M10.5 3.6a2.2 2.2 0 0 1 0 4.2M12 10c1.3.5 2 1.5 2.2 3",
  clock: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M8 4.8V8l2.2 1.5",
  send: "M2.5 13.5l11-5.5-11-5.5 1.5 5.5zM4 8h4.5",
  eye: "M1.5 8c2-3.3 4.2-4.5 6.5-4.5S12.5 4.7 14.5 8c-2 3.3-4.2 4.5-6.5 4.5S3.5 11.3 1.5 8M8 6.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4",
  down: "M8 3v10M4 9l4 4 4-4",
};

/** A line drawing in the colour of the text around it; always beside a text or a label, so hidden from readers. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const drawn = new WeakMap();

/** Draw `node`'s children anew, but only when `data` differs from last time; focus returns to the control with the same key. */
export function redraw(node, data, build) {
  const signature = JSON.stringify(data);
  if (drawn.get(node) === signature) return;
  drawn.set(node, signature);
  const held = node.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  node.replaceChildren(...[build()].flat(Infinity).filter(Boolean));
  if (held !== undefined) refocus(node, held);
}

/** Keys read "action|value": an edited card often keeps the action and changes the value it was drawn for. */
function refocus(node, held) {
  const controls = [...node.querySelectorAll("[data-key]")];
  const same = (control) => control.dataset.key.split("|")[0] === held.split("|")[0];
  (controls.find((control) => control.dataset.key === held) ?? controls.find(same))?.focus({ preventScroll: true });
}

/** Make the children of `list` show `items` ({key, data}) in order; nodes that stay are neither rebuilt nor moved. */
export function keyed(list, items, build) {
  const wanted = new Set(items.map((item) => item.key));
  for (const child of [...list.children]) if (!wanted.has(child.dataset.id)) child.remove();
  const present = new Map([...list.children].map((child) => [child.dataset.id, child]));
  let cursor = list.firstElementChild;
  for (const item of items) {
    const node = present.get(item.key) ?? h("li", { "data-id": item.key });
    redraw(node, item.data, () => build(item, node));
    if (node === cursor) cursor = cursor.nextElementSibling;
    else list.insertBefore(node, cursor);
  }
}

/** Open a menu at `button`. Items: {label, lead?, note?, href?, current?, run?}; arrows move, Escape or a click elsewhere closes. */
export function openMenu(button, name, items) {
  const draw = (item) => h(item.href ? "a" : "button", {
    role: "menuitem", class: "menu-item", tabindex: "-1", href: item.href,
    "aria-current": item.current ? "true" : null,
    onclick: () => { menu.hidePopover(); item.run?.(); },
  }, item.lead, h("span", {}, item.label, item.note && h("small", {}, item.note)));
  const menu = h("div", { role: "menu", class: "menu", popover: "auto", "aria-label": name, onkeydown: walkMenu }, items.map(draw));
  menu.addEventListener("toggle", (event) => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed") menu.remove();
  });
  (button.closest("dialog") ?? document.body).append(menu); // what is outside an open dialog is inert
  menu.showPopover();
  place(menu, button.getBoundingClientRect());
  (menu.querySelector("[aria-current]") ?? menu.firstElementChild)?.focus();
}

function place(menu, at) {
  const room = 8;
  const below = at.bottom + 4 + menu.offsetHeight < innerHeight - room;
  menu.style.left = `${Math.max(room, Math.min(at.left, innerWidth - menu.offsetWidth - room))}px`;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(room, at.top - 4 - menu.offsetHeight)}px`;
}

function walkMenu(event) {
  const items = [...event.currentTarget.children];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  else if (event.key === "Escape") event.currentTarget.hidePopover();
  else return;
  event.preventDefault();
  event.stopPropagation(); // an Escape here must not close the form behind the menu
}

/** Ask before acting, as Slack's confirm object words it. True when the person agrees. */
export function confirmed({ title, text, confirm, deny, style }) {
  return new Promise((resolve) => {
    const agree = h("button", { class: `button ${style ?? "primary"}`, onclick: () => dialog.close("yes") }, confirm);
    const refuse = h("button", { class: "button", onclick: () => dialog.close() }, deny);
    const dialog = h("dialog", { class: "confirm", "aria-label": title }, h("h2", {}, title), h("div", { class: "text" }, text),
      h("footer", {}, refuse, agree));
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
    agree.focus();
  });
}

/** A listener that runs `run` once its event has rested for `pause` milliseconds. */
export function rested(run, pause) {
  let waiting = null;
  return () => { clearTimeout(waiting); waiting = setTimeout(run, pause); };
}

/** A short message at the bottom of the page; it leaves by itself. */
export function toast(text) {
  const note = h("div", { class: "toast" }, text);
  const toasts = document.getElementById("toasts");
  toasts.append(note);
  if (toasts.matches(":popover-open")) toasts.hidePopover();
  toasts.showPopover(); // above a dialog that has opened since
  setTimeout(() => note.remove(), 6000);
}
