// What is proposed at a place is what Keras takes there and what known networks have there; the order is always the same.
import assert from "node:assert/strict";
import test from "node:test";

import { fit, proposed, rankOf } from "../../assets/canvas/fits.js";
import { asked } from "../../assets/canvas/search.js";
import { cases } from "./cases.js";

const { layers } = cases.listing;
const names = (place) => proposed(layers, place).map(({ name }) => name);

test("a type with a rank of its own has the one that Keras asks for", () => {
  assert.ok(Object.keys(cases.ranks).length > 15);
  const wrong = layers.filter((layer) => cases.ranks[layer.name] && rankOf(layer) !== undefined && rankOf(layer) !== cases.ranks[layer.name]);
  assert.deepEqual(wrong.map(({ name }) => [name, cases.ranks[name]]), []);
});

test("after a picture come convolutions, after a vector dense layers, after tokens recurrent ones", () => {
  assert.equal(names({ shape: [28, 28, 1], before: "Input" })[0], "Conv2D");
  assert.equal(names({ shape: [24, 24, 6], before: "Conv2D" })[0], "MaxPooling2D");
  assert.equal(names({ shape: [64], before: "Flatten" })[0], "Dense");
  assert.ok(["LSTM", "GRU", "PositionalEmbedding"].includes(names({ shape: [500, 128], before: "Embedding" })[0]));
});

test("nothing is proposed that cannot stand there", () => {
  for (const shape of [[28, 28, 1], [64], [500, 128]]) {
    for (const before of ["Input", "Conv2D", "Dense", "Embedding", "Add"]) {
      for (const layer of proposed(layers, { shape, before })) assert.ok([undefined, shape.length].includes(rankOf(layer)), `${layer.name} after ${before} ${shape}`);
    }
  }
});

test("the order is the same whenever it is asked, and does not depend on the order of asking", () => {
  const place = { shape: [28, 28, 1], before: "Conv2D" };
  assert.deepEqual(names(place), names(structuredClone(place)));
});

test("of equal matches the one that fits comes first", () => {
  const first = (words, shape) => asked(layers, words, (layer) => fit(layer, { shape, before: "Conv1D" }))[0].layer.name;
  assert.equal(first("conv", [28, 28, 3]), "Conv2D");
  assert.equal(first("conv", [100, 3]), "Conv1D");
  assert.equal(first("av", [28, 28, 3]).slice(-2), "2D");
});
