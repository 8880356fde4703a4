// Zoom and pan: the size of the world on its stage, and what of it is seen.

import { calm, h, icon } from "../draw/dom.js";

const [SMALLEST, LARGEST] = [0.1, 2];

/** The zoom at which a world of this size (px, at 1) is seen whole on a stage, never larger than at `full` size. */
export const fitting = ([width, height], [across, down], full = 1) => Math.min(full, Math.max(SMALLEST * full, Math.min(across / width, down / height)));

/** The buttons of the bar, and the one that says the size. */
export function makeZoom(view) {
  const button = (label, sign, act) => h("button", { class: "tool", "aria-label": label, title: label, onclick: act }, sign);
  view.percent = button("Back to full size (0)", "100 %", () => view.zoomBy(0));
  const [less, more] = [button("Zoom out (-)", icon("remove"), () => view.zoomBy(1 / 1.25)), button("Zoom in (+)", icon("add"), () => view.zoomBy(1.25))];
  return h("div", { class: "zoom" }, less, view.percent, more, button("Fit the whole network (F)", icon("fit_screen"), () => view.fit()));
}

/** Zoom about a point of the window, else the middle of the view; 0 goes back to the size of the text. */
export function zoomBy(view, factor, at) {
  const before = view.world.zoom;
  const zoom = view.full * (factor === 0 ? 1 : Math.min(LARGEST, Math.max(SMALLEST, (before / view.full) * factor)));
  const { left, top } = view.stage.getBoundingClientRect();
  const held = at ? [at[0] - left, at[1] - top] : [view.stage.clientWidth / 2, view.stage.clientHeight / 2];
  const [x, y] = [view.stage.scrollLeft + held[0], view.stage.scrollTop + held[1]];
  zoomTo(view, zoom);
  view.stage.scrollTo((x * zoom) / before - held[0], (y * zoom) / before - held[1]);
  const chosen = view.world.cards.get(view.world.chosen)?.card;
  if (factor === 0 && chosen) reveal(view, chosen);
}

/** The whole network at once: the cards' width follows the zoom, so that it is looked for twice. */
export function fit(view) {
  const { stage, world } = view;
  const room = [stage.clientWidth - 8, floor(view) - stage.getBoundingClientRect().top - 16];
  zoomTo(view, fitting([world.width, world.height], room, view.full));
  zoomTo(view, fitting([world.width, world.height], room, view.full));
  stage.scrollTo({ top: 0, left: (world.width * world.zoom - stage.clientWidth) / 2, behavior: "instant" });
}

function zoomTo(view, zoom) {
  view.world.zoom = zoom;
  view.percent.textContent = `${Math.round((100 * zoom) / view.full)} %`;
  view.redraw();
}

/** Where the stage ends below: the bar lies over it. */
const floor = (view) => Math.min(view.stage.getBoundingClientRect().bottom, view.bar.element.getBoundingClientRect().top);

/** Scroll until a card is seen, clear of the bar. */
export function reveal(view, card) {
  const [seen, box, room] = [view.stage.getBoundingClientRect(), card.getBoundingClientRect(), 24];
  const top = box.top < seen.top + room ? box.top - seen.top - room : Math.max(0, box.bottom - floor(view) + room);
  const left = box.left < seen.left ? box.left - seen.left - room : Math.max(0, Math.min(box.right - seen.right + room, box.left - seen.left));
  if (top || left) view.stage.scrollBy({ top, left, behavior: calm() || Math.abs(top) > 2000 ? "instant" : "smooth" });
}
