// Activations on three levels, one way back: all of the network's cards, one layer in full, the arithmetic of one number.
import { change } from "../../frame/address.js";
import { h } from "../../draw/dom.js";
import { exact } from "../../draw/data.js";
import { legend } from "../../draw/legend.js";
import { Detail } from "./lens-detail.js";
import { Layer } from "./overview-layer.js";
import { World } from "./overview-world.js";
import { buttons } from "../../draw/save.js";
import { FIRST, outputs, title } from "./overview-strip.js";
import { leaves, opens } from "./overview-zoom.js";
import { mounted } from "../../draw/view.js";

const SCALES = { map: "each map", layer: "each layer", network: "the whole network" };
const KEPT = "layerloom scale";
const HINT = "Point at a number to read it. Press a card, or Enter on it, to look closer.";
const OWN = "Each map on its own scale; the ends are those of each layer's largest.";
const PATIENCE = 8000; // ms that an answer may take before the page's own state counts again
const SOLID = "canvas, button, select, a, option, input, .ov-card, .lens-badge, p, h4, h5, output, .lens-sum, .ov-figures";

export const { draw, leave } = mounted((root) => new Overview(root));

class Overview {
  component; common;
  root; mode; n; escape; place; trail; select; legend; tools; said; world; layer; number; detail; body; pending;
  networkKey; layerKey; lensFor; width; theme; settled;

  constructor(root) {
    this.root = root;
    root.classList.add("ov");
    for (const file of ["overview.css", "lens.css"]) root.parentNode.append(h("link", { rel: "stylesheet", href: new URL(`./${file}`, import.meta.url).href }));
    this.mode = sessionStorage.getItem(KEPT) ?? "layer";
    this.n = 0;
    this.build();
    this.escape = (event) => event.key === "Escape" && !event.defaultPrevented && this.#ours(event) && this.back(event);
    window.addEventListener("keydown", this.escape);
    root.onclick = (event) => void (this.place?.level > 1 && !event.composedPath()[0].closest?.(SOLID) && this.back(event));
  }

