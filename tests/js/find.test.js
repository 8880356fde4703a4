// Find in the network: every word counts, the order is that of reading, and steps go round.
import assert from "node:assert/strict";
import test from "node:test";

import { found, round } from "../../assets/canvas/find.js";
import { scaleOf, seen } from "../../assets/canvas/minimap.js";
import { fitting } from "../../assets/canvas/zoom.js";

const node = (name, layer, y, more = {}) => ({ name, layer, family: "core", settings: "", x: 0, y, ...more });
const nodes = [node("conv_2", "Conv2D", 3, { settings: "64 filters" }), node("conv_1", "Conv2D", 1, { settings: "32 filters" }), node("pool", "MaxPooling2D", 2), node("digits", "Dense", 4, { problem: { message: "needs an input" } })];

test("layers are found by name, type, settings and problem, in reading order", () => {
  assert.deepEqual(found(nodes, "conv"), ["conv_1", "conv_2"]);
  assert.deepEqual(found(nodes, "CONV 64"), ["conv_2"]);
  assert.deepEqual(found(nodes, "max"), ["pool"]);
  assert.deepEqual(found(nodes, "input"), ["digits"]);
  assert.deepEqual([found(nodes, " "), found(nodes, "nothing")], [[], []]);
});

test("a step beyond the last comes to the first, and back", () => {
  assert.deepEqual([round(0, 1, 3), round(2, 1, 3), round(0, -1, 3), round(-1, 1, 3), round(5, 1, 0)], [1, 0, 2, 0, -1]);
});

test("a network that is fitted is seen whole, and never larger than its text is written", () => {
  for (const [world, room] of [[[800, 4000], [900, 700]], [[3000, 500], [900, 700]], [[300, 200], [900, 700]], [[900, 40_000], [900, 700]]]) {
    const zoom = fitting(world, room);
    assert.ok(zoom <= 1 && zoom >= 0.1);
    if (zoom > 0.1) assert.ok(world.every((side, at) => side * zoom <= room[at] + 1e-9));
    if (zoom < 1 && zoom > 0.1) assert.ok(world.some((side, at) => Math.abs(side * zoom - room[at]) < 1e-9));
  }
});

test("the minimap's frame is the part of the world that is on the screen", () => {
  const scale = scaleOf(600, 9500);
  const [left, top, width, height] = seen({ scrollLeft: 0, scrollTop: 475, clientWidth: 300, clientHeight: 475 }, 0.5, scale);
  assert.deepEqual([left, top / scale, width / scale, height / scale].map(Math.round), [0, 950, 600, 950]);
  assert.ok(9500 * scale <= 190 && 600 * scale <= 132);
});
