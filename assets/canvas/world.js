// The graph (nodes and edges) as DOM: cards, wires and the + on every wire; draws a picture anew by changing only what differs.

import { afterPaint, h, svg } from "../draw/dom.js";
import { fillCard } from "./card.js";
import { looseNames, Places, settled } from "./places.js";
import { leavesAt } from "./ports.js";
import { laneAt, middleOf, portOffsets, roomFor, rounded, skips } from "./routes.js";
import { scaleOf } from "./volume.js";

export const CARD = 76; // px: a card's height
const PITCH = 93; // px from row to row
const GAP = 44; // px between two columns, at least
const MARGIN = 14;

export class World {
  handlers; cards; wires; ends; lines; over; layer; element; sizer; zoom; picture; nodes; chosen; cardWidth; first;
  last; skips; gap; ports; width; height; offset; reached; places; marked; loose;

  /** `handlers`: onPlus(edge, button, shift), onWire(edge, button, shift), onEnd(name, button, shift), onFix(edit). */
  constructor(handlers) {
    this.handlers = handlers;
    this.cards = new Map();
    this.wires = new Map();
    this.ends = new Map();
    this.places = new Places();
    this.marked = new Set();
    this.loose = new Set();
    this.lines = svg("svg", { class: "wires", "aria-hidden": "true" });
    this.over = svg("svg", { class: "wires over", "aria-hidden": "true" });
    this.layer = h("div", { class: "cards", role: "list", "aria-label": "Layers, from input to output" });
    this.element = h("div", { class: "world" }, this.lines, this.layer, this.over);
    this.sizer = h("div", { class: "sizer" }, this.element);
    this.zoom = 1;
  }

  /** Draw a picture into a stage of this width (px). */
  draw(given, looks, stageWidth) {
    this.loose = looseNames(given);
    const picture = { ...given, nodes: settled(given, this.places.of(given, this.loose)) };
    this.picture = picture;
    this.nodes = new Map(picture.nodes.map((node) => [node.name, node]));
    this.measure(picture, stageWidth / this.zoom);
    const largest = scaleOf(picture.nodes);
    const order = [...picture.nodes].sort((a, b) => a.y - b.y || a.x - b.x);
    this.sweep(this.cards, new Set(order.map((node) => node.name)));
    order.forEach((node) => this.placeCard(node, looks[node.family] ?? looks.block, largest, picture.editable));
    this.sortCards(order);
    const keys = picture.edges.map(edgeKey);
    this.sweep(this.wires, new Set(keys));
    picture.edges.forEach((edge, index) => this.placeWire(edge, keys[index], picture.editable));
    this.placeEnds(picture);
    this.resize();
    this.choose(this.chosen);
    this.mark(this.marked);
  }

  /** Mark the cards of these names as selected, and those that are not wired yet. */
  mark(names) {
    this.marked = names;
    for (const [name, item] of this.cards) {
      const [selected, loose] = [names.has(name), this.loose.has(name)];
      if (item.marks === `${selected} ${loose}`) continue;
      item.marks = `${selected} ${loose}`;
      item.card.classList.toggle("selected", selected);
      item.card.classList.toggle("loose", loose);
      item.card.title = loose ? "Not wired yet: no Input leads here. Drag it to a wire, or connect it." : "";
      item.card.setAttribute("aria-label", [selected && "selected", item.spoken, loose && "not wired yet"].filter(Boolean).join(", "));
    }
  }

  /** A + below each layer that nothing reads. */
  placeEnds(picture) {
    const read = new Set(picture.edges.map((edge) => edge.source));
    const last = picture.editable ? picture.nodes.filter((node) => !read.has(node.name)) : [];
    this.sweep(this.ends, new Set(last.map((node) => node.name)));
    for (const { name, x, y } of last) {
      const plus = this.ends.get(name)?.parts[0] ?? h("button", { class: "plus end", tabindex: "-1", "aria-label": `Add a layer after ${name}`, onclick: (event) => this.handlers.onEnd(name, plus, event.shiftKey) }, "+");
      if (!this.ends.has(name)) this.element.append(plus);
      this.ends.set(name, { parts: [plus] });
      [plus.style.left, plus.style.top] = [`${this.left(x) + this.cardWidth / 2}px`, `${this.top(y) + CARD + 12}px`];
    }
  }

