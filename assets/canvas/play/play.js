// Play: the strip above the canvas, where the network on it learns: its samples, the buttons, the curve and the answer.

import { h } from "../../draw/dom.js";
import { theme } from "../../draw/theme.js";
import { alive, control } from "../../train/follow.js";
import { Answer } from "./answer.js";
import { Cards } from "./cards.js";
import { Controls } from "./controls.js";
import { Curve } from "./curve.js";
import { watch } from "./live.js";
import { Own } from "./own.js";
import { handed, pinned, samplesOf, shown, started } from "./requests.js";
import { OWN, Samples } from "./samples.js";
import { Told } from "./told.js";
import { begins } from "./words.js";

const REST = 800; // ms from an edit that follows another one until the play goes on with both: presses in a row are one
const ROW = 1500; // ms between two edits that are of one row
const AGAIN = 1000; // ms until a server that is not ready yet is asked again

export class Play {
  editor; element; samples; own; curve; cards; run; after; busy; frame;
  controls; answer; told; // parts of the strip
  here; project; network; revision; editable; known; scales; dataset; // the network on the canvas
  watching; stuck; missed; resting; dressed; colours; learns; edit; // what plays, and when it was last edited

  /** `editor`: whose network plays; `element`: the strip's place. */
  constructor(editor, element) {
    Object.assign(this, { editor, element, run: null, after: "", busy: false, edit: -Infinity });
    this.samples = new Samples(() => this.#wished());
    this.own = new Own({ samples: this.samples, send: (what) => this.#hand(what), given: () => this.samples.choose(OWN), handed: () => this.#wished() });
    this.curve = new Curve();
    this.cards = new Cards(editor.world, () => this.theme);
    this.build();
    this.dressed = () => (this.recoloured(), this.#paint());
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.dressed);
  }

  build() {
    this.controls = new Controls({
      press: () => this.press(),
      step: () => this.step(),
      reset: () => this.reset(),
      wished: () => this.#wished(),
      wired: () => this.#wire(),
      keep: () => this.keep(),
      train: () => this.editor.train(this.run.id),
    });
    this.#wire();
    this.samples.more.append(this.own.button, this.own.panel);
    this.answer = new Answer();
    this.told = new Told([this.controls.pin, this.controls.train]);
    this.element.replaceChildren(h("link", { rel: "stylesheet", href: new URL("play.css", import.meta.url).href }), this.controls.element, this.samples.element, this.curve.element, this.answer.element, this.told.element);
  }

  stop() {
    this.watching?.stop();
    clearTimeout(this.resting);
    window.matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.dressed);
  }

  /** Colours of now, kept until they may be others: to read them makes the browser lay out the page. */
  get theme() {
    if (this.colours?.scales === this.scales) return this.colours;
    const found = theme(this.editor.element, this.scales);
    this.colours = { ...found, grow: 1, second: found.dark ? "#F58A3C" : "#D55E00", scales: this.scales };
    return this.colours;
  }

  /** The page may have other colours. */
  recoloured() {
    this.colours = null;
  }

  // -- the network on the canvas ---------------------------------------------------------------------------------

  /** The canvas has been drawn: another network, an edit of this one, or the same at another size. */
  drawn(picture) {
    const { truth } = this.editor;
    const here = JSON.stringify([truth.project, truth.network]);
    if (here !== this.here) this.#open(here, truth);
    else if (truth.revision !== this.revision) this.#edited(truth);
    this.cards.place(picture);
  }

  async #open(here, { project, network, revision, editable }) {
    Object.assign(this, { here, project, network, revision, editable, after: "", dataset: null });
    this.#leave();
    this.controls.open(editable);
    this.own.button.hidden = true; // until its samples are there
    this.told.say("");
    this.known = shown(project, network);
    const told = await this.known;
    if (here !== this.here || !told?.dataset) return;
    Object.assign(this, { scales: told.scales, dataset: told.dataset });
    this.element.dataset.network = network;
    this.curve.draw(this.theme);
    if (told.run) this.#follow(told.run, told.dataset, told.chosen);
    else this.told.say(editable ? begins(network, told) : "");
    await this.#sampled(here);
  }

  /** The samples come from a kernel that may still be loading. */
  async #sampled(here) {
    this.samples.empty("…");
    const sent = await samplesOf(this.dataset);
    if (here !== this.here) return;
    if (sent?.x) {
      this.samples.take(this.dataset, sent, this.theme);
      this.own.take(this.dataset, this.editable);
    } else this.samples.empty(sent?.error?.message ?? "");
    this.#wished();
  }

