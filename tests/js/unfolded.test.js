// One query's arithmetic: what each number under the pointer says it was made of is what it was made of.
import assert from "node:assert/strict";
import test from "node:test";

import { mounted, sent } from "./page.js";

const one = { query: sent([2], [0.5, -1]), key: sent([2, 2], [0.25, 1, 0, 2]), value: sent([2, 1], [3, 4]), sums: sent([1], [3]) };

/** What the drawing says of the first key's parts: its first number, the product, the score, the weight. */
async function told(data, numbers) {
  const page = await mounted("explore/attention/unfolded.js");
  page.draw({ title: "Query", words: ["a", "b"], query: 0, scaled: "", note: "", inside: 1, ...data, arrays: { ...one, ...numbers } });
  const canvas = page.made.find(({ attributes }) => attributes["aria-label"] === "The arithmetic of one query");
  const readout = page.made.find(({ tag }) => tag === "output");
  Object.assign(canvas, { clientWidth: parseFloat(canvas.style.width), clientHeight: canvas.height });
  canvas.onpointermove({ offsetX: 0.17 * canvas.clientWidth + 2, offsetY: 52 });
  const found = [readout.textContent];
  canvas.onpointermove({ offsetX: 0.45 * canvas.clientWidth, offsetY: 52 });
  for (let part = 0; part < 3; part += 1) {
    found.push(readout.textContent);
    canvas.onkeydown({ key: "ArrowRight", preventDefault() {} });
  }
  page.leave();
  return found;
}

const seen = { mask: sent([2], [1, 0]), weights: sent([2], [1, 0]) };

test("a dot product is told as products, a scale, and a softmax over the keys that may be seen", async () => {
  const found = await told({ additive: false, scale: 0.5 }, { ...seen, products: sent([2], [-0.875, -2]), scaled: sent([2], [-0.4375, -1]) });
  assert.match(found[0], /0\.500 × 0\.250 = 0\.125/);
  assert.match(found[1], /sum of 2 products, −0\.875/);
  assert.match(found[2], /−0\.875 × 0\.500 = −0\.438/);
  assert.match(found[3], /= 1\.000$/);
});

test("an additive score with a learned weight for each number is never told as one product", async () => {
  const scores = { ...seen, products: sent([2], [0.635, 1]), scaled: sent([2], [1.27, 2]), features: sent([2], [2, 3]) };
  const found = await told({ additive: true, scale: null }, scores);
  assert.match(found[0], /2\.000 × tanh\(0\.500 \+ 0\.250\) = 1\.270/);
  assert.match(found[1], /numbers tanh\(query \+ key\), 0\.635/);
  assert.match(found[2], /a learned weight each, 1\.270/);
});

test("a learned number inside the tanh and one outside stand where they are", async () => {
  const scores = { ...seen, products: sent([2], [0.9, 1]), scaled: sent([2], [1.8, 2]), features: sent([2], [2, 2]) };
  const found = await told({ additive: true, scale: 2, inside: 4 }, scores);
  assert.match(found[0], /: tanh\(4\.000 × \(0\.500 \+ 0\.250\)\) = 0\.995/);
  assert.match(found[2], /0\.900 × 2\.000 = 1\.800/);
});

test("where no key may be seen and Keras weighs all alike, no weight is said to be 0", async () => {
  const found = await told({ additive: false, scale: 1 }, { mask: sent([2], [0, 0]), weights: sent([2], [0.5, 0.5]), products: sent([2], [1, 2]), scaled: sent([2], [1, 2]) });
  assert.match(found[3], /hidden by the mask, as all keys are.* 0\.500$/);
});
