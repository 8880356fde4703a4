// A layer's output, drawn to scale: a box for an image, a sheet for a sequence, a bar for a vector.

import { svg } from "../draw/dom.js";

const WIDTH = 84; // px of the drawing
const HEIGHT = 60;
const TALLEST = 44; // px of the largest side in the network
const SLANT = 0.42; // how far the depth goes right and up, per px

/** The largest height or width of any image in a picture: the scale of its drawings. */
export function scaleOf(nodes) {
  return Math.max(1, ...nodes.filter((node) => node.shape?.length >= 3).flatMap((node) => node.shape.slice(0, -1).map((side) => side ?? 1)));
}

/** The drawing of one shape, without the batch axis; `largest` is what TALLEST stands for. */
export function volume(shape, largest) {
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "volume", "aria-hidden": "true" });
  if (!shape || shape.length === 0) return drawing;
  const sides = shape.map((side) => side ?? 1);
  if (sides.length === 1) drawing.append(bar(sides[0]));
  else if (sides.length === 2) drawing.append(sheet(sides[0], sides[1]));
  else drawing.append(...box(sides, largest));
  return drawing;
}

const onLog = (value, low, high, most) => low + (high - low) * Math.min(1, Math.log2(1 + value) / Math.log2(1 + most));

function bar(features) {
  const height = onLog(features, 5, 52, 4096);
  return svg("rect", { class: "front", x: WIDTH / 2 - 4, y: (HEIGHT - height) / 2, width: 8, height, rx: 2 });
}

function sheet(steps, features) {
  const [width, height] = [onLog(features, 6, 48, 1024), onLog(steps, 6, 52, 1024)];
  return svg("rect", { class: "front", x: (WIDTH - width) / 2, y: (HEIGHT - height) / 2, width, height, rx: 2 });
}

function box(sides, largest) {
  const scale = TALLEST / largest;
  const height = Math.max(3, sides.at(-3) * scale);
  const depth = Math.max(3, sides.at(-2) * scale) * SLANT;
  const thick = onLog(sides.at(-1), 2, 24, 1024);
  const left = (WIDTH - thick - depth) / 2;
  const top = (HEIGHT - height - depth * 0.5) / 2 + depth * 0.5;
  const [right, bottom, rise] = [left + thick, top + height, depth * 0.5];
  const points = (...pairs) => pairs.map((pair) => pair.map((value) => value.toFixed(1)).join(",")).join(" ");
  return [
    svg("polygon", { class: "front", points: points([left, top], [right, top], [right, bottom], [left, bottom]) }),
    svg("polygon", { class: "lid", points: points([left, top], [left + depth, top - rise], [right + depth, top - rise], [right, top]) }),
    svg("polygon", { class: "side", points: points([right, top], [right + depth, top - rise], [right + depth, bottom - rise], [right, bottom]) }),
  ];
}
