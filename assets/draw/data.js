// Decoding of arrays (base64 float32) as Python sends them, and formatting of numbers as people read them.

/** `{ shape, data }`, data base64 of float32 in rows, as `{ shape, values: Float32Array }`. */
export function array({ shape, data }) {
  const bytes = Uint8Array.fromBase64?.(data) ?? Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return { shape, values: new Float32Array(bytes.buffer) };
}

/** One row of the last axes: `part(weights, 2)` of (heads, query, key) is head 2's (query, key). */
export function part({ shape, values }, place) {
  const rest = shape.slice(1);
  const size = rest.reduce((all, each) => all * each, 1);
  return { shape: rest, values: values.subarray(place * size, (place + 1) * size) };
}

const figures = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }); // made once: making one takes longer than using it
const minus = (text) => text.replaceAll("-", "−"); // as wide as a plus

/** Three digits, with a minus that is as wide as a plus. */
export function number(value) {
  if (!Number.isFinite(value)) return value === -Infinity ? "−∞" : value === Infinity ? "∞" : "not a number";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.001 || size >= 1e5) ? value.toExponential(1) : value.toFixed(size < 10 ? 3 : size < 100 ? 2 : 1);
  return minus(text);
}

/** What a person sees of a number, as a number. */
const seen = (value) => Number(number(value).replaceAll("−", "-"));

/** "=", or where numbers rounded for reading do not give the rounded result "≈": `equals(sum, total, 0.129, 0.03)`, `sum` of what is seen. */
export const equals = (made, result, ...given) => (number(made(...given.map(seen))) === number(result) ? "=" : "≈");

export const added = (...values) => values.reduce((sum, each) => sum + each, 0);
export const multiplied = (...values) => values.reduce((product, each) => product * each, 1);

/** A whole number stays whole; any other has three digits. */
export const short = (value) => (Number.isInteger(value) ? minus(String(value)) : number(value));

/** One digit, for how far two computations are apart: "3e−7". */
export const rough = (value) => minus(Number(value.toPrecision(1)).toExponential(0));

/** 1234567 as 1,234,567. */
export const grouped = (value) => minus(figures.format(value));

/** A regular noun in the plural: "classes", "axes", "categories", "steps". */
export function plural(noun) {
  if (/[sx]is$/.test(noun)) return `${noun.slice(0, -2)}es`;
  if (/(s|x|sh|nch|tch)$/.test(noun)) return `${noun}es`;
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** A noun as its count asks: "parameter" for 1, "parameters" for any other. */
export const noun = (value, word) => (value === 1 ? word : plural(word));

/** "1 parameter", "320 parameters". */
export const count = (value, word) => `${grouped(value)} ${noun(value, word)}`;

/** As many digits as tell a float32 from every other. */
export function exact(value) {
  if (!Number.isFinite(value)) return number(value);
  let text = value.toPrecision(9);
  for (let digits = 3; digits < 9; digits += 1) {
    if (Math.fround(Number(value.toPrecision(digits))) !== Math.fround(value)) continue;
    text = value.toPrecision(digits);
    break;
  }
  return minus(String(Number(text)));
}

/** A metric's value: three decimals, or as many digits where it is large or tiny. */
export function metric(value) {
  const size = Math.abs(value);
  if (size >= 1000) return grouped(value);
  return minus(size >= 10 || (size < 0.01 && size > 0) ? String(Number(value.toPrecision(3))) : value.toFixed(3));
}

/** A count in short: 2,603,072 as ["2.6", "M"]. */
export function inUnits(value) {
  const units = ["", "K", "M", "G", "T"];
  let at = 0;
  while (value >= 999.5 && at < units.length - 1) [value, at] = [value / 1000, at + 1];
  return [at === 0 ? grouped(value) : value.toFixed(value < 9.95 ? 1 : 0), units[at]];
}

/** Bytes with a binary unit: 900136 as ["0.86", "MiB"]. */
export function inBytes(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  while ((bytes >= 1024 || (at > 0 && bytes >= 0.5 * 1024 * 1024)) && at < units.length - 1) [bytes, at] = [bytes / 1024, at + 1];
  if (at === 1 && bytes >= 512) [bytes, at] = [bytes / 1024, 2];
  return [at === 0 ? grouped(bytes) : bytes.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }), units[at]];
}

/** Seconds as a person says them: "6 s", "3 min", "2 h 5 min". */
export function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * The labels of an axis on which one in `every` has room: where some are left out, words and tokens would read as another text,
 * so that their places stand there instead; numbers in their order stay, as on any scale.
 */
export function labelled(words, every) {
  const numbers = words.map((word) => (String(word).trim() === "" ? NaN : Number(String(word).replaceAll("−", "-"))));
  const ordered = numbers.every((number, at) => Number.isFinite(number) && (!at || Math.sign(number - numbers[at - 1]) === Math.sign(numbers[1] - numbers[0])));
  return every > 1 && !ordered ? words.map((_, place) => String(place)) : words;
}

/** Unix seconds as the time today, or the day. */
export function when(seconds, now = new Date()) {
  const date = new Date(1000 * seconds);
  const today = date.toDateString() === now.toDateString();
  return date.toLocaleString("en-GB", today ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" });
}

/** The smallest and the largest finite value; both 0 where there is none. */
export function ends(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low <= high ? [low, high] : [0, 0];
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
/** 0 to extent, of numbers that are never below 0, such as lengths. */
export const rising = (values) => ({ low: 0, high: extent(values) || 1, stops: "rising" });
export const share = { low: 0, high: 1, stops: "rising" };
