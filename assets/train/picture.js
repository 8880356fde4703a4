// Live predictions beside the curves: what the run's network makes of fixed samples, through the epochs and as they come.
import { rough } from "../draw/data.js";
import { listen } from "../draw/link.js";
import { buttons } from "../draw/save.js";
import { mounted } from "../draw/view.js";
import { Album } from "./album.js";
import { h } from "../draw/dom.js";
import { alive } from "./follow.js";
import { Attention } from "./pictures/attention.js";
import { Boundary } from "./pictures/boundary.js";
import { Classes } from "./pictures/classes.js";
import { Layers } from "./pictures/layers.js";
import { Rebuilt } from "./pictures/rebuilt.js";
import { Steps } from "./pictures/steps.js";
import { Text } from "./pictures/text.js";
import { Values } from "./pictures/values.js";

const PANELS = { boundary: Boundary, classes: Classes, heads: Attention, rebuilt: Rebuilt, steps: Steps, text: Text, values: Values };
const STEP = 450; // milliseconds that an epoch is shown while it plays
const LONGEST = 12_000; // of a whole play
const REST = 500; // that the slider stands still before an epoch is checked
const EXACT = 1e-4;

export const { draw, leave } = mounted((root) => new Picture(root));

/** The kinds that are chosen between; the layers stand below whichever it is. */
const shown = ({ kinds }) => kinds.filter(({ name }) => name in PANELS);

class Picture {
  album;
  root; panels; title; tabs; said; body; wait; play; slider; when; badge; save; foot; layers; told; rest; past; under;
  whole; deaf; data; alive; place; width; theme; epoch; asking; timer; kind; wished; resting;

  constructor(root) {
    this.root = root;
    this.panels = {};
    this.title = h("h4");
    this.tabs = h("div", { class: "picture-tabs", role: "tablist" });
    this.said = h("div", { class: "inspect-note" });
    this.body = h("div", { class: "picture-body" });
    this.wait = h("div", { class: "picture-wait" });
    this.play = h("button", { type: "button", class: "picture-play", "aria-label": "Play through the epochs", onclick: () => this.#play() }, "▶");
    this.slider = h("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": "Epoch of the picture", oninput: () => this.#slid() });
    this.when = h("output", { class: "picture-when" });
    this.badge = h("span", { class: "picture-badge", role: "status" });
    this.save = h("span", { class: "picture-save" });
    this.foot = h("div", {}, h("div", { class: "picture-slider" }, this.play, this.slider, this.when), h("div", { class: "picture-foot" }, this.badge, this.save));
    this.layers = new Layers({ name: "Layers" });
    this.layers.take();
    this.told = h("div", { class: "picture-told", hidden: true });
    this.rest = h("div", { class: "inspect-note" });
    this.past = h("div", { class: "inspect-note", hidden: true });
    this.under = h("section", { class: "picture-layers", hidden: true }, h("h4", {}, "Layers ", h("small", { class: "inspect-note" }, this.layers.said)), this.layers.element, this.rest, this.told);
    this.whole = h("div", { hidden: true }, h("div", { class: "picture-head" }, this.title, this.tabs), this.past, this.said, this.body, this.foot, this.under);
    root.replaceChildren(this.wait, this.whole);
    this.deaf = listen("run", (run) => this.#heard(run));
  }

  take({ data }) {
    this.data = data;
    this.alive = alive(data.status);
    if (this.album?.run === data.run) {
      if (!this.alive) this.#more(); // the last epoch's may have come with the end
      return;
    }
    this.#stop();
    Object.assign(this, { album: new Album(data.run), place: -1, panels: {}, kind: null, epoch: 0 });
    this.wait.textContent = this.alive ? "The picture comes with the first epoch." : "";
    this.wait.hidden = !this.alive;
    this.whole.hidden = true;
    this.#more();
  }

  draw(width, theme) {
    Object.assign(this, { width, theme });
    this.#show();
  }

  #heard(run) {
    if (run.id !== this.album?.run) return;
    this.alive = alive(run.status);
    this.epoch = run.epoch;
    const newest = this.album.epochs.at(-1) ?? -1;
    if (newest < 0 ? run.status === "running" : run.epoch > newest) this.#more();
  }

  /** Look for new pictures; one question at a time. */
  async #more() {
    if (this.asking) return;
    this.asking = true;
    const { album } = this;
    try {
      const follows = this.place === album.epochs.length - 1 && !this.timer;
      const news = await album.more();
      if (album !== this.album) return;
      if (!album.about) this.#none();
      else if (news) this.#grown(follows);
    } catch {
      // the curves say that the server is away; the next answer asks again
    } finally {
      this.asking = false;
      if (album !== this.album) this.#more();
    }
  }

  #none() {
    if (this.epoch) this.wait.textContent = "This run keeps no picture; its log says why.";
    this.wait.hidden = !this.alive;
    this.whole.hidden = true;
  }

  #grown(follows) {
    const { epochs, about } = this.album;
    this.#past(about.past);
    if (!shown(about).length) return;
    this.slider.max = epochs.length - 1;
    if (!this.kind) this.#tabs(shown(about));
    this.wait.hidden = true;
    this.whole.hidden = false;
    if (follows || this.place < 0) this.place = epochs.length - 1;
    this.slider.value = this.place;
    this.#show();
  }

