// The strip of Play: what is marked on cards, how thick wires are, and numbers that a person types.
import assert from "node:assert/strict";
import test from "node:test";

import { thickness, trouble } from "../../assets/canvas/play/cards.js";
import { inRows } from "../../assets/canvas/play/own.js";
import { joined } from "../../assets/draw/tokens.js";

test("a layer that is no number, dead, thrown about or still is marked, in this order", () => {
  const well = { wrong: false, dead: 0, moved: 1e-3, pace: 1e-3 };
  assert.equal(trouble(well), "");
  assert.equal(trouble({ ...well, wrong: true, dead: 1 }), "not a number");
  assert.equal(trouble({ ...well, dead: 0.75, pace: 9 }), "75 % dead");
  assert.equal(trouble({ ...well, pace: 0.5 }), "moves 50 % a step");
  assert.equal(trouble({ ...well, moved: 0 }), "does not move");
  assert.equal(trouble({ wrong: false, dead: null, moved: null, pace: null }), "");
});

test("a wire grows with the logarithm of what it shows, between two ends", () => {
  const way = { from: 1e-4, to: 1 };
  const found = [1e-9, 1e-4, 1e-3, 1e-2, 1, 1e9].map((size) => thickness(size, way));
  assert.equal(found[0], found[1]);
  assert.ok(Math.abs(found[2] - found[1] - (found[3] - found[2])) < 1e-9);
  assert.equal(found[4], found[5]);
  assert.ok(found[1] < found[3] && found[3] < found[4]);
});

test("typed numbers fall into rows of so many, whatever stands between them", () => {
  assert.deepEqual(inRows("1 2\n3;4\t5", 2), [["1", "2"], ["3", "4"], ["5"]]);
  assert.deepEqual(inRows(" \n", 3), []);
});

test("spaces are seen between characters, and words have spaces between them", () => {
  assert.equal(joined([0, 1, 0, 2], ["a", " ", "\n"]), "a␣a⏎");
  assert.equal(joined([1, 0], ["dog", "the"]), "the dog");
});
