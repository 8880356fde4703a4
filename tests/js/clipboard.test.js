// What is copied is what Python cuts out of the same network; what is pasted is read as data, and nothing but layers is taken.
import assert from "node:assert/strict";
import test from "node:test";

import { fragment, pasted } from "../../assets/canvas/clipboard.js";
import { cases } from "./cases.js";

test("the layers, the wires among them and the ports that stay open are copied", () => {
  for (const { network, names, copied } of cases) assert.deepEqual(fragment(network, names), copied);
});

test("what was copied is what is pasted", () => {
  for (const { network, names } of cases) {
    const { network: part, open } = fragment(network, names);
    assert.deepEqual(pasted(JSON.stringify(fragment(network, names))), { network: part, open });
  }
});

test("a network as it is saved can be pasted as a whole", () => {
  const { network } = cases[0];
  assert.deepEqual(pasted(JSON.stringify(network, null, 1)), { network, open: [] });
});

test("other texts hold no layers", () => {
  const whole = { nodes: [{ name: "a", layer: "Dense" }], edges: [] };
  const wrong = ["", "hello", "[1, 2]", "{", "{}", "null", JSON.stringify({ layerloom: "other", network: whole, open: [] }), JSON.stringify({ layerloom: "layers", network: whole }), JSON.stringify({ nodes: [], edges: [] })];
  for (const text of wrong) assert.equal(pasted(text), null, text);
});

test("a text that is too long, or that has too many layers, is not looked at", () => {
  const nodes = Array.from({ length: 2001 }, (_, at) => ({ name: `n${at}`, layer: "Dense" }));
  assert.equal(pasted(JSON.stringify({ nodes, edges: [] })), null);
  assert.equal(pasted(`{"nodes": [1], "edges": [], "x": "${"y".repeat(2 * 2 ** 20)}"}`), null);
});
