// What-if (weight editing): the decision boundary before and after a weight was set by hand; one place pointed at in both.
import { h } from "../../draw/dom.js";
import { array, extent, part } from "../../draw/data.js";
import { classes, Ground } from "./ground.js";
import { keys, legend } from "../../draw/legend.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const NARROW = 460;

export const { draw, leave } = mounted((root) => new Effect(root));

class Effect {
  root; data; arrays; plane;

  constructor(root) {
    root.parentNode.append(h("link", { rel: "stylesheet", href: new URL("./neurons.css", import.meta.url).href }));
    this.root = root;
  }

  take({ data }) {
    this.data = data;
    this.arrays = Object.fromEntries(Object.entries(data.arrays).map(([name, each]) => [name, array(each)]));
    const { x, y, points, labels } = this.arrays;
    this.plane = { xs: x.values, ys: y.values, points: points.values, labels: [...labels.values], step: 1, classes: data.classes, features: data.features, inks: data.inks };
  }

  draw(width, theme) {
    const narrow = width < NARROW;
    const room = narrow ? width : (width - 20) / 2;
    const both = ["before", "after"].map((name) => this.arrays[`${name}:answer`]);
    const most = Math.max(...both.map(({ values }) => extent(values))) || 1;
    const scale = { low: -most, high: most, stops: "signed" };
    const marks = classes(this.plane, theme);
    const panels = both.map((answer, at) => {
      const panel = new Ground({ name: ["Before", "After"][at], data: this.plane, tall: 300, hovered: (place) => panels.forEach((other) => other !== panel && other.mark(place)) });
      panel.title = panel.name;
      panel.legends = [...marks, ...(this.data.rating ? [] : [scale])];
      panel.show(this.data.rating ? { chances: answer } : { field: part(answer, 0), scale });
      panel.words = (place) => panel.said(place, answer);
      panel.draw(room, theme);
      return panel;
    });
    const pair = h("div", { class: "inspect-grid" }, ...panels.map((panel) => h("section", {}, h("h4", {}, panel.name), panel.element)));
    if (!narrow) pair.classList.add("beside");
    const file = buttons("weights by hand", () => panels, () => theme);
    this.root.replaceChildren(h("div", { class: "inspect-head" }, marks.length ? keys(marks) : "", this.data.rating ? "" : legend(scale, theme), file), pair);
  }
}
