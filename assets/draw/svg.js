// The part of a 2D context that the panels use, written down as SVG, so that one painter serves the screen and the file.
import { ruler } from "./dom.js";

const ANCHOR = { left: "start", start: "start", right: "end", end: "end", center: "middle" };
const DROP = { top: "0.8em", middle: "0.35em", bottom: "-0.2em", alphabetic: "0" };
const START = { font: "12px sans-serif", fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, globalAlpha: 1, textAlign: "left", textBaseline: "alphabetic", imageSmoothingEnabled: true };
const TURN = 2 * Math.PI;
const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const short = (value) => Number(value.toFixed(2));

/** Anything of a 2D context that a file cannot show is an error with its name: a drawing is the same in both, or there is none. */
const only = {
  get: (target, name) => (name in target || typeof name === "symbol" ? target[name] : missing(name)),
  set: (target, name, value) => (name in START ? Boolean(Object.assign(target, { [name]: known(name, value) })) : missing(name)),
};

/** @returns {never} */
function missing(name) {
  throw new TypeError(`A drawing that is saved as SVG cannot use context.${String(name)}`);
}

/** A 2D context draws nothing where it is given NaN or infinity, and neither does this. */
const drawing = (act) => (...given) => (given.some((each) => typeof each === "number" && !Number.isFinite(each)) ? undefined : act(...given));

function known(name, value) {
  const words = { textAlign: ANCHOR, textBaseline: DROP }[name];
  if ((words && !(value in words)) || typeof value !== typeof START[name]) throw new TypeError(`A drawing that is saved as SVG cannot use ${String(value)} as context.${name}`);
  return value;
}

function cut(canvas, x, y, width, height) {
  const found = Object.assign(document.createElement("canvas"), { width, height });
  found.getContext("2d").drawImage(canvas, -x, -y);
  return found;
}

export class SvgContext {
  /** @type {string} */ font;
  /** @type {string} */ fillStyle;
  /** @type {string} */ strokeStyle;
  /** @type {number} */ lineWidth;
  /** @type {number} */ globalAlpha;
  /** @type {string} */ textAlign;
  /** @type {string} */ textBaseline;
  /** @type {boolean} */ imageSmoothingEnabled;
  #parts = [];
  #path = [];
  #moved = false; // since the path was begun, which SVG would move along
  #dash = [];
  #groups = 0; // that are open since the last save
  #saved = [];
  #size;

  constructor(width, height) {
    this.#size = [width, height];
    Object.assign(this, START);
    for (const name of Object.getOwnPropertyNames(SvgContext.prototype)) if (name !== "constructor") this[name] = drawing(this[name].bind(this));
    return new Proxy(this, only);
  }

  save() {
    this.#saved.push({ look: Object.fromEntries(Object.keys(START).map((name) => [name, this[name]])), dash: this.#dash, groups: this.#groups });
    this.#groups = 0;
  }

  /** Back to the colours, dashes and place of the last `save`; nothing where there was none. */
  restore() {
    const last = this.#saved.pop();
    if (!last) return;
    this.#end();
    Object.assign(this, last.look);
    [this.#dash, this.#groups] = [last.dash, last.groups];
  }

  #end() {
    this.#moved ||= this.#groups > 0 && this.#path.length > 0;
    this.#parts.push("</g>".repeat(this.#groups));
  }

