// DOM elements whose text is only ever text, so that a name is never read as HTML (no injection); and what all drawings ask of their page.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `on...` attributes are listeners, `dataset` data; null and false are left out; children are nodes or text. */
export function h(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS(SVG, tag), attributes, children);
}

function dressed(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A sign of the Material Symbols font that Streamlit brings along. */
export const icon = (name) => h("span", { class: "icon", "aria-hidden": "true" }, name);

let measuring = null; // one for all: making one takes longer than using it

/** A context to measure text with. */
export function ruler() {
  measuring ??= document.createElement("canvas").getContext("2d");
  return measuring;
}

/** Whether a person prefers less motion. */
export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Make a canvas empty, so many CSS pixels large and as sharp as the screen; its memory is made anew only where the size is another. Its context, in CSS pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} [sharp] pixels of the canvas in one of CSS
 */
export function cleared(canvas, width, height, sharp = window.devicePixelRatio || 1) {
  const [across, down] = [Math.round(width * sharp), Math.round(height * sharp)];
  const context = canvas.getContext("2d");
  if (canvas.width === across && canvas.height === down) context.reset();
  else Object.assign(canvas, { width: across, height: down });
  context.setTransform(sharp, 0, 0, sharp, 0, 0);
  return context;
}

const BY_HAND = ["wheel", "touchstart", "keydown", "pointerdown"];
const ARRIVED = 1200; // milliseconds after which a smooth scroll has arrived, or was broken off by what came onto the page

/** Scroll until an element begins at the top of the window: once, after what a person pressed, and not against a scroll of their own. */
export function intoSight(element) {
  const to = (behavior) => element.scrollIntoView({ block: "start", behavior });
  to(calm() ? "auto" : "smooth");
  const own = new AbortController();
  for (const kind of BY_HAND) window.addEventListener(kind, () => own.abort(), { signal: own.signal, passive: true, capture: true });
  setTimeout(() => {
    if (!own.signal.aborted && element.isConnected) to("auto");
    own.abort();
  }, ARRIVED);
}

/** Do what can wait until the new picture is on the screen. */
export function afterPaint(work) {
  requestAnimationFrame(() => setTimeout(work));
}
