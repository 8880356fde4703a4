// Colour maps and theme of a drawing: ink and ground from Streamlit's theme, scales from the palette that Python sends.

const PLACES = 256;
const DARK = 0.4; // luminance below which a ground is dark

/** Colours of what is no finite number, as ImageData takes them: apart from each other and from every scale. */
const NOT_A_NUMBER = 0xffff00ff; // magenta
const MINUS_INFINITE = 0xff9a9a00; // teal
const INFINITE = 0xff2fc8a8; // lime

/** @typedef {{ low: number, high: number, stops: string, name?: string }} Scale which colours stand for which numbers */

/**
 * What a painter needs. `stops` are the colours of each scale by its name, `lookup` the same as tables; `grow` is how many times
 * its usual size a drawing has, so that its words grow with the room; `about` is what is seen, in words.
 * @typedef {{ dark: boolean, ground: string, ink: string, faint: string, line: string, accent: string, family: string, grow: number,
 *   stops: Record<string, string[]>, lookup: Record<string, Uint32Array>, about?: string }} Theme
 */

/**
 * @param {Element} element
 * @param {Record<string, Record<string, string[]>>} scales by "light" and "dark"
 * @returns {Theme}
 */
export function theme(element, scales) {
  const style = getComputedStyle(element);
  const read = (name, other) => style.getPropertyValue(name).trim() || other;
  const ground = read("--st-background-color", "#ffffff");
  const dark = isDark(element);
  const stops = { ...scales[dark ? "dark" : "light"], grey: ["#000000", "#ffffff"] };
  return {
    dark,
    ground,
    ink: read("--st-text-color", "#31333f"),
    faint: dark ? "#8b93a3" : "#6b7280",
    line: dark ? "#3a4150" : "#d5dae3",
    accent: read("--st-primary-color", "#3b5bdb"),
    family: read("--st-font", "sans-serif"),
    grow: growth(element),
    stops,
    lookup: Object.fromEntries(Object.entries(stops).map(([name, stops]) => [name, lookup(stops)])),
  };
}

/** How many times its usual size type has here: a large screen and a presentation have it grow. */
export const growth = (element) => Number(getComputedStyle(element).getPropertyValue("--grow")) || 1;

/** Whether a theme's ground is dark: its lightness decides, whatever the theme is called. */
export function isDark(element) {
  const ground = getComputedStyle(element).getPropertyValue("--st-background-color").trim() || "#ffffff";
  return luminance(rgb(ground)) < DARK;
}

/** Relative luminance, 0 to 1, of red, green and blue from 0 to 255, by Rec. 709. */
const luminance = (/** @type {number[]} */ [red, green, blue]) => (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;

/** `find(key)` for each key once, as long as the page lives. */
function remembered(find) {
  const found = new Map();
  return (key) => {
    if (!found.has(key)) found.set(key, find(key));
    return found.get(key);
  };
}

/** 256 colours between evenly spaced stops, as the bytes that ImageData takes; a table is made once for its stops. */
export const lookup = (stops) => table(stops.join("|"));

const table = remembered((text) => {
  const fixed = text.split("|").map(rgb);
  const found = new Uint32Array(PLACES);
  for (let place = 0; place < PLACES; place += 1) {
    const at = (place / (PLACES - 1)) * (fixed.length - 1);
    const low = Math.min(Math.floor(at), fixed.length - 2);
    const [red, green, blue] = fixed[low].map((band, index) => Math.round(band + (at - low) * (fixed[low + 1][index] - band)));
    found[place] = (255 << 24) | (blue << 16) | (green << 8) | red;
  }
  return found;
});

/** A value's colour as one number of ImageData. NaN is magenta, −∞ (a masked score) teal, ∞ lime. */
export function colour(table, value, { low, high }) {
  if (!Number.isFinite(value)) return value === -Infinity ? MINUS_INFINITE : value === Infinity ? INFINITE : NOT_A_NUMBER;
  const share = (value - low) / (high - low || 1);
  return table[Math.round(Math.min(Math.max(share, 0), 1) * (PLACES - 1))];
}

const bands = (found) => [found & 255, (found >> 8) & 255, (found >> 16) & 255];

/** The same as CSS. */
export const css = (table, value, scale) => `rgb(${bands(colour(table, value, scale)).join(", ")})`;

/** Black or white, whichever is read better on a colour. */
export const readable = (table, value, scale) => (luminance(bands(colour(table, value, scale))) > 0.55 ? "#1f2330" : "#ffffff");

/** Any CSS colour as red, green and blue from 0 to 255. */
export const rgb = remembered((text) => {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (long) return long.slice(1).map((band) => parseInt(band, 16));
  if (short) return short.slice(1).map((band) => parseInt(band + band, 16));
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  context.fillStyle = text;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
});