  /** What an earlier version kept in a form of its own is not drawn any more. */
  #past(names) {
    const words = `This run kept its ${names.join(" and ")} as an earlier version did, so there is no such picture of it. A new run has one.`;
    this.past.hidden = !names.length;
    this.past.textContent = this.wait.textContent = names.length ? words : "";
    this.wait.hidden = !names.length;
  }

  #tabs(kinds) {
    this.kind = (kinds.find(({ name }) => name === this.wished) ?? kinds[0]).name;
    const tab = ({ name, title }) => h("button", { type: "button", role: "tab", "aria-selected": String(name === this.kind), onclick: () => this.#turn(name) }, title);
    this.title.hidden = kinds.length > 1;
    this.title.textContent = kinds[0].title;
    this.tabs.replaceChildren(...(kinds.length > 1 ? kinds.map(tab) : []));
  }

  #turn(name) {
    this.wished = name;
    this.#tabs(shown(this.album.about));
    this.#show();
  }

  #panel() {
    const { about } = this.album;
    if (!this.panels[this.kind]) {
      const { title } = about.kinds.find(({ name }) => name === this.kind);
      const panel = new PANELS[this.kind]({ name: title });
      panel.take({ dataset: about.dataset, fixed: about.fixed[this.kind], classes: this.data.classes, again: () => this.#show() });
      this.panels[this.kind] = panel;
    }
    return this.panels[this.kind];
  }

  /** Draw the chosen epoch; what came later than a newer wish is not drawn. */
  async #show() {
    const { album, place, kind } = this;
    if (!this.theme || !kind || place < 0) return;
    const epoch = album.epochs[place];
    let found;
    try {
      found = await album.picture(epoch);
    } catch {
      found = null;
    }
    if (album !== this.album || place !== this.place || kind !== this.kind) return;
    if (!found) {
      this.when.textContent = `epoch ${epoch} did not come`;
      return;
    }
    this.#layers(found.layers);
    const panel = this.#panel();
    panel.show(found[kind]);
    if (this.body.firstChild !== panel.element) this.body.replaceChildren(panel.element);
    panel.draw(this.width, this.theme);
    this.#words(panel, epoch);
    this.#check(epoch);
  }

  /** The layers' health at the same epoch, below the picture. */
  #layers(found) {
    this.under.hidden = !found;
    if (!found) return;
    this.layers.show(found);
    this.layers.draw(this.width, this.theme);
    const [strong, rest] = this.layers.warning();
    this.told.hidden = !strong;
    this.told.replaceChildren(h("strong", {}, strong), rest);
    this.rest.textContent = this.layers.more ? `and ${this.layers.more} more` : "";
  }

  #words(panel, epoch) {
    panel.title = `${this.data.name}, epoch ${epoch}: ${panel.summary()}`;
    panel.canvas.setAttribute("aria-label", `${panel.name}, epoch ${epoch}: ${panel.summary()}`);
    this.said.replaceChildren(h("strong", {}, panel.summary()), ` · ${panel.said}`);
    this.when.textContent = epoch ? `epoch ${epoch}` : this.data.first;
    this.slider.setAttribute("aria-valuetext", this.when.textContent);
    panel.legends = [...(panel.scale ? [panel.scale] : []), ...(panel.marks?.(this.theme) ?? []), panel.said];
    const numbers = h("a", { href: this.album.numbers(epoch), download: "", title: "The numbers of this epoch" }, "npz");
    this.save.replaceChildren(numbers, buttons("picture", () => [panel, ...(this.under.hidden ? [] : [this.layers])], () => this.theme));
  }

  #slid() {
    this.#stop();
    this.place = Number(this.slider.value);
    this.#show();
  }

  #play() {
    if (this.timer) return this.#stop();
    const last = this.album.epochs.length - 1;
    if (this.place >= last) this.place = -1;
    this.play.textContent = "❚❚";
    this.play.setAttribute("aria-label", "Stop playing");
    const each = Math.min(STEP, LONGEST / Math.max(last, 1));
    const next = async () => {
      if (this.place >= this.album.epochs.length - 1) return this.#stop();
      this.place += 1;
      this.slider.value = this.place;
      await this.#show();
      if (this.timer) this.timer = setTimeout(next, each);
    };
    this.timer = setTimeout(next, 0);
  }

  #stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.play.textContent = "▶";
    this.play.setAttribute("aria-label", "Play through the epochs");
  }

  /** Once a run has ended, the weights it kept are asked whether the picture is theirs. */
  #check(epoch) {
    clearTimeout(this.resting);
    const known = this.album.checks?.get(epoch);
    if (this.alive || this.timer || known) return this.#badge(known);
    this.#badge(null);
    const { album } = this;
    this.resting = setTimeout(async () => {
      const found = await album.check(epoch).catch((error) => ({ error: error.message }));
      if (found.error) return; // no answer yet is kept for none: whoever comes back to the epoch asks again
      album.checks = (album.checks ?? new Map()).set(epoch, found);
      if (album === this.album && album.epochs[this.place] === epoch) this.#badge(found);
    }, REST);
  }

  #badge(found) {
    const checks = (found?.checks ?? []).filter(({ kind }) => kind === this.kind);
    const wrong = checks.some(({ value }) => !(value <= EXACT));
    this.badge.className = `picture-badge${wrong ? " wrong" : checks.length ? " right" : ""}`;
    this.badge.textContent = checks.map(({ name, value }) => `${wrong ? "⚠" : "✓"} ${name}${value ? ` within ${rough(value)}` : ", exactly"}`).join(" · ");
    this.badge.title = found?.error ?? "The weights that were kept are asked once more, on the same samples.";
  }

  leave() {
    this.#stop();
    clearTimeout(this.resting);
    this.deaf();
  }
}
