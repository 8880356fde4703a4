// Ticks and names of a plane's two axes, written inside it along its lower and left edges, so that a place in it can be read.
import { short } from "./data.js";
import { fitted } from "./panel.js";

const FAR = [70, 46]; // pixels between two ticks at least, across and up
const TICK = 5;

/** Round numbers from `low` to `high`, `most` or fewer: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low, high, most) {
  const [from, to] = [Math.min(low, high), Math.max(low, high)];
  if (!(to > from) || !Number.isFinite(to - from)) return [];
  const rough = (to - from) / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough);
  const count = Math.floor(to / step + 1e-9) - Math.ceil(from / step - 1e-9) + 1;
  return Array.from({ length: count }, (_, at) => Number(((Math.ceil(from / step - 1e-9) + at) * step).toPrecision(12)));
}

/**
 * Write the axes of a plane of `width` x `height` pixels: `ends` [[left, right], [bottom, top]] in its numbers, null where those mean nothing;
 * `names` [across, up]; `pixels(x, y)`.
 */
export function axes(context, theme, { width, height, ends, names, pixels }) {
  context.font = `11px ${theme.family}`;
  context.lineWidth = 1;
  if (ends) for (const axis of [0, 1]) for (const value of ticks(...ends[axis], (axis ? height : width) / FAR[axis])) tick(context, theme, axis, value, pixels, [width, height]);
  written(context, theme, fitted(context, `${names[0]} →`, width / 2), width - 4, height - 20, "right");
  written(context, theme, fitted(context, `↑ ${names[1]}`, width / 2), 4, 10, "left");
}

function tick(context, theme, axis, value, pixels, [width, height]) {
  const at = axis ? pixels(NaN, value)[1] : pixels(value, NaN)[0];
  if (axis ? at < 24 || at > height - 16 : at < 30 || at > width - 16) return; // the corners belong to the names and to the other axis
  context.strokeStyle = theme.ink;
  context.beginPath();
  context.moveTo(axis ? 0 : at, axis ? at : height);
  context.lineTo(axis ? TICK : at, axis ? at : height - TICK);
  context.stroke();
  if (axis) written(context, theme, short(value), TICK + 3, at, "left");
  else written(context, theme, short(value), at, height - TICK - 5, "center");
}

/** A word on a piece of ground, so that it is read over any colour. */
function written(context, theme, word, x, y, align) {
  const wide = context.measureText(word).width + 2;
  context.globalAlpha = 0.72;
  context.fillStyle = theme.ground;
  context.fillRect(align === "left" ? x - 1 : align === "right" ? x - wide + 1 : x - wide / 2, y - 6, wide, 12);
  context.globalAlpha = 1;
  Object.assign(context, { fillStyle: theme.ink, textAlign: align, textBaseline: "middle" });
  context.fillText(word, x, y);
}
