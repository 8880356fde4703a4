// Reconstructions: inputs above the autoencoder's outputs, as pictures or as lines.
import { number } from "../../draw/data.js";
import { swatch } from "../../draw/legend.js";
import { painted } from "../../draw/pictures.js";
import { row } from "./arrays.js";
import { Tiles } from "./tiles.js";

const GAP = 6;
const LABEL = 15; // pixels

export class Rebuilt extends Tiles {
  dataset; fixed; count; noisy; pixels; rows; said; before; made; again; errors; columns; across; side; tall; down;

  take({ dataset, fixed }) {
    this.dataset = dataset;
    this.fixed = fixed;
    [this.count] = fixed.x0.shape;
    this.noisy = fixed.x0.values.some((value, place) => value !== fixed.clean.values[place]);
    this.pixels = pixels(dataset, fixed.clean.shape.slice(1));
    this.rows = this.noisy ? ["clean", "with noise", "given again"] : ["input", "given again"];
    this.said = `${this.count} unseen ${dataset.kind === "image" ? "images" : "samples"}`;
    const before = this.noisy ? [fixed.clean, fixed.x0] : [fixed.clean];
    this.before = this.pixels ? before.map((array) => this.#pictures(array)) : before;
  }

  show({ reconstruction }) {
    this.made = reconstruction;
    this.again = this.pixels ? this.#pictures(reconstruction) : reconstruction;
    const size = reconstruction.values.length / this.count;
    this.errors = Array.from({ length: this.count }, (_, place) => {
      let sum = 0;
      for (let at = place * size; at < (place + 1) * size; at += 1) sum += (reconstruction.values[at] - this.fixed.clean.values[at]) ** 2;
      return sum / size;
    });
  }

  marks(theme) {
    return this.pixels ? [] : [swatch("input", theme.faint), swatch("given again", theme.accent)];
  }

  summary() {
    return `mean squared error ${number(this.errors.reduce((sum, each) => sum + each, 0) / this.count)}`;
  }

  #pictures(array) {
    return Array.from({ length: this.count }, (_, place) => painted({ shape: this.pixels, values: row(array, place).values }, this.dataset.low, this.dataset.high));
  }

  lay(room) {
    this.columns = this.pixels ? Math.min(4, this.count) : Math.min(2, this.count);
    this.across = Math.min(room / this.columns, 110);
    if (!this.pixels) this.across = room / this.columns;
    this.side = this.across - GAP;
    this.tall = this.pixels ? (this.side * this.pixels[0]) / Math.max(this.pixels[0], this.pixels[1]) : 52;
    this.down = this.pixels ? this.rows.length * (this.tall + LABEL) + GAP : this.tall + LABEL;
  }

  tile(context, theme, place, x, y) {
    context.font = `11px ${theme.family}`;
    context.textBaseline = "middle";
    context.textAlign = "left";
    if (!this.pixels) return this.#lines(context, theme, place, x, y);
    context.imageSmoothingEnabled = false;
    [...this.before, this.again].forEach((pictures, line) => {
      const top = y + line * (this.tall + LABEL);
      context.fillStyle = theme.faint;
      if (place % this.columns === 0) context.fillText(this.rows[line], x, top + LABEL / 2);
      const wide = (this.tall * this.pixels[1]) / this.pixels[0];
      context.drawImage(pictures[place], x, top + LABEL, wide, this.tall);
      context.strokeStyle = theme.line;
      context.strokeRect(x + 0.5, top + LABEL + 0.5, wide - 1, this.tall - 1);
    });
  }

  #lines(context, theme, place, x, y) {
    const [truth, made] = [this.fixed.clean, this.made].map((array) => row(array, place).values);
    const [low, high] = [Math.min(this.dataset.low, ...truth), Math.max(this.dataset.high, ...truth)];
    for (const [values, ink, width] of [[truth, theme.faint, 3], [made, theme.accent, 1.5]]) {
      context.beginPath();
      values.forEach((value, at) => {
        const share = (Math.min(Math.max(value, low), high) - low) / (high - low || 1);
        context[at ? "lineTo" : "moveTo"](x + (at / Math.max(values.length - 1, 1)) * this.side, y + LABEL / 2 + (1 - share) * this.tall);
      });
      context.strokeStyle = ink;
      context.lineWidth = width;
      context.stroke();
    }
    context.lineWidth = 1;
  }

  words({ tile }) {
    return `Sample ${tile}: mean squared error ${number(this.errors[tile])}`;
  }
}

/** Rows, columns and channels of one sample, null where it is no picture. */
export function pixels(dataset, shape) {
  if (dataset.kind !== "image") return null;
  if (shape.length === 3) return [1, 3].includes(shape[2]) ? shape : null;
  if (shape.length === 2) return [...shape, 1];
  for (const channels of [1, 3]) {
    const side = Math.sqrt(shape[0] / channels);
    if (Number.isInteger(side)) return [side, side, channels];
  }
  return null;
}
