// Drawings in a large room and in a presentation: words, lines and numbers are as many times their usual size as the page's type.
import assert from "node:assert/strict";
import test from "node:test";

import { Curves } from "../../assets/draw/curves.js";
import { Heat } from "../../assets/draw/heat.js";
import { growth } from "../../assets/draw/theme.js";
import { inks, paper } from "./page.js";

paper();
globalThis.window = { devicePixelRatio: 2 };
const theme = await inks();
const GROW = 1.6;

const heat = () => new Heat({ name: "heat", values: Float32Array.from({ length: 12 }, (_, at) => at), rows: 3, columns: 4, scale: { low: 0, high: 11, stops: "rising" }, labels: { rows: ["a", "b", "c"] }, most: [30, 30] });

function curves() {
  const panel = new Curves({ name: "curves" });
  panel.take([{ name: "loss", values: [3, 2, 1], colour: "#000000" }], ["0", "1", "2"]);
  return panel;
}

/** How many pixels of the screen one of the drawing's own takes. */
function scaled(panel) {
  let found = 0;
  const own = panel.canvas.getContext("2d");
  panel.canvas.getContext = () => new Proxy(own, { get: (target, name) => (name === "setTransform" ? (across) => (found = across) : target[name]) });
  panel.draw(800 * GROW, { ...theme, grow: GROW });
  return found;
}

for (const [name, make] of Object.entries({ heat, curves })) {
  test(`all of a ${name} grows, and its room with it`, () => {
    const usual = make();
    usual.draw(800, theme);
    const large = make();
    assert.equal(scaled(large), 2 * GROW);
    assert.deepEqual([large.width, large.height], [usual.width, usual.height]); // in its own pixels nothing moves
    assert.equal(large.canvas.style.width, `${usual.width * GROW}px`);
    assert.equal(large.canvas.width, Math.round(usual.width * 2 * GROW));
  });

  test(`what is pointed at in a ${name} that has grown is what lies there`, () => {
    const panel = make();
    panel.draw(800 * GROW, { ...theme, grow: GROW });
    Object.assign(panel.canvas, { clientWidth: panel.width * GROW, clientHeight: panel.height * GROW });
    const place = panel.step(panel.step(null, 0, 1), 0, 1);
    const middle = [0.5, 0.5].map((share, axis) => (axis ? (panel.top ?? 0) + ((place.row ?? 0) + share) * (panel.down ?? 1) : panel.left + (place.column + (panel instanceof Heat ? share : 0)) * panel.across));
    assert.deepEqual(panel.at(...panel.where({ offsetX: middle[0] * GROW, offsetY: middle[1] * GROW })), place);
  });
}

test("a page that says nothing of its size is of the usual one", () => {
  for (const [said, grow] of [["", 1], [" 1.35 ", 1.35], ["1.6", 1.6]]) {
    globalThis.getComputedStyle = () => ({ getPropertyValue: (name) => (name === "--grow" ? said : "") });
    assert.equal(growth({}), grow);
  }
});
