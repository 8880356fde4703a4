// Convolution and pooling of a picture, number by number: the same sums as numpy's in builder/probes/convolution/kernel_by_hand.py.
import { readNumber } from "../../draw/typed.js";

/** Pixels that a window spans. */
export const reach = ({ weights, dilation }) => dilation * (weights.length - 1) + 1;

/** The numbers as they are laid on the picture: flipped, and divided by their sum, where that is asked for. */
export function laid({ weights, flipped, divide }) {
  const flat = weights.flat();
  const total = flat.reduce((all, each) => all + each, 0);
  const found = flat.map((each) => (divide && total ? each / total : each));
  return flipped ? found.reverse() : found;
}

/** Zeros before an axis and windows along it, as Keras counts them; no window at all where the picture is too small. */
export function axis(length, kernel) {
  const span = reach(kernel);
  if (kernel.padding === "valid") return { before: 0, count: Math.max(Math.floor((length - span) / kernel.stride) + 1, 0) };
  const count = Math.ceil(length / kernel.stride);
  return { before: Math.floor(Math.max((count - 1) * kernel.stride + span - length, 0) / 2), count };
}

/** `picture` { shape: [rows, columns, channels], values } to the same of every window's sum. */
export function convolved({ shape: [rows, columns, channels], values }, kernel) {
  const [down, across] = [axis(rows, kernel), axis(columns, kernel)];
  if (pools(kernel)) return pooled({ shape: [rows, columns, channels], values }, kernel, [down.count, across.count, channels]);
  const [numbers, side] = [laid(kernel), kernel.weights.length];
  const found = new Float64Array(down.count * across.count * channels);
  for (let place = 0; place < down.count * across.count; place += 1) {
    const top = Math.floor(place / across.count) * kernel.stride - down.before;
    const left = (place % across.count) * kernel.stride - across.before;
    for (let at = 0; at < numbers.length; at += 1) {
      const row = top + Math.floor(at / side) * kernel.dilation;
      const column = left + (at % side) * kernel.dilation;
      if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
      const from = (row * columns + column) * channels;
      for (let channel = 0; channel < channels; channel += 1) found[place * channels + channel] += numbers[at] * values[from + channel];
    }
  }
  for (let place = 0; place < found.length; place += 1) {
    found[place] += kernel.bias;
    if (kernel.relu && found[place] < 0) found[place] = 0;
  }
  return { shape: [down.count, across.count, channels], values: found };
}

/** Whether a window is pooled, not weighted and summed. */
export const pools = ({ does }) => does === "max" || does === "average";

/** The maximum or average of every window; the padding counts for neither. */
function pooled(picture, kernel, shape) {
  const [, across, channels] = shape;
  const values = Float64Array.from({ length: shape[0] * across * channels }, (_, at) => {
    const cell = Math.floor(at / channels);
    return windowAt(picture, kernel, { row: Math.floor(cell / across), column: cell % across }, at % channels).total;
  });
  return { shape, values };
}

/** The window of an output place in one channel: where it lies, its values (0 in the padding, none where it is pooled), and the products. */
export function windowAt({ shape: [rows, columns, channels], values }, kernel, { row, column }, channel) {
  const top = row * kernel.stride - axis(rows, kernel).before;
  const left = column * kernel.stride - axis(columns, kernel).before;
  const side = kernel.weights.length;
  const numbers = laid(kernel);
  const none = pools(kernel) ? NaN : 0;
  const seen = numbers.map((_, at) => {
    const [y, x] = [top + Math.floor(at / side) * kernel.dilation, left + (at % side) * kernel.dilation];
    return y < 0 || y >= rows || x < 0 || x >= columns ? none : values[(y * columns + x) * channels + channel];
  });
  const there = seen.filter((each) => !Number.isNaN(each));
  const products = numbers.map((each, at) => each * seen[at]);
  const sum = (all) => all.reduce((so, each) => so + each, 0);
  const total = kernel.does === "max" ? Math.max(...there) : kernel.does === "average" ? sum(there) / there.length : sum(products);
  return { top, left, span: reach(kernel), values: seen, there, numbers, products, total };
}

/** The output place whose window's middle is nearest to a place of the input. */
export function under({ shape: [rows, columns] }, kernel, { row, column }) {
  const middle = (reach(kernel) - 1) / 2;
  const along = (at, length) => {
    const { before, count } = axis(length, kernel);
    return Math.min(Math.max(Math.round((at + before - middle) / kernel.stride), 0), count - 1);
  };
  return { row: along(row, rows), column: along(column, columns) };
}

/** Sums over each row and over each column, in which every number counts twice. */
export function sums({ shape: [rows, columns, channels], values }) {
  const found = { rows: new Array(rows).fill(0), columns: new Array(columns).fill(0) };
  values.forEach((value, at) => {
    const cell = Math.floor(at / channels);
    found.rows[Math.floor(cell / columns)] += value;
    found.columns[cell % columns] += value;
  });
  return found;
}

/** A kernel of another size around the same middle: zeros are added, or the border is cut off. */
export function resized(weights, side) {
  const shift = Math.floor((side - 1) / 2) - Math.floor((weights.length - 1) / 2);
  return Array.from({ length: side }, (_, row) => Array.from({ length: side }, (_, column) => weights[row - shift]?.[column - shift] ?? 0));
}

/** A kernel whose middle is another one; the larger of the two sizes. */
export function laidOver(weights, middle) {
  const whole = resized(weights, Math.max(weights.length, middle.length));
  const shift = Math.floor((whole.length - 1) / 2) - Math.floor((middle.length - 1) / 2);
  middle.forEach((row, down) => whole[down + shift].splice(shift, row.length, ...row));
  return whole;
}

/** What a person types as a number: 3, -1.5, 1/9; null where it is none. */
export function typed(text) {
  const parts = text.split("/").map((each) => readNumber(each));
  if (parts.length > 2 || parts.includes(null)) return null;
  const value = parts.length === 2 ? parts[0] / parts[1] : parts[0];
  return Number.isFinite(value) && Math.abs(value) <= 1e6 ? value : null;
}
