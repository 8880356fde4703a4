// Decoding of arrays as the run's pictures send them: float32, or bytes for pixels.
import { array } from "../../draw/data.js";

/** `{ shape, data, bytes? }` as `{ shape, values }`. */
export function numbers(sent) {
  if (!sent.bytes) return array(sent);
  return { shape: sent.shape, values: Uint8Array.from(atob(sent.data), (letter) => letter.charCodeAt(0)) };
}

/** Each array of an object. */
export const decoded = (sent) => Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, numbers(value)]));

/** One row along the first axis. */
export function row({ shape, values }, place) {
  const size = shape.slice(1).reduce((all, each) => all * each, 1);
  return { shape: shape.slice(1), values: values.subarray(place * size, (place + 1) * size) };
}

/** The place of the largest value. */
export const largest = (values) => values.reduce((best, value, place) => (value > values[best] ? place : best), 0);

export const percent = (share) => `${share > 0 && share < 0.01 ? "under 1" : share < 1 && share > 0.99 ? "over 99" : Math.round(100 * share)} %`;

/** Right and wrong, apart for colour-blind eyes; a sign says the same. */
export const verdicts = (theme) => (theme.dark ? { right: "#3CC79E", wrong: "#F58A3C" } : { right: "#009E73", wrong: "#D55E00" });
