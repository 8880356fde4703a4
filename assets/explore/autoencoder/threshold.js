// The errors of a whole part as a histogram, and a threshold to drag: precision and recall move with it, nothing is asked for.
import { h } from "../../draw/dom.js";
import { array, number } from "../../draw/data.js";
import { keys, swatch } from "../../draw/legend.js";
import { Panel } from "../../draw/panel.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const BINS = 40;
const FOOT = 18;

export const { draw, leave } = mounted((root) => new Threshold(root));

/** Precision and recall of calling every error from the threshold on an anomaly. */
export function measured(errors, anomalous, threshold) {
  let [called, hits, all] = [0, 0, 0];
  errors.forEach((error, place) => {
    all += anomalous[place];
    if (error < threshold) return;
    called += 1;
    hits += anomalous[place];
  });
  return { called, hits, all, precision: called ? hits / called : null, recall: all ? hits / all : null };
}

class Histogram extends Panel {
  take(errors, anomalous, threshold, inks) {
    Object.assign(this, { errors, anomalous, threshold, inks });
    this.low = 0;
    this.high = Math.max(...errors) || 1;
    this.counts = [new Uint32Array(BINS), new Uint32Array(BINS)];
    errors.forEach((error, place) => (this.counts[anomalous[place] ? 1 : 0][this.#bin(error)] += 1));
    this.tallest = Math.max(...this.counts[0].map((count, bin) => count + this.counts[1][bin]));
  }

  #bin(error) {
    return Math.min(Math.floor((error / this.high) * BINS), BINS - 1);
  }

  size(room) {
    return { width: room, height: 150 };
  }

  paint(context, theme) {
    const wide = this.width / BINS;
    const floor = this.height - FOOT;
    const [usual, odd] = this.inks[theme.dark ? "dark" : "light"];
    for (let bin = 0; bin < BINS; bin += 1) {
      let top = floor;
      this.counts.forEach((counts, kind) => {
        const tall = (counts[bin] / this.tallest) * (floor - 4);
        context.fillStyle = kind ? odd : usual;
        context.globalAlpha = this.high * ((bin + 1) / BINS) > this.threshold ? 1 : 0.45;
        context.fillRect(bin * wide + 0.5, top - tall, wide - 1, tall);
        top -= tall;
      });
    }
    context.globalAlpha = 1;
    context.strokeStyle = theme.line;
    context.strokeRect(0, floor, this.width, 0);
    const x = (this.threshold / this.high) * this.width;
    context.strokeStyle = theme.ink;
    context.lineWidth = 2;
    context.strokeRect(x, 0, 0, floor);
    context.lineWidth = 1;
    this.#words(context, theme, x, floor);
  }

  #words(context, theme, x, floor) {
    context.font = `12px ${theme.family}`;
    context.fillStyle = theme.faint;
    context.textBaseline = "top";
    context.textAlign = "left";
    context.fillText("0", 0, floor + 4);
    context.textAlign = "right";
    context.fillText(number(this.high), this.width, floor + 4);
    context.fillStyle = theme.ink;
    context.textAlign = x < 60 ? "left" : x > this.width - 60 ? "right" : "center";
    context.fillText(number(this.threshold), x, floor + 4);
  }

  at(x) {
    return { bin: Math.min(Math.max(Math.floor((x / this.width) * BINS), 0), BINS - 1), x };
  }

  step(place, down, across) {
    return { bin: Math.min(Math.max((place?.bin ?? 0) + across, 0), BINS - 1) };
  }

  words({ bin }) {
    const [from, to] = [bin, bin + 1].map((edge) => number((this.high * edge) / BINS));
    return `${from} to ${to}: ${this.counts[0][bin]} usual, ${this.counts[1][bin]} anomalies`;
  }
}

class Threshold {
  constructor(root) {
    this.root = root;
    this.told = h("output", { class: "inspect-sum", "aria-live": "polite" });
    this.told.style.minHeight = "0";
    this.slider = h("input", { type: "range", min: 0, max: 1000, "aria-label": "Threshold" });
    this.slider.style.cssText = "width: 100%; accent-color: var(--st-primary-color)";
    this.slider.oninput = () => this.#move((this.panel.high * this.slider.value) / 1000);
  }

  take({ data }) {
    this.data = data;
    const errors = array(data.errors).values;
    const anomalous = array(data.anomalous).values;
    this.panel = new Histogram({ name: "How many samples have which error", pressed: ({ x }) => x != null && this.#move((this.panel.high * x) / this.panel.width) });
    this.panel.take(errors, anomalous, data.threshold, data.inks);
    const drag = (event) => event.buttons && this.#move((this.panel.high * event.offsetX) / this.panel.canvas.clientWidth);
    this.panel.canvas.addEventListener("pointermove", drag);
    this.key = h("div");
    const file = buttons("errors", () => [this.panel], () => this.theme);
    this.root.replaceChildren(h("div", { class: "inspect-head" }, h("h4", {}, data.title), file), this.key, this.panel.element, this.slider, this.told);
  }

  draw(width, theme) {
    this.theme = theme;
    const inks = this.data.inks[theme.dark ? "dark" : "light"];
    const marks = ["usual", "anomalies"].map((word, place) => swatch(word, inks[place]));
    this.panel.legends = [...marks, `the tallest bar: ${this.panel.tallest} samples`];
    this.key.replaceChildren(keys(marks));
    this.panel.draw(width, theme);
    this.#move(this.panel.threshold);
  }

  #move(threshold) {
    const { panel } = this;
    panel.threshold = Math.min(Math.max(threshold, 0), panel.high);
    panel.redraw();
    this.slider.value = Math.round((1000 * panel.threshold) / panel.high);
    const { called, hits, all, precision, recall } = measured(panel.errors, panel.anomalous, panel.threshold);
    const share = (value) => (value == null ? "none" : value.toFixed(3));
    this.told.textContent = `Threshold ${number(panel.threshold)}: ${called} called an anomaly, ${hits} of them rightly, of ${all}. Precision ${share(precision)}, recall ${share(recall)}.`;
  }
}
