// Anomaly detection: histogram of a part's errors and a threshold to drag; precision and recall move with it, without a request.
import { h } from "../../draw/dom.js";
import { Counts } from "../../draw/counts.js";
import { array, count, ends, number } from "../../draw/data.js";
import { keys, swatch } from "../../draw/legend.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const BINS = 40;

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

/** Counts in so many equal bins from 0 to `high`; NaN lies in none. */
export function binned(values, high, bins = BINS) {
  const counts = new Uint32Array(bins);
  for (const value of values) if (Number.isFinite(value)) counts[Math.min(Math.floor((value / high) * bins), bins - 1)] += 1;
  return counts;
}

/** The errors of both kinds, those from the threshold on in full colour, with a line at it. */
class Errors extends Counts {
  errors; inks; threshold; anomalous;

  constructor({ errors, anomalous, threshold, inks, ...rest }) {
    const high = ends(errors)[1] || 1;
    const stacks = [0, 1].map((kind) => binned(errors.filter((_, place) => Boolean(anomalous[place]) === Boolean(kind)), high));
    super({ stacks, low: 0, high, widest: Infinity, tall: 132, ...rest });
    Object.assign(this, { errors, anomalous, threshold, inks });
  }

  ink(theme, bin, kind) {
    return this.inks[theme.dark ? "dark" : "light"][kind];
  }

  paint(context, theme) {
    super.paint(context, theme);
    const x = this.x(this.threshold);
    context.fillStyle = theme.ground; // below the threshold they are paler
    context.globalAlpha = 0.55;
    context.fillRect(0, 0, Math.floor(x / this.across) * this.across, this.tall);
    context.globalAlpha = 1;
    context.strokeStyle = theme.ink;
    context.lineWidth = 2;
    context.strokeRect(x, 0, 0, this.tall);
    context.lineWidth = 1;
    context.fillStyle = theme.ink;
    context.textAlign = x < 60 ? "left" : x > this.width - 60 ? "right" : "center";
    context.fillText(number(this.threshold), x, this.tall + 4);
  }

  at(x, y) {
    const place = super.at(x, y);
    return place && { ...place, x };
  }

  words({ bin }) {
    return `${this.range(bin)}: ${this.stacks[0][bin]} usual, ${this.stacks[1][bin]} anomalies`;
  }
}

class Threshold {
  root; told; slider; panel; data; key; theme;

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
    const pressed = ({ x }) => x != null && this.#move((this.panel.high * x) / this.panel.width);
    this.panel = new Errors({ name: "How many samples have which error", errors, anomalous, threshold: data.threshold, inks: data.inks, pressed });
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
    this.panel.legends = [...marks, `the tallest bar: ${count(this.panel.most, "sample")}`];
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
