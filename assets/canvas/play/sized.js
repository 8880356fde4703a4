/** A canvas of so many CSS pixels, as sharp as the screen, and its context. */
export function sized(canvas, width, height) {
  const sharp = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(width * sharp), height: Math.round(height * sharp) });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.scale(sharp, sharp);
  return context;
}
