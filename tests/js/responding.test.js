// Which units respond to a stretch of a sequence, as numpy finds them.
import assert from "node:assert/strict";
import test from "node:test";

import { responses, stretches } from "../../assets/explore/recurrent/responding.js";
import { cases } from "./cases.js";

test("units are scored by standard deviations between the stretch and the rest", () => {
  responses(cases, 3, 7).forEach((score, unit) => assert.ok(Math.abs(score - cases.scores[unit]) < 1e-9, `unit ${unit}: ${score}`));
});

test("a unit responds in every stretch beyond halfway between its two means", () => {
  const values = [0, 0, 5, 5, 0, 4, 0, 1];
  assert.deepEqual(stretches({ shape: [8, 1], values }, 0, 2, 3).spans, [[2, 3], [5, 5]]);
  assert.deepEqual(stretches({ shape: [8, 1], values: values.map((value) => -value) }, 0, 2, 3), { threshold: -(5 + 5 / 6) / 2, above: false, spans: [[2, 3], [5, 5]] });
});
