// The app's Home tab: a view without a window. Shows what the app published for this person and tells it of presses.

import { h, redraw } from "./dom.js";
import { drawBlocks } from "./blocks.js";
import { act, appUser, HOME, nameOf, route, suggest } from "./session.js";

export const home = h("section", { class: "home", "aria-label": "Home", hidden: true });
let told = null; // the person of whose visit the app has heard

/** Show the Home tab while it is the place in front. */
export function showHome({ me, home: published }) {
  home.hidden = route().channel !== HOME;
  if (home.hidden) { told = null; return; }
  if (told !== me) { told = me; act("home", {}); }
  redraw(home, [me, published?.id, published?.view.hash, published?.error], () => (published ? draw(published) : nothing()));
}

const nothing = () => h("p", { class: "quietly" },
  `${nameOf(appUser())} has nothing to show you here yet. Its messages come to the channels on the left.`);

function draw({ id, view, error }) {
  const host = {
    prefix: "home",
    fields: new Map(),
    suggest: (block, element, text) => suggest({ view_id: id }, block, element, text),
    dispatch: (block, element, selected) => act("press", { view_id: id, block_id: block.block_id, action_id: element.action_id, selected }),
  };
  return [error && h("p", { class: "error summary", role: "alert" }, error), ...drawBlocks(view.blocks, host)];
}
