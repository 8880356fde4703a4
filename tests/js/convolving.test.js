// A kernel over a picture: the same numbers as numpy's windows.
import assert from "node:assert/strict";
import test from "node:test";

import { convolved, resized, sums, typed, under, windowAt } from "../../assets/explore/convolution/convolving.js";
import { cases } from "./cases.js";

const near = (found, wanted, words) => {
  assert.equal(found.length, wanted.length, words);
  found.forEach((value, at) => assert.ok(Math.abs(value - wanted[at]) <= 1e-9 * Math.max(Math.abs(wanted[at]), 1), `${words}, ${at}: ${value} instead of ${wanted[at]}`));
};

for (const { picture, kernel, made, sums: wanted, at, window } of cases) {
  const words = `${kernel.weights.length} wide, stride ${kernel.stride}, ${kernel.padding}, dilation ${kernel.dilation}${kernel.divide ? ", divided" : ""}${kernel.flipped ? ", flipped" : ""}`;
  test(`a kernel ${words}, makes what numpy makes`, () => {
    const found = convolved(picture, kernel);
    assert.deepEqual(found.shape, made.shape);
    near([...found.values], made.values, words);
    const { rows, columns } = sums(found);
    near([...rows, ...columns], [...wanted.rows, ...wanted.columns], "sums");
  });

  test(`one window of a kernel ${words}, holds the picture's numbers, and its products their sum`, () => {
    const channel = picture.shape[2] - 1;
    const found = windowAt(picture, kernel, at, channel);
    assert.deepEqual(found.values, window);
    const result = made.values[(at.row * made.shape[1] + at.column) * made.shape[2] + channel];
    const total = found.products.reduce((all, each) => all + each, kernel.bias);
    near([kernel.relu ? Math.max(total, 0) : total], [result], "its sum");
    near([found.total + kernel.bias], [total], "total");
  });

  test(`pointing at the middle of a window of a kernel ${words}, finds the window`, () => {
    const middle = (reached) => Math.round(reached + (kernel.dilation * (kernel.weights.length - 1)) / 2);
    const { top, left } = windowAt(picture, kernel, at, 0);
    const found = under(picture, kernel, { row: middle(top), column: middle(left) });
    assert.ok(Math.abs(found.row - at.row) <= (kernel.weights.length % 2 ? 0 : 1) && Math.abs(found.column - at.column) <= (kernel.weights.length % 2 ? 0 : 1));
  });
}

test("a kernel of another size keeps its middle", () => {
  const three = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
  assert.deepEqual(resized(three, 5)[2], [0, 4, 5, 6, 0]);
  assert.deepEqual(resized(resized(three, 7), 3), three);
});

test("what is typed is a number, a fraction or nothing", () => {
  assert.deepEqual(["3", " -1.5 ", "−2", "1/4", "0,5", "", "x", "1/0", "1/2/3", "1e9"].map(typed), [3, -1.5, -2, 0.25, 0.5, null, null, null, null, null]);
});
