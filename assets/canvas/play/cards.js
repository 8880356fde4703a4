// What flows through each layer now, on its card: one small drawing a card, of the step that its caption says.

import { array, extent, grouped } from "../../draw/data.js";
import { h } from "../../draw/dom.js";
import { Strip } from "../../explore/layers/overview-strip.js";
import { trouble } from "./trouble.js";

const WIDE = 204; // pixels of a drawing
const NARROW = 104; // where cards are tight
const TALL = 48;

export class Cards {
  world; theme; frame; moving; drawn;

  /** `world`: whose cards they are; `theme()`: colours of now. */
  constructor(world, theme) {
    Object.assign(this, { world, theme, frame: null });
    this.drawn = new Map(); // by layer: { panel, caption, element }
  }

  /** Show a frame; null: none any more. */
  show(frame) {
    this.frame = frame;
    this.world.layer.classList.toggle("living", Boolean(frame));
    this.world.layer.classList.remove("faded");
    if (frame) return this.place();
    this.#clear();
    this.#wires();
  }

  /** What is shown is of the network before an edit. */
  fade() {
    this.world.layer.classList.add("faded");
  }

  #clear() {
    for (const name of this.drawn.keys()) this.#drop(name);
  }

  #drop(name) {
    const item = this.world.cards.get(name);
    if (item) item.told = ""; // so that its shape is drawn again
    item?.card.classList.remove("in-trouble");
    this.drawn.get(name)?.element.remove();
    this.drawn.delete(name);
  }

  /** Put each drawing on its card, which is filled anew at every change of the network. */
  place() {
    if (!this.frame) return;
    const theme = this.theme();
    const room = this.world.layer.classList.contains("tight") ? NARROW : WIDE;
    for (const [name, { card }] of this.world.cards) {
      const block = this.frame.layers[name];
      const shape = this.world.nodes.get(name)?.shape;
      const fits = block && (!shape || shape.every((side, axis) => side === null || side === block.shape[axis]));
      if (fits) this.#draw(name, card, block, room, theme);
      else if (this.drawn.has(name)) this.#drop(name);
    }
    for (const name of this.drawn.keys()) if (!this.world.cards.has(name)) this.drawn.delete(name);
    this.#wires();
  }

  /** A wire is as thick as the weights that it leads to have moved since the frame before, where that is asked for. */
  #wires() {
    for (const { edge, line } of this.world.wires.values()) {
      const moved = this.moving && this.frame ? this.frame.layers[edge.target]?.moved : null;
      line.style.strokeWidth = moved ? `${Math.min(Math.max(1.5 + 2.2 * (Math.log10(moved) + 4), 1), 9)}px` : "";
      line.classList.toggle("moving", Boolean(moved));
    }
  }

  /** Show on the wires how far weights move, or do not. */
  move(on) {
    this.moving = on;
    this.#wires();
  }

  #draw(name, card, block, room, theme) {
    const item = this.drawn.get(name) ?? this.#make(name, block);
    const { panel } = item;
    if (item.block !== block) {
      panel.maps = array(block.numbers);
      Object.assign(panel, { strides: block.strides, kind: block.kind, lengths: block.shape });
      panel.scaled(extent(panel.maps.values));
      item.block = block;
      item.room = null;
    }
    if (item.room !== room || item.dark !== theme.dark) panel.draw(room, theme);
    Object.assign(item, { room, dark: theme.dark });
    const wrong = trouble(block);
    const step = grouped(this.frame.step);
    const when = `step ${step}${wrong ? ` · ${wrong.short}` : ""}`;
    if (item.caption.textContent !== when) item.caption.textContent = when;
    item.caption.title = wrong ? wrong.meaning : `What the layer made of the sample once ${step} batches were learned from`;
    panel.canvas.setAttribute("aria-label", `What ${name} makes of the sample at step ${step}${wrong ? `. ${wrong.short}: ${wrong.meaning}` : ""}`);
    card.classList.toggle("in-trouble", Boolean(wrong));
    const drawing = card.querySelector(".drawing");
    if (drawing && drawing.firstChild !== item.element) drawing.replaceChildren(item.element);
  }

  #make(name, { kind, strides, shape, numbers }) {
    const panel = new Strip({ name, maps: array(numbers), strides, kind, side: TALL, lengths: shape, quiet: true });
    panel.canvas.tabIndex = -1; // the card is what the keyboard reaches
    const caption = h("span", { class: "when" });
    const made = { panel, caption, element: h("span", { class: "flow" }, panel.canvas, caption) };
    this.drawn.set(name, made);
    return made;
  }
}
