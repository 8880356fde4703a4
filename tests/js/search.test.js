// Search in the catalogue's own layers: the words people use for a layer, and slips of the keyboard.
import assert from "node:assert/strict";
import test from "node:test";

import { asked, distance, search } from "../../assets/canvas/search.js";
import { cases } from "./cases.js";

const first = (words, count = 1) => search(cases.layers, words).slice(0, count).map(({ name }) => name);

for (const [words, layer] of Object.entries({
  "fully connected": "Dense", "skip connection": "Add", residual: "Add", "batch norm": "BatchNormalization", deconvolution: "Conv2DTranspose",
  gelu: "Activation", sigmoid: "Activation", tanh: "Activation", resize: "Resizing", "one hot": "CategoryEncoding", bilstm: "Bidirectional",
  "word vectors": "Embedding", bahdanau: "AdditiveAttention", "self-attention": "MultiHeadAttention", crop: "CenterCrop", vae: "Sampling",
})) {
  test(`“${words}” finds ${layer} among the first`, () => assert.ok(first(words, 3).includes(layer), first(words, 5).join()));
}

test("a word that several layers answer to finds them all", () => {
  const found = (words) => search(cases.layers, words).map(({ name }) => name);
  for (const name of ["UpSampling2D", "UpSampling1D", "Conv2DTranspose"]) assert.ok(found("upsample").includes(name));
  for (const name of ["MultiHeadAttention", "PositionalEmbedding", "LayerNormalization"]) assert.ok(found("transformer").includes(name));
  assert.ok(found("augmentation").length >= 6);
});

test("every layer is the first that its own name finds, in whatever case", () => {
  assert.deepEqual(cases.layers.filter(({ name }) => first(name)[0] !== name || first(name.toUpperCase())[0] !== name), []);
});

test("a slip of one letter in a name or term still finds it, and is not looked for where letters match", () => {
  const wrong = { dropuot: "Dropout", conv2f: "Conv2D", flaten: "Flatten", embeding: "Embedding", concatentae: "Concatenate", residaul: "Add" };
  for (const [words, layer] of Object.entries(wrong)) assert.equal(first(words)[0], layer, words);
  assert.deepEqual(first("zzzzzz", 9), []);
});

test("the distance of two words is the number of slips between them", () => {
  const words = [["", "", 0], ["abc", "abc", 0], ["abc", "acb", 1], ["abc", "ab", 1], ["kitten", "sitting", 3], ["", "abc", 3]];
  for (const [one, other, slips] of words) assert.deepEqual([distance(one, other), distance(other, one)], [slips, slips]);
});

const typed = (words) => asked(cases.layers, words)[0];

for (const [words, layer, params] of [
  ["conv 6 5 tanh", "Conv2D", { filters: 6, kernel_size: [5, 5], activation: "tanh" }],
  ["conv 16 3x5 same", "Conv2D", { filters: 16, kernel_size: [3, 5], padding: "same" }],
  ["den 10 sof", "Dense", { units: 10, activation: "softmax" }],
  ["dropout 0.5", "Dropout", { rate: 0.5 }],
  ["input 32 32 1", "Input", { shape: [32, 32, 1] }],
  ["input 32x32x1", "Input", { shape: [32, 32, 1] }],
  ["activation tanh", "Activation", { activation: "tanh" }],
  ["dense softmax", "Dense", { activation: "softmax" }],
  ["fully connected 84", "Dense", { units: 84 }],
  ["conv 8 strides=2", "Conv2D", { filters: 8, strides: [2, 2] }],
  ["conv 1x1", "Conv2D", { kernel_size: [1, 1] }],
  ["flatten", "Flatten", {}],
]) {
  test(`“${words}” is ${layer} with its settings`, () => assert.deepEqual([typed(words).layer.name, typed(words).params], [layer, params]));
}

test("a word that is no setting is not passed over", () => {
  assert.deepEqual(asked(cases.layers, "dense 10 nonsense"), []);
  assert.deepEqual(asked(cases.layers, "flatten 3"), []);
});

test("every layer that is found takes the settings that were typed", () => {
  for (const { layer, params } of asked(cases.layers, "conv 6")) assert.ok(layer.takes.some(({ name }) => name in params), layer.name);
});
