// A new run that waits for a play on Build: which run waits for which play, and one press that ends it.
import assert from "node:assert/strict";
import test from "node:test";

import { Ahead, held } from "../../assets/train/ahead.js";
import { paper, served } from "./page.js";

const run = (id, status, more = {}) => ({ id, name: `net ${id}`, status, played: false, pinned: false, queue_place: null, ...more });
const play = run("2", "running", { played: true, pinned: true });
const waiting = run("3", "queued", { queue_place: 1 });

test("a run waits for a play of the same project, and the next in the queue is named", () => {
  assert.deepEqual(held([run("4", "queued", { queue_place: 2 }), waiting, play, run("1", "finished")]), { waiting, play });
  assert.equal(held([waiting, { ...play, status: "paused" }]).play.status, "paused");
});

for (const [words, runs] of [
  ["a run that somebody trains", [waiting, run("2", "running")]],
  ["a play that is ending", [waiting, { ...play, status: "stopping" }]],
  ["a play that has ended", [waiting, { ...play, status: "stopped" }]],
]) test(`nothing is offered before ${words}`, () => assert.equal(held(runs), null));

test("without a run that waits, nothing is offered", () => assert.equal(held([play, run("1", "finished")]), null));

test("one press ends the play and shows the run that waits", async (t) => {
  const asked = await served(t, () => ({ run: { ...play, status: "stopping" } }));
  paper();
  const shown = [];
  const ahead = new Ahead((next) => shown.push(next.id));
  ahead.draw([waiting, play], true);
  assert.equal(ahead.words.textContent, "net 3 waits: net 2, played on Build, is still learning.");
  await ahead.press();
  assert.deepEqual(asked, [{ url: "/api/runs/2/control", body: { action: "stop" } }]);
  assert.deepEqual(shown, ["3"]);
});

test("a refusal is said, and the press can be made again", async (t) => {
  await served(t, () => ({ status: 409, error: { message: "The run is stopped." } }));
  paper();
  const ahead = new Ahead(() => assert.fail("nothing was ended"));
  ahead.draw([waiting, play], true);
  await ahead.press();
  assert.deepEqual([ahead.words.textContent, ahead.button.disabled], ["The run is stopped.", false]);
});

test("a visitor is offered nothing", () => {
  paper();
  const ahead = new Ahead(() => {});
  ahead.draw([waiting, play], false);
  assert.equal(ahead.element.hidden, true);
});
