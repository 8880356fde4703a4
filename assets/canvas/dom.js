// Small helpers: elements whose text is only ever text, and figures as words.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `on...` attributes are listeners, `dataset` data, null and false are left out, children are nodes or text. */
export function el(tag, attributes = {}, ...children) {
  return dress(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "dataset") Object.assign(element.dataset, value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A sign of the Material Symbols font that Streamlit brings along. */
export const icon = (name) => el("span", { class: "icon", "aria-hidden": "true" }, name);

const figures = new Intl.NumberFormat("en-US"); // made once: making one takes longer than using it

/** 1234567 as 1,234,567. */
export const number = (value) => figures.format(value);

/** "1 parameter", "320 parameters". */
export const count = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;

/** A count in short: 2,603,072 as ["2.6", "M"]. */
export function short(value) {
  const units = ["", "K", "M", "G", "T"];
  let at = 0;
  while (value >= 999.5 && at < units.length - 1) [value, at] = [value / 1000, at + 1];
  return [at === 0 ? number(value) : value.toFixed(value < 10 ? 1 : 0), units[at]];
}

/** Bytes with a binary unit: 900136 as ["0.86", "MiB"]. */
export function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  while ((bytes >= 1024 || (at > 0 && bytes >= 0.5 * 1024 * 1024)) && at < units.length - 1) [bytes, at] = [bytes / 1024, at + 1];
  if (at === 1 && bytes >= 512) [bytes, at] = [bytes / 1024, 2];
  return [at === 0 ? number(bytes) : bytes.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }), units[at]];
}

/** Layers whose name, family or summary has every word; better matches first. */
export function search(layers, words) {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const score = (layer) => {
    const name = layer.name.toLowerCase();
    if (!wanted.every((word) => name.includes(word) || layer.family.includes(word) || layer.summary.toLowerCase().includes(word))) return -1;
    const first = wanted[0] ?? "";
    return name === first ? 3 : name.startsWith(first) ? 2 : name.includes(first) ? 1 : 0;
  };
  const scored = layers.map((layer) => [score(layer), layer]).filter(([points]) => points >= 0);
  return scored.sort((a, b) => b[0] - a[0]).map(([, layer]) => layer);
}

/** Whether the theme's ground is dark: its lightness decides, whatever the theme is called. */
export function isDark(element) {
  const probe = el("canvas", { width: 1, height: 1 }).getContext("2d");
  probe.fillStyle = getComputedStyle(element).getPropertyValue("--st-background-color").trim() || "#fff";
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return 0.3 * red + 0.6 * green + 0.1 * blue < 128;
}

/** Do what can wait until the new picture is on the screen. */
export function afterPaint(work) {
  requestAnimationFrame(() => setTimeout(work));
}
