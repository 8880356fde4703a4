// Decision boundary and neurons' activations over a plane, at every point of it, with the data on top.
import { axes } from "../../draw/axes.js";
import { number } from "../../draw/data.js";
import { Panel } from "../../draw/panel.js";
import { colour, rgb } from "../../draw/theme.js";

const FAINT = 0.12; // of a class's colour where nothing is sure
const STRONG = 0.55;

/** A class's mark: circle, square, triangle, diamond. */
export function mark(context, kind, x, y, size) {
  const corners = { 2: [[0, -1.3], [1.2, 0.9], [-1.2, 0.9]], 3: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]] }[kind % 4];
  context.beginPath();
  if (corners) {
    [...corners, corners[0]].forEach(([across, down], place) => context[place ? "lineTo" : "moveTo"](x + across * size, y + down * size));
  } else if (kind % 4 === 1) {
    [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]].forEach(([across, down], place) => context[place ? "lineTo" : "moveTo"](x + 0.9 * across * size, y + 0.9 * down * size));
  } else context.arc(x, y, size, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

/** Lines along which a field of rows and columns is 0, in cells: [[x, y, x, y], ...], by marching squares. */
export function zeros(values, rows, columns) {
  const found = [];
  const cross = (a, b) => a / (a - b);
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const at = row * columns + column;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]];
      const ends = [];
      if (a > 0 !== b > 0) ends.push([column + cross(a, b), row]);
      if (b > 0 !== c > 0) ends.push([column + 1, row + cross(b, c)]);
      if (d > 0 !== c > 0) ends.push([column + cross(d, c), row + 1]);
      if (a > 0 !== d > 0) ends.push([column, row + cross(a, d)]);
      for (let place = 0; place + 1 < ends.length; place += 2) found.push([...ends[place], ...ends[place + 1]]);
    }
  }
  return found;
}

/** By how much a class is ahead of all others at each point. */
export function ahead({ shape: [classes, rows, columns], values }, own) {
  const size = rows * columns;
  return Float64Array.from({ length: size }, (_, at) => {
    let most = -Infinity;
    for (let other = 0; other < classes; other += 1) if (other !== own) most = Math.max(most, values[other * size + at]);
    return values[own * size + at] - most;
  });
}

/** One large drawing over the plane. `xs` from left to right, `ys` from top to bottom; places are cells of the grid of `step`. */
export class Ground extends Panel {
  tall; data; picture; lines; chances; field;

  constructor({ data, tall = 430, ...rest }) {
    super(rest);
    Object.assign(this, { data, tall });
  }

  /** `chances` { shape: [classes, rows, columns], values }, or `field` { shape: [rows, columns], values } on a scale. */
  show({ chances = null, field = null, scale = null }) {
    Object.assign(this, { chances, field, scale, picture: null, lines: null });
    if (this.theme) this.redraw();
  }

  size(room) {
    const { xs, ys } = this.data;
    const aspect = Math.min(Math.max((ys[0] - ys.at(-1)) / (xs.at(-1) - xs[0]), 0.4), 1.6);
    const width = Math.min(room, this.tall / aspect);
    this.picture = null;
    return { width: Math.floor(width), height: Math.floor(width * aspect) };
  }

