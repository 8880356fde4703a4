// Reliability diagram (calibration): accuracy by bin of confidence; below, how many predictions each bin holds.
import { h } from "../../draw/dom.js";
import { bars } from "../../draw/counts.js";
import { array, count, number } from "../../draw/data.js";
import { keys, swatch } from "../../draw/legend.js";
import { Panel } from "../../draw/panel.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const LEFT = 44;
const COUNTS = 70; // pixels of the counts below
const FOOT = 38;
const DASHED = "Dashed: as sure as right.";

export const { draw, leave } = mounted((root) => new View(root));

class Reliability extends Panel {
  accuracy; most; counts; confidence; edges; side;

  take({ edges, counts, confidence, accuracy }) {
    Object.assign(this, { edges, counts, confidence, accuracy, most: Math.max(...counts) || 1 });
  }

  size(room) {
    this.side = Math.min(room - LEFT - 8, 380);
    return { width: Math.ceil(LEFT + this.side + 8), height: Math.ceil(this.side + 10 + COUNTS + FOOT) };
  }

  #x(share) {
    return LEFT + share * this.side;
  }

  #y(share) {
    return 6 + (1 - share) * this.side;
  }

  paint(context, theme) {
    this.#frame(context, theme);
    const ink = (bin) => (this.place?.bin === bin ? theme.accent : theme.faint);
    bars(context, { stacks: [this.counts], most: this.most, left: LEFT, floor: this.#y(0) + 10 + COUNTS, tall: COUNTS, across: this.side / this.counts.length, ink });
    this.counts.forEach((count, bin) => {
      if (!count) return;
      const [from, to] = [this.#x(this.edges[bin]), this.#x(this.edges[bin + 1])];
      const [right, sure] = [this.#y(this.accuracy[bin]), this.#y(this.confidence[bin])];
      context.fillStyle = theme.stops.signed[1];
      context.fillRect(from + 1, right, to - from - 2, this.#y(0) - right);
      context.fillStyle = theme.stops.signed.at(-1);
      context.fillRect((from + to) / 2 - 3, Math.min(right, sure), 6, Math.abs(right - sure));
      if (this.place?.bin !== bin) return;
      context.strokeStyle = theme.ink;
      context.strokeRect(from + 1, right, to - from - 2, this.#y(0) - right);
    });
    this.#dashed(context, theme);
  }

  /** As sure as right. */
  #dashed(context, theme) {
    context.setLineDash([5, 4]);
    context.strokeStyle = theme.ink;
    context.beginPath();
    context.moveTo(this.#x(0), this.#y(0));
    context.lineTo(this.#x(1), this.#y(1));
    context.stroke();
    context.setLineDash([]);
  }

  #frame(context, theme) {
    context.strokeStyle = theme.line;
    context.strokeRect(LEFT - 0.5, 5.5, this.side + 1, this.side + 1);
    context.font = `12px ${theme.family}`;
    context.fillStyle = theme.faint;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const share of [0, 0.5, 1]) context.fillText(String(share), LEFT - 6, this.#y(share));
    context.fillText(String(Math.round(this.most)), LEFT - 6, this.#y(0) + 16);
    context.textBaseline = "top";
    context.textAlign = "center";
    const base = this.#y(0) + 14 + COUNTS;
    for (const share of [0, 0.5, 1]) context.fillText(String(share), this.#x(share), base);
    context.fillText("how sure it is →", this.#x(0.5), base + 16);
    context.save();
    context.translate(2, this.#y(0.5) + 50);
    context.rotate(-Math.PI / 2);
    context.textAlign = "left";
    context.fillText("how often right →", 0, 0);
    context.restore();
  }

  at(x) {
    const bin = Math.floor(((x - LEFT) / this.side) * this.counts.length);
    return bin >= 0 && bin < this.counts.length ? { bin } : null;
  }

  step(place, down, across) {
    return { bin: Math.min(Math.max((place?.bin ?? -1) + across, 0), this.counts.length - 1) };
  }

  words({ bin }) {
    const range = `${number(this.edges[bin])} to ${number(this.edges[bin + 1])}`;
    if (!this.counts[bin]) return `${range}: no answer is this sure`;
    const many = count(this.counts[bin], "answer");
    return `${range}: ${many}, sure ${number(this.confidence[bin])}, right ${number(this.accuracy[bin])}`;
  }
}

class View {
  panel; head; key; data;

  constructor(root) {
    this.panel = new Reliability({ name: "Reliability diagram" });
    this.panel.title = "Reliability diagram";
    this.head = h("div", { class: "inspect-head" });
    this.key = h("div");
    root.replaceChildren(this.head, this.panel.element, this.key);
  }

  take({ data }) {
    this.data = data;
    this.panel.take(Object.fromEntries(Object.entries(data.arrays).map(([name, each]) => [name, [...array(each).values]])));
  }

  draw(width, theme) {
    this.head.replaceChildren(h("h4", {}, "Reliability diagram"), buttons(this.data.file, () => [this.panel], () => theme));
    const { signed } = theme.stops;
    const marks = [swatch("how often it is right", signed[1]), swatch("from there to how sure it is", signed.at(-1)), swatch("answers in each bin", theme.faint)];
    this.panel.legends = [...marks, DASHED];
    this.key.replaceChildren(keys(marks), h("div", { class: "inspect-note" }, DASHED));
    this.panel.draw(width, theme);
  }
}
