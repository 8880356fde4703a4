// Elements hold names as text, and motion asks the person first.
import assert from "node:assert/strict";
import test from "node:test";

import { calm, h, intoSight, ruler, svg } from "../../assets/draw/dom.js";
import { paper } from "./page.js";

const made = paper();

test("an element has its attributes, data, listeners and children, and nothing of what is null or false", () => {
  const heard = [];
  const element = h("button", { class: "tool", disabled: false, hidden: true, title: null, tabindex: 0, dataset: { name: "a" }, onclick: () => heard.push("click"), oninput: null }, "text", null, undefined, h("b"), 0);
  assert.deepEqual(element.attributes, { class: "tool", hidden: "", tabindex: "0" });
  assert.deepEqual(element.dataset, { name: "a" });
  assert.deepEqual(element.children.map((child) => child.tag ?? child), ["text", "b", 0]);
  element.dispatchEvent(new Event("click"));
  assert.deepEqual(heard, ["click"]);
});

test("a name that looks like markup is a child of text", () => {
  assert.deepEqual(h("span", {}, "<img onerror=alert(1)>").children, ["<img onerror=alert(1)>"]);
  assert.equal(svg("path", { d: "M0 0" }).attributes.d, "M0 0");
});

test("text is measured with one context for all", () => {
  const before = made.length;
  assert.equal(ruler(), ruler());
  assert.equal(made.length, before + 1);
});

test("motion is left out for who prefers less of it", () => {
  const asked = [];
  globalThis.window = { matchMedia: (query) => (asked.push(query), { matches: asked.length > 1 }) };
  assert.deepEqual([calm(), calm()], [false, true]);
  assert.equal(asked[0], "(prefers-reduced-motion: reduce)");
});

/** What happens to an element that is scrolled to: the ways of its scrolls, the last one being the one that makes good. */
function scrolled(between, t) {
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const ways = [];
  globalThis.window = Object.assign(new EventTarget(), { matchMedia: () => ({ matches: false }) });
  intoSight({ isConnected: true, scrollIntoView: ({ behavior }) => ways.push(behavior) });
  between();
  t.mock.timers.tick(5000);
  return ways;
}

test("a smooth scroll that the page broke off is made good, but not against a person's own", (t) => {
  assert.deepEqual(scrolled(() => {}, t), ["smooth", "auto"]);
  assert.deepEqual(scrolled(() => window.dispatchEvent(new Event("wheel")), t), ["smooth"]);
});
