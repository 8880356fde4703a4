// A plane's axes: round numbers at their places, names, and no numbers where they mean nothing.
import assert from "node:assert/strict";
import test from "node:test";

import { ticks } from "../../assets/draw/axes.js";
import { Scatter } from "../../assets/draw/scatter.js";
import { SvgContext } from "../../assets/draw/svg.js";
import { Ground } from "../../assets/explore/neurons/ground.js";
import { inks, paper } from "./page.js";

paper();
globalThis.window = { devicePixelRatio: 1 };
const theme = await inks();

test("ticks are round numbers inside the ends, a step apart, and no more than asked for", () => {
  for (const [low, high, most] of [[-1.37, 2.41, 5], [0, 1, 4], [1200, 98000, 6], [-0.004, 0.0031, 3], [-5, 5, 1]]) {
    const found = ticks(low, high, most);
    assert.ok(found.length >= 1 && found.length <= most + 1, `${low} ${high} ${most}: ${found}`);
    assert.ok(found.every((value) => value >= low - 1e-9 && value <= high + 1e-9));
    const steps = found.slice(1).map((value, at) => value - found[at]);
    for (const step of steps) assert.ok([1, 2, 5].includes(Number(step.toExponential(6).split("e")[0])), String(step));
  }
  assert.deepEqual(ticks(1, 1, 5), []);
  assert.deepEqual(ticks(NaN, 1, 5), []);
});

/** The words of a drawing with their places. */
function words(panel, room) {
  panel.theme = theme;
  Object.assign(panel, panel.size(room));
  const context = new SvgContext(panel.width, panel.height);
  panel.paint(context, theme);
  return [...context.text().matchAll(/<text x="([\d.-]+)" y="([\d.-]+)"[^>]*>([^<]*)</g)].map(([, x, y, word]) => ({ x: Number(x), y: Number(y), word }));
}

test("a decision plane names its features, and each tick stands where a press gives its number", () => {
  const line = (low, high) => Array.from({ length: 41 }, (_, at) => low + ((high - low) * at) / 40);
  const data = { xs: line(-1.5, 2.5), ys: line(2, -1), step: 4, points: [], labels: [], classes: [], features: ["length", "width"], inks: { light: ["#111111"], dark: ["#111111"] } };
  const panel = new Ground({ name: "it", data });
  panel.show({ field: { shape: [41, 41], values: new Float32Array(1681) }, scale: { low: -1, high: 1, stops: "signed" } });
  const found = words(panel, 400);
  assert.ok(found.some(({ word }) => word === "length →") && found.some(({ word }) => word === "↑ width"));
  const numbers = found.filter(({ word }) => /^[−\d.]+$/.test(word)).map((each) => ({ ...each, value: Number(each.word.replace("−", "-")) }));
  assert.ok(numbers.length >= 5, JSON.stringify(numbers));
  for (const { x, y, value } of numbers) {
    const [across, up] = panel.under(x, y);
    assert.ok(Math.min(Math.abs(across - value), Math.abs(up - value)) < 0.01, `${value} at ${across}, ${up}`);
  }
  assert.match(panel.said({ row: 0, column: 0 }, { shape: [1, 41, 41], values: new Float32Array(1681) }), /^grid point length −1\.500, width 2\.000/);
});

test("a plane of t-SNE has names and no numbers, one of components has both", () => {
  const colours = { light: ["#0072B2"], dark: ["#0072B2"] };
  const make = (measured) => new Scatter({ name: "it", plane: { shape: [2, 2], values: Float32Array.of(-3, -2, 5, 4) }, labels: [0, 0], classes: [], colours, picked: () => {}, names: ["first", "second"], measured });
  assert.deepEqual(words(make(false), 400).map(({ word }) => word), ["first →", "↑ second"]);
  const panel = make(true);
  const zero = words(panel, 400).filter(({ word }) => word === "0");
  assert.equal(zero.length, 2);
  assert.ok(zero.some(({ x }) => Math.abs(x - panel.pixels(0, 0)[0]) < 1) && zero.some(({ y }) => Math.abs(y - panel.pixels(0, 0)[1]) < 1));
});
