// Every pixel is a number: where numbers are smaller than a pixel, one of them stands there, never a mean of neighbours.
import assert from "node:assert/strict";
import test from "node:test";

import { array } from "../../assets/draw/data.js";
import { Heat } from "../../assets/draw/heat.js";
import { Maps } from "../../assets/draw/maps.js";
import { SvgContext } from "../../assets/draw/svg.js";
import { colour } from "../../assets/draw/theme.js";
import { strip } from "../../assets/explore/layers/overview-strip.js";
import { inks, paper, sent } from "./page.js";

const made = paper();
globalThis.window = { devicePixelRatio: 1 };
const theme = await inks();

/** A panel painted into a file, and the colours of its last picture, row by row. */
function painted(panel, room) {
  panel.theme = theme;
  Object.assign(panel, panel.size(room));
  made.length = 0;
  const context = new SvgContext(panel.width, panel.height);
  panel.paint(context, theme);
  const { image } = made.find(({ image }) => image);
  return { text: context.text(), width: image.width, height: image.height, colours: [...new Uint32Array(image.data.buffer)] };
}

const noise = Array.from({ length: 64 * 16 }, (_, at) => Math.sin(12.9898 * at * at));

test("64 units over 16 steps in 50 pixels: each pixel is the largest of the units that share it, at its own step", () => {
  const node = { name: "dense", numbers: sent([64, 1, 16], noise), extents: sent([64], Array(64).fill(1)), strides: [1, 1], kind: "steps", shape: [16, 64] };
  const panel = strip(node, 50, {});
  const { text, width, height, colours } = painted(panel, 640);
  assert.equal(width, 16);
  assert.ok(height <= 50, String(height));
  assert.doesNotMatch(text, /<image(?![^>]*pixelated)/);
  const { values } = array(node.numbers);
  for (let line = 0; line < height; line += 1) {
    const units = values.length / 16;
    const [from, to] = [Math.floor((line * units) / height), Math.floor(((line + 1) * units) / height)];
    for (let step = 0; step < 16; step += 1) {
      const those = Array.from({ length: to - from }, (_, at) => values[(from + at) * 16 + step]);
      const largest = those.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best));
      assert.equal(colours[line * 16 + step], colour(theme.lookup.signed, largest, panel.own(0)), `${line} ${step}`);
    }
  }
});

for (const [name, make] of Object.entries({
  maps: (values, rows, columns) => new Maps({ name: "it", maps: { shape: [1, rows, columns], values }, strides: [1, 1], kind: "maps", side: 20 }),
  heat: (values, rows, columns) => new Heat({ name: "it", values, rows, columns, scale: { low: -1, high: 1, stops: "signed" }, least: 0.1, tall: 20, square: true, most: [0.5, 0.5] }),
})) {
  test(`${name}: of the numbers that share a pixel the largest is seen, so one alone is not lost`, () => {
    const values = new Float32Array(40 * 40).fill(0.01);
    values[17 * 40 + 23] = -1;
    const { text, width, height, colours } = painted(make(values, 40, 40), 400);
    assert.doesNotMatch(text, /<image(?![^>]*pixelated)/);
    assert.ok(width <= 20 && height <= 20, `${width} x ${height}`);
    const lowest = colour(theme.lookup.signed, -1, { low: -1, high: 1 });
    const other = colour(theme.lookup.signed, Math.fround(0.01), { low: -1, high: 1 });
    assert.equal(colours.filter((ink) => ink === lowest).length, 1);
    assert.deepEqual(new Set(colours), new Set([lowest, other]));
  });
}