  #group(transform) {
    this.#moved ||= this.#path.length > 0;
    this.#parts.push(`<g transform="${transform}">`);
    this.#groups += 1;
  }

  translate(x, y) {
    this.#group(`translate(${short(x)} ${short(y)})`);
  }

  rotate(angle) {
    this.#group(`rotate(${short((angle * 180) / Math.PI)})`);
  }

  scale(x, y) {
    this.#group(`scale(${x} ${y})`);
  }

  fillRect(x, y, width, height) {
    this.#rect(x, y, width, height, this.#fill());
  }

  strokeRect(x, y, width, height) {
    this.#rect(x, y, width, height, this.#stroke());
  }

  /** A rectangle without width or height is drawn as a line; SVG would leave it out. One of negative size lies at the other side. */
  #rect(x, y, width, height, look) {
    if (!width || !height) return void this.#parts.push(`<path d="M${short(x)} ${short(y)}L${short(x + width)} ${short(y + height)}" ${look}/>`);
    const [left, top] = [Math.min(x, x + width), Math.min(y, y + height)];
    this.#parts.push(`<rect x="${short(left)}" y="${short(top)}" width="${short(Math.abs(width))}" height="${short(Math.abs(height))}" ${look}/>`);
  }

  #fill() {
    return `fill="${escape(this.fillStyle)}" fill-opacity="${this.globalAlpha}"`;
  }

  #stroke() {
    const dash = this.#dash.length ? ` stroke-dasharray="${this.#dash.join(" ")}"` : "";
    return `fill="none" stroke="${escape(this.strokeStyle)}" stroke-width="${this.lineWidth}" stroke-opacity="${this.globalAlpha}"${dash}`;
  }

  setLineDash(dash) {
    this.#dash = [...dash];
  }

  beginPath() {
    [this.#path, this.#moved] = [[], false];
  }

  closePath() {
    if (this.#path.length) this.#path.push("Z");
  }

  moveTo(x, y) {
    this.#path.push(`M${short(x)} ${short(y)}`);
  }

  lineTo(x, y) {
    this.#path.push(`${this.#path.length ? "L" : "M"}${short(x)} ${short(y)}`);
  }

  bezierCurveTo(...places) {
    this.#path.push(`C${places.map(short).join(" ")}`);
  }

  /** From one angle to another, clockwise unless told otherwise; a whole turn is two halves, which SVG needs. */
  arc(x, y, radius, start, end, counterclockwise = false) {
    const way = counterclockwise ? -1 : 1;
    const span = way * (end - start);
    const turned = span >= TURN ? TURN : ((span % TURN) + TURN) % TURN;
    const at = (angle) => `${short(x + radius * Math.cos(angle))} ${short(y + radius * Math.sin(angle))}`;
    const half = start + (way * turned) / 2;
    this.#path.push(`${this.#path.length ? "L" : "M"}${at(start)}`);
    for (const angle of [half, start + way * turned]) this.#path.push(`A${short(radius)} ${short(radius)} 0 0 ${way > 0 ? 1 : 0} ${at(angle)}`);
  }

  stroke() {
    this.#drawn(this.#stroke());
  }

  fill() {
    this.#drawn(this.#fill());
  }

  #drawn(look) {
    if (this.#moved) throw new TypeError("A drawing that is saved as SVG cannot move its context between a path's places");
    if (this.#path.length) this.#parts.push(`<path d="${this.#path.join("")}" ${look}/>`);
  }

  measureText(text) {
    return Object.assign(ruler(), { font: this.font }).measureText(text);
  }

  fillText(text, x, y) {
    const look = `text-anchor="${ANCHOR[this.textAlign]}" dy="${DROP[this.textBaseline]}" style="font: ${escape(this.font)}"`;
    this.#parts.push(`<text x="${short(x)}" y="${short(y)}" ${look} ${this.#fill()}>${escape(text)}</text>`);
  }

  /** A picture at its place in its own size or a given one; or with eight numbers a part of it: its place and size, then where it goes. */
  drawImage(canvas, ...numbers) {
    const [x, y, width, height] = numbers.length === 2 ? [...numbers, canvas.width, canvas.height] : numbers.slice(-4);
    const part = numbers.length === 8 ? cut(canvas, ...numbers.slice(0, 4)) : canvas;
    const crisp = this.imageSmoothingEnabled ? "" : ' style="image-rendering: pixelated"';
    const faint = this.globalAlpha === 1 ? "" : ` opacity="${this.globalAlpha}"`;
    const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
    this.#parts.push(`<image ${place} preserveAspectRatio="none"${crisp}${faint} href="${part.toDataURL()}"/>`);
  }

  text() {
    const [width, height] = this.#size;
    const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
    const open = this.#groups + this.#saved.reduce((all, { groups }) => all + groups, 0);
    return `${head}${this.#parts.join("")}${"</g>".repeat(open)}</svg>`;
  }
}