  measure(picture, room) {
    const columns = picture.nodes.map((node) => node.x);
    [this.first, this.last] = [Math.min(0, ...columns), Math.max(0, ...columns)];
    this.skips = skips(picture.edges, this.nodes, this.last);
    const { beside, between } = roomFor(this.skips);
    this.gap = Math.max(GAP, between);
    const many = this.last > this.first;
    const each = (room - 2 * MARGIN - beside - this.gap) / 2;
    this.cardWidth = many ? Math.max(Math.min(340, room - 3 * MARGIN), Math.min(480, each)) : Math.max(280, Math.min(600, room - 2 * MARGIN - beside));
    this.ports = portOffsets(picture.edges, this.cardWidth);
    this.layer.classList.toggle("tight", this.cardWidth < 530);
    this.width = (this.last - this.first + 1) * (this.cardWidth + this.gap) - this.gap + 2 * MARGIN + beside;
    this.height = (Math.max(0, ...picture.nodes.map((node) => node.y)) + 1) * PITCH + 2 * MARGIN;
    this.offset = Math.max(0, (room - this.width) / 2);
  }

  resize() {
    const total = this.width + 2 * this.offset;
    this.element.style.width = `${total}px`;
    this.element.style.height = `${this.height}px`;
    this.element.style.transform = this.zoom === 1 ? "" : `scale(${this.zoom})`;
    this.sizer.style.width = `${total * this.zoom}px`;
    this.sizer.style.height = `${this.height * this.zoom}px`;
    this.lines.setAttribute("viewBox", `0 0 ${total} ${this.height}`);
    this.lines.setAttribute("width", total);
    this.lines.setAttribute("height", this.height);
  }

  left = (x) => this.offset + MARGIN + (x - this.first) * (this.cardWidth + this.gap);
  top = (y) => MARGIN + y * PITCH;

  sweep(drawn, kept) {
    for (const [key, item] of drawn) {
      if (kept.has(key)) continue;
      for (const part of item.parts) part.remove();
      drawn.delete(key);
    }
  }

  placeCard(node, look, largest, editable) {
    let item = this.cards.get(node.name);
    if (!item) {
      const card = h("div", { role: "listitem", tabindex: "-1", dataset: { name: node.name } });
      item = { card, parts: [card], told: "" };
      this.cards.set(node.name, item);
    }
    const told = JSON.stringify([node, largest, editable, this.cardWidth]);
    if (told !== item.told) {
      fillCard(item.card, node, look, { largest, editable, onFix: this.handlers.onFix });
      Object.assign(item, { spoken: item.card.getAttribute("aria-label"), marks: "" });
      reachFixes(item.card, item.card === this.reached);
      item.told = told;
    }
    const [left, top] = [this.left(node.x), this.top(node.y)];
    if (item.width !== this.cardWidth) item.card.style.width = `${(item.width = this.cardWidth)}px`;
    if (item.left === left && item.top === top) return;
    if (this.slides) slide(item.card, item.top === undefined ? null : [item.left - left, item.top - top]);
    Object.assign(item, { left, top });
    item.card.style.left = `${left}px`;
    item.card.style.top = `${top}px`;
  }

  /** Reading order is the order of the elements, input first; a card that stays in place keeps its focus. */
  sortCards(order) {
    let next = this.layer.firstElementChild;
    for (const { name } of order) {
      const { card } = this.cards.get(name);
      if (card === next) next = next.nextElementSibling;
      else this.layer.insertBefore(card, next);
    }
  }

  placeWire(edge, key, editable) {
    let item = this.wires.get(key);
    if (!item) {
      const line = svg("path", { class: "wire" });
      const touch = svg("path", { class: "touch", onclick: (event) => this.handlers.onWire(item.edge, item.plus, event.shiftKey) });
      const plus = h("button", { class: "plus", tabindex: "-1", onclick: (event) => this.handlers.onPlus(item.edge, item.plus, event.shiftKey) }, "+");
      const port = svg("text", { class: "port" });
      const carries = h("span", { class: "carries" });
      item = { line, touch, plus, carries, port, parts: [line, touch, plus, carries, port] };
      this.wires.set(key, item);
      this.lines.append(touch, line, port);
      this.element.append(plus, carries);
    }
    item.edge = edge;
    item.carries.textContent = edge.source_port === "output" ? "" : edge.source_port;
    const { d, middle, points } = this.path(edge);
    Object.assign(item, { points, key });
    const end = points.at(-1);
    if (item.d !== d) {
      item.d = d;
      item.line.setAttribute("d", d);
      item.touch.setAttribute("d", d);
      for (const { style } of [item.plus, item.carries]) [style.left, style.top] = [`${middle[0]}px`, `${middle[1]}px`];
      item.middle = middle;
      item.port.setAttribute("x", end[0] + (edge.route ? 4 : 12));
      item.port.setAttribute("y", end[1] - 4.5);
    }
    const port = this.ports.has(portKey(edge)) ? edge.target_port : "";
    item.port.textContent = port;
    item.plus.hidden = !editable;
    item.plus.setAttribute("aria-label", `Insert a layer between ${edge.source} and ${edge.target}${port && ` (${port})`}`);
    for (const part of [item.line, item.carries]) part.classList.toggle("skip", Boolean(edge.route));
  }

