// News of a network come over a WebSocket that is opened again whenever it breaks, but not where there is nothing any more.
import assert from "node:assert/strict";
import test from "node:test";

import { News } from "../../assets/canvas/news.js";
import { until, watched } from "./page.js";

function listening(t) {
  const heard = [];
  const gone = [];
  const news = new News({ onPicture: (picture) => heard.push(picture), shown: () => 7, onGone: () => gone.push(1) });
  t.after(() => news.stop());
  return { news, heard, gone };
}

test("what changes is told, with the network and the revision that is on the screen in the question", async (t) => {
  const asked = await watched(t, ({ send }) => send('{"revision":8}'));
  const { news, heard } = listening(t);
  news.follow({ project: "p", network: "a b" });
  assert.ok(await until(() => heard.length));
  assert.deepEqual(heard, [{ revision: 8 }]);
  const { pathname, searchParams } = new URL(asked[0], "http://x");
  assert.deepEqual([pathname, searchParams.get("network"), searchParams.get("revision")], ["/api/projects/p/watch", "a b", "7"]);
});

for (const [words, end] of [["code 1011", ({ close }) => close(1011)], ["code 1000", ({ close }) => close(1000)], ["a broken line", ({ drop }) => drop()]]) {
  test(`after ${words} it listens again`, async (t) => {
    let met = 0;
    const asked = await watched(t, (socket) => (met++ ? socket.send("{}") : end(socket)));
    const { news, heard } = listening(t);
    news.follow({ project: "p", network: "a" });
    assert.ok(await until(() => heard.length));
    assert.equal(asked.length, 2);
  });
}

test("after code 1008 it does not: the project or the network is gone, and that is told once", async (t) => {
  const asked = await watched(t, ({ close }) => close(1008));
  const { news, gone } = listening(t);
  news.follow({ project: "p", network: "a" });
  assert.ok(await until(() => gone.length));
  await new Promise((later) => setTimeout(later, 900)); // longer than the first wait
  assert.deepEqual([asked.length, gone.length], [1, 1]);
});

test("after code 1013, from a server that cannot say now, it waits for longer before it listens again", async (t) => {
  await watched(t, ({ close }) => close(1013));
  const { news } = listening(t);
  news.follow({ project: "p", network: "a" });
  assert.ok(await until(() => news.tried >= 4)); // the number of tries says how long the next wait is
});

test("a server that takes a connection and closes it at once is asked more and more seldom", async (t) => {
  const asked = await watched(t, ({ close }) => close(1011));
  const { news } = listening(t);
  news.follow({ project: "p", network: "a" });
  assert.ok(await until(() => asked.length === 2 && news.tried === 2));
});

test("news of a network that is no longer listened for are not told", async (t) => {
  const sockets = [];
  await watched(t, (socket) => sockets.push(socket));
  const { news, heard } = listening(t);
  news.follow({ project: "p", network: "a" });
  await until(() => sockets.length === 1);
  news.follow({ project: "p", network: "b" });
  await until(() => sockets.length === 2);
  sockets[0].send('{"network":"a"}');
  sockets[1].send('{"network":"b"}');
  assert.ok(await until(() => heard.length));
  assert.deepEqual(heard, [{ network: "b" }]);
});
