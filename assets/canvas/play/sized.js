import { cleared } from "../../draw/dom.js";

/** A canvas of so many CSS pixels, on the page too, and its context. */
export function sized(canvas, width, height) {
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  return cleared(canvas, width, height);
}
