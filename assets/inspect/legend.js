// The scale of a drawing, with the values at its ends.
import { h } from "../live/dom.js";
import { number } from "./data.js";

export function legend({ low, high, stops }, theme) {
  const bar = h("i");
  bar.style.background = `linear-gradient(90deg, ${theme.stops[stops].join(", ")})`;
  const end = (value) => (Number.isInteger(value) ? String(value).replace("-", "−") : number(value));
  return h("span", { class: "inspect-legend" }, end(low), bar, end(high));
}
