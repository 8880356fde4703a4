// Activations on the graph: the network with what flows through every card, wires between cards, one pointer for all.
import { laneAt, roomFor, rounded, skips } from "../../canvas/routes.js";
import { h, svg } from "../../draw/dom.js";
import { grouped } from "../../draw/data.js";
import { legend } from "../../draw/legend.js";
import { growth } from "../../draw/theme.js";
import { FIRST, outputs, same, scale, strip, title } from "./overview-strip.js";
import { PAD, paintSheet } from "./overview-sheet.js";

const WIDE = { tall: 50, card: 66, pitch: 78, words: 210, least: 430, most: 1160 };
const TIGHT = { tall: 44, card: 102, pitch: 116, words: 0, least: 262, most: 430 };
const [GAP, MARGIN] = [36, 10];

/** The sizes of cards as the page's --grow has them, or those of a narrow room; `side` of a strip, which grows by itself. */
function lookFor(each, grow) {
  const tight = each < WIDE.least * grow;
  const usual = tight ? TIGHT : WIDE;
  const sizes = Object.entries(usual).map(([name, size]) => [name, Math.round(size * grow)]);
  return { tight, side: usual.tall, ...Object.fromEntries(sizes) };
}

export class World {
  handlers; lines; layer; world; element; cards; watcher; network; common; nodes; look; theme; mode; room; width;
  chosen; first; last; skips; gap; total; offset; tall; wires; settling;

  /** `handlers`: open(name, rect, port), say(text), near(name). */
  constructor(handlers) {
    this.handlers = handlers;
    this.lines = svg("svg", { class: "ov-wires", "aria-hidden": "true" });
    this.layer = h("div", { role: "list", "aria-label": "Layers, from input to output" });
    this.world = h("div", { class: "ov-world" }, this.lines, this.layer);
    this.element = h("div", { class: "ov-stage" }, this.world);
    this.element.onkeydown = (event) => this.#key(event);
    this.element.onscroll = () => this.#scrolled();
    this.cards = new Map();
    this.watcher = new IntersectionObserver((seen) => seen.forEach(({ target, isIntersecting }) => this.#show(this.cards.get(target.dataset.name), isIntersecting)), { root: this.element, rootMargin: "300px" });
  }

  leave() {
    this.watcher.disconnect();
  }

  take(network, common) {
    Object.assign(this, { network, common });
    this.nodes = new Map(network.nodes.map((node) => [node.name, node]));
    for (const [name, item] of this.cards) {
      if (this.nodes.has(name)) continue;
      this.watcher.unobserve(item.card);
      item.card.remove();
      this.cards.delete(name);
    }
    for (const node of [...network.nodes].sort((one, other) => one.y - other.y || one.x - other.x)) this.#card(node);
  }

  #card(node) {
    let item = this.cards.get(node.name);
    const fresh = !item;
    if (fresh) {
      const card = h("div", { role: "listitem", class: "ov-card", tabindex: "-1", "data-name": node.name });
      card.onclick = () => this.#open(node.name);
      card.onpointerenter = () => this.#wires(node.name);
      card.onpointerleave = () => this.#wires(null);
      item = { card };
      this.cards.set(node.name, item);
      this.watcher.observe(card);
    }
    if (fresh) this.layer.append(item.card);
    Object.assign(item, { node });
    this.#turn(item);
    const look = this.common.families[node.family] ?? this.common.families.block;
    item.card.style.setProperty("--family-light", look.light);
    item.card.style.setProperty("--family-dark", look.dark);
    item.card.setAttribute("aria-label", `${node.name}, ${node.layer}, ${node.words}${node.kind === "steps" ? ", steps from left to right, a row a unit" : ""}`);
    item.card.title = node.settings;
    const icon = h("span", { class: "ov-icon", "aria-hidden": "true" }, look.icon);
    item.legend = h("span", { class: "ov-range" });
    const words = node.further?.length ? [h("span", {}, `${node.layer} ·`), this.#choice(item)] : [`${node.layer} · ${node.words}`];
    const head = h("header", {}, icon, h("b", {}, node.name), h("span", { class: "ov-kind" }, ...words), item.legend);
    item.more = h("span", { class: "ov-more" });
    item.flow = h("div", { class: "ov-flow" }, item.panel.element, item.more);
    item.card.replaceChildren(head, item.flow);
  }

  /** Show the output that was chosen on the card, at first the layer's first. */
  #turn(item) {
    item.shown = outputs(item.node).find(({ port = FIRST }) => port === item.port) ?? item.node;
    item.panel = strip(item.shown, this.look?.side ?? WIDE.tall, { hovered: (place) => this.#point(item, place) });
  }

  /** Which of a layer's outputs its card shows. */
  #choice(item) {
    const options = outputs(item.node).map(({ port = FIRST, words }) => h("option", { value: port }, `${port} ${words}`));
    const select = h("select", { "aria-label": `Output of ${item.node.name}` }, ...options);
    select.value = item.shown.port ?? FIRST;
    select.onclick = select.onkeydown = (event) => event.stopPropagation();
    select.onchange = () => {
      item.port = select.value;
      this.#turn(item);
      item.flow.replaceChildren(item.panel.element, item.more);
      item.panel.side = item.panel.tall = this.look.side;
      this.#paint(item);
    };
    return select;
  }

  #open(name) {
    const { card, shown } = this.cards.get(name);
    this.handlers.open(name, card.getBoundingClientRect(), shown.port ?? FIRST);
  }

  /** Paint a card that comes near the screen, let go of one that leaves. */
  #show(item, visible) {
    if (!item || item.visible === visible) return;
    item.visible = visible;
    if (visible) this.#paint(item);
    else item.panel.canvas.width = 0;
  }

