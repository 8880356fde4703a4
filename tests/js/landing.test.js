// A drop lands on the wire that is near, else on the card below it, else on the ground; loose cards stand where they were put.
import assert from "node:assert/strict";
import test from "node:test";

import { distance, landing } from "../../assets/canvas/landing.js";
import { groupsOf, looseNames, settled } from "../../assets/canvas/places.js";

const [WIDE, HIGH, PITCH] = [300, 76, 93];
const card = (name, row) => ({ name, left: 100, top: row * PITCH, width: WIDE, height: HIGH });
const wire = (source, target, points) => ({ edge: { source, target }, points });
const scene = {
  cards: [card("a", 0), card("b", 1), card("c", 2)],
  wires: [
    wire("a", "b", [[250, 76], [250, 93]]),
    wire("b", "c", [[250, 169], [250, 186]]),
    wire("a", "c", [[400, 47], [430, 47], [430, 215], [400, 215]]),
  ],
  grid: { column: (x) => Math.floor((x - 100) / 344), row: (y) => Math.floor(y / PITCH), within: (x) => x > 100 && x < 400 },
};
const wireAt = (x, y, except) => landing([x, y], scene, except).wire?.edge;

test("any part of a wire is meant, the corner of a skip connection too", () => {
  for (const [x, y] of [[415, 47], [430, 100], [430, 210], [405, 215], [425, 60]]) assert.deepEqual(wireAt(x, y), { source: "a", target: "c" }, `${x} ${y}`);
  assert.deepEqual(wireAt(250, 85), { source: "a", target: "b" });
  assert.deepEqual(wireAt(120, 85), { source: "a", target: "b" }); // the ground between two cards is narrow
});

const aside = ({ points }, x) => (x < 400 && points.length === 2 ? 8 : 1);

test("of two wires the nearer one is meant", () => {
  for (let y = 80; y < 92; y += 1) for (let x = 110; x < 440; x += 5) {
    const { wire: found } = landing([x, y], scene);
    if (!found) continue;
    const far = scene.wires.filter((each) => distance([x, y], each.points, aside(each, x)) < distance([x, y], found.points, aside(found, x)));
    assert.deepEqual(far, []);
  }
});

test("a card is meant by its halves, the ground by its column and row", () => {
  assert.deepEqual(landing([130, 100], scene), { card: "b", half: "upper" });
  assert.deepEqual(landing([130, 160], scene), { card: "b", half: "lower" });
  assert.deepEqual(landing([700, 400], scene), { ground: [1, 4] });
  assert.deepEqual(landing([20, 100], scene), { ground: [-1, 1] });
});

test("a card that is dragged lands neither on itself nor on its own wires", () => {
  const except = new Set(["b"]);
  assert.equal(wireAt(250, 85, except), undefined);
  assert.deepEqual(landing([130, 120], scene, except), { ground: [0, 1] });
  assert.deepEqual(wireAt(430, 100, except), { source: "a", target: "c" });
});

test("the distance of a point from a wire is the one to its nearest point", () => {
  const points = [[0, 0], [10, 0], [10, 20]];
  const sampled = ([x, y]) => Math.min(...Array.from({ length: 3001 }, (_, at) => Math.hypot(x - Math.min(10, at / 100), y - Math.max(0, at / 100 - 10))));
  for (const point of [[5, 3], [-4, 0], [13, 10], [10, 26], [4, 9]]) assert.ok(Math.abs(distance(point, points) - sampled(point)) < 0.01, `${point}`);
  assert.equal(distance([3, 4], [[0, 0], [0, 0]]), 5);
});

const node = (name, x, y, layer = "Dense") => ({ name, x, y, layer });
const edge = (source, target) => ({ source, target });
const chain = { nodes: [node("in", 0, 0, "Input"), node("a", 0, 1), node("b", 0, 2), node("x", 1, 0), node("y", 1, 1)], edges: [edge("in", "a"), edge("a", "b"), edge("x", "y")] };
const cells = (nodes) => nodes.map(({ name, x, y }) => [name, x, y]);

test("what no Input leads to is loose, in groups that hang together", () => {
  assert.deepEqual(groupsOf(chain).map((group) => [...group].sort()), [["a", "b", "in"], ["x", "y"]]);
  assert.deepEqual([...looseNames(chain)], ["x", "y"]);
  assert.deepEqual([...looseNames({ nodes: [node("a", 0, 0)], edges: [] })], []);
  assert.deepEqual([...looseNames({ nodes: [node("in", 0, 0, "Input"), node("a", 1, 0)], edges: [] })], ["in", "a"]);
});

test("a loose group stands at its place as a whole, and beside cards that stand there", () => {
  assert.deepEqual(cells(settled(chain, new Map([["x", [1, 5]]]))).slice(3), [["x", 1, 5], ["y", 1, 6]]);
  assert.deepEqual(cells(settled(chain, new Map([["y", [0, 2]]]))).slice(3), [["x", 1, 1], ["y", 1, 2]]);
  assert.deepEqual(cells(settled(chain, new Map([["y", [2, 0]]]))).slice(3), [["x", 2, 0], ["y", 2, 1]]); // nothing stands above the first row
});

test("no two cards stand in one place, and what is wired stays where the layout has it", () => {
  const many = { nodes: [...chain.nodes, node("z", 2, 0)], edges: chain.edges };
  const nodes = settled(many, new Map([["x", [0, 0]], ["z", [0, 1]], ["a", [5, 5]]]));
  assert.equal(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size, nodes.length);
  assert.deepEqual(cells(nodes).slice(0, 3), cells(chain.nodes).slice(0, 3));
});
