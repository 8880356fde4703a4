// Comparison of two sides on one scale: both inputs, both predictions, and every layer that both have, with the difference.
import { h } from "../../draw/dom.js";
import { grouped, number } from "../../draw/data.js";
import { legend } from "../../draw/legend.js";
import { Layers, Pictures } from "./compare-trio.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const NARROW = 760;
const HINT = "Point at a number: the same one lights up on both sides. Press a layer's name to see all of it.";
const SCALES = { layer: "each layer", network: "the whole network" };
const GAPS = { same: "as the maps", own: "its own" };

export const { draw, leave } = mounted((root) => new Compare(root));

class Compare {
  gap; root; scale; component; data; layers; input; width; theme;

  constructor(root) {
    root.parentNode.append(h("link", { rel: "stylesheet", href: new URL("./compare.css", import.meta.url).href }));
    root.classList.add("cmp");
    Object.assign(this, { root, scale: "layer", gap: "same" });
  }

  take(component) {
    this.component = component;
    const { data } = component;
    this.data = data;
    const open = (layer) => layer !== data.opened && component.setTriggerValue("asked", { layer });
    this.layers = data.layers.map((layer) => new Layers(layer, data.names, open));
    this.input = input(data.inputs, data.names);
  }

  draw(width, theme) {
    Object.assign(this, { width, theme });
    const narrow = width < NARROW;
    this.root.classList.toggle("narrow", narrow);
    const most = Math.max(...this.layers.map((layer) => layer.most));
    const cards = this.layers.map((layer) => this.#card(layer, this.scale === "network" ? most : layer.most, narrow));
    const rest = this.data.alone ? [h("div", { class: "inspect-note" }, this.data.alone)] : [];
    this.root.replaceChildren(this.#head(), this.#top(narrow), ...cards, ...rest);
  }

  #head() {
    const [one, other] = this.data.names;
    const sides = h("h4", { class: "cmp-names" }, h("span", {}, h("span", { class: "cmp-key" }), one), h("span", {}, h("span", { class: "cmp-key other" }), other));
    const panels = () => [...(this.input?.panels.filter((panel) => panel.width) ?? []), ...this.layers.flatMap((layer) => layer.panels)];
    const tools = h("span", { class: "cmp-tools" }, this.#select("scale", "scale", SCALES), this.#select("gap", "difference", GAPS), buttons(this.data.file, panels, () => this.theme));
    return h("div", {}, h("div", { class: "inspect-head" }, sides, tools), h("div", { class: "inspect-note" }, HINT));
  }

  #select(name, words, ways) {
    const select = h("select", { "aria-label": words }, ...Object.entries(ways).map(([way, each]) => h("option", { value: way, selected: way === this[name] }, `${words}: ${each}`)));
    select.onchange = () => {
      this[name] = select.value;
      this.draw(this.width, this.theme);
    };
    return select;
  }

  #top(narrow) {
    const room = narrow ? this.width : Math.floor(this.width * 0.53);
    const { data, input: drawn } = this;
    const left = drawn ? this.#inputs(room, narrow) : lines(data.inputs, data.names);
    return h("div", { class: "cmp-top" }, h("section", {}, h("h4", {}, "Input"), ...left), h("section", {}, h("h4", {}, "What each says"), table(data.rows), h("div", { class: "inspect-note" }, data.said)));
  }

  #inputs(room, narrow) {
    const { input: drawn, gap, data } = this;
    if (drawn.apart === 0) return [h("div", { class: "inspect-note" }, "Both look at the same input.")];
    const wide = drawn instanceof Pictures ? data.inputs.high - data.inputs.low : drawn.most;
    return drawn.draw(room, this.theme, { most: drawn.most, apart: gap === "own" ? drawn.apart : wide, opened: false, narrow });
  }

  #card(layer, most, narrow) {
    const { told } = layer;
    const opened = told.name === this.data.opened;
    const drawn = layer.draw(this.width - 26, this.theme, { most, apart: this.gap === "own" ? layer.apart : most, opened, narrow });
    const title = h("button", { type: "button", title: opened ? "This layer is open" : "Show all of it", onclick: () => layer.open(told.name) }, told.name);
    const shape = h("span", {}, told.shape.map((length) => grouped(length)).join(" × "));
    const shown = layer.shape[0];
    const fewer = shown < told.count ? ` · the first ${shown} of ${grouped(told.count)}` : "";
    const legends = [legend(layer.panels[0].scale, this.theme), ...(this.gap === "own" ? [h("span", {}, "difference"), legend(layer.panels[2].scale, this.theme)] : [])];
    return h("article", { class: "cmp-card", "aria-current": String(opened) }, h("header", {}, title, shape, h("span", {}, told.words + fewer), ...legends), ...drawn);
  }
}

/** What can be drawn of both inputs; null where they are words, or not of one shape. */
function input(told, names) {
  if (told.pictures) return new Pictures(told, names);
  if (!told.rows) return null;
  const [one, mate] = told.rows;
  return new Layers({ name: "Input", this: one, mate, strides: [1, 1], kind: told.kind, shape: told.lengths, names: told.names }, names, null);
}

/** Both inputs as words, those that differ underlined. */
function lines({ words }, names) {
  if (!words) return [h("div", { class: "inspect-note" }, "The two inputs have different shapes, so they are not drawn over each other.")];
  return words.map((side, which) => {
    const tokens = side.flatMap((word, place) => [words[1 - which][place] === word ? word : h("b", {}, word), " "]);
    return h("p", { class: "cmp-words" }, h("span", { class: `cmp-key${which ? " other" : ""}` }), ...tokens, h("span", { class: "cmp-side" }, ` ${names[which]}`));
  });
}

/** Predictions line by line, with both values and the difference. */
function table(rows) {
  const most = Math.max(...rows.flatMap(({ values }) => values.map((value) => Math.abs(value ?? 0))), 1e-12);
  const cells = rows.flatMap(({ name, values, share }) => {
    const [one, other] = values;
    const word = (value) => h("span", { class: "cmp-value" }, value == null ? "none" : number(value));
    const tracks = values.map((value) => {
      const bar = h("i");
      bar.style.width = `${(100 * Math.abs(value ?? 0)) / (share ? 1 : most)}%`;
      return h("span", { class: "cmp-track" }, bar);
    });
    const gap = one == null || other == null ? "" : `${one >= other ? "+" : ""}${number(one - other)}`;
    return [
      h("span", { class: "cmp-name", title: name }, name),
      h("span", { class: "cmp-tracks" }, ...tracks),
      word(one),
      word(other),
      h("span", { class: "cmp-side" }, gap),
    ];
  });
  return h("div", { class: "cmp-table" }, ...cells);
}
