// The browser reads a number that was typed as Python does, or not at all where Python refuses it; the arrow keys keep its digits.
import assert from "node:assert/strict";
import test from "node:test";

import { readNumber } from "../../assets/draw/typed.js";
import { stepped } from "../../assets/frame/numbers.js";
import { cases } from "./cases.js";

test("every text means the same number in the browser and in Python", () => {
  assert.ok(cases.length > 500);
  for (const { text, whole, value } of cases) assert.equal(readNumber(text, { whole }), value, JSON.stringify({ text, whole }));
});

test("an arrow key counts the last digit that is written up or down", () => {
  const up = { 3: "4", 99: "100", "0.001": "0.002", "0.99": "1.00", "-1": "0", "−0.1": "0.0", "-0.05": "-0.04", "1.0": "1.1" };
  for (const [text, next] of Object.entries(up)) assert.equal(stepped(text, 1), next, text);
  assert.deepEqual([stepped("0", -1), stepped("0.00", -1), stepped("12345678901234567890", 1)], ["-1", "-0.01", "12345678901234567891"]);
  for (const text of ["", "28, 28, 1", "1e-3", "abc"]) assert.equal(stepped(text, 1), null);
});
