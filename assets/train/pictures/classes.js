// Live predictions (classification): samples that training never learns from, each with the class that is predicted now.
import { number } from "../../draw/data.js";
import { swatch } from "../../draw/legend.js";
import { fitted } from "../../draw/panel.js";
import { painted } from "../../draw/pictures.js";
import { largest, percent, row, verdicts } from "./arrays.js";
import { Tiles } from "./tiles.js";

const STRIP = 18; // pixels below a picture
const GAP = 6;

export class Classes extends Tiles {
  dataset; fixed; y; count; pictures; said; rated; answers; right; columns; across; side; down;

  take({ dataset, fixed }) {
    this.dataset = dataset;
    this.fixed = fixed;
    this.y = fixed.y.values;
    this.count = this.y.length;
    const pictures = dataset.kind === "image" && fixed.raw.shape.length === 4;
    this.pictures = pictures ? Array.from({ length: this.count }, (_, place) => painted(row(fixed.raw, place), 0, 255)) : null;
    this.said = `${this.count} unseen ${pictures ? "images" : dataset.kind === "tokens" ? "sequences" : "rows"}`;
  }

  show({ probabilities }) {
    this.rated = Array.from({ length: this.count }, (_, place) => row(probabilities, place).values);
    this.answers = this.rated.map(largest);
    this.right = this.answers.filter((answer, place) => answer === this.y[place]).length;
  }

  marks(theme) {
    const { right, wrong } = verdicts(theme);
    return [swatch("right", right), swatch("wrong", wrong)];
  }

  summary() {
    return `${this.right} of ${this.count} right`;
  }

  called(number) {
    return this.dataset.classes[number] ?? String(number);
  }

  lay(room) {
    const sentence = this.dataset.kind === "tokens";
    this.columns = this.pictures ? Math.max(Math.round(room / 54), 4) : sentence ? 1 : Math.max(Math.floor(room / 110), 2);
    this.across = room / this.columns;
    this.side = Math.min(this.across, 96) - GAP;
    this.down = this.pictures ? this.side + STRIP + GAP : 26;
  }

  tile(context, theme, place, x, y) {
    const right = this.answers[place] === this.y[place];
    const colour = verdicts(theme)[right ? "right" : "wrong"];
    const width = this.across - GAP;
    if (this.pictures) this.#picture(context, place, x, y);
    const top = this.pictures ? y + this.side : y;
    const high = this.pictures ? STRIP : this.down - GAP;
    const wide = this.pictures ? this.side : width;
    context.globalAlpha = theme.dark ? 0.3 : 0.16;
    context.fillStyle = colour;
    context.fillRect(x, top, wide, high);
    context.globalAlpha = 1;
    context.fillRect(x, top + high - 2, wide * this.rated[place][this.answers[place]], 2);
    context.fillStyle = theme.ink;
    context.font = `${right ? "" : "600 "}12px ${theme.family}`;
    context.textBaseline = "middle";
    this.#words(context, theme, place, right, x, top + high / 2 - 0.5, wide);
  }

  #picture(context, place, x, y) {
    const { width, height } = this.pictures[place];
    const scale = this.side / Math.max(width, height);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.pictures[place], x + (this.side - width * scale) / 2, y + (this.side - height * scale) / 2, width * scale, height * scale);
  }

  #words(context, theme, place, right, x, y, wide) {
    const answer = `${right ? "" : "✗ "}${this.called(this.answers[place])}`;
    if (this.dataset.kind !== "tokens" || this.pictures) {
      context.textAlign = "center";
      context.fillText(fitted(context, answer, wide - 6), x + wide / 2, y);
      return;
    }
    context.textAlign = "right";
    context.fillText(answer, x + wide - 6, y);
    const room = wide - 18 - context.measureText(answer).width;
    context.font = `12px ${theme.family}`;
    context.textAlign = "left";
    context.fillText(fitted(context, this.#sentence(place), room), x + 6, y);
  }

  #sentence(place) {
    return Array.from(row(this.fixed.raw, place).values, (token) => this.dataset.vocabulary[token] ?? "").join(" ");
  }

  words({ tile }) {
    const shares = this.rated[tile];
    const answer = this.answers[tile];
    const told = `${this.called(answer)} with ${percent(shares[answer])}`;
    const truth = answer === this.y[tile] ? "right" : `right is ${this.called(this.y[tile])}, ${percent(shares[this.y[tile]])}`;
    return `Sample ${tile}: ${told}, ${truth}${this.#row(tile)}`;
  }

  #row(tile) {
    if (this.pictures) return "";
    if (this.dataset.kind === "tokens") return `: “${this.#sentence(tile)}”`;
    const values = row(this.fixed.raw, tile).values;
    return this.dataset.features.length === values.length ? `: ${this.dataset.features.map((name, place) => `${name} ${number(values[place])}`).slice(0, 4).join(", ")}` : "";
  }
}
