// Gradient norms and other series as lines on one scale, on a logarithmic one where sizes grow or vanish by factors.
import { h } from "../../draw/dom.js";
import { array } from "../../draw/data.js";
import { Curves } from "../../draw/curves.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

/** data: { title, series: [{ name, values, dashed? }], steps, axis, log, file }. */
class Growth {
  constructor(root) {
    this.curves = new Curves({ name: "Lines" });
    this.head = h("div", { class: "inspect-head" });
    root.replaceChildren(this.head, this.curves.element);
  }

  take({ data }) {
    this.data = data;
    this.curves.canvas.setAttribute("aria-label", data.title);
    Object.assign(this.curves, { title: data.title, axis: data.axis, wide: 86, place: null });
  }

  draw(width, theme) {
    const { data } = this;
    const colours = data.colours[theme.dark ? "dark" : "light"].colours;
    const series = data.series.map((each, place) => ({ ...each, values: [...array(each.values).values], colour: each.dashed ? theme.faint : colours[place % colours.length] }));
    this.curves.take(series, data.steps, data.log);
    this.head.replaceChildren(h("h4", {}, data.title), buttons(data.file, () => [this.curves], () => theme));
    this.curves.draw(width, theme);
  }
}

export const { draw, leave } = mounted((root) => new Growth(root));