  build() {
    this.trail = h("nav", { class: "ov-trail", "aria-label": "Levels" });
    this.select = h("select", { "aria-label": "Scale", onchange: () => this.#scale() }, ...Object.entries(SCALES).map(([value, words]) => h("option", { value }, `scale: ${words}`)));
    this.select.value = this.mode;
    this.legend = h("span");
    this.tools = h("span", { class: "ov-tools" });
    this.said = h("output", { class: "ov-said", "aria-live": "polite" }, HINT);
    const say = (words) => (this.said.textContent = words || this.#hint());
    this.world = new World({ say, open: (name, rect, port) => this.go({ level: 2, layer: name, port }, rect), near: (name) => this.#tell({ near: name }) });
    this.layer = new Layer({ say, number: ([map, ...at], rect) => this.go({ ...this.place, level: 3, map, at }, rect), layer: (name, port) => this.go({ level: 2, layer: name, port }), less: (how) => this.#tell({ how }), door: (node) => this.#tell({ view: node.door.view }) });
    this.number = h("section", { class: "lens-detail ov-number", tabindex: "-1", "aria-label": "The arithmetic of one number" });
    this.detail = new Detail(this.number, { ask: (at) => this.go({ ...this.place, at }), moved: (at) => this.#moved(at), tall: 340, cell: 20 });
    this.body = h("div", { class: "ov-body" });
    this.root.replaceChildren(h("header", { class: "ov-head" }, this.trail, this.legend, this.select, this.tools), this.said, this.body);
  }

  leave() {
    window.removeEventListener("keydown", this.escape);
    this.world.leave();
  }

  /** A key that was pressed in here, or with nothing else to take it. */
  #ours(event) {
    return event.composedPath()[0] === document.body || event.composedPath().includes(this.root);
  }

  // -- what Python sends -------------------------------------------------------------------------------------------

  take(component) {
    const { data } = component;
    Object.assign(this, { component, common: { key: data.key, families: data.families, extent: data.extent } });
    const answered = !this.pending || data.asked === this.pending.n || performance.now() - this.pending.since > PATIENCE || same(data.place, this.place);
    if (data.network) {
      this.world.take(data.network, this.common);
      this.networkKey = data.key;
    }
    if (data.layer) this.layer.take(data.layer, this.common, this.networkKey?.split(" ")[0] === view(data.key) ? this.world : null);
    if (data.layer) this.layerKey = view(data.key);
    if (!answered) return;
    this.pending = null;
    this.place = data.place;
    this.#lens(data);
  }

  #lens({ lens }) {
    this.lensFor = null;
    if (!lens) return;
    this.lensFor = number(this.place);
    this.detail.take(lens.answer ? lens : null, (room, theme) => this.#words(lens.sentence, room, theme));
  }

  /** A number whose arithmetic is not written out: its value with its index, and the view that knows more. */
  #words(sentence, room, theme) {
    const node = this.layer.node;
    if (!node || !this.#known() || sentence === undefined) return [];
    const { map, at } = this.place;
    const index = node.kind === "units" ? at : node.heads ? [map, ...(at ?? [])].slice(-node.shape.length) : [...(at ?? []), map];
    const value = at ? this.layer.value([map, ...at]) : undefined;
    const words = node.layer === "Input" ? "This is what the network was given; nothing made it." : sentence;
    const door = node.door && h("button", { type: "button", class: "ov-button", onclick: () => this.#tell({ view: node.door.view, step: node.kind === "steps" ? at?.[0] : null, unit: unit(this.place) }) }, `Open ${this.place.layer} in ${node.door.title}`);
    return [
      h("h4", {}, `${title(node)} [${(index ?? []).join(", ")}]${value === undefined ? "" : ` = ${exact(value)}`}`),
      h("p", { class: "inspect-note" }, words),
      door ? h("p", {}, door) : null,
      ...this.layer.plainly([map, ...(at ?? [])], Math.min(room, 560), theme),
    ].filter(Boolean);
  }

  // -- from level to level -----------------------------------------------------------------------------------------

  /** Go to a place, at once here, and let Python know. */
  go(place, rect = null) {
    const from = this.place.level;
    this.place = { map: 0, at: null, ...place, port: place.port ?? FIRST };
    if (this.place.level === 1) this.world.choose(this.place.layer);
    this.#tell({});
    const draw = () => this.draw(this.width, this.theme);
    if (this.place.level > from) opens(this.body, rect, draw);
    else if (this.place.level < from) leaves(this.body, () => this.#rect(), draw);
    else draw();
    if (this.place.level === 1) this.world.choose(this.place.layer, true);
    else if (this.place.level > from) this.root.querySelector(".ov-trail button")?.focus({ preventScroll: true });
  }

  /** One level up; in the arithmetic first to the number that was opened. */
  back(event) {
    if (!this.place || this.place.level < 2) return;
    event.stopPropagation();
    event.preventDefault();
    this.go({ level: this.place.level - 1, layer: this.place.layer, port: this.place.level > 2 ? this.place.port : FIRST });
  }

  #tell(more) {
    this.n += 1;
    this.pending = { n: this.n, since: performance.now() };
    const { level, layer } = this.place;
    const has = [this.networkKey, this.layerKey === view(this.common.key) && this.layer.node?.key].filter(Boolean);
    this.#address();
    this.component.setTriggerValue("asked", { n: this.n, layer, unit: unit(this.place), has: more.how || more.near ? [] : has, level, ...more });
  }

  /** A step within the shown map: the address knows it, Python is not asked. */
  #moved(at) {
    if (this.place.level !== 3) return;
    this.place = { ...this.place, at };
    this.#address();
    this.#trail();
  }

  #address() {
    change({ view: "layers", layer: this.place.layer, unit: this.place.level > 1 ? unit(this.place) : null });
  }

  /** Where the card or the map of this place is on the screen, to shrink into. */
  #rect() {
    const { level, layer, map } = this.place;
    if (level === 1) return this.world.cards.get(layer)?.card.getBoundingClientRect();
    return level === 2 && this.layer.panel && this.#known() ? this.layer.rect({ map: map ?? 0 }) : null;
  }

  // -- drawing -----------------------------------------------------------------------------------------------------

  draw(width, theme) {
    if (!this.place) return;
    Object.assign(this, { width, theme });
    this.root.classList.toggle("dark", theme.dark);
    this.#trail();
    this.said.textContent = this.#hint();
    const { level } = this.place;
    const [element, panels] = [() => this.#network(), () => this.#closer(), () => this.#sum()][level - 1]();
    if (element.parentNode !== this.body) this.body.replaceChildren(element); // what shrinks away beside it may stay
    this.tools.replaceChildren(...(panels ? [buttons(level === 1 ? "network" : this.place.layer, panels, () => this.theme)] : []));
    this.select.hidden = level === 3;
    this.legend.replaceChildren(...(level === 1 && this.mode === "network" ? [legend(around(this.common.extent), theme)] : []));
    if (level === 1 && panels) this.#settle();
    this.root.dataset.shows = panels || level === 3 ? `${level} ${this.common.key}` : "";
  }

  #network() {
    if (!this.world.network) return [waiting("Asking for the network.")];
    if (!this.world.element.isConnected) this.body.replaceChildren(this.world.element);
    this.world.draw(this.width, this.theme, this.mode);
    return [this.world.element, () => [this.world.sheet("What flows through the network", this.mode === "network" ? [around(this.common.extent)] : this.mode === "map" ? [OWN] : [])]];
  }

  /** At first, and after a level was left, the chosen card is on the screen. */
  #settle() {
    if (this.settled === this.place.layer) return;
    this.settled = this.place.layer;
    this.world.choose(this.place.layer);
    this.world.reveal();
  }

  #closer() {
    if (!this.#known() && !this.#foretold()) return [waiting(`Asking for all of ${this.place.layer}.`)];
    this.layer.draw(this.width, this.theme, this.mode);
    return [this.layer.element, () => this.layer.panels()];
  }

  #known() {
    const { layer, port } = this.place;
    const { node } = this.layer;
    return node && (node.of ?? node.name) === layer && (node.port ?? FIRST) === port && this.layerKey === view(this.common.key);
  }

  /** What the card has, until all of the layer is here. */
  #foretold() {
    const whole = this.world.nodes?.get(this.place.layer);
    const node = whole && outputs(whole).find(({ port = FIRST }) => port === this.place.port);
    if (!node || view(this.networkKey) !== view(this.common.key)) return false;
    this.layer.take({ ...node, key: null }, this.common, this.world);
    this.layerKey = view(this.common.key);
    return true;
  }

  #sum() {
    if (this.lensFor !== number(this.place)) return [waiting("Asking how this number was made.")];
    this.detail.draw(Math.min(this.width, 1100), this.theme);
    return [this.number, null];
  }

  #trail() {
    const { level, layer, map, at, port } = this.place;
    const step = (words, place) => h("button", { type: "button", onclick: () => this.go(place) }, words);
    const parts = [level > 1 ? step("Network", { level: 1, layer }) : h("b", {}, "Network")];
    const words = port === FIRST ? layer : `${layer} ${port}`;
    if (level > 1) parts.push(level > 2 ? step(words, { level: 2, layer, port }) : h("b", {}, words));
    if (level > 2) parts.push(h("b", {}, place(this.layer.node ?? {}, map, at)));
    const focused = [...this.trail.querySelectorAll("button")].indexOf(this.root.getRootNode().activeElement);
    this.trail.replaceChildren(...parts.flatMap((part, index) => (index ? [h("span", { "aria-hidden": "true" }, "›"), part] : [part])));
    if (focused >= 0) this.trail.querySelectorAll("button")[Math.min(focused, level - 2)]?.focus({ preventScroll: true });
  }

  #hint() {
    if (this.place.level === 3 && !this.detail.arithmetic) return "Escape, or a press on empty space, goes back.";
    return [HINT, "Point at a number to read it, press it to see how it was made. Escape, or a press on empty space, goes back.", "Point into either picture to move the window. Escape, or a press on empty space, goes back."][this.place.level - 1];
  }

  #scale() {
    this.mode = this.select.value;
    sessionStorage.setItem(KEPT, this.mode);
    this.draw(this.width, this.theme);
  }
}

const waiting = (words) => h("p", { class: "ov-wait" }, words);
const view = (key) => key.split(" ")[0];
const around = (most) => ({ low: -(most || 1), high: most || 1, stops: "signed" });
const same = (one, other) => other && one.level === other.level && one.layer === other.layer && unit(one) === unit(other);

/** A place as the address has it: nothing, "all", or a map and a place in it; of another output than the first "cell:all". */
function unit({ level, map, at, port }) {
  if (level === 1) return "";
  const within = level === 2 ? "all" : [map, ...(at ?? [])].join(",");
  return (port ?? FIRST) === FIRST ? within : `${port}:${within}`;
}

/** The map that an arithmetic belongs to. */
const number = ({ layer, port, map }) => `${layer} ${port} ${map}`;

function place({ kind, heads }, map, at) {
  if (heads) return `head ${map}${at ? ` · query ${at[0]}, key ${at[1]}` : ""}`;
  if (kind === "units") return `unit ${at?.[0] ?? map}`;
  if (kind === "steps") return `unit ${map}${at ? ` · step ${at[0]}` : ""}`;
  return `map ${map}${at ? ` · row ${at[0]}, column ${at.at(-1)}` : ""}`;
}
