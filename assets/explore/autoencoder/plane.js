// Latent space: samples' codes in a plane, and back: any place of the plane, or any code, is decoded while the pointer moves.
import { h } from "../../draw/dom.js";
import { array, number } from "../../draw/data.js";
import { keys } from "../../draw/legend.js";
import { Panel } from "../../draw/panel.js";
import { painted, Seen } from "../../draw/pictures.js";
import { buttons } from "../../draw/save.js";
import { mark, Scatter } from "../../draw/scatter.js";
import { readNumber } from "../../draw/typed.js";
import { mounted } from "../../draw/view.js";
import { stepped } from "../../frame/numbers.js";

const MOST_SLIDERS = 16;
const STEPS = 9;
const DRAWS = 12;

export const { draw, leave } = mounted((root) => new Plane(root));

/** Pictures in a row, as many as fit. */
class Row extends Panel {
  pictures; room; side;

  show(pictures, low, high) {
    this.pictures = pictures.map((each) => painted(each, low, high));
    if (this.theme) this.draw(this.room, this.theme);
  }

  size(room) {
    this.room = room;
    const count = this.pictures?.length || STEPS;
    this.side = Math.min((room - 4 * (count - 1)) / count, 64);
    return { width: room, height: Math.ceil(this.side) };
  }

  paint(context) {
    context.imageSmoothingEnabled = false;
    this.pictures?.forEach((picture, place) => context.drawImage(picture, place * (this.side + 4), 0, this.side, (this.side * picture.height) / picture.width));
  }

  at() {
    return null;
  }
}

class Plane {
  root; waiting; data; codes; labels; plane; dimensions; back; run; code; input; moved; at; ends; sample; theme;
  scatter; picture; way; prior; inputs; outputs; wrong;

  constructor(root) {
    root.parentNode.append(h("link", { rel: "stylesheet", href: new URL("./plane.css", import.meta.url).href }));
    this.root = root;
    this.waiting = new globalThis.Map(); // what each drawing waits for: only the newest is asked for
  }

  take({ data }) {
    this.data = data;
    this.codes = array(data.codes);
    this.labels = array(data.labels).values;
    this.plane = array(data.plane);
    this.dimensions = this.codes.shape[1];
    this.back = data.components ? { mean: array(data.mean).values, components: array(data.components).values } : null;
    const same = this.run === data.run && this.code?.length === this.dimensions && this.input === data.input;
    if (!same) Object.assign(this, { moved: false, at: null, ends: null });
    if (!this.moved) this.code = [...array(data.code).values]; // a code that was moved stays through the epochs
    Object.assign(this, { run: data.run, input: data.input, sample: data.sample });
  }

