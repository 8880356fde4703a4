// One painter for the screen and the file: each kind of panel is painted into a file, by a context that refuses what it cannot show.
import assert from "node:assert/strict";
import test from "node:test";

import { Bars } from "../../assets/draw/bars.js";
import { Chances } from "../../assets/draw/chances.js";
import { Counts } from "../../assets/draw/counts.js";
import { Curves } from "../../assets/draw/curves.js";
import { blankIn, Field, field, slice } from "../../assets/draw/fields.js";
import { Glance } from "../../assets/explore/attention/glance.js";
import { Ground } from "../../assets/explore/neurons/ground.js";
import { Heat } from "../../assets/draw/heat.js";
import { legend, lines, painted, swatch } from "../../assets/draw/legend.js";
import { Lines } from "../../assets/draw/lines.js";
import { Maps } from "../../assets/draw/maps.js";
import { Multiples } from "../../assets/explore/neurons/multiples.js";
import { Over, Seen } from "../../assets/draw/pictures.js";
import { Scatter } from "../../assets/draw/scatter.js";
import { SvgContext } from "../../assets/draw/svg.js";
import { Attention } from "../../assets/train/pictures/attention.js";
import { Boundary } from "../../assets/train/pictures/boundary.js";
import { Classes } from "../../assets/train/pictures/classes.js";
import { Layers } from "../../assets/train/pictures/layers.js";
import { Rebuilt } from "../../assets/train/pictures/rebuilt.js";
import { Steps } from "../../assets/train/pictures/steps.js";
import { Text } from "../../assets/train/pictures/text.js";
import { Values } from "../../assets/train/pictures/values.js";
import { inks, mounted, paper, sent } from "./page.js";

paper();
globalThis.window = { devicePixelRatio: 1 };
const theme = await inks();
const scale = { low: -1, high: 1, stops: "signed" };
const colours = { light: ["#0072B2", "#D55E00", "#009E73"], dark: ["#0072B2", "#D55E00", "#009E73"] };
const numbers = (...shape) => ({ shape, values: Float32Array.from({ length: shape.reduce((all, each) => all * each, 1) }, (_, at) => Math.sin(at)) });
const bytes = (...shape) => ({ shape, values: Uint8Array.from({ length: shape.reduce((all, each) => all * each, 1) }, (_, at) => at % 3) });
const plane = { xs: [0, 1, 2, 3], ys: [3, 2, 1, 0], step: 1, points: [0, 0, 1, 2, 3, 1, 2, 2], labels: [0, 1, 2, 3], classes: ["a", "b", "c", "d"], features: ["x", "y"], inks: colours };

/** A panel drawn for so much room, pointed at a place, and written into a file. */
function file(panel, place) {
  panel.theme = theme;
  Object.assign(panel, panel.size(300));
  panel.place = place ?? null;
  assert.ok(panel.width > 0 && panel.height > 0, "it has a size");
  const context = new SvgContext(panel.width, panel.height);
  panel.paint(context, theme);
  return context.text();
}

const given = (Kind, taken, shown) => {
  const panel = new Kind({ name: "it" });
  panel.take({ dataset: { kind: "table", classes: ["a", "b", "c"], features: [], low: 0, high: 1, ...taken.dataset }, classes: colours, again: () => {}, fixed: taken.fixed });
  if (panel.show) panel.show(shown);
  return panel;
};

