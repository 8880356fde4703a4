// Feature map cards, one for each layer; a press on any number chooses it.
import { h } from "../../draw/dom.js";
import { array, grouped } from "../../draw/data.js";
import { legend } from "../../draw/legend.js";
import { Maps } from "../../draw/maps.js";

/** `chosen` { layer, map, at } is outlined; `press(layer, map, place)` hears of a press, place null for the title. */
export function card(layer, chosen, room, theme, press) {
  const { name, strides, kind, count, shape } = layer;
  const here = name === chosen.layer;
  const pressed = ({ map, row, column }) => press(layer, map, [row * strides[0], column * strides[1]]);
  const maps = new Maps({ name: `What ${name} makes of the sample`, maps: array(layer.maps), strides, kind, pressed });
  maps.chosen = here ? (kind === "units" ? chosen.at?.[0] : chosen.map) : null;
  maps.draw(room, theme);
  const title = h("button", { type: "button", onclick: () => press(layer, 0, null) }, name);
  const head = h("header", {}, title, h("span", { class: "lens-faint" }, kind === "steps" ? `${shape} · a row a unit, step →` : shape), legend(maps.scale, theme));
  const shown = layer.maps.shape[0];
  const words = shown < count ? h("div", { class: "inspect-note" }, `The first ${shown} of ${grouped(count)}`) : null;
  return h("article", { class: "lens-card", "aria-current": here }, head, maps.element, words);
}
