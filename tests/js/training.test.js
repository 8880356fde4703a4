// What the Train page computes: a run's points, its sentence, and its pictures as they come.
import assert from "node:assert/strict";
import test from "node:test";

import { Album } from "../../assets/train/album.js";
import { sentence } from "../../assets/train/head.js";
import { Series } from "../../assets/train/series.js";
import { served } from "./page.js";

const batch = (n, epoch, at, loss) => ({ n, kind: "batch", data: { epoch, batch: at, batches: 10, metrics: { loss, learning_rate: 0.1 } } });
const epoch = (n, at, metrics) => ({ n, kind: "epoch", data: { epoch: at, metrics } });

test("batches lie between epochs, validation beside training, and the learning rate is no curve", () => {
  const series = new Series();
  const { added, redraw } = series.add([batch(1, 1, 5, 3), batch(2, 1, 10, 2), epoch(3, 1, { loss: 2.5, val_loss: 2.8, accuracy: 0.4, val_accuracy: 0.3 })]);
  assert.deepEqual(added.map(({ metric, kind, x, y }) => [metric, kind, x, y]), [["loss", "batch", 0.5, 3], ["loss", "batch", 1, 2], ["loss", "train", 1, 2.5], ["loss", "validation", 1, 2.8], ["accuracy", "train", 1, 0.4], ["accuracy", "validation", 1, 0.3]]);
  assert.equal(redraw, false);
  assert.deepEqual([...series.metrics.keys()], ["loss", "accuracy"]);
});

test("an event that is told twice counts once", () => {
  const series = new Series();
  series.add([batch(1, 1, 5, 3)]);
  assert.deepEqual(series.add([batch(1, 1, 5, 3)]).added, []);
  assert.equal(series.last, 1);
});

test("a resumed run tells its unfinished epoch again: the older telling goes, and the lines are drawn anew", () => {
  const series = new Series();
  series.add([batch(1, 1, 10, 3), batch(2, 2, 2, 2.5), batch(3, 2, 4, 2.4)]);
  const { redraw } = series.add([batch(4, 2, 1, 2.6)]);
  assert.equal(redraw, true);
  assert.deepEqual(series.metrics.get("loss").batch, { x: [1, 1.1], y: [3, 2.6] });
});

test("a long line is thinned evenly and keeps its newest point", () => {
  const series = new Series();
  const { redraw } = series.add(Array.from({ length: 4000 }, (_, at) => batch(at + 1, Math.floor(at / 10) + 1, (at % 10) + 1, at)));
  const { x, y } = series.metrics.get("loss").batch;
  assert.ok(redraw && y.length === 2000 && y.at(-1) === 3999);
  assert.deepEqual(y.slice(0, 3), [1, 3, 5]);
  assert.ok(x.every((value, at) => at === 0 || value > x[at - 1]));
});

test("a run's value is its first metric on validation at the epoch with the lowest loss, else that loss", () => {
  const series = new Series();
  series.add([epoch(1, 1, { loss: 2, val_loss: 3, accuracy: 0.4, val_accuracy: 0.3 }), epoch(2, 2, { loss: 1, val_loss: 2, accuracy: 0.6, val_accuracy: 0.5 })]);
  assert.deepEqual(series.best(2), { best: 0.5, best_metric: "val_accuracy", best_of: "val_loss" });
  assert.deepEqual(series.best(7), {});
  const lossy = new Series();
  lossy.add([epoch(1, 1, { loss: 2, val_loss: 3 })]);
  assert.deepEqual(lossy.best(1), { best: 3, best_metric: "val_loss", best_of: "val_loss" });
  const alone = new Series();
  alone.add([epoch(1, 1, { loss: 2, accuracy: 0.4 })]);
  assert.deepEqual(alone.best(1), { best: 2, best_metric: "loss", best_of: "loss" });
});

test("a run's epoch of the lowest loss is never called its best accuracy", () => {
  const series = new Series();
  series.add([epoch(1, 1, { loss: 3, val_loss: 2.0, accuracy: 0.1, val_accuracy: 0.098 }), epoch(2, 2, { loss: 3, val_loss: 2.5, accuracy: 0.1, val_accuracy: 0.102 })]);
  const run = { status: "finished", epochs: 2, best_epoch: 1, ...series.best(1) };
  assert.equal(sentence(run, "image"), "finished · 2 epochs · lowest val_loss at epoch 1 (val_accuracy 0.098)");
});

test("what a run does is one sentence", () => {
  const run = { status: "running", epoch: 2, epochs: 12, batch: 5, rate: 1234.4, seconds_left: 100 };
  assert.equal(sentence(run, "image", null), "epoch 3 of 12 · 1,234 images a second · 2 min left");
  assert.equal(sentence({ ...run, epoch: 0, batch: 0 }, "image"), "starting");
  assert.equal(sentence({ status: "queued", queue_place: 3 }, "image"), "in the queue, 2 before it");
  assert.equal(sentence({ status: "queued", queue_place: 1 }, "image", "first"), "next in the queue · waits for first, which is paused");
  assert.equal(sentence({ status: "finished", epochs: 1, best: 0.98765, best_metric: "val_accuracy", best_of: "val_loss", best_epoch: 1 }, "image"), "finished · 1 epoch · lowest val_loss at epoch 1 (val_accuracy 0.988)");
  assert.equal(sentence({ status: "finished", epochs: 3, best: 0.5, best_metric: "val_loss", best_of: "val_loss", best_epoch: 2 }, "image"), "finished · 3 epochs · lowest val_loss 0.500 at epoch 2");
  assert.equal(sentence({ ...run, rate: 1 }, "image"), "epoch 3 of 12 · 1 image a second · 2 min left");
  assert.equal(sentence({ status: "stopped", epoch: 12, epochs: 12, batch: 0 }, "image"), "stopped in epoch 12 of 12");
  assert.equal(sentence({ status: "failed", epoch: 0, epochs: 12, batch: 0 }, "image"), "failed before the first batch");
});

const bytes = (...values) => ({ shape: [values.length], bytes: true, data: btoa(String.fromCharCode(...values)) });

test("pictures are asked for once, after the newest that is known", async (t) => {
  const answers = [
    { epochs: [0, 1], newest: { epoch: 1, kinds: { heads: { x: bytes(1) } } }, about: { kinds: [], dataset: {}, fixed: { heads: { y: bytes(9) } } } },
    { epoch: 0, kinds: { heads: { x: bytes(0) } } },
    { epochs: [], newest: null, about: null },
  ];
  const asked = await served(t, () => answers.shift());
  const album = new Album("a run");
  assert.equal(await album.more(), true);
  assert.deepEqual([...(await album.picture(1)).heads.x.values], [1]);
  assert.deepEqual([...(await album.picture(0)).heads.x.values], [0]);
  await album.picture(0);
  assert.equal(await album.more(), false);
  assert.deepEqual([...album.about.fixed.heads.y.values], [9]);
  assert.deepEqual(asked.map(({ url }) => url), ["/api/runs/a%20run/pictures?after=-1", "/api/runs/a%20run/pictures/0", "/api/runs/a%20run/pictures?after=1"]);
});

test("a picture that the server refuses says the server's sentence", async (t) => {
  await served(t, () => ({ status: 503, error: { message: "The server is busy." } }));
  await assert.rejects(new Album("r").more(), /The server is busy/);
});