const kinds = {
  Heat: () => new Heat({ name: "it", ...numbers(3, 4), rows: 3, columns: 4, scale, labels: { rows: ["one", "two", "three"], columns: ["a long word", "b", "c", "d"] }, axes: { rows: "row", columns: "column" }, numbers: true }),
  Field: () => Object.assign(new Field({ name: "it", ...numbers(3, 4), rows: 3, columns: 4, scale }), { box: { top: 0, left: 0, bottom: 1, right: 1 } }),
  Over: () => Object.assign(new Over({ name: "it", ...numbers(3, 4), rows: 3, columns: 4, scale }), { own: numbers(3, 4).values }),
  Seen: () => Object.assign(new Seen({ name: "it", ...numbers(3, 4), rows: 3, columns: 4, scale, pixels: numbers(3, 4, 3), low: -1, high: 1 }), { own: numbers(3, 4).values }),
  Maps: () => Object.assign(new Maps({ name: "it", maps: numbers(5, 3, 4), strides: [1, 1], kind: "maps", lengths: [3, 4, 5] }), { chosen: 1, lit: { across: [0, 0.5], down: [0, 0.5] } }),
  Units: () => new Maps({ name: "it", maps: numbers(5, 1, 1), strides: [1, 1], kind: "units" }),
  Over_time: () => new Maps({ name: "it", maps: numbers(5, 1, 4), strides: [1, 1], kind: "steps" }),
  Bars: () => new Bars({ name: "it", values: [1, 0, 3], names: ["a", "b", "c"], axis: "step" }),
  Counts: () => new Counts({ name: "it", stacks: [[1, 0, 3], [2, 0, 0]], low: -1, high: 2 }),
  Curves: () => (each => (each.take([{ name: "a", values: [1, NaN, 3], colour: "#111111" }, { name: "b", values: [-1, 0, 1], colour: "#222222", dashed: true }], ["0", "1", "2"]), Object.assign(each, { bands: [[0, 1]] })))(new Curves({ name: "it" })),
  Powers: () => (each => (each.take([{ name: "a", values: [1e-3, 0, 300], colour: "#111111" }], ["0", "1", "2"], true), each))(new Curves({ name: "it" })),
  Lines: () => (each => (each.take(numbers(3, 3), { query: ["a", "b", "c"], key: ["a", "b", "c"] }, 0, 200), each))(new Lines({ name: "it" })),
  Scatter: () => Object.assign(new Scatter({ name: "it", plane: numbers(8, 2), labels: [0, 1, 2, 3, 4, 5, 6, 7], classes: [], colours, picked: () => {} }), { here: [0, 0] }),
  Chances: () => new Chances({ name: "it", values: [0.2, 0.7, 0.1], names: ["a", "b", "c"] }),
  Glance: () => (each => (each.take([{ name: "layer", heads: 2, glance: numbers(2, 3, 3) }], scale, { layer: "layer", head: 1 }), each))(new Glance({ name: "it" })),
  Ground: () => (each => (each.show({ chances: numbers(4, 4, 4) }), Object.assign(each, { here: [1, 1] })))(new Ground({ name: "it", data: plane })),
  Ground_of_one: () => (each => (each.show({ field: numbers(4, 4), scale }), each))(new Ground({ name: "it", data: plane })),
  Multiples: () => (each => (each.scaled("layer", 1), each))(new Multiples({ name: "it", maps: numbers(3, 4, 4), aspect: 1, seen: [[0.5, 0.5]] })),
  "a run's boundary": () => given(Boundary, { fixed: { points: numbers(4, 2), y: bytes(4), unseen: bytes(1), bounds: { values: new Float32Array([-1, 1, -1, 1]) } } }, { map: numbers(4, 4, 3), answers: bytes(4) }),
  "a run's classes": () => given(Classes, { dataset: { kind: "image" }, fixed: { y: bytes(4), raw: bytes(4, 5, 5, 1) } }, { probabilities: numbers(4, 3) }),
  "a run's reconstructions": () => given(Rebuilt, { dataset: { kind: "image" }, fixed: { x0: numbers(4, 5, 5, 1), clean: numbers(4, 5, 5, 1) } }, { reconstruction: numbers(4, 5, 5, 1) }),
  "a run's reconstructed rows": () => given(Rebuilt, { fixed: { x0: numbers(4, 5), clean: numbers(4, 5) } }, { reconstruction: numbers(4, 5) }),
  "a run's steps": () => given(Steps, { dataset: { vocabulary: ["a", "b", "c"] }, fixed: { y: bytes(2, 5), raw: bytes(2, 5) } }, { answers: bytes(2, 5), chances: numbers(2, 5) }),
  "a run's text": () => given(Text, { dataset: { vocabulary: ["a", "b", "c"] }, fixed: { prompt: bytes(3), temperature: { values: new Float32Array([0.8]) } } }, { tokens: bytes(5), chances: { values: new Float32Array(5).fill(0.5) } }),
  "a run's values": () => given(Values, { fixed: { y: numbers(6, 1) } }, { predictions: numbers(6, 1) }),
  "a run's layers": () => given(Layers, { fixed: {} }, { "moved:dense": { values: [1e-3] }, "dead:dense": { values: [0.6] }, "units:dense": { values: [10] } }),
  "a run's attention": () => given(Attention, { fixed: { "from:layer": { values: [0, 0] }, layers: { values: [1] } } }, { layer: numbers(2, 3, 3), "heads:layer": { values: [2] } }),
};

