// Arrays as Python sends them, and numbers as people read them.

/** `{ shape, data }`, data base64 of float32 in rows, as `{ shape, values: Float32Array }`. */
export function array({ shape, data }) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return { shape, values: new Float32Array(bytes.buffer) };
}

/** One row of the last axes: `part(weights, 2)` of (heads, query, key) is head 2's (query, key). */
export function part({ shape, values }, place) {
  const rest = shape.slice(1);
  const size = rest.reduce((all, each) => all * each, 1);
  return { shape: rest, values: values.subarray(place * size, (place + 1) * size) };
}

/** Three digits, with a minus that is as wide as a plus. */
export function number(value) {
  if (!Number.isFinite(value)) return value === -Infinity ? "−∞" : value === Infinity ? "∞" : "not a number";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.001 || size >= 1e5) ? value.toExponential(1) : value.toFixed(size < 10 ? 3 : size < 100 ? 2 : 1);
  return text.replaceAll("-", "−");
}

/** As many digits as tell a float32 from every other. */
export function exact(value) {
  if (!Number.isFinite(value)) return number(value);
  let text = value.toPrecision(9);
  for (let digits = 3; digits < 9; digits += 1) {
    if (Math.fround(Number(value.toPrecision(digits))) !== Math.fround(value)) continue;
    text = value.toPrecision(digits);
    break;
  }
  return String(Number(text)).replaceAll("-", "−");
}

/** The largest size of a finite value. */
export function extent(values) {
  let most = 0;
  for (const value of values) if (Number.isFinite(value) && Math.abs(value) > most) most = Math.abs(value);
  return most;
}

/** -extent to extent around white. */
export const signed = (values) => {
  const most = extent(values) || 1;
  return { low: -most, high: most, stops: "signed" };
};
export const share = { low: 0, high: 1, stops: "rising" };
