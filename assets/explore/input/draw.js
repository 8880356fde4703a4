// Drawing sheet for a pen, a finger or the keyboard: its pixels go to Python, debounced, when the pen is lifted.
import { h } from "../../draw/dom.js";
import { mounted } from "../../draw/view.js";

const WAIT = 250; // milliseconds after the last stroke
const MOST_UNDO = 40; // strokes that can be taken back
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export const { draw, leave } = mounted((root) => new Sheet(root));

export class Sheet {
  root; before; erasing; last; cursor; component; canvas; timer; channels; ground; context; pen; eraser; undo; clear;
  wide; ink;

  constructor(root) {
    root.parentNode.append(h("link", { rel: "stylesheet", href: new URL("./draw.css", import.meta.url).href }));
    this.root = root;
    this.before = []; // what the sheet was before each stroke
    this.erasing = false;
    this.last = null; // where the pen is while it is down
    this.cursor = null; // where the keyboard's pen is
  }

  take(component) {
    this.component = component;
    const { width, height } = component.data;
    if (this.canvas?.width === width && this.canvas.height === height) return;
    this.#build(component.data);
  }

  draw() {}

  #build({ width, height, channels, light, image }) {
    clearTimeout(this.timer); // what waits to be sent was drawn on another sheet
    this.channels = channels;
    this.ground = light ? "#000000" : "#ffffff";
    this.canvas = h("canvas", { class: "draw-sheet", tabindex: 0, role: "img", "aria-label": "Draw here. Arrow keys move the pen, with Shift held it draws." });
    Object.assign(this.canvas, { width, height });
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.#blank();
    if (image) this.context.putImageData(this.#unpacked(image), 0, 0);
    this.canvas.onpointerdown = (event) => this.#down(event);
    this.canvas.onpointermove = (event) => this.#moved(event);
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.#up();
    this.canvas.onkeydown = (event) => this.#key(event);
    this.root.replaceChildren(this.canvas, this.#bar(light));
    this.#enable();
  }

  #bar(light) {
    const button = (name, press) => h("button", { type: "button", onclick: press }, name);
    this.pen = button("Pen", () => this.#erase(false));
    this.eraser = button("Eraser", () => this.#erase(true));
    this.undo = button("Undo", () => this.#back());
    this.clear = button("Clear", () => this.#stroke(() => this.#blank()));
    this.wide = h("input", { type: "range", min: 2, max: 16, value: 8, "aria-label": "Width of the pen, in percent of the sheet" });
    const ink = light ? null : this.channels === 3 ? h("input", { type: "color", value: "#1b1f2a" }) : h("input", { type: "range", min: 0, max: 255, value: 40 });
    ink?.setAttribute("aria-label", this.channels === 3 ? "Colour of the pen" : "Brightness of the pen");
    this.ink = ink;
    this.#erase(false);
    const rows = [h("label", {}, "Width", this.wide), ...(ink ? [h("label", {}, this.channels === 3 ? "Colour" : "Brightness", ink)] : [])];
    return h("div", { class: "draw-bar" }, this.pen, this.eraser, this.undo, this.clear, ...rows);
  }

  #erase(erasing) {
    this.erasing = erasing;
    this.pen.setAttribute("aria-pressed", !erasing);
    this.eraser.setAttribute("aria-pressed", erasing);
  }

  #enable() {
    this.undo.disabled = this.before.length === 0;
  }

  #blank() {
    this.context.fillStyle = this.ground;
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** What is done can be taken back, and is sent. */
  #stroke(paint) {
    this.#keep();
    paint();
    this.#send();
  }

  #keep() {
    this.before.push(this.context.getImageData(0, 0, this.canvas.width, this.canvas.height));
    if (this.before.length > MOST_UNDO) this.before.shift();
    this.#enable();
  }

  #back() {
    const image = this.before.pop();
    if (image) this.context.putImageData(image, 0, 0);
    this.#enable();
    this.#send();
  }

  #place({ offsetX, offsetY }) {
    const scale = this.canvas.width / this.canvas.clientWidth;
    return [offsetX * scale, offsetY * scale];
  }

  #down(event) {
    if (event.button) return;
    clearTimeout(this.timer);
    this.canvas.setPointerCapture(event.pointerId);
    this.#keep();
    this.last = this.#place(event);
    this.#line(this.last, this.last);
  }

  #moved(event) {
    if (!this.last) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const next = this.#place(each);
      this.#line(this.last, next);
      this.last = next;
    }
  }

  #up() {
    if (!this.last) return;
    this.last = null;
    this.#send();
  }

  #line([fromX, fromY], [toX, toY]) {
    const { context } = this;
    context.strokeStyle = this.erasing ? this.ground : this.#colour();
    context.lineWidth = (Number(this.wide.value) / 100) * Math.max(this.canvas.width, this.canvas.height);
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY + 0.01); // a dot where the pen did not move
    context.stroke();
  }

  #colour() {
    if (!this.ink) return "#ffffff";
    return this.channels === 3 ? this.ink.value : `rgb(${this.ink.value}, ${this.ink.value}, ${this.ink.value})`;
  }

  #key(event) {
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.#back();
    else if (STEPS[event.key]) this.#walk(STEPS[event.key], event.shiftKey);
    else return;
    event.preventDefault();
  }

  /** The keyboard's pen: an arrow moves it, with Shift it draws. */
  #walk([across, down], drawing) {
    const step = this.canvas.width / 28;
    const from = this.cursor ?? [this.canvas.width / 2, this.canvas.height / 2];
    this.cursor = [from[0] + across * step, from[1] + down * step];
    if (drawing) this.#stroke(() => this.#line(from, this.cursor));
  }

  #send() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.component.setStateValue("drawn", this.#packed()), WAIT);
  }

  leave() {
    clearTimeout(this.timer);
  }

  /** Every channel of every pixel as base64 bytes. */
  #packed() {
    const { data } = this.context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    let text = "";
    for (let place = 0; place < data.length; place += 4) {
      for (let band = 0; band < this.channels; band += 1) text += String.fromCharCode(data[place + band]);
    }
    return btoa(text);
  }

  #unpacked(text) {
    const bytes = atob(text);
    const image = new ImageData(this.canvas.width, this.canvas.height);
    for (let place = 0; place < image.data.length / 4; place += 1) {
      for (let band = 0; band < 3; band += 1) image.data[4 * place + band] = bytes.charCodeAt(place * this.channels + (this.channels === 3 ? band : 0));
      image.data[4 * place + 3] = 255;
    }
    return image;
  }
}
