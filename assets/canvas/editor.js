// Controller of the graph editor (optimistic updates): Python holds the truth; this answers a press at once, sends each edit with the
// revision it was based on, and draws what comes back.

import { isDark } from "../draw/theme.js";
import { afterPaint, calm } from "../draw/dom.js";
import { redraw } from "../frame/frame.js";
import { changed } from "./changed.js";
import { FormStop } from "./form.js";
import { guess } from "./guess.js";
import { listenToClipboard } from "./clipboard.js";
import { listen } from "./keys.js";
import { askTarget, linkTo } from "./linking.js";
import { News } from "./news.js";
import { closePicker } from "./picker.js";
import { listenToPointer } from "./pointer.js";
import { listenToTouch } from "./touch.js";
import { stand } from "./loose.js";
import { freeOutput, freePort } from "./ports.js";
import { same, Server } from "./server.js";
import { renameOn } from "./rename.js";
import { View } from "./view.js";

const PATIENCE = 700; // ms until the page itself should have heard of a change
const played = new Set(); // the presses elsewhere that were answered, by when they were made
const BLINK = 40; // ms that an answer may take before it is worth a guess

/** Palette, stage and bar, with what a person does on them. */
export class Editor extends View {
  server; news; stops; stands; defining; watch; telling; looking; trigger; device; known; guessing; guessed; left; linking; play; asked; form;

  constructor(root, listing, sheet) {
    super(root, listing, sheet);
    this.seq = 0;
    this.stands = new WeakMap(); // edits that leave cards loose, with the places where these stand
    this.server = new Server({
      onPicture: (picture, edit) => this.onPicture(picture, edit),
      onStale: (picture) => this.onStale(picture),
      onRefused: (message) => this.onRefused(message),
      onElsewhere: (message) => this.note(message, { sign: "error" }),
      onAway: (why) => document.querySelector(".away-note") || this.note(why ?? "The server is away. Reconnecting; nothing is lost.", { stays: true, sign: "cloud_off" }),
      onBack: () => this.quiet(),
    });
    this.news = new News({ onPicture: (picture) => this.onNews(picture), shown: () => this.truth.revision, onGone: redraw });
    this.stage.addEventListener("focusin", () => this.define());
    listenToPointer(this);
    this.form = new FormStop(this.root.host);
    this.stops = [listen(this), listenToClipboard(this), listenToTouch(this)];
    afterPaint(() => this.startPlay());
    this.watch = new ResizeObserver(() => {
      this.fitRoom();
      if (this.picture) this.draw(this.picture);
    });
    this.watch.observe(this.stage);
  }

  /** What plays needs much that the first screen does not. */
  async startPlay() {
    const { Play } = await import("./play/play.js");
    if (!this.element.isConnected) return;
    this.play = new Play(this, this.strip);
    if (this.picture) this.play.drawn(this.picture);
    this.playOnce(this.asked);
  }

  /** Play because of a press elsewhere on the page: once, whether the press or what plays was there first. */
  playOnce(asked) {
    this.asked = asked;
    if (!this.play || !this.truth || !asked || played.has(asked)) return;
    played.add(asked);
    this.play.press();
  }

  stop() {
    for (const stop of this.stops) stop();
    this.form.stop();
    clearTimeout(this.defining);
    this.play?.stop();
    this.watch.disconnect();
    this.news.stop();
    clearTimeout(this.telling);
    clearTimeout(this.looking);
  }

  // -- Python's side ---------------------------------------------------------------------------------------------

  update({ data, setTriggerValue }) {
    Object.assign(this, { trigger: setTriggerValue, device: data.device });
    this.element.classList.toggle("dark", isDark(this.element));
    this.play?.recoloured();
    const { picture } = data;
    this.known = picture.revision;
    if (this.truth) this.news.follow(picture);
    else afterPaint(() => this.element.isConnected && this.news.follow(this.truth)); // a first picture need not wait for it
    if (!this.truth) this.seq = data.seq; // the page has counted an earlier canvas's messages
    const other = !this.truth || !same(picture, this.truth);
    if (other) this.forget();
    if (other || (!this.server.waiting && picture.revision >= this.truth.revision)) {
      this.server.follow(picture);
      const news = other || picture.revision > this.truth.revision;
      this.truth = picture;
      if (news) this.lookAgain();
      this.draw(picture);
    }
    if (!data.drawn) requestAnimationFrame(() => this.tell()); // the form waits for the canvas
    if (other || (data.seq >= this.seq && data.layer !== this.world.chosen)) this.choose(data.layer, { tell: false });
    this.playOnce(data.play);
  }

