// The part of a 2D context that the panels use, written down as SVG, so that one painter serves the screen and the file.

const ANCHOR = { left: "start", right: "end", center: "middle" };
const DROP = { top: "0.8em", middle: "0.35em", bottom: "-0.2em", alphabetic: "0" };
const measure = document.createElement("canvas").getContext("2d");
const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const short = (value) => Number(value.toFixed(2));

function cut(canvas, x, y, width, height) {
  const found = Object.assign(document.createElement("canvas"), { width, height });
  found.getContext("2d").drawImage(canvas, -x, -y);
  return found;
}

export class SvgContext {
  constructor(width, height) {
    Object.assign(this, { width, height, parts: [], path: [], open: [0], font: "12px sans-serif", fillStyle: "#000", strokeStyle: "#000" });
    Object.assign(this, { lineWidth: 1, globalAlpha: 1, textAlign: "left", textBaseline: "alphabetic", imageSmoothingEnabled: true, dash: [] });
  }

  save() {
    this.open.push(0);
  }

  restore() {
    this.parts.push("</g>".repeat(this.open.pop()));
  }

  #group(transform) {
    this.parts.push(`<g transform="${transform}">`);
    this.open[this.open.length - 1] += 1;
  }

  translate(x, y) {
    this.#group(`translate(${short(x)} ${short(y)})`);
  }

  rotate(angle) {
    this.#group(`rotate(${short((angle * 180) / Math.PI)})`);
  }

  fillRect(x, y, width, height) {
    this.#rect(x, y, width, height, this.#fill());
  }

  strokeRect(x, y, width, height) {
    this.#rect(x, y, width, height, this.#stroke());
  }

  /** A rectangle without width or height is drawn as a line; SVG would leave it out. */
  #rect(x, y, width, height, look) {
    if (!width || !height) return this.#line(x, y, x + width, y + height, look);
    this.parts.push(`<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" ${look}/>`);
  }

  #line(fromX, fromY, toX, toY, look) {
    this.parts.push(`<path d="M${short(fromX)} ${short(fromY)}L${short(toX)} ${short(toY)}" ${look}/>`);
  }

  #fill() {
    return `fill="${escape(this.fillStyle)}" fill-opacity="${this.globalAlpha}"`;
  }

  #stroke() {
    const dash = this.dash.length ? ` stroke-dasharray="${this.dash.join(" ")}"` : "";
    return `fill="none" stroke="${escape(this.strokeStyle)}" stroke-width="${this.lineWidth}" stroke-opacity="${this.globalAlpha}"${dash}`;
  }

  setLineDash(dash) {
    this.dash = dash;
  }

  beginPath() {
    this.path = [];
  }

  moveTo(x, y) {
    this.path.push(`M${short(x)} ${short(y)}`);
  }

  lineTo(x, y) {
    this.path.push(`L${short(x)} ${short(y)}`);
  }

  bezierCurveTo(...places) {
    this.path.push(`C${places.map(short).join(" ")}`);
  }

  arc(x, y, radius) {
    this.path.push(`M${short(x - radius)} ${short(y)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`);
  }

  stroke() {
    this.parts.push(`<path d="${this.path.join("")}" ${this.#stroke()}/>`);
  }

  fill() {
    this.parts.push(`<path d="${this.path.join("")}" ${this.#fill()}/>`);
  }

  measureText(text) {
    measure.font = this.font;
    return measure.measureText(text);
  }

  fillText(text, x, y) {
    const look = `text-anchor="${ANCHOR[this.textAlign]}" dy="${DROP[this.textBaseline]}" style="font: ${escape(this.font)}"`;
    this.parts.push(`<text x="${short(x)}" y="${short(y)}" ${look} ${this.#fill()}>${escape(text)}</text>`);
  }

  /** All of a picture, or with eight numbers a part of it: its place and size, then where it goes. */
  drawImage(canvas, ...numbers) {
    const [x, y, width, height] = numbers.slice(-4);
    if (numbers.length === 8) canvas = cut(canvas, ...numbers.slice(0, 4));
    const crisp = this.imageSmoothingEnabled ? "" : ' style="image-rendering: pixelated"';
    const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
    this.parts.push(`<image ${place} preserveAspectRatio="none"${crisp} href="${canvas.toDataURL()}"/>`);
  }

  text() {
    const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}">`;
    return `${head}${this.parts.join("")}</svg>`;
  }
}