  /** What plays goes on with the network as it is now; so does what waits for a mended one. */
  #edited(truth) {
    this.revision = truth.revision;
    const lives = this.run && alive(this.run.status);
    if (lives && !this.run.played) return this.#released();
    if (!this.editable || !(lives || this.stuck)) return;
    this.cards.fade();
    clearTimeout(this.resting);
    const now = performance.now();
    this.resting = setTimeout(() => this.start({ edited: true }), now - this.edit < ROW ? REST : 0);
    this.edit = now;
  }

  /** A run that was started on Train goes on with the network that it has; the strip shows it no more. */
  #released() {
    const { name } = this.run;
    this.#leave();
    this.after = "";
    this.told.say(`${name} goes on in Train with the network as it was.${this.editable ? " Press play for the one on the canvas." : ""}`);
  }

  /** Something plays now, whoever has pressed, here or in another tab. */
  async news() {
    const { here } = this;
    if (this.busy) return;
    const told = await shown(this.project, this.network);
    if (here === this.here && this.dataset && !this.busy && told?.run && told.run.id !== this.run?.id) this.#follow(told.run, told.dataset, told.chosen);
  }

  // -- buttons ---------------------------------------------------------------------------------------------------

  press() {
    this.editor.greeted();
    if (!this.run || !alive(this.run.status)) return this.start();
    return this.#steer(this.run.status === "paused" ? "resume" : "pause");
  }

  step() {
    this.editor.greeted();
    if (!this.run || !alive(this.run.status)) return this.start({ step: true });
    return this.#steer("step");
  }

  /** Begin again: what plays ends, and the next play has new weights. */
  async reset() {
    clearTimeout(this.resting);
    const { run } = this;
    this.#leave();
    this.after = "";
    this.told.say("Reset. The next play begins with new weights.");
    if (run?.played && alive(run.status)) await control(run.id, "stop").catch(() => {});
  }

  /** Play the network as it is now, with the weights of what played before where their shapes stay. */
  async start({ step = false, edited = false } = {}) {
    this.missed ||= this.busy && edited; // an edit while the answer to a press is on its way
    if (this.busy) return;
    this.busy = true;
    const { here } = this;
    this.stuck = false;
    await this.known; // a press may come before the strip has its colours
    this.told.say("Getting ready");
    this.controls.wait(true);
    const answer = await started(this.project, { network: this.network, after: this.after, step });
    this.controls.wait(false);
    this.busy = false;
    const { missed } = this;
    this.missed = false;
    if (here !== this.here) return;
    if (answer.run) this.#follow(answer.run, answer.dataset);
    if (missed) this.resting = setTimeout(() => this.start({ edited: true }), REST);
    if (answer.run || missed) return;
    this.watching?.stop(); // the run before has ended, and why nothing follows it is to be read
    if (this.run) this.#shown({ ...this.run, status: "stopped" });
    this.stuck = true; // an edit, or a moment, may mend it
    this.told.say(`It cannot learn: ${answer.refused ?? answer.error?.message ?? "the server does not answer."}`);
    if (answer.later) this.resting = setTimeout(() => this.start({ step }), AGAIN);
  }

  async #steer(action) {
    try {
      const { run } = await control(this.run.id, action);
      this.#shown(run);
    } catch (error) {
      this.told.say(error.message);
    }
    this.watching?.ask();
  }

  async keep() {
    const { run } = await pinned(this.run.id);
    if (run) this.#shown(run);
  }

  // -- the run ---------------------------------------------------------------------------------------------------

  #leave() {
    this.watching?.stop();
    Object.assign(this, { run: null, watching: null, stuck: false, frame: null });
    this.cards.show(null);
    this.curve.clear();
    this.told.leave();
    this.answer.clear();
    this.#buttons();
    if (this.scales) this.curve.draw(this.theme);
  }

  /** `dataset`: what it learns from, where that may be another than the strip shows; `chosen`: the title of the one that was chosen since, or "". */
  #follow(run, dataset = this.dataset, chosen = "") {
    this.watching?.stop();
    const other = this.#turn(dataset) ? `It learns from ${dataset.title} now.` : "";
    this.learns = chosen && this.editable ? `It learns from ${dataset.title}; reset and play to learn from ${chosen}.` : other;
    this.after = run.id;
    if (run.lineage) this.curve.goOn();
    else this.curve.clear();
    this.cards.fade();
    Object.assign(this.element.dataset, { run: run.id, step: "0", frame: "-1" });
    this.#shown(run);
    if (this.samples.at === OWN) this.own.again();
    const wish = () => ({ sample: Math.max(this.samples.at, 0), own: this.samples.at === OWN ? this.samples.wanted : "", pace: this.controls.pace.value, wires: this.controls.wires.value });
    this.watching = watch(run.id, { wish, answered: (told, frame) => this.#answered(told, frame), away: () => this.told.say("The server is away. The run goes on.") });
  }

  /** Another dataset was chosen on Train: the strip shows its samples; whether it is another. */
  #turn(dataset) {
    if (!this.dataset || ["name", "seed", "share"].every((each) => dataset[each] === this.dataset[each])) return false;
    this.dataset = dataset;
    this.answer.clear();
    this.#sampled(this.here);
    return true;
  }

  #wire() {
    this.cards.onWires(this.controls.wired());
    this.#wished();
  }

  /** Another sample, pace or picture on the wires is wished for; where nothing plays, what is shown of the sample before is faded. */
  #wished() {
    this.watching?.ask();
    if (this.frame && !(this.run && alive(this.run.status))) this.#framed(this.frame);
  }

  /** An input of the person's own to the server, and to what plays: {mark, x}, or {error}. */
  #hand(what) {
    const run = this.run && alive(this.run.status) ? this.run.id : "";
    return handed(this.project, { network: this.network, run, ...what });
  }

  #answered({ run, events }, frame) {
    this.curve.add(events);
    const last = events.findLast(({ kind }) => kind === "batch");
    if (last) this.element.dataset.step = last.data.step;
    if (events.length) this.curve.draw(this.theme);
    if (frame) this.#framed(frame);
    this.#shown(run);
  }

  #framed(frame) {
    this.frame = frame;
    if (frame.asked !== this.samples.wanted && this.editable) return void (alive(this.run.status) || this.#past()); // of the sample before
    this.element.dataset.frame = frame.step;
    this.cards.show(frame);
    this.answer.show(frame.answer, { dataset: this.dataset, targets: this.samples.y, theme: this.theme });
  }

  /** What is on the cards is of another sample, and nothing plays that could look at this one. */
  #past() {
    this.cards.fade();
    this.answer.clear();
  }

  #shown(run) {
    this.run = run;
    this.told.show(run, this.network, this.learns);
    this.#buttons();
  }

  #buttons() {
    this.controls.show(this.run, this.editable, this.editor.root);
  }

  /** In other colours, or at another width. */
  #paint() {
    if (!this.scales) return;
    this.samples.paint(this.theme);
    this.curve.draw(this.theme);
    this.cards.place();
  }
}