for (const [name, make] of Object.entries(kinds)) {
  test(`${name} is painted into a file, at rest and under the pointer`, () => {
    const rest = file(make());
    assert.doesNotMatch(rest, /NaN|undefined|Infinity|\[object/);
    assert.match(rest, /<(rect|path|image|text)/);
    const panel = make();
    panel.theme = theme;
    Object.assign(panel, panel.size(300));
    const place = panel.step(panel.at(panel.width / 2, panel.height / 2), 0, 1);
    assert.ok(place, "arrow keys find a place in it");
    assert.doesNotMatch(file(panel, place), /NaN|undefined|Infinity|\[object/);
    assert.equal(typeof panel.words(place), "string");
  });
}

test("a legend's scale, mark and sentence are written in lines that fit", () => {
  const meanings = [{ ...scale, name: "weights" }, swatch("right", "#009E73"), "a sentence that takes a whole line of the file"];
  const context = new SvgContext(300, 100);
  const found = lines(context, meanings, 200);
  found.forEach(({ row }, line) => row.forEach(({ meaning, x }) => painted(context, theme, meaning, x, 20 * line)));
  const text = context.text();
  assert.equal(found.flatMap(({ row }) => row).length, 3);
  for (const word of ["weights", "−1", "right", "a sentence"]) assert.ok(text.includes(word), word);
  assert.deepEqual(legend(scale, theme).children.map((child) => child.textContent ?? child), ["−1", "", "1"]);
});

test("one NaN among the codes hides no other point", () => {
  const values = Float32Array.of(0, 0, NaN, 1, 4, 2);
  const make = (own) => new Scatter({ name: "it", plane: { shape: [own.length / 2, 2], values: own }, labels: [0, 0, 0].slice(0, own.length / 2), classes: [], colours, picked: () => {} });
  const [panel, without] = [make(values), make(Float32Array.of(0, 0, 4, 2))];
  assert.equal(file(panel), file(without));
  assert.match(file(panel), /<path/);
  assert.equal(panel.nearest(...panel.pixels(4, 2)).sample, 2);
  assert.deepEqual(panel.bounds, without.bounds);
});

test("a masked score is drawn, and apart from NaN, from infinity and from every number", () => {
  const seen = (value) => {
    const heat = new Heat({ name: "it", values: [value], rows: 1, columns: 1, scale });
    file(heat);
    return [...heat.picture.image.data].join();
  };
  const found = [-Infinity, NaN, Infinity, -1, 0, 1].map(seen);
  assert.equal(new Set(found).size, 6, found.join(" "));
  for (const each of found) assert.ok(each.endsWith(",255"), "nothing of it shows through");
});

test("cells that hold no number are painted as nothing, and say nothing", () => {
  const layout = field([35]);
  const blank = blankIn(layout);
  const heat = new Field({ name: "it", values: slice(Float32Array.from({ length: 35 }, () => 1), layout), rows: layout.rows, columns: layout.columns, scale, blank });
  file(heat);
  const alphas = Array.from({ length: layout.rows * layout.columns }, (_, at) => heat.picture.image.data[4 * at + 3]);
  assert.deepEqual(alphas.map((alpha) => alpha > 0), alphas.map((_, at) => at < 35));
  assert.equal(heat.words({ row: layout.rows - 1, column: layout.columns - 1 }), "");
});

const alphas = ({ image }) => Array.from({ length: image.width * image.height }, (_, at) => image.data[4 * at + 3]);

test("a landscape paints what is surveyed, the lowest row first, and says of the rest that it is not", async () => {
  const page = await mounted("explore/training/landscape.js");
  const loss = [NaN, NaN, NaN, 3, NaN, NaN, 0, 1, 2]; // rows from the top; five of nine are surveyed, one of them without a number
  page.draw({ loss: sent([3, 3], loss), surveyed: 5, line: sent([3], [-1, 0, 1]), path: sent([0, 2], []), share: sent([0], []), epochs: [], epoch: 0, present: 1, samples: 22, axes: ["a", "b"], file: "it" });
  const [picture] = page.made.filter(({ image }) => image);
  assert.deepEqual(alphas(picture), [0, 0, 0, 255, 255, 0, 255, 255, 255]);
  const canvas = page.made.find(({ attributes }) => attributes["aria-label"] === "Loss around the weights");
  const told = [];
  for (const [offsetX, offsetY] of [[10, 10], [10, 70]]) {
    Object.assign(canvas, { clientWidth: parseFloat(canvas.style.width), clientHeight: canvas.height });
    canvas.onpointermove({ offsetX, offsetY });
    told.push(page.made.find(({ tag }) => tag === "output").textContent);
  }
  assert.match(told[0], /: not surveyed yet$/);
  assert.match(told[1], /: loss 3.000$/);
  assert.ok(page.made.some(({ textContent, children }) => [textContent, ...children].join(" ").includes("the first 22 samples of the validation part")));
  page.leave();
});

test("between the channels of a neuron's weights nothing is painted, and a weight of -Infinity is", async () => {
  const page = await mounted("explore/neurons/weights.js");
  const gap = -Infinity; // as Python lays out two channels of 1 x 2 beside each other
  page.draw({ layer: "dense", kind: "fields", picture: [1, 2, 2], first: 0, values: sent([1, 1, 5], [0.5, -0.5, gap, -Infinity, 1]), largest: 1, array: 0, chosen: [9, 9], shape: [4, 1], axes: ["input", "unit"] });
  assert.deepEqual(page.made.filter(({ image }) => image).map(alphas), [[255, 255, 0, 255, 255]]);
  page.leave();
});

test("columns that do not count are veiled, and no others", () => {
  const heat = Object.assign(new Heat({ name: "it", ...numbers(3, 4), rows: 3, columns: 4, scale, most: [10, 10] }), { veiled: [1, 3] });
  const veils = [...file(heat).matchAll(/<rect x="([\d.]+)" [^>]*width="([\d.]+)" [^>]*fill-opacity="0.65"/g)].map(([, x, width]) => [Number(x) - heat.left, Number(width)]);
  assert.deepEqual(veils, [[heat.across, heat.across], [3 * heat.across, heat.across]]);
});

test("a convolution's weights are pictures of its windows, and a press names a row, a column, a channel and a filter", async () => {
  const page = await mounted("explore/neurons/weights.js");
  const asked = [];
  const values = Array.from({ length: 2 * 2 * 5 }, (_, at) => ([2, 7, 12, 17].includes(at) ? -Infinity : at)); // two filters of 2 x 2 in two channels
  const data = { layer: "conv", kind: "fields", picture: [2, 2, 2], first: 0, array: 0, values: sent([2, 2, 5], values), largest: 19, chosen: [1, 0, 1, 1], shape: [2, 2, 2, 2], axes: ["row", "column", "channel", "filter"] };
  page.draw(data, (name, value) => asked.push(value));
  const canvas = page.made.find(({ attributes }) => attributes["aria-label"] === "Weights of conv");
  assert.ok(page.made.some(({ tag, children }) => tag === "span" && String(children[0]).startsWith("One picture a filter")));
  canvas.onkeydown({ key: "ArrowRight", preventDefault() {} });
  const told = page.made.filter(({ tag }) => tag === "output").map(({ textContent }) => textContent).join("|");
  assert.match(told, /filter 1, row 1, column 1, channel 1: 19\.00/);
  canvas.onkeydown({ key: "Enter", preventDefault() {} });
  assert.deepEqual(asked.map(({ place }) => place), [[1, 1, 1, 1]]);
  page.leave();
});
