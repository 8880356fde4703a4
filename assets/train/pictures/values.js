// Regression scatter plot, prediction against truth: on the diagonal a prediction is exact.
import { ends, number } from "../../draw/data.js";
import { Panel } from "../../draw/panel.js";

const LEFT = 46;
const BELOW = 34;
const FREE = 0.08; // of the range, at each side
const NEAR = 10; // pixels

export class Values extends Panel {
  truth; bounds; said; made; error; side;

  take({ fixed }) {
    this.truth = fixed.y.values;
    const [low, high] = ends(this.truth);
    const free = FREE * (high - low || 1);
    this.bounds = [low - free, high + free];
    this.said = `${fixed.y.shape[0]} unseen samples`;
  }

  show({ predictions }) {
    this.made = predictions.values;
    this.error = this.made.reduce((sum, value, place) => sum + (value - this.truth[place]) ** 2, 0) / this.made.length;
  }

  marks() {
    return ["dashed: an exact prediction"];
  }

  summary() {
    return `mean squared error ${number(this.error)}`;
  }

  size(room) {
    this.side = Math.min(room - LEFT - 6, 340);
    return { width: LEFT + this.side + 6, height: 6 + this.side + BELOW };
  }

  #pixel(place) {
    const [low, high] = this.bounds;
    const share = (value) => (Math.min(Math.max(value, low), high) - low) / (high - low);
    return [LEFT + share(this.truth[place]) * this.side, 6 + (1 - share(this.made[place])) * this.side];
  }

  paint(context, theme) {
    const { side, bounds } = this;
    context.strokeStyle = theme.line;
    context.strokeRect(LEFT + 0.5, 6.5, side, side);
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(LEFT, 6 + side);
    context.lineTo(LEFT + side, 6);
    context.strokeStyle = theme.faint;
    context.stroke();
    context.setLineDash([]);
    this.#axes(context, theme, bounds);
    const chosen = this.place?.sample;
    for (let place = 0; place < this.made.length; place += 1) this.#point(context, theme, place, place === chosen);
  }

  #point(context, theme, place, chosen) {
    const [x, y] = this.#pixel(place);
    const outside = this.made[place] < this.bounds[0] || this.made[place] > this.bounds[1];
    context.fillStyle = context.strokeStyle = theme.accent;
    context.globalAlpha = chosen ? 1 : 0.6;
    const size = chosen ? 5 : 3;
    if (outside) context.strokeRect(x - size, y - size, 2 * size, 2 * size);
    else context.fillRect(x - size, y - size, 2 * size, 2 * size);
    context.globalAlpha = 1;
  }

  #axes(context, theme, [low, high]) {
    context.font = `12px ${theme.family}`;
    context.fillStyle = theme.faint;
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.fillText(number(high), LEFT - 5, 12);
    context.fillText(number(low), LEFT - 5, this.side);
    context.textAlign = "left";
    context.fillText(number(low), LEFT, this.side + 17);
    context.textAlign = "right";
    context.fillText(number(high), LEFT + this.side, this.side + 17);
    context.textAlign = "center";
    context.fillText("truth", LEFT + this.side / 2, this.side + 17);
    context.save();
    context.translate(LEFT - 14, 6 + this.side / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("prediction", 0, 0);
    context.restore();
  }

  at(x, y) {
    let [best, least] = [-1, NEAR];
    for (let place = 0; place < this.made.length; place += 1) {
      const [across, down] = this.#pixel(place);
      const far = Math.hypot(across - x, down - y);
      if (far < least) [best, least] = [place, far];
    }
    return best < 0 ? null : { sample: best };
  }

  step(place, down, across) {
    return { sample: Math.min(Math.max((place?.sample ?? -1) + (across || down), 0), this.made.length - 1) };
  }

  words({ sample }) {
    return `Value ${sample}: ${number(this.made[sample])}, in truth ${number(this.truth[sample])}`;
  }
}
