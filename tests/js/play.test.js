// The strip of Play: how thick wires are, and numbers that a person types.
import assert from "node:assert/strict";
import test from "node:test";

import { thickness } from "../../assets/canvas/play/cards.js";
import { inRows } from "../../assets/canvas/play/own.js";
import { begins, sentence } from "../../assets/canvas/play/words.js";
import { joined } from "../../assets/draw/tokens.js";

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

test("before a play stands what it will do, and which run stays as it is", () => {
  const dataset = { title: "Iris" };
  assert.equal(begins("mlp", { dataset, learned: "" }), "Press play and mlp learns here from Iris.");
  assert.equal(begins("mlp", { dataset, learned: "mlp 2" }), "Press play and mlp learns here from Iris, with new weights; mlp 2 stays as it is.");
});

test("a play that waits says for which run of its project, or how many come before it", () => {
  const waits = { status: "queued", queue_place: 1, ahead: null };
  assert.equal(sentence(waits), "Next in the queue");
  assert.equal(sentence({ ...waits, ahead: { name: "lenet5 2", status: "running" } }), "Waits for lenet5 2, which learns");
  assert.equal(sentence({ ...waits, ahead: { name: "lenet5 2", status: "paused" } }), "Waits for lenet5 2, which is paused");
  assert.equal(sentence({ ...waits, queue_place: 3 }), "In the queue, 2 runs before it");
});
