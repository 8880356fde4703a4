// What is marked on the card of a layer that learns: two words, and a sentence that says what they mean and what helps.
import assert from "node:assert/strict";
import test from "node:test";

import { trouble } from "../../assets/canvas/play/trouble.js";

test("a layer that learns well has no mark", () => {
  for (const block of [{ wrong: false, dead: 0.49, moved: 1e-3 }, { wrong: false, dead: null, moved: null }, { wrong: false, dead: undefined, moved: 1e-6 }]) assert.equal(trouble(block), null);
});

test("the gravest is said first, and each mark has a sentence of its own", () => {
  const found = [{ wrong: true, dead: 1, moved: 0 }, { wrong: false, dead: 0.8, moved: 0, pace: 9 }, { wrong: false, dead: 0.1, moved: 0, pace: 0 }, { wrong: false, dead: 0, moved: 1, pace: 0.5 }].map(trouble);
  assert.deepEqual(found.map(({ short }) => short), ["not a number", "80 % dead", "does not move", "moves 50 % a step"]);
  assert.ok(found[1].meaning.startsWith("80 % of its units answer 0"));
  assert.equal(new Set(found.map(({ meaning }) => meaning)).size, 4);
  for (const { meaning } of found) assert.match(meaning, /^[A-Z0-9].*\.$/);
});
