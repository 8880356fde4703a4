// The lens on feature maps: every layer's maps on the left; on the right the arithmetic of one number under the pointer.
import { h } from "../../draw/dom.js";
import { card } from "./cards.js";
import { Detail } from "./lens-detail.js";
import { mounted } from "../../draw/view.js";

const NARROW = 720;

export const { draw, leave } = mounted((root) => new Lens(root));

class Lens {
  cards; detail; data; root; component;

  constructor(root) {
    const style = h("link", { rel: "stylesheet", href: new URL("./lens.css", import.meta.url).href });
    this.cards = h("div", { class: "lens-cards" });
    const host = h("section", { class: "lens-detail", "aria-label": "The arithmetic of one number" });
    this.detail = new Detail(host, { ask: (at) => this.#ask(this.data.layer, this.data.map, at) });
    root.classList.add("lens");
    root.replaceChildren(this.cards, host);
    root.parentNode.append(style);
    root.onkeydown = (event) => void (event.key === "Escape" && this.detail.home()); // false would keep the key from the browser, Tab too
    this.root = root;
  }

  take(component) {
    this.component = component;
    this.data = component.data;
    const { lens, layer, sentence } = this.data;
    this.detail.take(lens, () => [h("h4", {}, layer), h("p", { class: "inspect-note" }, sentence ?? "")]);
  }

  draw(width, theme) {
    this.root.classList.toggle("narrow", width < NARROW);
    const room = width < NARROW ? width : ((width - 24) * 2.9) / 5;
    const chosen = { layer: this.data.layer, map: this.data.map, at: this.detail.pinned };
    const press = (layer, map, place) => this.#choose(layer, map, place);
    this.cards.replaceChildren(...this.data.layers.map((layer) => card(layer, chosen, room - 34, theme, press)));
    this.detail.draw(width < NARROW ? width : width - room - 24, theme);
  }

  /** A press on a number: within the shown map the lens jumps, else Python is asked. */
  #choose(layer, map, place) {
    const at = place && (layer.kind === "units" ? [map] : layer.kind === "steps" ? [place[1]] : place);
    const channel = layer.kind === "units" ? 0 : map;
    const here = layer.name === this.data.layer && channel === this.data.map;
    if (here && at && this.detail.arithmetic?.answered(at) >= 0) this.detail.pin(at);
    else this.#ask(layer.name, channel, at);
  }

  #ask(layer, map, at) {
    this.component.setTriggerValue("asked", { layer, map, at });
  }
}
