// Colours, links between panels, and the sums inside recurrent cells.
import assert from "node:assert/strict";
import test from "node:test";

import { sentence, unitName } from "../../assets/draw/cells.js";
import { ahead, zeros } from "../../assets/explore/neurons/ground.js";
import { listen, tell } from "../../assets/draw/link.js";
import { Maps } from "../../assets/draw/maps.js";
import { same } from "../../assets/explore/layers/overview-strip.js";
import { colour, css, isDark, lookup, readable, rgb } from "../../assets/draw/theme.js";
import { paper } from "./page.js";

const SIGNED = ["#0072B2", "#67A9CF", "#FFFFFF", "#F4A261", "#D55E00"];
const bands = (found) => [found & 255, (found >> 8) & 255, (found >> 16) & 255, (found >>> 24) & 255];

test("a table has each stop's own colour at its place, and what lies between in proportion", () => {
  const table = lookup(["#000000", "#FF0000", "#FFFFFF"]);
  assert.deepEqual([0, 255].map((at) => bands(table[at])), [[0, 0, 0, 255], [255, 255, 255, 255]]);
  for (let place = 0; place < 256; place += 1) {
    const at = (place / 255) * 2;
    const wanted = at <= 1 ? [255 * at, 0, 0] : [255, 255 * (at - 1), 255 * (at - 1)];
    bands(table[place]).slice(0, 3).forEach((band, index) => assert.ok(Math.abs(band - wanted[index]) <= 0.5001));
  }
});

test("a table is made once for its stops", () => {
  assert.equal(lookup(SIGNED), lookup([...SIGNED]));
  assert.notEqual(lookup(SIGNED), lookup(SIGNED.slice(1)));
});

test("zero lies in the middle of a signed scale, and what is beyond its ends has the colour of the end", () => {
  const [table, scale] = [lookup(SIGNED), { low: -2, high: 2 }];
  assert.ok(bands(colour(table, 0, scale)).every((band) => band >= 254));
  assert.deepEqual([-2, -9, 2, 9].map((value) => css(table, value, scale)), ["rgb(0, 114, 178)", "rgb(0, 114, 178)", "rgb(213, 94, 0)", "rgb(213, 94, 0)"]);
  assert.equal(css(table, 5, { low: 5, high: 5 }), "rgb(0, 114, 178)");
});

test("what is written on a colour stands out from it", () => {
  const scale = { low: -1, high: 1 };
  const luminance = (text) => rgb(text).reduce((sum, band, at) => sum + band * [0.2126, 0.7152, 0.0722][at], 0);
  const table = lookup(SIGNED);
  for (let value = -1; value <= 1; value += 0.05) assert.ok(Math.abs(luminance(readable(table, value, scale)) - luminance(`#${bands(colour(table, value, scale)).slice(0, 3).map((band) => band.toString(16).padStart(2, "0")).join("")}`)) > 70);
  assert.equal(readable(lookup(["#000000", "#ffffff"]), NaN, { low: 0, high: 1 }), "#ffffff");
});

test("a ground is dark by its lightness, whatever the theme is called", () => {
  for (const [ground, dark] of [["#0e1117", true], ["#ffffff", false], ["#fff", false], ["#444", true], ["", false], ["#F0F2F6", false], ["#0000ff", true], ["#00ff00", false]]) {
    globalThis.getComputedStyle = () => ({ getPropertyValue: () => ground });
    assert.equal(isDark({}), dark, ground);
  }
});

test("every panel that listens to a link hears of a place, but not the one that told it, nor one that left", () => {
  const heard = [];
  const one = (value) => heard.push(["one", value]);
  const other = (value) => heard.push(["other", value]);
  const deaf = listen("key", one);
  listen("key", other);
  listen("elsewhere", () => heard.push("elsewhere"));
  tell("key", 3);
  tell("key", 4, one);
  deaf();
  tell("key", 5);
  tell("nobody", 6);
  assert.deepEqual(heard, [["one", 3], ["other", 3], ["other", 4], ["other", 5]]);
});

