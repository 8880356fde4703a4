// Edits go out in order to a server, and answers are only drawn where they belong; the server here is a real one on this machine.
import assert from "node:assert/strict";
import test from "node:test";

import { catalogue, Server } from "../../assets/canvas/server.js";
import { served } from "./page.js";

/** A Server of the canvas that talks to one that answers with `reply({ url, body })`; `told` is what the canvas hears. */
async function talking(t, reply) {
  const asked = await served(t, reply);
  const told = [];
  const hear = (name) => (...given) => told.push([name, ...given]);
  const names = ["onPicture", "onStale", "onRefused", "onElsewhere", "onAway", "onBack"];
  return { server: new Server(Object.fromEntries(names.map((name) => [name, hear(name)]))), asked, told };
}

const picture = (network, revision, project = "p") => ({ project, network, revision });

/** Until everything that was sent has its answer. */
async function quiet(server) {
  while (server.busy) await new Promise((later) => setTimeout(later, 5));
}

/** An answer that is held back until `let_go()`. */
function held() {
  let let_go;
  const gate = new Promise((open) => (let_go = open));
  return { gate, let_go };
}

test("edits go out one after another, each with the revision that the one before it made", async (t) => {
  const { server, asked, told } = await talking(t, ({ body }) => picture(body.network, body.revision + 1));
  server.follow(picture("a", 3));
  for (const kind of ["one", "two", "three"]) server.send({ kind });
  assert.ok(server.waiting);
  await quiet(server);
  assert.deepEqual(asked.map(({ body }) => [body.edit.kind, body.revision]), [["one", 3], ["two", 4], ["three", 5]]);
  assert.deepEqual(told.map(([name, { revision }]) => [name, revision]), [["onPicture", 4], ["onPicture", 5], ["onPicture", 6]]);
  assert.ok(!server.waiting);
});

test("an answer that comes after another network was opened is not drawn", async (t) => {
  const { gate, let_go } = held();
  const { server, asked, told } = await talking(t, async ({ body }) => (body.edit.kind === "slow" && (await gate), picture(body.network, body.revision + 1)));
  server.follow(picture("a", 0));
  server.send({ kind: "slow" });
  server.follow(picture("b", 7));
  assert.ok(!server.waiting, "the network that is open waits for nothing");
  server.send({ kind: "quick" });
  let_go();
  await quiet(server);
  assert.deepEqual(asked.map(({ body }) => [body.network, body.revision, body.edit.kind]), [["a", 0, "slow"], ["b", 7, "quick"]]);
  assert.deepEqual(told.map(([name, { network, revision }]) => [name, network, revision]), [["onPicture", "b", 8]]);
});

test("a network of the same name in another project is another network", async (t) => {
  const { gate, let_go } = held();
  const { server, asked, told } = await talking(t, async ({ body }) => (await gate, picture(body.network, body.revision + 1)));
  server.follow(picture("a", 0, "mine"));
  server.send({ kind: "slow" });
  server.follow(picture("a", 4, "yours"));
  let_go();
  await quiet(server);
  assert.equal(asked[0].url, "/api/projects/mine/edits");
  assert.deepEqual(told, []);
});

test("edits that were pressed before another network was opened go to the one they were made for", async (t) => {
  const { server, asked } = await talking(t, ({ body }) => picture(body.network, body.revision + 1));
  server.follow(picture("a", 0));
  server.send({ kind: "one" });
  server.send({ kind: "two" });
  server.follow(picture("b", 7));
  await quiet(server);
  assert.deepEqual(asked.map(({ body }) => [body.network, body.revision]), [["a", 0], ["a", 1]]);
});

test("back at a network its edits go on from the newest revision, whatever older picture the page still shows", async (t) => {
  const { server, asked } = await talking(t, ({ body }) => picture(body.network, body.revision + 1));
  server.follow(picture("a", 0));
  server.send({ kind: "one" });
  server.follow(picture("b", 7));
  await quiet(server);
  server.follow(picture("a", 0));
  server.send({ kind: "two" });
  await quiet(server);
  assert.deepEqual(asked.map(({ body }) => body.revision), [0, 1]);
});

