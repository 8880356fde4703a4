// Bins are numpy's, precision and recall scikit-learn's.
import assert from "node:assert/strict";
import test from "node:test";

import { bars, Counts } from "../../assets/draw/counts.js";
import { binned, measured } from "../../assets/explore/autoencoder/threshold.js";
import { cases } from "./cases.js";
import { inks, paper } from "./page.js";

paper();

test("errors are counted in the bins that numpy counts them in", () => {
  assert.deepEqual([...binned(cases.errors, Math.max(...cases.errors))], cases.counts);
  assert.deepEqual([...binned([NaN, 1, -0, 2], 2, 2)], [1, 2]);
});

test("precision and recall of every threshold are scikit-learn's", () => {
  cases.thresholds.forEach((threshold, at) => {
    const { precision, recall } = measured(cases.errors, cases.anomalous, threshold);
    const [wanted, share] = cases.rated[at];
    assert.ok(wanted === null ? precision === null : Math.abs(precision - wanted) < 1e-12, `precision at ${threshold}`);
    assert.ok(Math.abs(recall - share) < 1e-12, `recall at ${threshold}`);
  });
});

const drawn = (stacks, ink = (bin, kind) => `${kind}`) => {
  const rects = [];
  const context = { fillRect: (...rect) => rects.push({ ink: context.fillStyle, rect }) };
  bars(context, { stacks, most: 8, left: 10, floor: 100, tall: 80, across: 20, ink });
  return rects;
};

test("bars are as tall as their counts, stand on the floor, and one of a single count can be seen", () => {
  const rects = drawn([[8, 4, 0, 0.001]]);
  assert.deepEqual(rects.map(({ rect: [, y, , high] }) => [y, high]), [[20, 80], [60, 40], [100, 0], [99, 1]]);
  assert.deepEqual(rects.map(({ rect: [x] }) => x), [10.5, 30.5, 50.5, 70.5]);
});

test("bars of two kinds stand on each other", () => {
  assert.deepEqual(drawn([[2], [4]]).map(({ ink, rect: [, y, , high] }) => [ink, y, high]), [["0", 80, 20], ["1", 40, 40]]);
});

test("a histogram's bins cover its numbers from end to end, and each is told with its ends", async () => {
  const panel = Object.assign(new Counts({ name: "it", stacks: [[1, 2, 1000]], low: -1, high: 2 }), { theme: await inks() });
  Object.assign(panel, panel.size(300));
  assert.deepEqual([panel.at(0), panel.at(299), panel.at(300), panel.at(-1)], [{ bin: 0 }, { bin: 2 }, null, null]);
  assert.equal(panel.words({ bin: 2 }), "1.000 to 2.000: 1,000 of 1,003");
  assert.deepEqual([panel.step(null, 0, 1), panel.step({ bin: 2 }, 0, 1)], [{ bin: 0 }, { bin: 2 }]);
  assert.equal(panel.x(0), panel.width / 3);
});
