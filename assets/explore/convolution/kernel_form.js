// Form of a convolution kernel or a pooling window: its grid of numbers, presets, and stride, padding and what else is done with them.
import { h } from "../../draw/dom.js";
import { laidOver, pools, resized, typed } from "./convolving.js";

const short = (value) => String(Number(value.toPrecision(6))).replace("-", "−");

export class KernelForm {
  kernel; changed; limits; grid; wrong; presets; fields; element; whole;

  /**
   * `limits` { sides, stride, dilation, paddings, presets, divided }; `changed()` hears of every new kernel.
   * A kernel that pools has `before`: what was typed before it, which outlasts this form with it.
   */
  constructor(limits, kernel, changed) {
    Object.assign(this, { limits, kernel, changed });
    this.grid = h("div", { class: "kernel-grid", role: "group", "aria-label": "The kernel's numbers" });
    this.wrong = h("div", { class: "kernel-wrong", role: "alert" });
    this.presets = h("div", { class: "kernel-presets" });
    this.fields = h("div", { class: "kernel-fields" });
    this.element = h("form", { class: "kernel-form", onsubmit: (event) => event.preventDefault() }, this.presets, this.grid, this.wrong, this.fields);
    this.build();
  }

  build() {
    const { limits } = this;
    this.whole = null; // the largest kernel since then, of which a smaller one shows the middle
    const pooling = pools(this.kernel);
    for (const part of [this.presets, this.grid]) part.hidden = pooling;
    this.presets.replaceChildren(...Object.keys(limits.presets).map((name) => h("button", { type: "button", onclick: () => this.#preset(name) }, name)));
    const range = (most) => Array.from({ length: most }, (_, place) => [place + 1, String(place + 1)]);
    const own = pooling ? [] : this.#ofKernels(range);
    this.fields.replaceChildren(
      this.#choice("A window's", "does", Object.entries(limits.does)),
      this.#choice("Size", "side", limits.sides.map((side) => [side, `${side} × ${side}`])),
      this.#choice("Stride", "stride", range(limits.stride)),
      this.#choice("Padding", "padding", Object.entries(limits.paddings)),
      ...own,
    );
    this.#numbers();
  }

  /** What pooling has no use for. */
  #ofKernels(range) {
    return [
      this.#choice("Dilation", "dilation", range(this.limits.dilation)),
      this.#bias(),
      this.#choice("Activation", "relu", [[false, "none"], [true, "ReLU"]]),
      this.#switch("Divide by its sum", "divide"),
      this.#switch("Flip it: convolution in the mathematical sense", "flipped"),
    ];
  }

  /** Pooling begins as in most networks: windows of 2 side by side; a kernel with its own numbers, one step at a time. */
  #does(does) {
    const { kernel } = this;
    const began = !pools(kernel) && does !== "sum";
    const before = began ? structuredClone(kernel) : (kernel.before ?? { stride: 1 });
    if (does === "sum") delete Object.assign(kernel, before).before;
    else if (began) Object.assign(kernel, { before, weights: resized(kernel.weights, 2), stride: 2, padding: "valid", dilation: 1, bias: 0, relu: false, divide: false, flipped: false });
    Object.assign(kernel, { does });
    this.build();
    this.changed();
  }

  #set(changes) {
    Object.assign(this.kernel, changes);
    this.#marked();
    this.changed();
  }

  #preset(name) {
    const side = this.kernel.weights.length;
    const small = this.limits.presets[name].map((row) => [...row]);
    const everywhere = small.flat().every((each) => each === small[0][0]);
    const weights = everywhere ? Array.from({ length: side }, () => new Array(side).fill(small[0][0])) : resized(small, side);
    Object.assign(this.kernel, { weights, divide: this.limits.divided.includes(name) });
    this.build();
    this.changed();
  }

  #numbers() {
    const side = this.kernel.weights.length;
    this.grid.style.gridTemplateColumns = `repeat(${side}, minmax(0, ${side > 5 ? 44 : 56}px))`;
    this.grid.replaceChildren(
      ...this.kernel.weights.flatMap((row, down) =>
        row.map((value, across) => {
          const input = h("input", { type: "text", inputmode: "decimal", value: short(value), "aria-label": `Kernel, row ${down}, column ${across}` });
          input.oninput = () => this.#typed(input, (number) => (this.kernel.weights[down][across] = number));
          input.onfocus = () => input.select();
          return input;
        }),
      ),
    );
    this.#marked();
  }

  /** What is not a number stays where it was typed, and the kernel keeps its last good one. */
  #typed(input, take) {
    const value = typed(input.value);
    input.toggleAttribute("aria-invalid", value === null);
    const bad = this.element.querySelectorAll("[aria-invalid]").length;
    this.wrong.textContent = bad ? "A number is needed, such as 3, −1.5 or 1/9. The last good one is used." : "";
    if (value === null) return;
    take(value);
    this.#set({});
  }

  #choice(label, name, options) {
    const now = name === "side" ? this.kernel.weights.length : this.kernel[name];
    const select = h("select", {}, ...options.map(([value, word]) => h("option", { value, selected: String(value) === String(now) }, word)));
    select.onchange = () => {
      const value = options[select.selectedIndex][0];
      if (name === "does") return this.#does(value);
      if (name !== "side") return this.#set({ [name]: value });
      this.#sized(Number(value));
      return this.changed();
    };
    return h("label", {}, h("span", {}, label), select);
  }

  /** Another size around the same middle; what a smaller one cuts off is there again in a larger one. */
  #sized(side) {
    const { kernel } = this;
    this.whole = laidOver(this.whole ?? kernel.weights, kernel.weights);
    kernel.weights = resized(this.whole, side);
    this.#numbers();
  }

  #bias() {
    const input = h("input", { type: "text", inputmode: "decimal", value: short(this.kernel.bias) });
    input.oninput = () => this.#typed(input, (number) => (this.kernel.bias = number));
    return h("label", {}, h("span", {}, "Bias"), input);
  }

  #switch(label, name) {
    const input = h("input", { type: "checkbox", checked: this.kernel[name] });
    input.onchange = () => this.#set({ [name]: input.checked });
    return h("label", { class: "kernel-switch" }, input, h("span", {}, label));
  }

  /** Which of the ready-made kernels this is, if any. */
  #marked() {
    const side = this.kernel.weights.length;
    const mine = JSON.stringify(this.kernel.weights);
    [...this.presets.children].forEach((button) => {
      const small = this.limits.presets[button.textContent];
      const same = JSON.stringify(resized(small, side)) === mine || (small.flat().every((each) => each === small[0][0]) && this.kernel.weights.flat().every((each) => each === small[0][0]));
      button.setAttribute("aria-pressed", same);
    });
  }
}
