// A window's maximum and average: what Keras's pooling layers make of the same numbers.
import assert from "node:assert/strict";
import test from "node:test";

import { convolved, windowAt } from "../../assets/explore/convolution/convolving.js";
import { cases } from "./cases.js";

for (const { picture, kernel, made } of cases) {
  test(`the ${kernel.does} of windows ${kernel.weights.length} wide, stride ${kernel.stride}, ${kernel.padding}, is Keras's`, () => {
    const found = convolved(picture, kernel);
    assert.deepEqual(found.shape, made.shape);
    found.values.forEach((value, at) => assert.ok(Math.abs(value - made.values[at]) <= 1e-4, `${at}: ${value} instead of ${made.values[at]}`));
  });
}

test("the course's 1 3 / 2 5 has the maximum 5 and the average 2.75", () => {
  const picture = { shape: [2, 2, 1], values: [1, 3, 2, 5] };
  const kernel = { weights: [[1, 1], [1, 1]], stride: 2, padding: "valid", dilation: 1, bias: 0 };
  assert.equal(windowAt(picture, { ...kernel, does: "max" }, { row: 0, column: 0 }, 0).total, 5);
  assert.equal(windowAt(picture, { ...kernel, does: "average" }, { row: 0, column: 0 }, 0).total, 2.75);
});
