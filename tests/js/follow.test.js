// A run is followed for as long as it is alive: what is busy or away is asked again, what is not there is not.
import assert from "node:assert/strict";
import test from "node:test";

import { control, follow } from "../../assets/train/follow.js";
import { served, until } from "./page.js";

const events = (next, status = "running") => ({ next, more: false, run: { id: "r", status }, events: [] });

/** Follow a run quickly; what was answered and how often it failed. */
function following(t) {
  const told = { answers: [], failures: [] };
  const follower = follow("r", { every: 5, answered: (body) => told.answers.push(body.next), away: (times) => told.failures.push(times) });
  t.after(() => follower.stop());
  return told;
}

test("a run is asked for what came after its newest event until it has ended", async (t) => {
  const answers = [events(3), events(5), events(6, "finished")];
  const asked = await served(t, () => answers.shift());
  const told = following(t);
  await until(() => told.answers.length === 3);
  await new Promise((later) => setTimeout(later, 60));
  assert.deepEqual(told.answers, [3, 5, 6]);
  assert.deepEqual(asked.map(({ url }) => new URL(url, "http://x").searchParams.get("after")), ["0", "3", "5"]);
});

for (const status of [503, 500, 502, 429]) {
  test(`after a ${status} it is asked again`, async (t) => {
    const answers = [{ status }, { status }, events(3), events(4, "finished")];
    await served(t, () => answers.shift());
    const told = following(t);
    assert.ok(await until(() => told.answers.length === 2));
    assert.deepEqual(told, { answers: [3, 4], failures: [1, 2] });
  });
}

test("after an answer that is no JSON it is asked again", async (t) => {
  await served(t, () => events(4, "finished"));
  const own = globalThis.fetch;
  let broken = 1;
  globalThis.fetch = (...given) => (broken-- > 0 ? Promise.resolve(new Response("<html>")) : own(...given));
  const told = following(t);
  assert.ok(await until(() => told.answers.length === 1));
  assert.deepEqual(told.failures, [1]);
});

test("a run that is not there ends it, and is no failure of the server", async (t) => {
  const asked = await served(t, () => ({ status: 404 }));
  const told = following(t);
  await until(() => asked.length > 0);
  await new Promise((later) => setTimeout(later, 80));
  assert.equal(asked.length, 1);
  assert.deepEqual(told, { answers: [], failures: [] });
});

test("a server that cannot be reached is asked again once it is back", async (t) => {
  await served(t, () => events(4, "finished"));
  const own = globalThis.fetch;
  let away = 2;
  globalThis.fetch = (...given) => (away-- > 0 ? own("http://127.0.0.1:1/") : own(...given)); // nothing listens there
  const told = following(t);
  assert.ok(await until(() => told.answers.length === 1));
  assert.deepEqual(told, { answers: [4], failures: [1, 2] });
});

test("an answer that comes after it was stopped is not told", async (t) => {
  let open;
  const gate = new Promise((opened) => (open = opened));
  const asked = await served(t, async () => (await gate, events(3)));
  const told = [];
  const follower = follow("r", { every: 5, answered: (body) => told.push(body), away: (times) => told.push(times) });
  await until(() => asked.length > 0);
  follower.stop();
  open();
  await new Promise((later) => setTimeout(later, 60));
  assert.deepEqual(told, []);
});

test("a press that the server refuses says the server's own sentence", async (t) => {
  await served(t, ({ body }) => (body.action === "stop" ? { run: { status: "stopping" } } : { status: 409, error: { message: "It has ended." } }));
  assert.deepEqual(await control("r", "stop"), { run: { status: "stopping" } });
  await assert.rejects(control("r", "pause"), /It has ended/);
});
