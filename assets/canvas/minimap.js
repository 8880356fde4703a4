// The minimap: a large network in small, with the part that is on the screen; a press or a drag there goes there.

import { afterPaint, h, svg } from "../draw/dom.js";
import { CARD } from "./world.js";

export const FROM = 31; // layers from which it is worth its room
const WIDTH = 132; // px at most
const HEIGHT = 190;

/** How the world is made small: as large as its box allows. */
export const scaleOf = (width, height) => Math.min(WIDTH / width, HEIGHT / height);

/** The part of the world that is seen, in the minimap's pixels: left, top, width, height. */
export function seen({ scrollLeft, scrollTop, clientWidth, clientHeight }, zoom, scale) {
  return [scrollLeft, scrollTop, clientWidth, clientHeight].map((each) => (each / zoom) * scale);
}

export class Minimap {
  editor; cards; frame; drawing; element; picture; scale;

  constructor(editor) {
    this.editor = editor;
    this.cards = svg("g");
    this.frame = svg("rect", { class: "seen", rx: 2 });
    this.drawing = svg("svg", {}, this.cards, this.frame);
    this.element = h("div", { class: "minimap", "aria-hidden": "true", hidden: true }, this.drawing); // for the mouse: keys have Ctrl+F and the arrows
    editor.stage.addEventListener("scroll", () => this.follow(), { passive: true });
    this.element.addEventListener("pointerdown", (event) => this.grab(event));
  }

  /** Draw a picture, once the cards themselves are on the screen. */
  draw(picture, looks) {
    this.element.hidden = picture.nodes.length < FROM || this.editor.mode === "list";
    this.picture = picture;
    if (!this.element.hidden) afterPaint(() => this.picture === picture && this.fill(picture, looks));
  }

  fill(picture, looks) {
    const { world } = this.editor;
    const width = world.width + 2 * world.offset;
    this.scale = scaleOf(width, world.height);
    const size = [width * this.scale, world.height * this.scale].map((each) => Math.max(24, Math.round(each)));
    this.drawing.setAttribute("width", size[0]);
    this.drawing.setAttribute("height", size[1]);
    const card = ({ name, family, problem }) => {
      const { left, top } = world.cards.get(name);
      const look = looks[family] ?? looks.block;
      const box = { x: left * this.scale, y: top * this.scale, width: world.cardWidth * this.scale, height: Math.max(1, CARD * this.scale) };
      return svg("rect", { class: `family ${problem?.severity ?? ""}`, style: `--light: ${look.light}; --dark: ${look.dark}`, ...box });
    };
    this.cards.replaceChildren(...picture.nodes.map(card));
    this.follow();
  }

  follow() {
    if (this.element.hidden || !this.scale) return;
    const [x, y, width, height] = seen(this.editor.stage, this.editor.world.zoom, this.scale);
    for (const [name, value] of Object.entries({ x, y, width, height })) this.frame.setAttribute(name, value);
  }

  grab(event) {
    event.preventDefault();
    const { stage, world } = this.editor;
    const box = this.drawing.getBoundingClientRect();
    const go = ({ clientX, clientY }) => {
      const [x, y] = [(clientX - box.left) / this.scale, (clientY - box.top) / this.scale].map((each) => each * world.zoom);
      stage.scrollTo({ left: x - stage.clientWidth / 2, top: y - stage.clientHeight / 2, behavior: "instant" });
    };
    const stop = () => {
      window.removeEventListener("pointermove", go);
      window.removeEventListener("pointerup", stop);
    };
    go(event);
    window.addEventListener("pointermove", go);
    window.addEventListener("pointerup", stop);
  }
}