  /** Another network is opened: what was begun on the one before has no place in it. */
  forget() {
    clearTimeout(this.guessing);
    this.guessed = null;
    this.escape();
    closePicker(this.element);
  }

  /** Tell the page what is chosen and which revision is on the screen; several presses in a row are told once. */
  tell(wait = 0) {
    clearTimeout(this.telling);
    this.seq += 1;
    const said = () => ({ seq: this.seq, layer: this.world.chosen ?? "", network: this.truth.network, revision: this.truth.revision });
    this.telling = setTimeout(() => {
      this.address(this.world.chosen); // first: the page takes an address that is older than what it is told for the newer one
      this.trigger("seen", said());
    }, wait);
  }

  /** Once the answer is on the screen, ask for the longer look and show what it found. */
  lookAgain(wait = 300) {
    clearTimeout(this.looking);
    const { truth } = this;
    const { revision } = truth;
    this.looking = setTimeout(async () => {
      const picture = await this.server.lookDeep();
      if (this.server.waiting || !same(truth, this.truth) || this.truth.revision !== revision) return;
      if (!picture || picture.pending) return void this.lookAgain(1000); // Keras is loading or busy, or the server is away
      if (picture.revision !== revision) return;
      if (!this.truth.pending && JSON.stringify(picture.problems) === JSON.stringify(this.truth.problems)) return;
      this.truth = picture;
      this.draw(picture);
      this.tell();
    }, wait);
  }

  /** The welcome has done its work once something was played. */
  greeted() {
    if (document.querySelector(".st-key-welcome")) this.trigger("greeted", Date.now());
  }

  /** Go to Train; `run` is the one to show there. */
  train(run = "") {
    this.trigger("train", [run, Date.now()]);
  }

  // -- edits -----------------------------------------------------------------------------------------------------

  /** Send an edit; where the answer takes longer than a blink, draw meanwhile what it will most likely be. */
  edit(edit) {
    if (!this.picture.editable) return;
    this.quiet();
    this.drawGuess();
    const guessed = guess(this.picture, edit, this.types);
    this.left = this.world.chosen;
    this.server.send(edit);
    // Motion explains, except to who prefers less of it; a large network has better things to do.
    this.world.slides = this.picture.nodes.length <= 120 && !calm();
    this.guessed = guessed;
    this.guessing = setTimeout(() => this.drawGuess(), BLINK);
  }

  drawGuess() {
    clearTimeout(this.guessing);
    const guessed = this.guessed;
    this.guessed = null;
    if (!guessed) return;
    this.draw(guessed);
    const made = guessed.nodes.find((node) => node.guessed && !this.truth.nodes.some((old) => old.name === node.name));
    if (!made || this.moved()) return;
    this.choose(made.name, { tell: "later", focus: "later" });
    this.left = made.name;
  }

  /** Whether the person has gone to another layer since their last edit: what answers that edit leaves them there. */
  moved() {
    return this.world.nodes.has(this.left) && this.world.chosen !== this.left;
  }

