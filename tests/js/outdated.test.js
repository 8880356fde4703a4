// An answer that comes after its question is outdated is neither drawn nor told.
import assert from "node:assert/strict";
import test from "node:test";

import { Head } from "../../assets/train/head.js";
import { mounted, paper, sent, served, until } from "./page.js";

/** Something that waits until `open()`. */
function gate() {
  let open;
  const opened = new Promise((done) => (open = done));
  return { opened, open };
}

const settle = () => new Promise((later) => setTimeout(later, 40));

test("why a run could not be stopped is not told of another run that is shown by then", async (t) => {
  const { opened, open } = gate();
  await served(t, async () => (await opened, { status: 409, error: { message: "It has ended." } }));
  paper();
  const told = [];
  const head = new Head((run) => told.push(run));
  const run = (id) => ({ id, name: id, status: "running", epoch: 1, epochs: 9, batch: 1, batches: 2 });
  const more = { unit: "images", editable: true };
  head.draw(run("one"), more);
  const pressed = head.press("stop");
  head.draw(run("two"), more);
  open();
  await pressed;
  assert.equal(head.note.textContent, "");
  head.draw(run("one"), more);
  await head.press("stop");
  assert.equal(head.note.textContent, "It has ended.");
});

test("what a decoder of an earlier epoch makes is not drawn over the present one's", async (t) => {
  const { opened, open } = gate();
  const asked = await served(t, async ({ body }) => {
    if (body.epoch === 1) await opened;
    return sent([body.codes.length, 4], new Array(4 * body.codes.length).fill(body.epoch / 10));
  });
  const page = await mounted("explore/autoencoder/plane.js");
  const data = (epoch) => ({
    run: "r", epoch, layer: "decoder", input: "i", sample: 0, size: [2, 2, 1], low: 0, high: 1, title: "codes", classes: [], classColours: { light: ["#000000"], dark: ["#000000"] },
    codes: sent([3, 2], [0, 0, 1, 1, 2, 2]), labels: sent([3], [0, 0, 0]), plane: sent([3, 2], [0, 0, 1, 1, 2, 2]), code: sent([2], [0, 0]), ranges: [{ low: 0, high: 1 }, { low: 0, high: 1 }],
  });
  page.draw(data(1));
  await until(() => asked.length === 2); // the picture, and the way between two samples
  page.draw(data(2));
  const before = page.made.length;
  open();
  assert.ok(await until(() => asked.length === 4));
  await settle();
  const drawn = page.made.slice(before).filter(({ image }) => image).map(({ image }) => image.data[0]);
  assert.ok(drawn.length > 0 && drawn.every((band) => band === 51), drawn.join()); // 255 times 2 / 10
  page.leave();
});

test("a picture that did not come is not told of the epoch that is shown by then", async (t) => {
  const { opened, open } = gate();
  const asked = await served(t, async ({ url }) => {
    if (url.includes("after=")) return { epochs: [1, 2, 3], newest: { epoch: 3, kinds: { values: { predictions: sent([2, 1], [0, 1]) } } }, about: { kinds: [{ name: "values", title: "Values" }], dataset: {}, fixed: { values: { y: sent([2, 1], [0, 1]) } }, past: [] } };
    if (url.endsWith("/1")) await opened;
    return { status: 503, error: { message: "The server is busy." } };
  });
  const page = await mounted("train/picture.js");
  page.draw({ run: "r", name: "one", status: "finished", classes: {} });
  const when = page.made.find(({ attributes }) => attributes.class === "picture-when");
  assert.ok(await until(() => when.textContent === "epoch 3"));
  const slider = page.made.find(({ attributes }) => attributes.type === "range");
  const slide = (place) => (Object.assign(slider, { value: place }), slider.dispatchEvent(new Event("input")));
  slide(0);
  await until(() => asked.some(({ url }) => url.endsWith("/1")));
  slide(2);
  await settle();
  open();
  await settle();
  assert.equal(when.textContent, "epoch 3");
  slide(1);
  assert.ok(await until(() => when.textContent === "epoch 2 did not come"));
  page.leave();
});
