// What is on the screen as a file, with its titles and legends: PNG at twice its size, or SVG with the pictures in it.
import { h, ruler } from "./dom.js";
import { LINE, lines, painted } from "./legend.js";
import { SvgContext } from "./svg.js";

const GAP = 16;
const TWICE = 2;
const LEAST = 320; // pixels that a legend's line may be wide, however small the drawing
const MOST = 1300; // pixels that drawings beside each other may be wide

/**
 * Two buttons; `panels()` gives what is drawn now. Above each stand its `title`, else its
 * name, and what its colours mean: its `legends`, else its `scale`. One that `begins` stands
 * at the left.
 */
export function buttons(file, panels, theme) {
  const button = (kind, save) => h("button", { type: "button", title: `What is seen, as ${kind}`, onclick: () => save(file, laid(panels(), theme()), theme()) }, kind);
  return h("span", { class: "inspect-save" }, button("PNG", png), button("SVG", svg));
}

const fonts = (theme) => ({ title: `600 13px ${theme.family}`, words: `12px ${theme.family}` });

const wide = (font, text) => Object.assign(ruler(), { font }).measureText(text).width;

/** A panel with its title and the lines of its legend, and how much room they take. */
function block(panel, theme) {
  const { title, words } = fonts(theme);
  const keys = lines(Object.assign(ruler(), { font: words }), panel.legends ?? (panel.scale ? [panel.scale] : []), Math.max(panel.width, LEAST));
  const told = panel.title ?? panel.name;
  const width = Math.max(panel.width, wide(title, told), ...keys.map(({ width: each }) => each));
  return { panel, title: told, keys, width, height: (1 + keys.length) * LINE + 6 + panel.height };
}

/** Blocks in rows, as many beside each other as fit. */
function laid(panels, theme) {
  const blocks = panels.filter(({ width }) => width > 0).map((panel) => block(panel, theme));
  let [left, top, tall] = [GAP, GAP + (theme.about ? LINE + 4 : 0), 0];
  for (const each of blocks) {
    if (left > GAP && (each.panel.begins || left + each.width + GAP > MOST)) [left, top, tall] = [GAP, top + tall + GAP, 0];
    Object.assign(each, { left, top });
    left += each.width + 2 * GAP;
    tall = Math.max(tall, each.height);
  }
  const width = Math.max(wide(fonts(theme).words, theme.about ?? ""), ...blocks.map((each) => each.left + each.width - GAP));
  return { blocks, width: Math.ceil(width) + 2 * GAP, height: Math.ceil(top + tall) + GAP };
}

function drawn(context, { blocks, width, height }, theme) {
  const { title, words } = fonts(theme);
  const write = (font, ink, text, x, y) => {
    Object.assign(context, { font, fillStyle: ink, textAlign: "left", textBaseline: "middle" });
    context.fillText(text, x, y);
  };
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width, height);
  if (theme.about) write(words, theme.faint, theme.about, GAP, GAP + LINE / 2);
  for (const { panel, title: told, keys, left, top } of blocks) {
    write(title, theme.ink, told, left, top + LINE / 2);
    context.font = words;
    keys.forEach(({ row }, line) => row.forEach(({ meaning, x }) => painted(context, theme, meaning, left + x, top + (line + 1.5) * LINE)));
    context.save();
    context.translate(left, top + (1 + keys.length) * LINE + 6);
    panel.paint(context, theme);
    context.restore();
  }
}

function png(file, sheet, theme) {
  const canvas = Object.assign(document.createElement("canvas"), { width: TWICE * sheet.width, height: TWICE * sheet.height });
  const context = canvas.getContext("2d");
  context.scale(TWICE, TWICE);
  drawn(context, sheet, theme);
  canvas.toBlob((blob) => download(`${file}.png`, blob));
}

function svg(file, sheet, theme) {
  const context = new SvgContext(sheet.width, sheet.height);
  drawn(context, sheet, theme);
  download(`${file}.svg`, new Blob([context.text()], { type: "image/svg+xml" }));
}

function download(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