  #pixels(theme) {
    const [rows, columns] = this.#cells;
    const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
    const image = new ImageData(columns, rows);
    const whole = new Uint32Array(image.data.buffer);
    if (this.chances) this.#classes(image.data, theme, rows * columns);
    else for (let at = 0; at < whole.length; at += 1) whole[at] = colour(theme.lookup[this.scale.stops], this.field.values[at], this.scale);
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }

  /** The answered class's colour, the stronger the surer. */
  #classes(pixels, theme, size) {
    const inks = this.data.inks[theme.dark ? "dark" : "light"].map(rgb);
    const ground = rgb(theme.ground);
    const [classes] = this.chances.shape;
    for (let at = 0; at < size; at += 1) {
      let best = 0;
      for (let each = 1; each < classes; each += 1) if (this.chances.values[each * size + at] > this.chances.values[best * size + at]) best = each;
      const sure = (this.chances.values[best * size + at] - 1 / classes) / (1 - 1 / classes);
      const share = FAINT + STRONG * Math.min(Math.max(sure, 0), 1);
      inks[best % inks.length].forEach((ink, band) => (pixels[4 * at + band] = ground[band] + share * (ink - ground[band])));
      pixels[4 * at + 3] = 255;
    }
  }

  paint(context, theme) {
    if (!this.chances && !this.field) return;
    this.picture ??= this.#pixels(theme);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.picture, 0, 0, this.width, this.height);
    this.#boundary(context, theme);
    this.#points(context, theme);
    context.strokeStyle = theme.line;
    context.strokeRect(0.5, 0.5, this.width - 1, this.height - 1);
    const { xs, ys, features } = this.data;
    axes(context, theme, { width: this.width, height: this.height, ends: [[xs[0], xs.at(-1)], [ys.at(-1), ys[0]]], names: features, pixels: (x, y) => this.#pixel(x, y) });
    if (this.here) this.#ring(context, theme, this.#pixel(...this.here));
    if (this.place) this.#cross(context, theme, this.place);
  }

  /** Where two classes are equally likely. */
  #boundary(context, theme) {
    if (!this.chances) return;
    const [classes, rows, columns] = this.chances.shape;
    const all = classes === 2 ? [0] : Array.from({ length: classes }, (_, each) => each);
    this.lines ??= all.flatMap((each) => zeros(ahead(this.chances, each), rows, columns));
    const [wide, high] = [this.width / columns, this.height / rows];
    context.strokeStyle = theme.ink;
    context.lineWidth = 1.8;
    context.beginPath();
    for (const [fromX, fromY, toX, toY] of this.lines) {
      context.moveTo((fromX + 0.5) * wide, (fromY + 0.5) * high);
      context.lineTo((toX + 0.5) * wide, (toY + 0.5) * high);
    }
    context.stroke();
    context.lineWidth = 1;
  }

  #points(context, theme) {
    const { points, labels, inks, classes } = this.data;
    const colours = inks[theme.dark ? "dark" : "light"];
    context.strokeStyle = theme.ground;
    context.lineWidth = 0.8;
    labels.forEach((label, place) => {
      context.fillStyle = classes.length ? colours[label % colours.length] : theme.ink;
      mark(context, classes.length ? label : 0, ...this.#pixel(points[2 * place], points[2 * place + 1]), this.width < 200 ? 1.6 : 3);
    });
    context.lineWidth = 1;
  }

  /** Rows and columns of what is drawn. */
  get #cells() {
    return (this.chances ?? this.field).shape.slice(-2);
  }

  /** From the data's numbers to pixels: a grid's point is the middle of its cell. */
  #pixel(x, y) {
    const { xs, ys } = this.data;
    const [rows, columns] = this.#cells;
    const along = (value, from, to, count, length) => (((value - from) / (to - from)) * (count - 1) + 0.5) * (length / count);
    return [along(x, xs[0], xs.at(-1), columns, this.width), along(y, ys[0], ys.at(-1), rows, this.height)];
  }

  /** The data's numbers under a pixel, within the grid. */
  under(x, y) {
    const { xs, ys } = this.data;
    const [rows, columns] = this.#cells;
    const along = (at, from, to, count, length) => from + Math.min(Math.max(((at / length) * count - 0.5) / (count - 1), 0), 1) * (to - from);
    return [along(x, xs[0], xs.at(-1), columns, this.width), along(y, ys[0], ys.at(-1), rows, this.height)];
  }

  #ring(context, theme, [x, y]) {
    for (const [ink, wide] of [[theme.ground, 5], [theme.ink, 2]]) {
      context.strokeStyle = ink;
      context.lineWidth = wide;
      context.beginPath();
      context.arc(x, y, 7, 0, 2 * Math.PI);
      context.stroke();
    }
    context.lineWidth = 1;
  }

  #cross(context, theme, { row, column }) {
    const [x, y] = this.#pixel(this.data.xs[column * this.data.step], this.data.ys[row * this.data.step]);
    for (const [ink, wide] of [[theme.ground, 4], [theme.accent, 1.6]]) {
      context.strokeStyle = ink;
      context.lineWidth = wide;
      context.beginPath();
      for (const [across, down] of [[1, 0], [0, 1]]) {
        context.moveTo(x - 9 * across, y - 9 * down);
        context.lineTo(x + 9 * across, y + 9 * down);
      }
      context.stroke();
    }
    context.lineWidth = 1;
  }

  at(x, y) {
    const { xs, ys, step } = this.data;
    const near = (value, length, count, last) => Math.min(Math.max(Math.round((((value / length) * count - 0.5) / (count - 1)) * last), 0), last);
    const [rows, columns] = this.#cells;
    const [down, across] = [ys, xs].map((all) => Math.floor((all.length - 1) / step));
    return { row: near(y, this.height, rows, down), column: near(x, this.width, columns, across) };
  }

  step(place, down, across) {
    const last = [this.data.ys, this.data.xs].map((all) => Math.floor((all.length - 1) / this.data.step));
    const from = place ?? { row: last[0] >> 1, column: last[1] >> 1 };
    return { row: Math.min(Math.max(from.row + down, 0), last[0]), column: Math.min(Math.max(from.column + across, 0), last[1]) };
  }

  words(place) {
    return this.chances ? this.said(place, this.chances) : "";
  }

  /** The place's numbers: x and y, and each class's chance or each target. */
  said({ row, column }, { shape: [count, rows, columns], values }) {
    const { xs, ys, step, classes, features } = this.data;
    const where = `grid point ${features[0]} ${number(xs[column * step])}, ${features[1]} ${number(ys[row * step])}`;
    const at = row * step * columns + column * step;
    return [where, ...Array.from({ length: count }, (_, each) => `${classes[each] ?? "answer"} ${number(values[each * rows * columns + at])}`)].join(" · ");
  }
}

/** What the colours and marks of the classes mean. */
export function classes(data, theme) {
  const inks = data.inks[theme.dark ? "dark" : "light"];
  return data.classes.map((name, kind) => ({
    name,
    draw: (context, x, y) => {
      Object.assign(context, { fillStyle: inks[kind % inks.length], strokeStyle: inks[kind % inks.length], lineWidth: 1 });
      mark(context, kind, x, y, 4);
    },
  }));
}
