// Sequence labelling, a class at each step: the tokens that came in, below them the predictions, right or wrong.
import { count } from "../../draw/data.js";
import { swatch } from "../../draw/legend.js";
import { fitted, Panel } from "../../draw/panel.js";
import { visible } from "../../draw/tokens.js";
import { percent, verdicts } from "./arrays.js";

const CELL = 13; // pixels that a token needs
const LINE = 15;
const GAP = 7;

export class Steps extends Panel {
  fixed; dataset; samples; steps; answers; chances; right; drawn; columns; across; lines; tall;

  take({ dataset, fixed }) {
    Object.assign(this, { dataset, fixed });
    [this.samples, this.steps] = fixed.y.shape;
  }

  show({ answers, chances }) {
    Object.assign(this, { answers: answers.values, chances: chances.values });
    this.right = this.answers.filter((answer, place) => answer === this.fixed.y.values[place]).length;
  }

  get said() {
    return `${this.drawn} unseen sequences, the answers below`;
  }

  marks(theme) {
    const { right, wrong } = verdicts(theme);
    return [swatch("right", right), swatch("wrong", wrong)];
  }

  summary() {
    return `${percent(this.right / this.answers.length)} of ${count(this.answers.length, "step")} right`;
  }

  size(room) {
    const words = [...(this.dataset.vocabulary ?? []), ...this.dataset.classes];
    const wide = Math.max(CELL, Math.min(6 * Math.max(...words.map((word) => word.length)) + 8, 64));
    this.columns = Math.min(this.steps, Math.max(Math.floor(room / wide), 1));
    this.across = Math.min(room / this.columns, 28);
    this.lines = Math.ceil(this.steps / this.columns);
    this.tall = this.lines * (2 * LINE + 2) + GAP;
    this.drawn = Math.min(this.samples, Math.max(Math.floor(380 / this.tall), 1));
    return { width: Math.ceil(this.across * this.columns), height: Math.ceil(this.drawn * this.tall) };
  }

  #corner(sample, step) {
    return [(step % this.columns) * this.across, sample * this.tall + Math.floor(step / this.columns) * (2 * LINE + 2)];
  }

  paint(context, theme) {
    const inks = verdicts(theme);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `12px ${theme.family}`;
    for (let sample = 0; sample < this.drawn; sample += 1) {
      for (let step = 0; step < this.steps; step += 1) this.#step(context, theme, inks, sample, step);
    }
  }

  #step(context, theme, inks, sample, step) {
    const [x, y] = this.#corner(sample, step);
    const at = sample * this.steps + step;
    const right = this.answers[at] === this.fixed.y.values[at];
    const middle = x + this.across / 2;
    const known = this.fixed.raw.values.length === this.fixed.y.values.length;
    context.fillStyle = theme.faint;
    if (known) context.fillText(fitted(context, visible(this.dataset.vocabulary[this.fixed.raw.values[at]] ?? ""), this.across), middle, y + LINE / 2);
    context.globalAlpha = theme.dark ? 0.35 : 0.2;
    context.fillStyle = right ? inks.right : inks.wrong;
    context.fillRect(x + 0.5, y + LINE, this.across - 1, LINE);
    context.globalAlpha = 1;
    if (!right) context.fillRect(x + 0.5, y + 2 * LINE - 2, this.across - 1, 2);
    context.fillStyle = theme.ink;
    context.fillText(fitted(context, visible(this.dataset.classes[this.answers[at]] ?? ""), this.across), middle, y + 1.5 * LINE);
    if (this.place?.sample !== sample || this.place.step !== step) return;
    context.strokeStyle = theme.ink;
    context.strokeRect(x + 0.5, y + 0.5, this.across - 1, 2 * LINE - 1);
  }

  at(x, y) {
    const sample = Math.floor(y / this.tall);
    const line = Math.min(Math.floor((y - sample * this.tall) / (2 * LINE + 2)), this.lines - 1);
    const column = Math.floor(x / this.across);
    const step = line * this.columns + column;
    return column >= 0 && column < this.columns && sample >= 0 && sample < this.drawn && step < this.steps ? { sample, step } : null;
  }

  step(place, down, across) {
    if (!place) return { sample: 0, step: 0 };
    const within = (value, count) => Math.min(Math.max(value, 0), count - 1);
    return { sample: within(place.sample + down, this.drawn), step: within(place.step + across, this.steps) };
  }

  words({ sample, step }) {
    const at = sample * this.steps + step;
    const [answer, truth] = [this.answers[at], this.fixed.y.values[at]].map((kind) => this.dataset.classes[kind] ?? String(kind));
    const told = answer === truth ? "right" : `right is “${visible(truth)}”`;
    return `Sequence ${sample}, step ${step}: “${visible(answer)}”, ${told}, to which it gives ${percent(this.chances[at])}`;
  }
}
