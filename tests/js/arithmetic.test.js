// The terms of every number of a trained layer's map, put together, give the layer's own number.
import assert from "node:assert/strict";
import test from "node:test";

import { Arithmetic } from "../../assets/explore/layers/arithmetic.js";
import { sentence } from "../../assets/explore/layers/sums.js";
import { cases } from "./cases.js";

const together = { sum: (all) => all.reduce((sum, each) => sum + each, 0), largest: (all) => Math.max(...all) };

for (const { answer, arrays } of cases) {
  const found = new Arithmetic(answer, arrays);
  const count = found.arrays.total.values.length;

  test(`${answer.layer}: the terms of each number give its total`, () => {
    for (let place = 0; place < count; place += 1) {
      const terms = Array.from({ length: found.terms }, (_, term) => found.term(place, term)).filter(({ where }) => where || answer.kind === "sum");
      const total = together[answer.kind](terms.map(({ product }) => product)) + found.arrays.bias.values[place];
      assert.ok(Math.abs(total - found.arrays.total.values[place]) < 1e-4, `${place}: ${total}`);
    }
  });

  test(`${answer.layer}: the window of each channel holds that channel's terms, and their sums add up`, () => {
    for (let place = 0; place < count; place += 7) {
      const parts = found.byChannel(place);
      assert.equal(parts.length, found.channels);
      assert.equal(found.channels * found.rows * found.columns, found.terms);
      const windows = parts.map((_, channel) => found.windowAt(place, channel).products.reduce((all, each) => all + each, 0));
      parts.forEach((part, channel) => assert.ok(Math.abs(part - windows[channel]) < 1e-4));
    }
  });

  test(`${answer.layer}: every answered number is found by its place, and by its cell in the map`, () => {
    for (let place = 0; place < count; place += 1) {
      const at = found.from(place);
      assert.equal(found.answered(at), place);
      assert.deepEqual(found.under(found.cell(at)), at);
      const result = found.arrays.result.values[place];
      assert.ok(Math.abs(found.value(at) - result) < 1e-4 * Math.max(1, Math.abs(result)));
    }
    assert.equal(found.answered(answer.box.map(([, last]) => last + 1)), -1);
  });

  test(`${answer.layer}: each term stands where its value is in the input`, () => {
    for (let term = 0; term < found.terms; term += 5) {
      const { value, where } = found.term(0, term);
      if (!where) continue;
      const { values, layout } = found.inputs[where.source];
      assert.equal(values[layout.index(where.row, where.column, where.channel)], value);
    }
  });

  test(`${answer.layer}: it is told in a sentence`, () => assert.match(sentence(found), /^[A-Z\d].*\.$/));
}

test("pointing into the input finds the number whose window has its middle there", () => {
  const { answer, arrays } = cases[0];
  const found = new Arithmetic(answer, arrays);
  assert.deepEqual(found.from(found.nearest({ row: 6, column: 9 })), [5, 8]); // a window of 3 x 3 without padding begins one before
});
