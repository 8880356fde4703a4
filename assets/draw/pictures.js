// Pictures as they are, grey or in colour, and maps over them: pointed at in one, pointed at in all.
import { number } from "./data.js";
import { Field } from "./fields.js";

/** A map over the input whose words give the method's own number. */
export class Over extends Field {
  /** @type {ArrayLike<number>} */ own;

  words({ row, column }) {
    return `row ${row}, column ${column}: ${number(this.own[row * this.columns + column])}`;
  }
}

/** The input as it is: grey or in colour. */
export class Seen extends Over {
  /** @type {{ shape: number[], values: ArrayLike<number> }} */ pixels;
  /** @type {number} */ low; // drawn black
  /** @type {number} */ high; // drawn white

  /** @param {import("./panel.js").Options & import("./heat.js").HeatOptions & Pick<Seen, "pixels" | "low" | "high">} options */
  constructor({ pixels, low, high, ...rest }) {
    super(rest);
    const grey = pixels.shape[2] === 1;
    Object.assign(this, { pixels, low, high, legends: grey ? [{ low, high, stops: "grey" }] : [] });
  }

  paint(context, theme) {
    this.picture ??= painted(this.pixels, this.low, this.high);
    super.paint(context, theme);
  }
}

/** Colours of a picture { shape: [rows, columns, channels], values } between low and high, as a small canvas. */
export function painted({ shape, values }, low, high) {
  const [rows, columns, channels] = shape;
  const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const image = new ImageData(columns, rows);
  for (let place = 0; place < rows * columns; place += 1) {
    for (let band = 0; band < 3; band += 1) {
      const value = values[place * channels + (channels === 3 ? band : 0)];
      image.data[4 * place + band] = (255 * (value - low)) / (high - low || 1);
    }
    image.data[4 * place + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
