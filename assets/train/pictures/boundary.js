// Decision boundary: what the network predicts at every place of the plane, and the points it learns from.
import { count, number } from "../../draw/data.js";
import { Panel, raster } from "../../draw/panel.js";
import { mark } from "../../draw/scatter.js";
import { colour } from "../../draw/theme.js";
import { largest, percent } from "./arrays.js";

const LINE = 20; // pixels of the legend

export class Boundary extends Panel {
  colours; dataset; points; y; unseen; bounds; said; picture; map; answers; right; painted;

  take({ dataset, fixed, classes }) {
    Object.assign(this, { dataset, colours: classes });
    this.points = fixed.points.values;
    this.y = fixed.y.values;
    [this.unseen] = fixed.unseen.values;
    this.bounds = [fixed.bounds.values.subarray(0, 2), fixed.bounds.values.subarray(2, 4)];
    this.said = `${count(this.y.length, "point")}, the ringed ones unseen`;
  }

  show({ map, answers }) {
    Object.assign(this, { map, answers: answers.values, picture: null });
    this.right = this.answers.filter((answer, place) => answer === this.y[place]).length;
  }

  summary() {
    return `${this.right} of ${this.y.length} on their side`;
  }

  size(room) {
    const side = Math.min(room, 420);
    return { width: side, height: side + LINE };
  }

  #colour(theme, kind) {
    if (this.dataset.classes.length === 2) return theme.stops.signed[kind ? theme.stops.signed.length - 1 : 0];
    const own = this.colours[theme.dark ? "dark" : "light"];
    return own[kind % own.length];
  }

  /** Two classes on the signed scale, white where they are alike; more of them each in its colour, paler where it is less sure. */
  #pixels(theme) {
    const [rows, columns, kinds] = this.map.shape;
    if (kinds === 1) return raster(rows, columns, (row, column) => colour(theme.lookup.signed, this.map.values[row * columns + column], { low: -0.15, high: 1.15 }));
    const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
    const context = canvas.getContext("2d");
    for (let place = 0; place < rows * columns; place += 1) {
      const shares = this.map.values.subarray(place * kinds, (place + 1) * kinds);
      const best = largest(shares);
      context.globalAlpha = 0.15 + 0.6 * Math.max((shares[best] - 1 / kinds) / (1 - 1 / kinds), 0);
      context.fillStyle = this.#colour(theme, best);
      context.fillRect(place % columns, Math.floor(place / columns), 1, 1);
    }
    return canvas;
  }

  paint(context, theme) {
    const side = this.width;
    if (this.painted !== theme.dark) this.picture = null;
    this.painted = theme.dark;
    this.picture ??= this.#pixels(theme);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.picture, 0, 0, side, side);
    context.strokeStyle = theme.line;
    context.strokeRect(0.5, 0.5, side - 1, side - 1);
    for (let place = this.y.length - 1; place >= 0; place -= 1) this.#point(context, theme, place);
    this.#legend(context, theme);
  }

  #pixel(place) {
    const [across, up] = this.bounds.map(([low, high], axis) => (this.points[2 * place + axis] - low) / (high - low));
    return [across * this.width, (1 - up) * this.width];
  }

  #point(context, theme, place) {
    const [x, y] = this.#pixel(place);
    const seen = place >= this.unseen;
    context.fillStyle = theme.ground;
    context.strokeStyle = theme.ground;
    mark(context, this.y[place], x, y, seen ? 3.6 : 5.6);
    context.fillStyle = this.#colour(theme, this.y[place]);
    context.strokeStyle = context.fillStyle;
    mark(context, this.y[place], x, y, seen ? 2.6 : 3);
    if (seen) return;
    context.strokeStyle = theme.ink;
    context.beginPath();
    context.arc(x, y, 5.2, 0, 2 * Math.PI);
    context.stroke();
  }

  #legend(context, theme) {
    context.font = `12px ${theme.family}`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    let x = 6;
    this.dataset.classes.forEach((name, kind) => {
      context.fillStyle = context.strokeStyle = this.#colour(theme, kind);
      mark(context, kind, x, this.width + LINE / 2 + 1, 4);
      context.fillStyle = theme.ink;
      context.fillText(name, x + 9, this.width + LINE / 2 + 1);
      x += context.measureText(name).width + 28;
    });
  }

  at(x, y) {
    return x >= 0 && y >= 0 && x < this.width && y < this.width ? { x: Math.round(x), y: Math.round(y) } : null;
  }

  step(place, down, across) {
    const within = (value) => Math.min(Math.max(value, 0), this.width - 1);
    return { x: within((place?.x ?? this.width / 2) + across * 8), y: within((place?.y ?? this.width / 2) + down * 8) };
  }

  words({ x, y }) {
    const [rows, columns, kinds] = this.map.shape;
    const cell = Math.floor((y / this.width) * rows) * columns + Math.floor((x / this.width) * columns);
    const shares = this.map.values.subarray(cell * kinds, (cell + 1) * kinds);
    const all = kinds === 1 ? [1 - shares[0], shares[0]] : shares;
    const [across, up] = this.bounds.map(([low, high], axis) => low + (axis ? 1 - y / this.width : x / this.width) * (high - low));
    const best = largest(all);
    return `${number(across)}, ${number(up)}: ${this.dataset.classes[best]} with ${percent(all[best])}`;
  }
}