  onPicture(picture, edit) {
    const stays = this.server.waiting || this.moved();
    const before = new Set(this.truth.nodes.map((node) => node.name));
    const all = picture.nodes.filter((node) => !before.has(node.name));
    const [made] = all;
    const stepped = ["undo", "redo"].includes(edit.kind) && changed(this.truth, picture);
    const within = this.element.contains(this.root.activeElement); // a card that goes takes the focus with it
    if (!this.server.waiting) this.guessed = null;
    this.truth = picture;
    stand(this, picture, edit, made);
    if (!this.server.waiting) this.draw(picture);
    const chosen = stepped || (made && stepped === false ? made.name : this.world.chosen);
    if (!stays && this.world.nodes.has(chosen)) this.choose(chosen, { tell: "later", focus: (made || stepped) && within && "later" });
    if (!stays && ["paste", "duplicate_all"].includes(edit.kind) && all.length > 1) this.select(all.map(({ name }) => name), { chosen });
    if (this.server.waiting) return;
    this.world.slides = false;
    afterPaint(() => this.tell());
    this.lookAgain();
    this.define(200);
  }

  /** Somebody else's edit, or the form's: drawn at once; a page that has not heard of it a moment later is told. */
  onNews(picture) {
    if (same(picture, this.truth) && picture.revision <= this.truth.revision) this.play?.news();
    if (this.server.waiting || !same(picture, this.truth) || picture.revision <= this.truth.revision) return;
    this.server.follow(picture);
    this.truth = picture;
    this.draw(picture);
    this.lookAgain();
    setTimeout(() => this.known < this.truth.revision && this.tell(), PATIENCE);
  }

  onStale(picture) {
    this.guessed = null;
    this.truth = picture;
    this.draw(picture);
    this.note("The network was changed in another place. This is how it stands now.");
    this.tell();
  }

  onRefused(message) {
    this.guessed = null;
    this.draw(this.truth);
    this.note(message, { sign: "error" });
    this.tell();
  }

  add(layer, params = {}) {
    this.togglePalette(false);
    this.palette.clear();
    const last = this.picture.nodes.at(-1)?.name;
    const after = this.world.nodes.has(this.world.chosen) ? this.world.chosen : last;
    if (layer === "Input" || !after) this.edit({ kind: "add", layer, params });
    else this.edit({ kind: "add_after", after, layer, params });
  }

  /** What the layers are made of, for copying: asked for ahead, so that a key press need not wait. */
  define(wait = 0) {
    clearTimeout(this.defining);
    this.defining = setTimeout(() => this.stage.contains(this.root.activeElement) && this.server.define(), wait);
  }

  /** Move the chosen layer past its neighbour in the chain. */
  reorder(direction) {
    const name = this.world.chosen;
    const feeds = (of) => this.picture.edges.find((edge) => edge.target === of)?.source;
    const after = direction > 0 ? this.picture.edges.find((edge) => edge.source === name)?.target : feeds(feeds(name));
    if (after) this.edit({ kind: "move", name, after });
  }

  history(kind) {
    if (!this.picture?.editable || !(this.truth[`can_${kind}`] || this.server.waiting)) return;
    this.edit({ kind });
  }

  // -- connecting ------------------------------------------------------------------------------------------------

  startLink() {
    if (!this.picture.editable) return;
    this.linking = this.world.chosen;
    askTarget(this);
  }

  /** A wire from an output: the one of that name, else the first that does not feed that port yet. */
  connect(source, target, port) {
    const target_port = freePort(this.listing, this.picture, target);
    this.edit({ kind: "connect", source, target, target_port, source_port: port ?? freeOutput(this.picture, source, target, target_port) });
  }

  enter() {
    if (this.linking) return linkTo(this, this.world.chosen);
    this.escape();
    this.form.enter(this.world.chosen);
  }

  escape() {
    if (this.linking) this.quiet();
    this.linking = null;
    if (this.selected.size) this.select([]);
    this.togglePalette(false);
  }

  // -- names -----------------------------------------------------------------------------------------------------

  rename() {
    const { chosen } = this.world;
    const { truth } = this;
    const item = this.world.cards.get(chosen);
    const renamed = (to) => same(truth, this.truth) && this.edit({ kind: "rename", name: chosen, to }); // else its field left the page with its network
    const taken = this.picture.nodes.map((node) => node.name).filter((name) => name !== chosen);
    if (item && this.picture.editable) renameOn(item.card, chosen, renamed, { taken, onWrong: (why) => (why ? this.note(why, { stays: true, sign: "error" }) : this.quiet()) });
  }
}