/** The numbers in a sentence. */
const numbers = (text) => (text.replaceAll("−", "-").match(/-?\d+\.\d+(e[+-]\d+)?/g) ?? []).map(Number);
const series = (steps, units, value) => ({ shape: [steps, units], values: Float32Array.from({ length: steps * units }, (_, at) => value(Math.floor(at / units), at % units)) });
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** An LSTM's arrays, its cell and hidden state computed from its gates, from step to step or back. */
function lstm(steps, units, back) {
  const [forget_gate, input_gate, output_gate] = [1, 2, 3].map((seed) => series(steps, units, (step, unit) => sigmoid(Math.sin(seed + step + 2 * unit))));
  const candidate = series(steps, units, (step, unit) => Math.tanh(Math.cos(step - unit)));
  const [cell, hidden] = [series(steps, units, () => 0), series(steps, units, () => 0)];
  for (let count = 0; count < steps; count += 1) {
    const step = back ? steps - 1 - count : count;
    for (let unit = 0; unit < units; unit += 1) {
      const at = step * units + unit;
      const earlier = count ? cell.values[(back ? step + 1 : step - 1) * units + unit] : 0;
      cell.values[at] = forget_gate.values[at] * earlier + input_gate.values[at] * candidate.values[at];
      hidden.values[at] = output_gate.values[at] * Math.tanh(cell.values[at]);
    }
  }
  return { hidden, cell, forget_gate, input_gate, output_gate, candidate };
}

for (const back of [false, true]) {
  test(`an LSTM's sum is right at every step that is read ${back ? "backward" : "forward"}`, () => {
    const arrays = lstm(6, 3, back);
    const data = { names: [{ name: "hidden" }], directions: [{ name: "way", kind: "LSTM", units: [0, 3], back, activation: "tanh" }] };
    for (let step = 0; step < 6; step += 1) {
      const [cell, hidden] = sentence(data, arrays, 1, step).map(numbers);
      assert.ok(Math.abs(cell[0] - (cell[1] * cell[2] + cell[3] * cell[4])) < 4e-3, cell.join(" "));
      assert.ok(Math.abs(hidden[0] - hidden[1] * Math.tanh(hidden[2])) < 3e-3, hidden.join(" "));
      assert.ok(Math.abs(cell[0] - arrays.cell.values[3 * step + 1]) < 6e-4);
    }
  });
}

test("a GRU mixes its state with the candidate, a simple cell says what it passed through its activation", () => {
  const [update_gate, reset_gate] = [1, 2].map((seed) => series(5, 2, (step, unit) => sigmoid(Math.sin(seed + step + unit))));
  const candidate = series(5, 2, (step, unit) => Math.tanh(Math.cos(step - unit)));
  const hidden = series(5, 2, () => 0);
  for (let at = 0; at < 10; at += 1) hidden.values[at] = update_gate.values[at] * (hidden.values[at - 2] ?? 0) + (1 - update_gate.values[at]) * candidate.values[at];
  const data = (kind) => ({ names: [{ name: "hidden" }], directions: [{ name: "way", kind, units: [0, 2], activation: "tanh" }] });
  for (let step = 0; step < 5; step += 1) {
    const [found, [reset]] = sentence(data("GRU"), { hidden, update_gate, reset_gate, candidate }, 1, step).map(numbers);
    assert.ok(Math.abs(found[0] - (found[1] * found[2] + found[3] * found[4])) < 4e-3, found.join(" "));
    assert.ok(Math.abs(reset - reset_gate.values[2 * step + 1]) < 6e-4);
  }
  const before_activation = series(5, 2, (step, unit) => Math.atanh(hidden.values[2 * step + unit]));
  const [[state, inner]] = sentence(data("SimpleRNN"), { hidden, before_activation }, 0, 3).map(numbers);
  assert.ok(Math.abs(state - Math.tanh(inner)) < 2e-3);
});

test("cells of two kinds beside each other are told each by its own sum, and a masked step says so", () => {
  const one = lstm(4, 2, false);
  const [update_gate, reset_gate] = [1, 2].map((seed) => series(4, 3, (step, unit) => sigmoid(Math.sin(seed + step + unit))));
  const other = { hidden: series(4, 3, (step, unit) => Math.tanh(step - unit)), update_gate, reset_gate, candidate: series(4, 3, (step, unit) => Math.sin(step * unit)) };
  const named = (way, arrays) => Object.entries(arrays).map(([name, each]) => [`${way}_${name}`, each]);
  const arrays = Object.fromEntries([...named("forward", one), ...named("backward", other)]);
  const directions = [{ name: "forward", kind: "LSTM", units: [0, 2], activation: "softsign" }, { name: "backward", kind: "GRU", units: [2, 5], back: true, activation: "tanh" }];
  const data = { names: [{ name: "forward_hidden" }], mask: [1, 1, 1, 0], directions };
  const [mixed, reset] = sentence(data, arrays, 1, 1, "backward");
  assert.match(mixed, /update/);
  assert.deepEqual(numbers(mixed).slice(1, 3), [update_gate.values[3 + 1], other.hidden.values[6 + 1]].map((value) => Number(value.toFixed(3))));
  assert.ok(Math.abs(numbers(reset)[0] - reset_gate.values[3 + 1]) < 6e-4);
  const [cell, hidden] = sentence(data, arrays, 1, 1, "forward");
  assert.ok(Math.abs(numbers(cell)[0] - one.cell.values[2 + 1]) < 6e-4);
  assert.match(hidden, /softsign/);
  assert.deepEqual(sentence(data, arrays, 0, 3, "forward"), ["This step is masked: the state stays as it was."]);
  assert.deepEqual(sentence(data, arrays, 9, 1), []);
});

