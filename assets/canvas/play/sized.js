// Sizes in CSS pixels: of a canvas that is drawn, of an element on the page.

import { cleared } from "../../draw/dom.js";

/** Gives an element's inner width and height (px) as they were observed last: to read them between two changes makes the browser lay out the page. */
export function sizeOf(element) {
  let known = [0, 0];
  new ResizeObserver(([{ contentRect }]) => {
    known = [contentRect.width, contentRect.height];
  }).observe(element);
  return () => (known[0] ? known : [element.clientWidth, element.clientHeight]);
}

/** A canvas of so many CSS pixels, on the page too, and its context. */
export function sized(canvas, width, height) {
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  return cleared(canvas, width, height);
}
