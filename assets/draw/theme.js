// The colours of a drawing: ink and ground from Streamlit's theme, scales from the palette that Python sends.

const PLACES = 256;

/** What a painter needs: `{ dark, ink, faint, ground, accent, font, lookup: { signed, rising, grey }, about }`, the last what is seen, in words. */
export function theme(element, scales) {
  const style = getComputedStyle(element);
  const read = (name, other) => style.getPropertyValue(name).trim() || other;
  const ground = read("--st-background-color", "#ffffff");
  const dark = luminance(ground) < 0.4;
  const stops = { ...scales[dark ? "dark" : "light"], grey: ["#000000", "#ffffff"] };
  return {
    dark,
    ground,
    ink: read("--st-text-color", "#31333f"),
    faint: dark ? "#8b93a3" : "#6b7280",
    line: dark ? "#3a4150" : "#d5dae3",
    accent: read("--st-primary-color", "#3b5bdb"),
    family: read("--st-font", "sans-serif"),
    stops,
    lookup: Object.fromEntries(Object.entries(stops).map(([name, stops]) => [name, lookup(stops)])),
  };
}

/** 256 colours between evenly spaced stops, as the bytes that ImageData takes. */
function lookup(stops) {
  const fixed = stops.map(bytes);
  const found = new Uint32Array(PLACES);
  for (let place = 0; place < PLACES; place += 1) {
    const at = (place / (PLACES - 1)) * (fixed.length - 1);
    const low = Math.min(Math.floor(at), fixed.length - 2);
    const [red, green, blue] = fixed[low].map((band, index) => Math.round(band + (at - low) * (fixed[low + 1][index] - band)));
    found[place] = (255 << 24) | (blue << 16) | (green << 8) | red;
  }
  return found;
}

/** A value's colour as one number of ImageData; what is no number is magenta. */
export function colour(table, value, { low, high }) {
  if (!Number.isFinite(value)) return value === -Infinity ? 0 : 0xffff00ff;
  const share = (value - low) / (high - low || 1);
  return table[Math.round(Math.min(Math.max(share, 0), 1) * (PLACES - 1))];
}

/** The same as CSS. */
export function css(table, value, scale) {
  const found = colour(table, value, scale);
  return found === 0 ? "transparent" : `rgb(${found & 255}, ${(found >> 8) & 255}, ${(found >> 16) & 255})`;
}

/** Black or white, whichever is read better on a colour. */
export function readable(table, value, scale) {
  const found = colour(table, value, scale) >>> 0;
  const bright = 0.2126 * (found & 255) + 0.7152 * ((found >> 8) & 255) + 0.0722 * ((found >> 16) & 255);
  return bright > 140 || found === 0 ? "#1f2330" : "#ffffff";
}

function luminance(text) {
  const [red, green, blue] = bytes(text);
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/** Any CSS colour as red, green, blue. */
function bytes(text) {
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  context.fillStyle = text;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
}
