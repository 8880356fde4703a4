// The address of the page, the search of the palette, and where a new wire begins and ends.
import assert from "node:assert/strict";
import test from "node:test";

import { change, write } from "../../assets/frame/address.js";
import { search } from "../../assets/canvas/search.js";
import { freeOutput, freePort } from "../../assets/canvas/ports.js";

/** A page at an address; what its history is told. */
function at(href) {
  const told = [];
  const location = { get href() { return told.at(-1) ?? href; }, get pathname() { return new URL(this.href).pathname; } };
  globalThis.window = { location, history: { state: { own: 1 }, replaceState: (state, _, url) => told.push(String(url)) } };
  return told;
}

test("what the server chose is written, what it left out is removed, and the rest of the address stays", () => {
  const told = at("http://x/build?project=old&layer=a&theme=dark");
  write({ query: { project: "new" }, keys: ["project", "layer"], at: 1 });
  assert.deepEqual(told, ["http://x/build?project=new&theme=dark"]);
  write({ query: { project: "older" }, keys: ["project"], at: 1 });
  assert.equal(told.length, 1, "said again, it is no news");
});

test("what a drawing changes before the server has written waits for it", () => {
  const told = at("http://x/explore?layer=a");
  change({ layer: "b" });
  assert.deepEqual(told, []);
  write({ query: { layer: "a" }, keys: ["layer"], at: 2 });
  assert.deepEqual(told, ["http://x/explore?layer=b"]);
  change({ layer: null, unit: "1,2" });
  assert.equal(told.at(-1), "http://x/explore?unit=1%2C2");
});

test("what a drawing changed on another page is not written on this one", () => {
  const told = at("http://x/one");
  change({ layer: "b" });
  const later = at("http://x/two");
  write({ query: {}, keys: [], at: 3 });
  assert.deepEqual([told, later], [[], []]);
});

const layer = (name, family = "core", summary = "") => ({ name, family, summary });

test("a search puts the layer of that name first, then those that begin with it, then the others", () => {
  const layers = [layer("SpatialDropout1D"), layer("Softmax", "core", "drops nothing"), layer("DropoutMore"), layer("Dropout"), layer("Dense")];
  assert.deepEqual(search(layers, " dropout ").map(({ name }) => name), ["Dropout", "DropoutMore", "SpatialDropout1D"]);
  assert.deepEqual(search(layers, "DROP").map(({ name }) => name), ["DropoutMore", "Dropout", "SpatialDropout1D", "Softmax"]);
  assert.deepEqual(search(layers, "core drop nothing").map(({ name }) => name), ["Softmax"]);
  assert.deepEqual(search(layers, "zzz"), []);
  assert.equal(search(layers, "").length, 5);
});

test("a new wire goes to the first port that is free, from the first output that does not feed it yet", () => {
  const listing = { layers: [{ name: "Attention", ports: [{ name: "query" }, { name: "value" }] }, { name: "Add", ports: [{ name: "inputs", many: true }] }] };
  const picture = {
    nodes: [{ name: "lstm", layer: "LSTM", outputs: [{ name: "output" }, { name: "hidden" }] }, { name: "attention", layer: "Attention" }, { name: "add", layer: "Add" }, { name: "other", layer: "Elsewhere" }],
    edges: [{ source: "lstm", target: "attention", target_port: "query", source_port: "output" }, { source: "lstm", target: "add", target_port: "inputs", source_port: "output" }],
  };
  assert.deepEqual(["attention", "add", "other"].map((target) => freePort(listing, picture, target)), ["value", "inputs", "inputs"]);
  assert.deepEqual([freeOutput(picture, "lstm", "add", "inputs"), freeOutput(picture, "lstm", "attention", "value"), freeOutput(picture, "attention", "add", "inputs")], ["hidden", "output", "output"]);
});
