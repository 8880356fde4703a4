// Convolution by hand: a kernel typed over a picture, both pictures side by side, the window between them, and one number's sum.
import { calm, h } from "../../draw/dom.js";
import { axis, convolved, pools, reach, sums, under, windowAt } from "./convolving.js";
import { added, array, count, equals, extent, number, short } from "../../draw/data.js";
import { Field } from "../../draw/fields.js";
import { KernelForm } from "./kernel_form.js";
import { legend } from "../../draw/legend.js";
import { painted } from "../../draw/pictures.js";
import { buttons } from "../../draw/save.js";
import { mounted } from "../../draw/view.js";

const NARROW = 760;
const FORM = 298; // its width and the gap
const SETTLED = 450; // milliseconds without a new number, after which numpy is asked
const FRAMES = 480; // of a whole slide, eight seconds
const WHITE = { low: 0, high: 255, stops: "grey" };
const CHANNELS = ["red", "green", "blue"];
let kept = null; // the kernel, for as long as the tab lives

export const { draw, leave } = mounted((root) => new Desk(root));

/** A picture in grey or colour, or a map on a signed scale; `until`: only so many places are there yet. */
class Picture extends Field {
  paint(context, theme) {
    if (this.pixels) this.picture ??= painted(this.pixels, 0, 255);
    super.paint(context, theme);
    if (this.until == null) return;
    const [row, column] = [Math.floor(this.until / this.columns), this.until % this.columns];
    context.fillStyle = theme.ground;
    context.fillRect(this.left + column * this.across, this.top + row * this.down, (this.columns - column) * this.across, this.down);
    context.fillRect(this.left, this.top + (row + 1) * this.down, this.columns * this.across, Math.max(this.rows - row - 1, 0) * this.down);
  }

  words() {
    return "";
  }
}

class Desk {
  root; right; channel; pinned; component; data; input; form; later; frame; theme; room; half; sliding; output; asked;
  shown; before; after; told; sum; slide; matrices; now;

  constructor(root) {
    root.parentNode.append(h("link", { rel: "stylesheet", href: new URL("./kernel.css", import.meta.url).href }));
    root.classList.add("kernel");
    this.root = root;
    this.right = h("div", {});
    this.channel = 0;
    this.pinned = null;
  }

  take(component) {
    this.component = component;
    const { data } = component;
    if (this.data?.id !== data.id) this.pinned = null;
    this.data = data;
    this.input = array(data.picture);
    if (this.form) return;
    kept ??= structuredClone(data.start);
    this.form = new KernelForm(data.limits, kept, () => this.#changed());
    this.root.replaceChildren(this.form.element, this.right);
  }

  leave() {
    clearTimeout(this.later);
    cancelAnimationFrame(this.frame);
  }

  draw(width, theme) {
    this.theme = theme;
    const narrow = width < NARROW;
    this.root.classList.toggle("narrow", narrow);
    this.room = narrow ? width : width - FORM;
    this.half = narrow ? this.room : (this.room - 20) / 2;
    this.#changed();
  }

  /** Everything again: a new kernel, picture, theme or room. */
  #changed() {
    const { kernel } = this.form;
    cancelAnimationFrame(this.frame);
    this.sliding = false;
    const [rows, columns] = this.input.shape;
    if (!axis(rows, kernel).count || !axis(columns, kernel).count) {
      const words = `The window spans ${reach(kernel)} pixels, more than the picture has. Take padding same, a smaller kernel or less dilation.`;
      return this.right.replaceChildren(h("p", { class: "kernel-wrong", role: "alert" }, words));
    }
    this.output = convolved(this.input, kernel);
    const [high, wide] = this.output.shape;
    const at = this.pinned ?? { row: Math.floor(high / 2), column: Math.floor(wide / 2) };
    this.pinned = { row: Math.min(at.row, high - 1), column: Math.min(at.column, wide - 1) };
    this.#pictures();
    this.#look(this.pinned);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.#told(), SETTLED);
    return undefined;
  }

