// After a step of undo or redo the layer that changed is the one to look at; pictures are Python's.
import assert from "node:assert/strict";
import test from "node:test";

import { changed } from "../../assets/canvas/changed.js";
import { named, wrongName } from "../../assets/canvas/rename.js";
import { cases } from "./cases.js";

test("undo and redo lead to the layer that came back, differs, or stood before one that went", () => {
  assert.ok(cases.length >= 8);
  for (const { what, before, after, there } of cases) assert.equal(changed(before, after) ?? null, there, what);
});

test("a typed name has _ for its spaces, and what cannot be is told before it is sent", () => {
  assert.equal(named("  my first  layer "), "my_first_layer");
  assert.equal(wrongName("my_first_layer", ["conv_1"]), "");
  assert.match(wrongName("é", []), /“é”/);
  assert.match(wrongName("conv_1", ["conv_1"]), /Another layer is called conv_1/);
});