  #paint(item) {
    if (!this.theme) return;
    const { count, classes } = item.shown;
    scale(item.panel, item.shown, this.mode, this.common.extent);
    item.panel.draw(this.room, this.theme);
    const { shown = count } = item.panel;
    const more = [...(item.shown.kind === "steps" ? ["step →"] : []), ...(!classes && shown < count ? [`+${grouped(count - shown)}`] : [])];
    item.more.replaceChildren(...more.map((words) => h("div", {}, words)));
    item.legend.replaceChildren(...(item.panel.scale && this.mode !== "network" ? [legend(item.panel.scale, this.theme)] : []));
  }

  draw(width, theme, mode) {
    Object.assign(this, { theme, mode });
    this.#measure(width);
    for (const item of this.cards.values()) {
      const { card, node, panel } = item;
      Object.assign(card.style, { left: `${this.#left(node.x)}px`, top: `${this.#top(node.y)}px`, width: `${this.width}px`, height: `${this.look.card}px` });
      panel.side = panel.tall = this.look.side;
      if (item.visible) this.#paint(item);
    }
    this.element.classList.toggle("dark", theme.dark);
    this.element.classList.toggle("tight", this.look.tight);
    this.#lines();
    this.choose(this.nodes.has(this.chosen) ? this.chosen : this.network.nodes[0]?.name);
  }

  #measure(width) {
    const columns = this.network.nodes.map((node) => node.x);
    [this.first, this.last] = [Math.min(0, ...columns), Math.max(0, ...columns)];
    this.skips = skips(this.network.edges.filter((edge) => this.#whole(edge)), this.nodes, this.last);
    const { beside, between } = roomFor(this.skips);
    this.gap = Math.max(GAP, between);
    const count = this.last - this.first + 1;
    const each = (width - 2 * MARGIN - beside - (count - 1) * this.gap) / count;
    this.look = lookFor(each, growth(this.element));
    this.width = Math.round(Math.min(Math.max(each, Math.min(TIGHT.least, width - 2 * MARGIN - beside)), this.look.most));
    this.room = this.width - 2 * PAD - 5 - this.look.words - 44;
    const whole = count * (this.width + this.gap) - this.gap + 2 * MARGIN + beside;
    this.total = Math.max(whole, width);
    this.offset = Math.max((width - whole) / 2, 0);
    this.tall = (Math.max(0, ...this.network.nodes.map((node) => node.y)) + 1) * this.look.pitch + 2 * MARGIN - (this.look.pitch - this.look.card);
    this.world.style.cssText = `width:${Math.max(whole + this.offset, 0)}px;height:${this.tall}px`;
    const top = this.element.getBoundingClientRect().top + window.scrollY;
    this.element.style.maxHeight = `${Math.max(window.innerHeight - Math.min(top, 300) - 76, 420)}px`;
  }

  #left = (x) => this.offset + MARGIN + (x - this.first) * (this.width + this.gap);
  #top = (y) => MARGIN + y * this.look.pitch;

  #lines() {
    this.lines.setAttribute("width", this.total);
    this.lines.setAttribute("height", this.tall);
    this.wires = this.network.edges.filter((edge) => this.#whole(edge)).map((edge) => ({ edge, points: this.#way(edge) }));
    this.lines.replaceChildren(...this.wires.map((wire) => (wire.line = svg("path", { class: `ov-wire${wire.edge.route ? " skip" : ""}`, d: rounded(wire.points) }))));
  }

  /** Whether both ends of a wire are drawn. */
  #whole({ source, target }) {
    return this.nodes.has(source) && this.nodes.has(target);
  }

  /** A wire's corners. */
  #way(edge) {
    const [from, to] = [this.nodes.get(edge.source), this.nodes.get(edge.target)];
    const { card, pitch } = this.look;
    const skip = this.skips.get(edge);
    if (skip) {
      const x = this.#left(skip.column) + this.width + laneAt(skip.lane);
      const [top, bottom] = [this.#top(from.y) + card * 0.62, this.#top(to.y) + card * 0.38];
      return [[this.#left(from.x) + this.width, top], [x, top], [x, bottom], [this.#left(to.x) + this.width, bottom]];
    }
    const [x, y, toX, toY] = [this.#left(from.x) + this.width / 2, this.#top(from.y) + card, this.#left(to.x) + this.width / 2, this.#top(to.y)];
    const bend = toY - (pitch - card) / 2;
    return x === toX ? [[x, y], [x, toY]] : [[x, y], [x, bend], [toX, bend], [toX, toY]];
  }

  /** The wires into and out of a card. */
  #wires(name) {
    for (const { edge, line } of this.wires ?? []) line.classList.toggle("lit", name !== null && (edge.source === name || edge.target === name));
  }

  /** A number that is pointed at: read out, and its place lit in the layers around. */
  #point(item, place) {
    this.handlers.say(place ? `${title(item.shown)} · ${item.panel.words(place)}` : "");
    for (const name of this.neighbours(item.node.name)) {
      const other = this.cards.get(name);
      if (other?.visible) other.panel.light(same(place, item.shown, other.shown));
    }
  }

  /** The layers that feed this one, and those that read it. */
  neighbours(name) {
    const found = this.network.edges.flatMap(({ source, target }) => (target === name ? [source] : source === name ? [target] : []));
    return [...new Set(found)].filter((each) => this.nodes.has(each));
  }

  choose(name, focus = false) {
    const old = this.cards.get(this.chosen)?.card;
    old?.removeAttribute("aria-current");
    if (old) old.tabIndex = -1;
    this.chosen = name;
    const card = this.cards.get(name)?.card;
    if (!card) return;
    card.setAttribute("aria-current", "true");
    card.tabIndex = 0;
    if (focus) card.focus({ preventScroll: true });
  }

  /** Bring the chosen card onto the screen. */
  reveal() {
    const node = this.nodes?.get(this.chosen);
    if (!node) return;
    const [top, { clientHeight, scrollTop }] = [this.#top(node.y), this.element];
    if (top < scrollTop || top + this.look.card > scrollTop + clientHeight) this.element.scrollTop = top - clientHeight / 3;
  }

  #key(event) {
    const name = event.composedPath()[0].dataset?.name;
    if (!name || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") this.#open(name);
    else if (!this.#walk(name, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** To the nearest card in the direction of an arrow. */
  #walk(name, key) {
    const here = this.nodes.get(name);
    const nodes = [...this.nodes.values()];
    const ahead = { ArrowDown: (node) => node.y - here.y, ArrowUp: (node) => here.y - node.y, ArrowRight: (node) => node.x - here.x, ArrowLeft: (node) => here.x - node.x }[key];
    const ends = { Home: nodes.reduce((best, node) => (node.y < best.y ? node : best), here), End: nodes.reduce((best, node) => (node.y > best.y ? node : best), here) };
    if (!ahead && !ends[key]) return false;
    const beside = (node) => (key === "ArrowDown" || key === "ArrowUp" ? Math.abs(node.x - here.x) : Math.abs(node.y - here.y));
    const next = ends[key] ?? nodes.filter((node) => ahead(node) > 0).sort((one, other) => ahead(one) + 4 * beside(one) - ahead(other) - 4 * beside(other))[0];
    if (!next) return true;
    this.choose(next.name, true);
    this.reveal();
    return true;
  }

  /** A large network's cards come in full where a person has scrolled to. */
  #scrolled() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      const middle = this.element.scrollTop + this.element.clientHeight / 2;
      const near = [...this.nodes.values()].reduce((best, node) => (Math.abs(this.#top(node.y) - middle) < Math.abs(this.#top(best.y) - middle) ? node : best));
      if (near.coarse) this.handlers.near(near.name);
    }, 250);
  }

  /** All of it as one drawing, for a file. */
  sheet(title, legends) {
    return { title, legends, width: this.total, height: this.tall, paint: (context, theme) => paintSheet(context, theme, this) };
  }

  /** Where a card's top left corner is. */
  place(node) {
    return [this.#left(node.x), this.#top(node.y)];
  }
}