test("a stale or refused edit takes with it what was pressed on top of it, and nothing of another network", async (t) => {
  for (const [status, heard] of [[409, "onStale"], [400, "onRefused"]]) {
    const refused = { status, picture: picture("a", 9), error: { message: "No." } };
    const { gate, let_go } = held();
    const { server, asked, told } = await talking(t, async ({ body }) => (await gate, body.network === "a" ? refused : picture("b", 8)));
    server.follow(picture("b", 7));
    server.send({ kind: "other" });
    server.follow(picture("a", 0));
    server.send({ kind: "one" });
    server.send({ kind: "two" });
    let_go();
    await quiet(server);
    assert.deepEqual(asked.map(({ body }) => body.edit.kind), ["other", "one"]);
    assert.deepEqual(told.map(([name]) => name), [heard]);
    server.send({ kind: "again" });
    await quiet(server);
    assert.equal(asked.at(-1).body.revision, status === 409 ? 9 : 0);
  }
});

test("an edit that is refused is told in the server's words, and the next one is sent", async (t) => {
  const { server, asked, told } = await talking(t, ({ body }) => (body.edit.kind === "bad" ? { refused: { message: "dense needs a name." } } : picture("a", 1)));
  server.follow(picture("a", 0));
  server.send({ kind: "bad" });
  await quiet(server);
  server.send({ kind: "good" });
  await quiet(server);
  assert.deepEqual(told.slice(0, 1), [["onRefused", "dense needs a name."]]);
  assert.deepEqual([told.at(-1)[0], asked.at(-1).body.revision], ["onPicture", 0]);
});

test("an edit that failed for a network that is no longer open is told in words, with the network's name", async (t) => {
  const { gate, let_go } = held();
  const { server, told } = await talking(t, async () => (await gate, { status: 409, picture: picture("a", 9) }));
  server.follow(picture("a", 0));
  server.send({ kind: "one" });
  server.follow(picture("b", 7));
  let_go();
  await quiet(server);
  assert.equal(told.length, 1);
  assert.equal(told[0][0], "onElsewhere");
  assert.match(told[0][1], /edit of a was not made/);
});

test("going back over a new name goes on under the earlier one", async (t) => {
  const { server, asked, told } = await talking(t, ({ body }) => picture(body.edit.kind === "undo" ? "before" : body.network, body.revision + 1));
  server.follow(picture("after", 4));
  server.send({ kind: "undo" });
  server.send({ kind: "add" });
  await quiet(server);
  assert.deepEqual(asked.map(({ body }) => [body.network, body.revision]), [["after", 4], ["before", 5]]);
  assert.deepEqual(told.map(([name, { network }]) => [name, network]), [["onPicture", "before"], ["onPicture", "before"]]);
});

test("an edit is tried again while the server is busy or away, and is made once", async (t) => {
  let left = 1;
  const { server, asked, told } = await talking(t, ({ body }) => (left-- > 0 ? { status: 503 } : picture(body.network, 1)));
  server.follow(picture("a", 0));
  server.send({ kind: "one" });
  await quiet(server);
  assert.equal(asked.length, 2);
  assert.deepEqual(told.map(([name]) => name), ["onBack", "onPicture"]);
});

test("the longer look at a network that is no longer open finds nothing", async (t) => {
  const { gate, let_go } = held();
  const { server } = await talking(t, async () => (await gate, picture("a", 0)));
  server.follow(picture("a", 0));
  const look = server.lookDeep();
  server.follow(picture("b", 0));
  let_go();
  assert.equal(await look, null);
  server.follow(picture("a", 0));
  assert.deepEqual(await server.lookDeep(), { project: "p", network: "a", revision: 0 });
});

test("the list of layers is asked for once, and again where that failed", async (t) => {
  let left = 1;
  const { asked } = await talking(t, () => (left-- > 0 ? { status: 503 } : { layers: ["Dense"] }));
  await assert.rejects(catalogue());
  assert.deepEqual(await catalogue(), { layers: ["Dense"] });
  assert.deepEqual(await catalogue(), { layers: ["Dense"] });
  assert.equal(asked.length, 2);
});