test("a unit says which direction it belongs to, and which unit it is there", () => {
  const both = [{ name: "forward", units: [0, 5] }, { name: "backward", units: [5, 10] }];
  assert.equal(unitName(both, 7), "unit 7 (backward 2)");
  assert.equal(unitName(both, 2, "backward"), "backward unit 2");
  assert.equal(unitName([{ name: "", units: [0, 5] }], 3), "unit 3");
});

test("a boundary is found where the field changes its sign", () => {
  const side = 41;
  const values = Float64Array.from({ length: side * side }, (_, at) => Math.hypot((at % side) - 20, Math.floor(at / side) - 20) - 12);
  const lines = zeros(values, side, side);
  assert.ok(lines.length > 60);
  for (const [x, y, toX, toY] of lines) for (const [across, down] of [[x, y], [toX, toY]]) assert.ok(Math.abs(Math.hypot(across - 20, down - 20) - 12) < 0.05);
  const length = lines.reduce((sum, [x, y, toX, toY]) => sum + Math.hypot(toX - x, toY - y), 0);
  assert.ok(Math.abs(length - 24 * Math.PI) < 0.5);
});

test("a class is ahead of the strongest of the others", () => {
  assert.deepEqual([...ahead({ shape: [3, 1, 2], values: [5, 1, 2, 4, 3, 9] }, 0)], [2, -8]);
});

const block = (kind, shape, numbers, strides = [1, 1]) => ({ kind, shape, strides, numbers: { shape: numbers } });

test("a number of a picture lies in a flattened layer where numpy puts it", () => {
  const picture = block("maps", [4, 5, 3], [3, 4, 5]);
  for (const [row, column, map] of [[0, 0, 0], [3, 4, 2], [1, 2, 1]]) {
    const flat = (row * 5 + column) * 3 + map;
    assert.equal(same({ map, row, column }, picture, block("units", [60], [60, 1, 1])).map, flat);
    const back = same({ map: flat, row: 0, column: 0 }, block("units", [60], [60, 1, 1]), picture);
    assert.deepEqual(back, { map, down: [row / 4, (row + 1) / 4], across: [column / 5, (column + 1) / 5] });
  }
  assert.equal(same({ map: 0, row: 0, column: 0 }, picture, block("units", [10], [10, 1, 1])), null);
});

test("a number of a map is told with its index in the layer's output", () => {
  paper();
  const maps = (options, shape) => new Maps({ name: "it", maps: { shape, values: new Float32Array(shape.reduce((all, each) => all * each, 1)) }, ...options });
  const place = { map: 2, row: 3, column: 1 };
  assert.deepEqual(maps({ kind: "maps", strides: [2, 3], lengths: [8, 9, 4] }, [4, 4, 3]).index(place), [6, 3, 2]);
  assert.deepEqual(maps({ kind: "steps", strides: [1, 2], lengths: [10, 4] }, [4, 1, 5]).index({ map: 2, row: 0, column: 3 }), [6, 2]);
  assert.deepEqual(maps({ kind: "units", strides: [1, 1] }, [4, 1, 1]).index({ map: 2, row: 0, column: 0 }), [2]);
  assert.deepEqual(maps({ kind: "maps", strides: [1, 1], heads: true, lengths: [4, 5, 5] }, [4, 5, 5]).index(place), [2, 3, 1]);
  assert.deepEqual(maps({ kind: "maps", strides: [1, 1], lengths: [2, 3, 4, 5] }, [5, 6, 4]).index({ map: 1, row: 4, column: 2 }), [1, 1, 2, 1]); // rows run over both first axes
});
