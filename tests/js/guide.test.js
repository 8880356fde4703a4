// What the canvas says where nothing is built yet: what to do next, and no mistake.
import assert from "node:assert/strict";
import test from "node:test";

import { begun, guide } from "../../assets/canvas/guide.js";
import { paper } from "./page.js";

const fix = { label: "Add Conv2D after input", edit: { kind: "add_after", after: "input", layer: "Conv2D" } };
const lone = { nodes: [{ name: "input", layer: "Input" }], editable: true, problems: [{ node: null, fixes: [fix] }] };
const texts = (element) => (typeof element === "string" ? [element] : element.children.flatMap(texts));

test("a network is begun with its first layer after an Input", () => {
  assert.deepEqual([begun({ nodes: [] }), begun(lone), begun({ nodes: [...lone.nodes, { name: "dense", layer: "Dense" }] })], [false, false, true]);
});

test("an Input alone is told what comes next, and its first layer is one press away", () => {
  paper();
  const asked = [];
  const shown = guide(lone, (edit) => asked.push(edit));
  assert.match(texts(shown).join(" "), /nothing else yet.*Press the \+ below the Input.*Press Train/s);
  const button = shown.children.find((child) => child.tag === "button");
  assert.equal(button.children[0], fix.label);
  button.dispatchEvent(new Event("click"));
  assert.deepEqual(asked, [fix.edit]);
});

test("who only looks is told that there is nothing yet, and given nothing to press", () => {
  paper();
  const shown = guide({ ...lone, editable: false }, () => {});
  assert.deepEqual(shown.children.map(({ tag }) => tag), ["p"]);
});

test("no layer at all is one press from an Input, before Keras has said so", () => {
  paper();
  const asked = [];
  const shown = guide({ nodes: [], editable: true, problems: [] }, (edit) => asked.push(edit));
  shown.children.find((child) => child.tag === "button").dispatchEvent(new Event("click"));
  assert.deepEqual(asked, [{ kind: "add", layer: "Input" }]);
});
