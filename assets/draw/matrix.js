// Heat maps of one or several matrices, each with its title, legend and its numbers under the pointer.
import { h } from "./dom.js";
import { array, rising, share, signed } from "./data.js";
import { Heat } from "./heat.js";
import { legend } from "./legend.js";
import { buttons } from "./save.js";
import { mounted } from "./view.js";

/** data.matrices: [{ title, name, values (rows, columns), labels, axes, share?, rising?, numbers?, most? }]; data.file names the files. */
class Matrices {
  root; heats; data; titles; heads; blocks;

  constructor(root) {
    this.root = root;
    this.heats = [];
  }

  take({ data }) {
    this.data = data;
    const titles = data.matrices.map(({ title }) => title).join();
    if (titles !== this.titles) this.#make(data.matrices);
    this.titles = titles;
    data.matrices.forEach((each, place) => {
      const { shape, values } = array(each.values);
      const heat = this.heats[place];
      Object.assign(heat, { values, rows: shape[0], columns: shape[1], scale: each.share ? share : (each.rising ? rising : signed)(values), place: null });
      Object.assign(heat, { labels: each.labels ?? {}, axes: each.axes ?? {}, numbers: each.numbers ?? false, most: each.most ?? [28, 28], title: each.title });
      heat.square = each.square ?? false;
      heat.chosen = each.chosen ?? null;
    });
  }

  #make(matrices) {
    this.heats = matrices.map(({ title }) => new Heat({ name: title, values: new Float32Array(1), rows: 1, columns: 1, scale: share }));
    this.heads = matrices.map(() => h("div", { class: "inspect-head" }));
    this.blocks = this.heats.map((heat, place) => h("section", {}, this.heads[place], heat.element));
    this.root.classList.toggle("inspect-many", matrices.length > 1);
    this.root.replaceChildren(...this.blocks);
  }

  draw(width, theme) {
    this.heats.forEach((heat, place) => {
      const last = place === this.heats.length - 1;
      const saved = last && this.data.file ? buttons(this.data.file, () => this.heats, () => theme) : null;
      this.heads[place].replaceChildren(...[h("h4", {}, heat.title), legend(heat.scale, theme), saved].filter(Boolean));
      heat.draw(this.heats.length > 1 ? Math.min(width, this.data.room ?? width) : width, theme);
    });
  }
}

export const { draw, leave } = mounted((root) => new Matrices(root));
