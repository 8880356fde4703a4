// What is on the screen as a file: PNG at twice its size, or SVG with the pictures in it.
import { h } from "../live/dom.js";
import { SvgContext } from "./svg.js";

const GAP = 16;
const TWICE = 2;

/** Two buttons; `panels()` gives what is drawn now, one below the other in the file. */
export function buttons(file, panels, theme) {
  const button = (kind, save) => h("button", { type: "button", title: `What is seen, as ${kind}`, onclick: () => save(file, panels(), theme()) }, kind);
  return h("span", { class: "inspect-save" }, button("PNG", png), button("SVG", svg));
}

function laid(panels) {
  let top = GAP;
  const places = panels.map((panel) => {
    const place = { panel, top: top + (panel.title ? GAP : 0) };
    top = place.top + panel.height + GAP;
    return place;
  });
  return { places, width: Math.max(...panels.map((panel) => panel.width)) + 2 * GAP, height: top };
}

function painted(context, { places, width, height }, theme) {
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width, height);
  for (const { panel, top } of places) {
    context.save();
    context.translate(GAP, top);
    if (panel.title) {
      context.font = `13px ${theme.family}`;
      context.fillStyle = theme.ink;
      context.textAlign = "left";
      context.textBaseline = "bottom";
      context.fillText(panel.title, 0, -2);
    }
    panel.paint(context, theme);
    context.restore();
  }
}

function png(file, panels, theme) {
  const sheet = laid(panels);
  const canvas = Object.assign(document.createElement("canvas"), { width: TWICE * sheet.width, height: TWICE * sheet.height });
  const context = canvas.getContext("2d");
  context.scale(TWICE, TWICE);
  painted(context, sheet, theme);
  canvas.toBlob((blob) => download(`${file}.png`, blob));
}

function svg(file, panels, theme) {
  const sheet = laid(panels);
  const context = new SvgContext(sheet.width, sheet.height);
  painted(context, sheet, theme);
  download(`${file}.svg`, new Blob([context.text()], { type: "image/svg+xml" }));
}

function download(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