  /** A wire's path, where its + sits and the points that it runs through. */
  path(edge) {
    const [from, to] = [this.nodes.get(edge.source), this.nodes.get(edge.target)];
    const offset = this.ports.get(portKey(edge)) ?? 0;
    const skip = this.skips.get(edge);
    const points = skip ? this.beside(from, to, skip, offset) : this.between(from, to, offset, leavesAt(from, edge.source_port));
    return { d: rounded(points), middle: middleOf(points, skip?.lane), points };
  }

  between(from, to, offset, leaves) {
    const [x1, y1] = [this.left(from.x) + this.cardWidth / 2 + (leaves || (from.x === to.x ? offset : 0)), this.top(from.y) + CARD];
    const [x2, y2] = [this.left(to.x) + this.cardWidth / 2 + offset, this.top(to.y)];
    if (x1 === x2) return [[x1, y1], [x2, y2]];
    const bend = y2 - (PITCH - CARD) / 2;
    return [[x1, y1], [x1, bend], [x2, bend], [x2, y2]];
  }

  beside(from, to, { column, lane }, offset) {
    const x = this.left(column) + this.cardWidth + laneAt(lane);
    const [y1, y2] = [this.top(from.y) + CARD * 0.62, this.top(to.y) + CARD * 0.38 + offset / 5];
    return [[this.left(from.x) + this.cardWidth, y1], [x, y1], [x, y2], [this.left(to.x) + this.cardWidth, y2]];
  }

  // -- places of the pointer -------------------------------------------------------------------------------------

  /** A pointer's place in the world's own pixels. */
  pointAt({ clientX, clientY }) {
    const box = this.element.getBoundingClientRect();
    return [(clientX - box.left) / this.zoom, (clientY - box.top) / this.zoom];
  }

  /** What a drop can land on, for landing.js. */
  scene() {
    const [width, height, pitch] = [this.cardWidth, CARD, this.cardWidth + this.gap];
    const cards = [...this.cards].map(([name, { left, top }]) => ({ name, left, top, width, height }));
    const column = (x) => Math.floor((x - this.left(0)) / pitch);
    const within = (x) => x - this.left(column(x)) <= width && x >= this.left(this.first) && x <= this.left(this.last) + width;
    const grid = { column: (x) => column(x) + (x - this.left(column(x)) > width ? 1 : 0), row: (y) => Math.max(0, Math.floor((y - MARGIN) / PITCH)), within };
    return { cards, wires: [...this.wires.values()], grid };
  }

  /** Left, top, width and height of a card in a column and row. */
  boxAt = ([column, row]) => [this.left(column), this.top(row), this.cardWidth, CARD];

  choose(name) {
    const [old, card] = [this.cards.get(this.chosen)?.card, this.cards.get(name)?.card];
    this.chosen = name;
    if (old === card && card?.classList.contains("chosen")) return;
    old?.classList.remove("chosen");
    card?.classList.add("chosen");
    afterPaint(() => this.reach()); // it makes the browser measure the page
  }

  /** The chosen card is the one that Tab goes to. */
  reach() {
    const card = this.cards.get(this.chosen)?.card;
    if (card === this.reached) return;
    for (const [each, there] of [[this.reached, false], [card, true]]) {
      if (!each) continue;
      each.tabIndex = there ? 0 : -1;
      reachFixes(each, there);
    }
    this.reached = card;
  }
}

/** Tab goes to the buttons of the chosen card's problem, and past those of the others. */
function reachFixes(card, there) {
  for (const fix of card.querySelectorAll(".fix")) fix.tabIndex = there ? 0 : -1;
}

/** A card slides from where it was, a new one in from the left; as a transform, which leaves the page's own thread free. */
function slide(card, way) {
  const moved = { transform: [`translate(${way?.[0]}px, ${way?.[1]}px)`, "none"] };
  card.animate(way ? moved : { transform: ["translateX(-18px)", "none"], opacity: [0, 1] }, { duration: 220, easing: "ease" });
}

export const edgeKey = (edge) => `${edge.source} ${edge.source_port} ${edge.target} ${edge.target_port}`;

const portKey = (edge) => `${edge.target} ${edge.target_port}`;
