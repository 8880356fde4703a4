// Gradient norms and other series as lines on one scale, on a logarithmic one where sizes grow or vanish by factors.
import { h } from "../../draw/dom.js";
import { array } from "../../draw/data.js";
import { Curves } from "../../draw/curves.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const DASHES = [undefined, [7, 3], [2, 3]]; // tell lines apart that share a colour
const WIDEST = 190; // pixels for the names

/** data: { title, series: [{ name, values, dashed? }], steps, axis, log, file }. */
class Growth {
  curves; head; data;

  constructor(root) {
    this.curves = new Curves({ name: "Lines" });
    this.head = h("div", { class: "inspect-head" });
    root.replaceChildren(this.head, this.curves.element);
  }

  take({ data }) {
    this.data = data;
    this.curves.canvas.setAttribute("aria-label", data.title);
    Object.assign(this.curves, { title: data.title, axis: data.axis, wide: names(data.series), place: null });
  }

  draw(width, theme) {
    const { data } = this;
    const colours = data.colours[theme.dark ? "dark" : "light"].colours;
    const series = data.series.map((each, place) => {
      const look = each.dashed ? { colour: theme.faint } : { colour: colours[place % colours.length], dash: DASHES[Math.floor(place / colours.length) % DASHES.length] };
      return { ...each, ...look, values: [...array(each.values).values] };
    });
    this.curves.take(series, data.steps, data.log);
    this.head.replaceChildren(h("h4", {}, data.title), buttons(data.file, () => [this.curves], () => theme));
    this.curves.draw(width, theme);
  }
}

/** Pixels that the longest name takes beside the lines. */
const names = (series) => Math.min(Math.max(86, 34 + 6.3 * Math.max(...series.map(({ name }) => name.length))), WIDEST);

export const { draw, leave } = mounted((root) => new Growth(root));
