// Labels of tokens: where not all have room, their places stand there, never a text with holes in it.
import assert from "node:assert/strict";
import test from "node:test";

import { Bars } from "../../assets/draw/bars.js";
import { Curves } from "../../assets/draw/curves.js";
import { labelled } from "../../assets/draw/data.js";
import { Heat } from "../../assets/draw/heat.js";
import { Lines } from "../../assets/draw/lines.js";
import { SvgContext } from "../../assets/draw/svg.js";
import { inks, paper } from "./page.js";

paper();
globalThis.window = { devicePixelRatio: 1 };
const theme = await inks();
const letters = (count) => Array.from({ length: count }, (_, at) => "abcdefghijklm"[(7 * at) % 13]);

function words(panel, room) {
  panel.theme = theme;
  Object.assign(panel, panel.size(room));
  const context = new SvgContext(panel.width, panel.height);
  panel.paint(context, theme);
  return [...context.text().matchAll(/<text [^>]*>([^<]*)</g)].map(([, word]) => word);
}

const square = (count) => new Float32Array(count * count).fill(0.5);
const kinds = {
  Heat: (names) => new Heat({ name: "it", values: square(names.length), rows: names.length, columns: names.length, scale: { low: 0, high: 1, stops: "rising" }, labels: { rows: names, columns: names } }),
  Lines: (names) => (each => (each.take({ shape: [names.length, names.length], values: square(names.length) }, { query: names, key: names }, 0, 460), each))(new Lines({ name: "it" })),
  Curves: (names) => (each => (each.take([{ name: "", values: names.map(() => 1), colour: "#111111" }], names), each))(new Curves({ name: "it" })),
  Bars: (names) => new Bars({ name: "it", values: names.map(() => 1), names }),
};

for (const [name, make] of Object.entries(kinds)) {
  test(`${name}: of 64 characters some would be left out, so none is written as a label`, () => {
    const found = words(make(letters(64)), 500);
    assert.deepEqual(found.filter((word) => /^[a-m]$/.test(word)), []);
    assert.ok(found.includes("0") && found.filter((word) => /^\d+$/.test(word)).length > 4, found.join(" "));
  });

  test(`${name}: few characters are all written`, () => {
    const found = words(make(letters(8)), 500).filter((word) => /^[a-m]$/.test(word));
    assert.ok(found.length === 8 || found.length === 16, found.join(" "));
  });
}

test("numbers in their order stay numbers, however many are left out", () => {
  const scale = ["−0.5", "0.1", "0.7"];
  assert.deepEqual(labelled(scale, 3), scale);
  const small = ["0.001", "5.0e−4", "0.000", "−5.0e−4", "−0.001"]; // both minuses of "−5.0e−4" count
  assert.deepEqual(labelled(small, 3), small);
  assert.deepEqual(labelled(["4", "0", "7"], 2), ["0", "1", "2"]);
  assert.deepEqual(labelled(["a", " ", "c"], 1), ["a", " ", "c"]);
});

test("names of classes are a list: where some are left out, the others are still written", () => {
  const classes = Array.from({ length: 64 }, (_, at) => `class ${at}`);
  const found = words(Object.assign(kinds.Heat(classes), { listed: true }), 500).filter((word) => word.startsWith("class"));
  assert.ok(found.length > 8 && found.length < 128, found.join(" "));
});
