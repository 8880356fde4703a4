// Files of drawings: what a 2D context would show, or an error that names what cannot be shown.
import assert from "node:assert/strict";
import test from "node:test";

import { SvgContext } from "../../assets/draw/svg.js";
import { paper } from "./page.js";

paper();
const drawn = (paint) => {
  const context = new SvgContext(100, 50);
  paint(context);
  return context.text();
};
const path = (text) => / d="([^"]*)"/.exec(text)[1];

// Every member of CanvasRenderingContext2D in the HTML standard that the context is to refuse.
const LACKS = [
  ..."reset isContextLost createConicGradient createLinearGradient createPattern createRadialGradient clip isPointInPath isPointInStroke".split(" "),
  ..."strokeText createImageData getImageData putImageData getContextAttributes drawFocusIfNeeded arcTo ellipse quadraticCurveTo rect roundRect".split(" "),
  ..."resetTransform setTransform transform getTransform getLineDash clearRect canvas filter globalCompositeOperation imageSmoothingQuality".split(" "),
  ..."shadowBlur shadowColor shadowOffsetX shadowOffsetY lineCap lineDashOffset lineJoin miterLimit direction fontKerning letterSpacing wordSpacing".split(" "),
];

for (const name of LACKS) {
  test(`context.${name} is refused by its name`, () => {
    const context = new SvgContext(10, 10);
    assert.throws(() => context[name], new RegExp(`context\\.${name}$`));
    assert.throws(() => (context[name] = 1), new RegExp(`context\\.${name}$`));
  });
}

test("a value that a file cannot show is refused", () => {
  const context = new SvgContext(10, 10);
  assert.throws(() => (context.fillStyle = { addColorStop: () => {} }), /fillStyle/);
  assert.throws(() => (context.textBaseline = "hanging"), /hanging as context.textBaseline/);
  assert.throws(() => (context.textAlign = "justify"), /textAlign/);
  assert.throws(() => (context.fillRect = 1), /fillRect/);
});

test("restore brings back colours, widths, dashes and place as they were at the save", () => {
  const text = drawn((context) => {
    context.fillStyle = "#010101";
    context.setLineDash([4, 2]);
    context.save();
    context.translate(10, 20);
    context.save();
    context.rotate(Math.PI / 2);
    Object.assign(context, { fillStyle: "#020202", globalAlpha: 0.5, lineWidth: 3 });
    context.setLineDash([]);
    context.restore();
    context.fillRect(0, 0, 1, 1);
    context.restore();
    context.strokeRect(0, 0, 2, 2);
    context.restore(); // one too many changes nothing, as in a 2D context
  });
  assert.match(text, /translate\(10 20\)"><g transform="rotate\(90\)"><\/g><rect [^>]*fill="#010101" fill-opacity="1"\/><\/g><rect [^>]*stroke-width="1"[^>]*stroke-dasharray="4 2"/);
});

test("what is not restored is closed in the file", () => {
  const text = drawn((context) => {
    context.translate(1, 1);
    context.save();
    context.translate(2, 2);
    context.rotate(1);
  });
  assert.equal(text.match(/<g /g).length, text.match(/<\/g>/g).length);
});

/** Places along the arcs of a path: [x, y] at the middle of each, from its ends, its radius and its sweep. */
function along(d) {
  const [, first, rest] = /^M([-\d.]+ [-\d.]+)(.*)$/.exec(d);
  let from = first.split(" ").map(Number);
  return [...rest.matchAll(/A(\S+) \S+ 0 0 (\d) (\S+) ([^A]+)/g)].map(([, radius, sweep, x, y]) => {
    const to = [Number(x), Number(y)];
    const [middle, chord] = [[(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], Math.hypot(to[0] - from[0], to[1] - from[1])];
    const [across, down] = chord ? [(to[0] - from[0]) / chord, (to[1] - from[1]) / chord] : [0, 0];
    const rise = radius - Math.sqrt(Math.max(radius ** 2 - (chord / 2) ** 2, 0));
    const side = sweep === "1" ? 1 : -1;
    from = to;
    return [middle[0] + side * down * rise, middle[1] - side * across * rise];
  });
}

for (const [words, start, end, counter, quarters] of [
  ["a quarter turn", 0, Math.PI / 2, false, [Math.PI / 8, (3 * Math.PI) / 8]],
  ["a quarter turn the other way", 0, -Math.PI / 2, true, [-Math.PI / 8, (-3 * Math.PI) / 8]],
  ["three quarters, where the end is before the start", Math.PI / 2, 0, false, [Math.PI / 2 + (3 * Math.PI) / 8, Math.PI / 2 + (9 * Math.PI) / 8]],
  ["a whole turn", 0, 2 * Math.PI, false, [Math.PI / 2, (3 * Math.PI) / 2]],
]) {
  test(`an arc of ${words} goes through the places between its angles`, () => {
    const d = path(drawn((context) => (context.beginPath(), context.arc(50, 40, 10, start, end, counter), context.stroke())));
    const found = along(d);
    assert.equal(found.length, 2);
    found.forEach(([x, y], place) => {
      assert.ok(Math.hypot(x - (50 + 10 * Math.cos(quarters[place])), y - (40 + 10 * Math.sin(quarters[place]))) < 0.05, `${d}: ${[x, y]}`);
    });
  });
}

test("an arc is joined to the path before it by a line", () => {
  assert.match(path(drawn((context) => (context.beginPath(), context.moveTo(0, 0), context.arc(50, 40, 10, 0, 1), context.stroke()))), /^M0 0L60 40A/);
});

test("NaN and infinity draw nothing, as in a 2D context", () => {
  const text = drawn((context) => {
    context.fillRect(NaN, 0, 1, 1);
    context.fillText("x", 0, Infinity);
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(NaN, 1);
    context.lineTo(2, 2);
    context.stroke();
  });
  assert.doesNotMatch(text, /NaN|Infinity|<rect|<text/);
  assert.equal(path(text), "M0 0L2 2");
});

test("a path whose context is moved while it is drawn is refused", () => {
  const moved = (context) => (context.beginPath(), context.moveTo(0, 0), context.translate(1, 1), context.lineTo(2, 2), context.stroke());
  assert.throws(() => drawn(moved), /move/);
});

test("names in a drawing are text, whatever they hold", () => {
  const text = drawn((context) => (context.fillText('<script>&"', 1, 2), (context.fillStyle = '"><'), context.fillRect(0, 0, 1, 1)));
  assert.doesNotMatch(text, /<script|"><"/);
  assert.match(text, /&#60;script&#62;&#38;&#34;/);
});

test("a rectangle without height is a line, one of negative size lies at the other side", () => {
  const text = drawn((context) => (context.strokeRect(1, 2, 10, 0), context.fillRect(20, 20, -5, -4)));
  assert.equal(path(text), "M1 2L11 2");
  assert.match(text, /<rect x="15" y="16" width="5" height="4"/);
});

test("a part of a picture is cut out of it, a faint one stays faint", () => {
  const picture = Object.assign(document.createElement("canvas"), { width: 8, height: 6 });
  const text = drawn((context) => {
    context.drawImage(picture, 1, 2);
    Object.assign(context, { imageSmoothingEnabled: false, globalAlpha: 0.25 });
    context.drawImage(picture, 0, 2, 8, 2, 10, 20, 30, 40);
  });
  assert.match(text, /<image x="1" y="2" width="8" height="6" preserveAspectRatio="none" href/);
  assert.match(text, /<image x="10" y="20" width="30" height="40" preserveAspectRatio="none" style="image-rendering: pixelated" opacity="0.25"/);
});