  #codeOf(sample) {
    const at = Math.min(sample, this.codes.shape[0] - 1) * this.dimensions;
    return [...this.codes.values.slice(at, at + this.dimensions)];
  }

  draw(width, theme) {
    this.theme = theme;
    const wide = width > 560;
    this.scatter = new Scatter({
      name: "The samples' codes",
      plane: this.plane,
      labels: this.labels,
      classes: this.data.classes,
      colours: this.data.classColours,
      picked: (x, y, near) => this.#picked(x, y, near),
      names: this.data.axes,
      measured: this.data.measured,
    });
    const marks = this.#marks();
    this.scatter.legends = marks;
    const side = wide ? Math.min(220, width * 0.34) : Math.min(220, width);
    const [rows, columns] = this.data.size;
    const blank = { shape: this.data.size, values: new Float32Array(this.data.size.reduce((all, each) => all * each, 1)) };
    const { low, high } = this.data;
    this.picture = new Seen({ name: "What the decoder makes of it", pixels: blank, low, high, rows, columns, values: blank.values, scale: { low, high, stops: "rising" }, most: [24, 24], tall: 240 });
    this.picture.own = blank.values;
    this.picture.draw(side, theme);
    this.way = new Row({ name: "From one sample to another", quiet: true });
    this.prior = new Row({ name: "Codes drawn from the prior", quiet: true });
    for (const row of [this.way, this.prior]) row.draw(width, theme);
    this.scatter.draw(wide ? width - side - 20 : width, theme);
    const file = buttons("latent plane", () => [this.scatter, this.picture, this.way, ...(this.data.variational ? [this.prior] : [])], () => this.theme);
    const beside = h("div", {}, h("div", { class: "inspect-note" }, "Decoded"), this.picture.element, this.#sliders());
    this.root.replaceChildren(
      h("div", { class: "inspect-head" }, h("h4", {}, this.data.title), file),
      h("div", { class: `plane${wide ? " wide" : ""}` }, h("div", {}, this.scatter.element, keys(marks)), beside),
      this.#between(),
      ...(this.data.variational ? [this.#draws()] : []),
    );
    this.#show();
    this.#walk();
  }

  #marks() {
    const colours = this.data.classColours[this.theme.dark ? "dark" : "light"];
    return this.data.classes.map((name, kind) => ({
      name,
      draw: (context, x, y) => {
        Object.assign(context, { fillStyle: colours[kind % colours.length], strokeStyle: colours[kind % colours.length], lineWidth: 1.5 });
        mark(context, kind, x, y, 4);
      },
    }));
  }

  /** A slider for each number of the code, over its range in the data. */
  #sliders() {
    this.inputs = this.data.ranges.slice(0, MOST_SLIDERS).map(({ low, high }, axis) => {
      const input = h("input", { type: "range", min: low, max: high, step: (high - low) / 200 || 1, "aria-label": `Number ${axis} of the code` });
      input.oninput = () => {
        this.code[axis] = Number(input.value);
        this.moved = true;
        this.#show();
      };
      return input;
    });
    this.outputs = this.inputs.map(() => h("output", {}));
    const kl = (axis) => (this.data.kl ? h("span", { class: "inspect-note", title: "KL divergence from the prior in nats, mean over the samples" }, `KL ${number(this.data.kl[axis])} nats`) : null);
    const rows = this.inputs.map((input, axis) => h("label", {}, h("span", {}, `z${axis}`), input, this.outputs[axis], kl(axis)));
    const rest = this.dimensions - this.inputs.length;
    return h("div", { class: `plane-sliders${this.data.kl ? " kl" : ""}` }, ...rows, rest > 0 ? h("div", { class: "inspect-note" }, `${rest} more stay as they are`) : null);
  }

  #picked(x, y, near) {
    if (this.back) {
      const { mean, components } = this.back;
      this.code = this.code.map((_, axis) => mean[axis] + x * components[axis] + y * components[this.dimensions + axis]);
    } else this.code = this.#codeOf(near.sample);
    Object.assign(this, { at: [x, y], moved: true });
    this.#show();
  }

  /** The sample whose code is nearest. */
  #nearest() {
    const far = (sample) => this.#codeOf(sample).reduce((sum, value, axis) => sum + (value - this.code[axis]) ** 2, 0);
    let [best, least] = [0, Infinity];
    for (let sample = 0; sample < this.codes.shape[0]; sample += 1) {
      const now = far(sample);
      if (now < least) [best, least] = [sample, now];
    }
    return best;
  }

  /** Where the code lies in the plane: through PCA, or at the sample that is nearest to it. */
  #place() {
    if (!this.back) return this.at ?? [0, 1].map((axis) => this.plane.values[2 * this.#nearest() + axis]);
    const { mean, components } = this.back;
    return [0, 1].map((row) => this.code.reduce((sum, value, axis) => sum + (value - mean[axis]) * components[row * this.dimensions + axis], 0));
  }

  #show() {
    this.scatter.show(this.#place());
    this.inputs.forEach((input, axis) => {
      input.value = this.code[axis];
      this.outputs[axis].textContent = number(this.code[axis]);
    });
    this.#ask("picture", [this.code], ([made]) => {
      Object.assign(this.picture, { pixels: made, own: made.values, picture: null });
      this.picture.redraw();
    });
  }

  #between() {
    const last = this.codes.shape[0] - 1;
    const field = (value, label) => {
      const input = h("input", { type: "text", inputmode: "numeric", "aria-label": `${label}, 0 to ${last}` });
      input.value = `${value}`;
      input.oninput = () => this.#walk();
      input.onkeydown = (event) => {
        const next = stepped(input.value, { ArrowUp: 1, ArrowDown: -1 }[event.key] ?? 0);
        if (!["ArrowUp", "ArrowDown"].includes(event.key) || next === null) return;
        event.preventDefault();
        input.value = next;
        this.#walk();
      };
      return input;
    };
    this.ends = [field(this.sample, "From sample"), field(this.ends?.[1].value ?? Math.min(this.sample + 1, last), "To sample")];
    this.wrong = h("p", { class: "plane-wrong", role: "status" });
    return h("div", { class: "plane-row" }, h("h4", {}, "From sample ", this.ends[0], " to ", this.ends[1]), this.wrong, this.way.element);
  }

  #walk() {
    const samples = this.ends.map((input) => readNumber(input.value, { whole: true }));
    const there = (sample) => sample !== null && sample >= 0 && sample < this.codes.shape[0];
    samples.forEach((sample, end) => this.ends[end].toggleAttribute("aria-invalid", !there(sample)));
    this.wrong.textContent = samples.every(there) ? "" : `A sample from 0 to ${this.codes.shape[0] - 1} is needed. The last good one is used.`;
    if (!samples.every(there)) return;
    const [from, to] = samples.map((sample) => this.#codeOf(sample));
    const codes = Array.from({ length: STEPS }, (_, step) => from.map((value, axis) => value + ((to[axis] - value) * step) / (STEPS - 1)));
    this.#ask("way", codes, (made) => this.way.show(made, this.data.low, this.data.high));
  }

  #draws() {
    const again = h("button", { type: "button", class: "plane-button", onclick: () => this.#drawn() }, "Draw again");
    this.#drawn();
    return h("div", { class: "plane-row" }, h("h4", {}, "From the prior, a standard normal ", again), this.prior.element);
  }

  #drawn() {
    const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
    const codes = Array.from({ length: DRAWS }, () => Array.from({ length: this.dimensions }, normal));
    this.#ask("prior", codes, (made) => this.prior.show(made, this.data.low, this.data.high));
  }

  /** Decode; while an answer is under way only the newest wish is kept. */
  async #ask(name, codes, done) {
    const busy = this.waiting.has(name);
    this.waiting.set(name, { codes, done });
    if (busy) return;
    while (this.waiting.get(name)?.codes) {
      const wish = this.waiting.get(name);
      const { data } = this;
      this.waiting.set(name, {});
      const made = await this.#decoded(data, wish.codes).catch(() => null);
      if (data !== this.data) continue; // of another epoch, layer or run than the one that is drawn now
      if (made) wish.done(made);
      else this.picture.readout.textContent = "The decoder did not answer. Move again to try.";
    }
    this.waiting.delete(name);
  }

  async #decoded({ run, epoch, layer, size }, codes) {
    const address = new URL(`/api/runs/${run}/decode`, document.baseURI);
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ epoch, layer, codes }) });
    if (!answer.ok) throw new Error(String(answer.status));
    const { shape, values } = array(await answer.json());
    const count = size.reduce((all, each) => all * each, 1);
    return Array.from({ length: shape[0] }, (_, place) => ({ shape: size, values: values.slice(place * count, (place + 1) * count) }));
  }
}
