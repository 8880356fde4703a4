// Attributions of sequences and rows: channels and steps are named, and each table says what its colours mean.
import assert from "node:assert/strict";
import test from "node:test";

import { mounted, sent } from "./page.js";

const method = (title, shape, values) => ({ title, summary: "", map: sent(shape, values), badge: { text: "good", title: "" }, good: true });

test("a sequence's maps stand below each other, a row a channel, and a place says its channel and step", async () => {
  const page = await mounted("explore/attribution/attribution.js");
  const map = [1, 2, 3, 4, 5, -6];
  page.draw({ title: "it", said: "", file: "it", methods: [method("Saliency", [2, 3], map)], rows: ["value", "marked"], series: sent([2, 3], map), places: [] });
  const canvases = page.made.filter(({ attributes }) => ["Input", "Saliency"].includes(attributes["aria-label"]));
  assert.equal(canvases.length, 2);
  const canvas = canvases.find(({ attributes }) => attributes["aria-label"] === "Saliency");
  assert.ok(parseFloat(canvas.style.width) > 200, "it is as wide as its steps and names need");
  for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown"]) canvas.onkeydown({ key, preventDefault() {} });
  assert.ok(page.made.some(({ tag, textContent }) => tag === "output" && /marked \(1\), step 2: −6\.000$/.test(textContent)), page.made.map(({ textContent }) => textContent).join("|"));
  page.leave();
});

test("a table of rows says what its colours mean, in both of its scales", async () => {
  const page = await mounted("explore/attribution/attribution.js");
  page.draw({ title: "it", said: "said", file: "it", methods: [method("Saliency", [3], [1, -4, 2])], places: ["a", "b", "c"] });
  const bars = () => page.made.filter(({ attributes }) => attributes.class === "inspect-legend").map(({ children }) => [children[0], children[2]]);
  assert.deepEqual(bars().at(-1), ["−1", "1"]);
  assert.ok(page.made.some(({ children }) => String(children[0]).includes("in parts of each method's largest")));
  const select = page.made.find(({ tag }) => tag === "select");
  select.value = "units";
  select.onchange();
  assert.deepEqual(bars().at(-1), ["−4", "4"]);
  page.leave();
});
