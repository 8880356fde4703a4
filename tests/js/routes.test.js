// Where wires run that cannot run straight down, for every network of the zoo as Python lays it out.
import assert from "node:assert/strict";
import test from "node:test";

import { laneAt, middleOf, portOffsets, roomFor, rounded, skips } from "../../assets/canvas/routes.js";
import { cases } from "./cases.js";

const laid = ({ nodes, edges }) => {
  const named = new Map(nodes.map((node) => [node.name, node]));
  const last = Math.max(...nodes.map(({ x }) => x));
  return { named, last, found: skips(edges, named, last) };
};
const span = ({ source, target }, named) => [named.get(source).y, named.get(target).y].sort((a, b) => a - b);

test("there are networks with skip connections and several columns among them", () => {
  assert.ok(cases.filter(({ edges }) => edges.some(({ route }) => route)).length > 5);
  assert.ok(cases.filter(({ nodes }) => nodes.some(({ x }) => x > 0)).length > 3);
});

for (const picture of cases) {
  test(`${picture.name}: every wire that a card stands in the way of has a lane, and no other`, () => {
    const { found } = laid(picture);
    assert.deepEqual(picture.edges.filter((edge) => found.has(edge)), picture.edges.filter(({ route }) => route));
    assert.equal(found.size, picture.edges.filter(({ route }) => route).length);
  });

  test(`${picture.name}: no lane passes over a card, and no two wires share one`, () => {
    const { named, found } = laid(picture);
    const taken = [];
    for (const [edge, { column, lane, inner }] of found) {
      const [top, bottom] = span(edge, named);
      const passed = picture.nodes.filter(({ y }) => y >= top && y <= bottom).map(({ x }) => x);
      if (!inner) assert.ok(column >= Math.max(...passed), `${edge.source} to ${edge.target}`);
      assert.ok(lane >= 1 && Number.isInteger(lane));
      for (const other of taken) {
        if (other.column !== column || other.lane !== lane || other.inner !== Boolean(inner)) continue;
        assert.ok(other.bottom <= top || bottom <= other.top, `${edge.source} to ${edge.target} over ${other.edge.source} to ${other.edge.target}`);
      }
      taken.push({ column, lane, inner: Boolean(inner), top, bottom, edge });
    }
  });

  test(`${picture.name}: the room beside the columns holds every lane`, () => {
    const { found } = laid(picture);
    const { beside, between } = roomFor(found);
    for (const { lane, inner } of found.values()) assert.ok(laneAt(lane) < (inner ? between : beside));
    if (!found.size) assert.deepEqual([beside, between], [0, 0]);
  });

  test(`${picture.name}: wires to several ports of a layer end beside each other, around its middle`, () => {
    const offsets = portOffsets(picture.edges, 300);
    const ends = Map.groupBy(offsets, ([key]) => key.split(" ")[0]);
    for (const [target, all] of ends) {
      const places = all.map(([, offset]) => offset);
      assert.equal(new Set(places).size, new Set(picture.edges.filter((edge) => edge.target === target).map((edge) => edge.target_port)).size);
      assert.ok(Math.abs(places.reduce((sum, each) => sum + each, 0)) < 1e-9);
      assert.ok(places.every((offset) => Math.abs(offset) < 150), "within the card");
    }
  });
}

test("a path starts and ends at its ends, and its corners are cut on both legs", () => {
  const path = rounded([[0, 0], [0, 100], [50, 100], [50, 104]]);
  assert.equal(path, "M0 0L0 90Q0 100 10 100L40 100Q50 100 50 102L50 104");
  assert.equal(rounded([[1, 2], [3, 4]]), "M1 2L3 4");
});

test("the + of a wire sits on it, those of three lanes beside each other apart", () => {
  const points = [[0, 0], [20, 0], [20, 300], [0, 300]];
  const found = [1, 2, 3].map((lane) => middleOf(points, lane));
  assert.ok(found.every(([x, y]) => x === 20 && y > 0 && y < 300));
  assert.equal(new Set(found.map(([, y]) => y)).size, 3);
  assert.deepEqual(middleOf([[0, 0], [0, 10]]), [0, 5]);
});
