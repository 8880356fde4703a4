// The form of a kernel by hand: what was typed is there again when one returns to it.
import assert from "node:assert/strict";
import test from "node:test";

import { KernelForm } from "../../assets/explore/convolution/kernel_form.js";
import { paper } from "./page.js";

const LIMITS = { sides: [2, 3, 4, 5], stride: 4, dilation: 4, paddings: { same: "same", valid: "valid" }, does: { sum: "weighted sum", max: "maximum" }, presets: {}, divided: [] };
const TYPED = { weights: [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]], stride: 3, padding: "same", dilation: 2, divide: false, flipped: true, bias: 1.5, relu: true, does: "sum" };

const formOf = (kernel) => (paper(), new KernelForm(LIMITS, kernel, () => {}));

/** Choose the option of this value in the field of this name. */
function choose(form, label, value) {
  const [, select] = form.fields.children.find(({ children: [words] }) => words.children[0] === label).children;
  select.selectedIndex = select.children.findIndex((option) => option.attributes.value === String(value));
  select.onchange();
}

test("a kernel typed before pooling comes back after it, whatever the window's size was, in a page that is drawn anew too", () => {
  const kernel = structuredClone(TYPED);
  const form = formOf(kernel);
  choose(form, "A window's", "max");
  choose(form, "Size", 5);
  choose(form, "Size", 2);
  const again = formOf(JSON.parse(JSON.stringify(form.kernel)));
  choose(again, "A window's", "sum");
  assert.deepEqual(JSON.parse(JSON.stringify(again.kernel)), TYPED);
});

test("what a smaller kernel cuts off comes back with the size, around what was typed meanwhile", () => {
  const form = formOf(structuredClone(TYPED));
  choose(form, "Size", 2);
  assert.deepEqual(form.kernel.weights, [[6, 7], [10, 11]]);
  form.kernel.weights[0][0] = -6;
  choose(form, "Size", 4);
  assert.deepEqual(form.kernel.weights, TYPED.weights.map((row) => row.map((each) => (each === 6 ? -6 : each))));
});
