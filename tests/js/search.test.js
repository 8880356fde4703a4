// Search in the catalogue's own layers: the words people use for a layer, and slips of the keyboard.
import assert from "node:assert/strict";
import test from "node:test";

import { distance, search } from "../../assets/canvas/palette.js";
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
