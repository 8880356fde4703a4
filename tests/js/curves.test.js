// Lines over time: what is no number is not drawn and not told as one, and lines can be told apart.
import assert from "node:assert/strict";
import test from "node:test";

import { Curves } from "../../assets/draw/curves.js";
import { SvgContext } from "../../assets/draw/svg.js";
import { inks, mounted, paper, sent } from "./page.js";

paper();
globalThis.window = { devicePixelRatio: 1 };
const theme = await inks();

/** A drawing of one line in #111111, and what belongs to the line itself. */
function drawn(values, log, place = null) {
  const panel = new Curves({ name: "it" });
  panel.take([{ name: "line", values, colour: "#123456" }], values.map((_, step) => String(step)), log);
  Object.assign(panel, panel.size(500), { place });
  const context = new SvgContext(panel.width, panel.height);
  panel.paint(context, theme);
  const found = [...context.text().matchAll(/<path d="([^"]*)" fill="none" stroke="#123456"/g)].map(([, path]) => path);
  const dots = [...context.text().matchAll(/<path d="([^"]*)" fill="#123456"/g)].map(([, path]) => path);
  return { panel, path: found.join(""), dots };
}

const places = (path) => [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

for (const none of [NaN, 0, Infinity, -1]) {
  test(`on a scale of powers, ${none} at the start is drawn nowhere`, () => {
    const { panel, path, dots } = drawn([none, 1e-2, 1e-1], true);
    const found = places(path);
    assert.equal(found.length, 2, path);
    assert.ok(found.every(([x]) => x > panel.left + panel.across - 1), path);
    assert.equal(dots.length, 0);
    assert.equal(drawn([none, 1e-2, 1e-1], true, { column: 0 }).dots.length, 0);
  });
}

test("a number between two that are none is a dot, and the line is open there", () => {
  const { path, dots } = drawn([1, 2, NaN, 3, NaN, 4, 5], false);
  assert.equal(places(path).length, 4);
  assert.equal(path.match(/M/g).length, 2);
  assert.equal(dots.length, 1);
});

test("a line that falls below the scale ends where it leaves it", () => {
  const { panel, path } = drawn([1, 1e-6, 1e-30, 1e-30], true);
  const found = places(path);
  const floor = Math.max(...found.map(([, y]) => y));
  assert.equal(found.filter(([, y]) => y === floor).length, 1, "it does not run along the edge");
  assert.ok(found.at(-1)[0] < panel.left + 2 * panel.across);
});

test("what is none is told as none", () => {
  assert.match(drawn([NaN, 1], true).panel.words({ column: 0 }), /line none$/);
});

test("the names of many lines stay apart and inside the drawing", () => {
  const panel = new Curves({ name: "it" });
  panel.take(Array.from({ length: 14 }, (_, at) => ({ name: `line ${at}`, values: [1, 1e-4], colour: "#123456" })), ["0", "1"], true);
  Object.assign(panel, panel.size(500));
  const context = new SvgContext(panel.width, panel.height);
  panel.paint(context, theme);
  const heights = [...context.text().matchAll(/<text x="[\d.]+" y="([\d.-]+)"[^>]*>line \d+</g)].map(([, y]) => Number(y)).sort((a, b) => a - b);
  assert.equal(heights.length, 14);
  heights.forEach((y, at) => assert.ok(y >= 0 && y <= panel.height && (!at || y - heights[at - 1] >= 12.9), String(heights)));
});

test("no two of eighteen lines look alike", async () => {
  const page = await mounted("explore/recurrent/growth.js");
  const { Curves: Drawn } = await import("../../assets/draw/curves.js");
  const looks = [];
  const own = Drawn.prototype.take;
  Drawn.prototype.take = function take(series, ...rest) {
    looks.push(...series.map(({ colour, dash }) => `${colour} ${dash}`));
    return own.call(this, series, ...rest);
  };
  const series = Array.from({ length: 18 }, (_, at) => ({ name: `array ${at}`, values: sent([2], [1, 2]) }));
  const colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];
  page.draw({ title: "it", series, steps: ["1", "2"], axis: "epoch", log: true, file: "it", colours: { light: { colours }, dark: { colours } } });
  Drawn.prototype.take = own;
  page.leave();
  assert.equal(new Set(looks).size, 18);
});