  /** Numpy does the same sums; what it finds stands below. */
  #told() {
    const now = JSON.stringify([this.data.id, this.form.kernel]);
    if (now === this.asked) return;
    this.asked = now;
    this.component.setTriggerValue("kernel", { id: this.data.id, kernel: structuredClone(this.form.kernel), sums: sums(this.output) });
  }

  #pictures() {
    const { input, output } = this;
    const colours = input.shape[2];
    const total = this.form.kernel.weights.flat().reduce((all, each) => all + each, 0);
    const fits = pools(this.form.kernel) || total > 0.1;
    const picture = !this.data.numbers && (this.shown === "picture" || (this.shown !== "signed" && fits));
    const signed = ({ values }) => ({ low: -(extent(values) || 1), high: extent(values) || 1, stops: "signed" });
    const scale = picture ? WHITE : signed(output);
    const own = this.data.numbers ? signed(input) : WHITE;
    this.before = this.#picture("The picture", input, own, {
      hovered: (cell) => this.#pointed(cell && under(input, this.form.kernel, cell)),
      pressed: (cell) => this.#pin(under(input, this.form.kernel, cell)),
      start: () => under(input, this.form.kernel, { row: 0, column: 0 }),
    });
    this.after = this.#picture("What the kernel makes of it", output, scale, {
      hovered: (cell) => this.#pointed(cell),
      pressed: (cell) => this.#pin(cell),
      start: () => this.pinned,
      stepped: (cell) => (this.pinned = cell),
    });
    const outside = picture ? output.values.reduce((sum, value) => sum + (value < -0.5 || value > 255.5), 0) / output.values.length : 0;
    const note = outside > 0.0005 ? `${(100 * outside).toFixed(1)} % lie outside 0 to 255 and are drawn as the nearest.` : "";
    const size = (each) => each.shape.slice(0, 2).join(" × ");
    const head = (words, ...more) => h("div", { class: "inspect-head" }, h("h4", {}, words), ...more);
    this.told = h("div", { class: "kernel-told", "aria-live": "polite" });
    this.sum = h("div", { class: "kernel-sum" });
    this.slide = h("button", { type: "button", class: "kernel-slide", onclick: () => this.#slides() }, calm() ? "Step the window" : "Slide the window");
    const file = () => [this.before, this.after, ...(this.matrices ?? [])];
    this.right.replaceChildren(
      h("div", { class: "inspect-head" }, this.slide, this.data.numbers ? null : this.#shown(picture), colours === 3 ? this.#channels() : null, buttons("kernel by hand", file, () => this.theme)),
      h("div", { class: "kernel-pictures" },
        h("section", {}, head(`The ${this.data.numbers ? "numbers" : "picture"}, ${size(input)}`, legend(own, this.theme)), this.before.element),
        h("section", {}, head(`Its ${{ max: "maxima", average: "averages" }[this.form.kernel.does] ?? "sums"}, ${size(output)}`, legend(scale, this.theme)), this.after.element, note ? h("div", { class: "inspect-note" }, note) : "")),
      this.sum,
      this.told,
    );
    this.matrices = null;
  }

  #picture(name, { shape: [rows, columns, channels], values }, scale, heard) {
    const whole = scale === WHITE;
    const own = Float64Array.from({ length: rows * columns }, (_, place) => values[place * channels + this.channel]);
    const { numbers } = this.data;
    const most = numbers ? [Math.min(this.half / columns, 64), Math.min(460 / rows, 34)] : new Array(2).fill(Math.min(this.half / columns, 460 / rows, 24));
    const panel = new Picture({ name, rows, columns, values: own, numbers, square: !numbers, scale: whole ? { ...WHITE, stops: "rising" } : scale, most, least: 0.1, tall: 460, quiet: true, ...heard });
    panel.pixels = whole ? { shape: [rows, columns, channels], values } : null;
    Object.assign(panel, { title: name, legends: [scale] });
    panel.draw(this.half, this.theme);
    return panel;
  }

  #shown(picture) {
    const options = [["", "shown as fits"], ["picture", "as a picture"], ["signed", "on a signed scale"]];
    const select = h("select", { "aria-label": "How the sums are shown" }, ...options.map(([value, word]) => h("option", { value, selected: value === (this.shown ?? "") }, word)));
    select.onchange = () => {
      this.shown = select.value;
      this.#changed();
    };
    return h("span", { title: picture ? "0 is black, 255 is white" : "0 has the ground's colour" }, select);
  }

  #channels() {
    const select = h("select", { "aria-label": "The channel whose sum is shown" }, ...CHANNELS.map((word, place) => h("option", { value: place, selected: place === this.channel }, word)));
    select.onchange = () => {
      this.channel = Number(select.value);
      this.#changed();
    };
    return select;
  }

  /** Pointing stops a window that slides. */
  #pointed(place) {
    if (this.sliding && place) this.#stopped();
    if (!this.sliding) this.#look(place ?? this.pinned);
  }

  #pin(place) {
    this.pinned = place;
    this.#look(place);
  }

  /** One number: its window on the picture, the products, their sum. */
  #look(place) {
    const { kernel } = this.form;
    this.now = place;
    const found = windowAt(this.input, kernel, place, this.channel);
    const [rows, columns] = this.input.shape;
    const { top, left, span } = found;
    this.before.frame({ top: Math.max(top, 0), left: Math.max(left, 0), bottom: Math.min(top + span, rows) - 1, right: Math.min(left + span, columns) - 1 });
    this.after.frame({ top: place.row, bottom: place.row, left: place.column, right: place.column });
    this.#numbers(found);
    const result = this.output.values[(place.row * this.output.shape[1] + place.column) * this.output.shape[2] + this.channel];
    if (pools(kernel)) return this.#pooled(place, found);
    const same = equals(added, found.total + kernel.bias, found.total, kernel.bias);
    const bias = kernel.bias ? ` ${kernel.bias < 0 ? "−" : "+"} bias ${number(Math.abs(kernel.bias))}${kernel.relu ? ` ${same} ${number(found.total + kernel.bias)}` : ""}` : "";
    const colour = this.input.shape[2] === 3 ? `${CHANNELS[this.channel]}, ` : "";
    const words = `${colour}row ${place.row}, column ${place.column}: the ${found.products.length} products sum to `;
    const more = kernel.bias || kernel.relu ? `${number(found.total)}${bias}${kernel.relu ? " → ReLU → " : ` ${same} `}` : "";
    this.told.replaceChildren(words, more, h("b", {}, number(result)));
    return undefined;
  }

  #pooled(place, { there, total }) {
    const average = this.form.kernel.does === "average";
    const sum = there.map((each) => (each < 0 ? `(${short(each)})` : short(each))).join(" + ");
    const words = average ? `the average of ${count(there.length, "number")}, (${sum}) / ${there.length}, is ` : `the largest of ${there.map((each) => short(each)).join(", ")} is `;
    const colour = this.input.shape[2] === 3 ? `${CHANNELS[this.channel]}, ` : "";
    this.told.replaceChildren(`${colour}row ${place.row}, column ${place.column}: ${words}`, h("b", {}, short(total)));
  }

  #numbers({ values, numbers, products }) {
    const side = this.form.kernel.weights.length;
    const most = (found) => ({ low: -(extent(found) || 1), high: extent(found) || 1, stops: "signed" });
    const cells = [Float64Array.from(values), Float64Array.from(numbers), Float64Array.from(products)];
    if (!this.matrices) {
      const room = Math.min((this.room - 90) / (this.room < 560 ? 1 : 3), side * 52);
      this.matrices = ["Window", ...(pools(this.form.kernel) ? [] : ["Kernel as laid on", "Products"])].map((name, at) => {
        const panel = new Field({ name, rows: side, columns: side, values: cells[at], scale: most(cells[at]), most: [52, 30], square: false, numbers: true, tall: 300, quiet: true });
        panel.title = name;
        panel.draw(room, this.theme);
        return panel;
      });
      const parts = this.matrices.map((panel) => h("figure", { class: "inspect-panel" }, panel.element, h("figcaption", { class: "inspect-note" }, panel.name)));
      const sign = (text) => h("span", { "aria-hidden": "true" }, text);
      this.sum.replaceChildren(...(parts.length > 1 ? [parts[0], sign("×"), parts[1], sign("="), parts[2]] : parts));
    }
    this.matrices.forEach((panel, at) => panel.show(cells[at], at || this.data.numbers ? most(cells[at]) : { low: -255, high: 255, stops: "signed" }));
  }

  /** The window goes over the picture row by row and leaves its sums behind; with reduced motion each press is one step. */
  #slides() {
    const cells = this.output.shape[0] * this.output.shape[1];
    const at = (place) => ({ row: Math.floor(place / this.output.shape[1]), column: place % this.output.shape[1] });
    if (calm()) return this.#pin(at((this.pinned.row * this.output.shape[1] + this.pinned.column + 1) % cells));
    if (this.sliding) return this.#stopped();
    this.sliding = true;
    this.slide.textContent = "Stop";
    let place = 0;
    const step = () => {
      if (!this.sliding) return;
      this.after.until = place + 1;
      this.#look(at(place));
      if (place === cells - 1) return void this.#stopped();
      place = Math.min(place + Math.max(Math.round(cells / FRAMES), 1), cells - 1);
      this.frame = requestAnimationFrame(step);
    };
    step();
    return undefined;
  }

  #stopped() {
    cancelAnimationFrame(this.frame);
    this.sliding = false;
    this.after.until = null;
    this.slide.textContent = "Slide the window";
    this.#pin(this.now);
  }
}
