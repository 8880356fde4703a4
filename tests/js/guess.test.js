// A press is answered with what Python will most likely make of it: the same names, the same wires.
import assert from "node:assert/strict";
import test from "node:test";

import { guess } from "../../assets/canvas/guess.js";
import { cases } from "./cases.js";

const types = Object.fromEntries(cases.listing.layers.map((layer) => [layer.name, layer]));
const wire = ({ source, source_port, target, target_port }) => [source, source_port, target, target_port];
const sorted = (all) => all.map((each) => JSON.stringify(each)).sort();

test("every layer type of the catalogue gets the name that Python gives it", () => {
  const added = cases.cases.filter(({ edit }) => edit.kind === "add_after");
  assert.equal(added.length, cases.listing.layers.length - 1); // an Input has no place after another layer
  const wrong = added.map(({ picture, edit, names }) => [edit.layer, names, guess(picture, edit, types).nodes.map(({ name }) => name)]);
  assert.deepEqual(wrong.filter(([, python, guessed]) => sorted(python).join() !== sorted(guessed).join()), []);
});

for (const kind of ["add_after", "insert", "delete", "duplicate", "move"]) {
  test(`an edit of kind ${kind} leads to Python's names and wires`, () => {
    const own = cases.cases.filter(({ edit }) => edit.kind === kind);
    assert.ok(own.length > 70);
    for (const { picture, edit, names, wires } of own) {
      const guessed = guess(picture, edit, types);
      if (!guessed) continue; // not worth a guess
      assert.deepEqual(sorted(guessed.nodes.map(({ name }) => name)), sorted(names), JSON.stringify(edit));
      assert.deepEqual(sorted(guessed.edges.map(wire)), sorted(wires), JSON.stringify(edit));
    }
  });
}

test("what is not worth a guess is few", () => {
  const none = cases.cases.filter(({ picture, edit }) => !guess(picture, edit, types));
  assert.ok(none.length < 0.1 * cases.cases.length, `${none.length} of ${cases.cases.length}`);
});

test("the picture that is on the screen stays as it is", () => {
  const [{ picture, edit }] = cases.cases;
  const before = structuredClone(picture);
  guess(picture, edit, types);
  assert.deepEqual(picture, before);
});
