// Pre-activation and activation in words: a number's terms, their sum, the bias, the activation.
import { h } from "../../draw/dom.js";
import { added, count, equals, extent, grouped, multiplied, number, rough } from "../../draw/data.js";

const MOST = 30; // terms that are written out

/** What makes a number of this map, in one sentence. */
export function sentence({ kind, activation, channels, rows, columns, axes, arrays }) {
  const through = activation === "linear" ? "" : `, through ${activation}`;
  if (kind === "largest") return `The largest number of the window${through}.`;
  if (kind === "smallest") return `The smallest of the inputs${through}.`;
  if (kind === "mean") return `The mean of the ${axes[0] === "inputs" ? "inputs" : "window"}${through}.`;
  if (kind === "product") return `The inputs' numbers at this place, multiplied${through}.`;
  if (kind === "copy") return "Moved here unchanged.";
  if (axes[0] === "token") return "The row of the table that belongs to the token.";
  if (axes[0] === "inputs") return `The inputs' numbers at this place, added${through}.`;
  if (rows * columns > 1) return `The window, times the kernel, summed${channels > 1 ? ` over ${channels} channels` : ""}, plus the bias${through}.`;
  if (channels > 1) return `${grouped(channels)} numbers, each times its weight, summed, plus the bias${through}.`;
  const alone = arrays.bias.values.every((bias) => bias === 0) && arrays.factors.values.every((factor) => factor === 1);
  return alone ? `One number${through || ", as it is"}.` : `One number, scaled and shifted${through}.`;
}

/** The lines of a sum; `cell` is the term of the window that is pointed at. */
export function sums(found, answered, { channel, part, shown, cell }) {
  const { arrays, kind, channels } = found;
  const [total, bias, result] = ["total", "bias", "result"].map((name) => arrays[name].values[answered]);
  const lines = [terms(found, shown, cell)];
  if (channels > 1) lines.push(line(channelWords(found, channel, part, total - bias)));
  const shifted = kind === "sum" && !["token", "inputs"].includes(found.axes[0]) && (bias !== 0 || found.axes[0] !== "value");
  const listed = kind === "sum" && channels === 1 && shown.products.length <= MOST ? shown.products : [total - bias];
  const words = `${equals(added, total - bias, ...listed)} ${shifted ? `${biased(total, bias)} ` : ""}`;
  lines.push(line(words, ...after(found, answered, total, result)));
  return lines.filter(Boolean);
}

/** How far the arithmetic is from what Keras gave, over all answered numbers of the map. */
export function badge({ check, own, arrays }) {
  const good = check.value <= 1e-4 * Math.max(1, extent(own));
  const words = check.value === 0 ? "equals Keras exactly" : `${good ? "equals" : "differs from"} Keras, ${rough(check.value)}`;
  return h("span", { class: `lens-badge${good ? "" : " off"}`, title: `${check.name}, over ${count(arrays.total.values.length, "number")}` }, words);
}

const biased = (total, bias) => `${number(total - bias)} ${bias < 0 ? "−" : "+"} bias ${number(Math.abs(bias))} ${equals(added, total, total - bias, bias)}`;
const line = (...parts) => h("div", { class: "lens-sum" }, ...parts);

function channelWords({ rows, columns }, channel, part, sum) {
  if (rows * columns === 1) return `Number ${channel} adds ${number(part)}; all together ${number(sum)}`;
  return `Channel ${channel} adds ${number(part)}; all channels together ${number(sum)}`;
}

function after({ activation, arrays }, answered, total, result) {
  const found = h("b", {}, number(result));
  if (activation === "linear") return [found];
  if (activation !== "softmax") return [`${number(total)} → ${activation} → `, found];
  const [top, below] = [arrays.top, arrays.below].map(({ values }) => values[answered]);
  const share = `e^${number(total - top)} / ${number(below)}`;
  return [`${number(total)} → softmax: ${share} = `, found, h("div", { class: "inspect-note" }, `The largest score, ${number(top)}, is taken off each before e^; ${number(below)} is the sum over all units.`)];
}

/** The written terms, the pointed one marked. */
function terms({ kind, rows, columns, axes }, { values, factors, products, wheres }, cell) {
  const size = rows * columns;
  if (size === 1) {
    const [value, factor] = [values[0], factors[0]];
    const weighted = kind === "sum" && (factor !== 1 || axes[0] === "units" || axes[0] === "channels");
    return line(weighted ? times(value, factor, products[0]) : where(wheres[0], value));
  }
  if (size > MOST) return cell == null ? null : line(times(values[cell], factors[cell], products[cell]));
  const joined = products.flatMap((product, place) => {
    const word = kind === "sum" ? number(place ? Math.abs(product) : product) : number(product);
    const between = place === 0 ? "" : kind === "sum" ? (product < 0 ? " − " : " + ") : kind === "product" ? " × " : kind === "mean" ? " + " : ", ";
    const marked = kind === "largest" ? product === Math.max(...products.filter((_, other) => wheres[other])) : false;
    return [between, place === cell || (cell == null && marked) ? h("mark", {}, word) : word];
  });
  const [open, close] = { mean: ["= (", `) / ${wheres.filter(Boolean).length}`], largest: ["= largest of ", ""], smallest: ["= smallest of ", ""] }[kind] ?? ["= ", ""];
  return line(open, ...joined, close);
}

const times = (value, factor, product) => `${number(value)} × ${bracketed(factor)} ${equals(multiplied, product, value, factor)} ${number(product)}`;
const bracketed = (factor) => (factor < 0 ? `(${number(factor)})` : number(factor));
const where = (place, value) => (place ? `${number(value)}, from row ${place.row}, column ${place.column}, channel ${place.channel}` : "Padding: 0");
