// The view of the graph editor: palette, stage and bar, the picture in them, and which card is chosen.

import { change } from "../frame/address.js";
import { afterPaint, h, icon } from "../draw/dom.js";
import { growth } from "../draw/theme.js";
import { fillBar, makeBar } from "./bar.js";
import { dragKind } from "./drag.js";
import { Finder } from "./find.js";
import { placeAt } from "./fits.js";
import { begun, guide } from "./guide.js";
import { Minimap } from "./minimap.js";
import { makePalette } from "./palette.js";
import { pickAfter, pickOn } from "./picking.js";
import { keeping, toNetwork } from "./regions.js";
import { rove, settle } from "./roving.js";
import { told } from "./selecting.js";
import { makeSelectionBar } from "./selection_bar.js";
import { helpDialog, listView } from "./views.js";
import { World } from "./world.js";
import { fit, makeZoom, reveal, zoomBy } from "./zoom.js";

const TIGHT = 740; // pixels of the stage below which the strip of Play has two rows
const BUSY = ".picker, .find, .bar, .play, .rename"; // what a person has gone on to is not left for an answer that comes later

export class View {
  truth; mode; listing; picture; root; looks; types; element; world; palette; banner; extra; stage; notice; opener; bar;
  percent; noting; seq; selected; finder; minimap; selection; strip;
  full = 1; // the zoom that is called 100 %

  constructor(root, listing, sheet) {
    Object.assign(this, { root: root.getRootNode(), listing, mode: "cards", truth: null, picture: null, selected: new Set() });
    this.looks = Object.fromEntries(listing.families.map((family) => [family.name, family]));
    this.types = Object.fromEntries(listing.layers.map((layer) => [layer.name, layer]));
    this.build();
    root.replaceChildren(h("style", {}, sheet), this.element);
  }

  build() {
    this.world = new World({
      onPlus: (edge, button, shift) => pickOn(this, edge, button, { shift }),
      onWire: (edge, button, shift) => pickOn(this, edge, button, { shift }),
      onEnd: (name, button, shift) => pickAfter(this, name, button, { shift }),
      onFix: (edit) => this.edit(edit),
    });
    this.palette = makePalette(this.listing, {
      onPick: (layer, params) => this.add(layer.name, params),
      onGrab: (layer, params, event) => dragKind(this, layer, params, event),
    }, { place: () => this.picture && placeAt(this.picture, this.types, this.world.chosen) });
    this.banner = h("div", { class: "banner", hidden: true });
    this.extra = h("div", { class: "extra", hidden: true });
    this.stage = h("section", { class: "stage", tabindex: "-1", "aria-label": "Network" }, this.world.sizer, this.extra);
    this.notice = h("div", { class: "note", role: "status", "aria-live": "polite", hidden: true });
    this.opener = h("button", { class: "opener", "aria-expanded": "false", onclick: () => this.togglePalette() }, icon("add"), "Add layer");
    this.bar = makeBar({
      undo: () => this.history("undo"),
      redo: () => this.history("redo"),
      list: () => this.toggleList(),
      help: () => this.help(),
      train: () => this.train(),
      problem: () => this.jump(),
    });
    this.bar.tools.prepend(makeZoom(this)); // over the ground it would hide a card's numbers
    rove(this.bar.element);
    this.finder = new Finder(this);
    this.minimap = new Minimap(this);
    this.selection = makeSelectionBar(this);
    this.strip = h("section", { class: "play", "aria-label": "Play" });
    const edges = ["left", "right"].map((side) => h("div", { class: `edge ${side}` })); // a finger there scrolls the page
    const floor = h("div", { class: "floor" }, this.opener, this.stage, ...edges, this.minimap.element, this.finder.element, this.selection.element, this.banner, this.notice);
    const view = h("div", { class: "view" }, this.strip, floor);
    this.element = h("div", { class: "editor" }, this.palette.element, view, this.bar.element);
  }

  // -- drawing ---------------------------------------------------------------------------------------------------

  draw(picture) {
    keeping(this, () => this.redraw(picture));
    afterPaint(() => settle(this.bar.element)); // it makes the browser measure the page
  }

  redraw(picture = this.picture) {
    this.picture = picture;
    if (picture.pending) for (const node of picture.nodes) node.pending = true;
    this.element.classList.toggle("looking", !picture.editable);
    this.palette.element.inert = !picture.editable;
    this.world.draw(picture, this.looks, this.stage.clientWidth);
    fillBar(this.bar, this.truth, this.device);
    this.drawBanner(picture);
    this.drawExtra(picture);
    this.play?.drawn(picture);
    const known = this.world.nodes.has(this.world.chosen);
    this.world.choose(known ? this.world.chosen : picture.nodes[0]?.name);
    if ([...this.selected].some((name) => !this.world.nodes.has(name))) this.select([...this.selected].filter((name) => this.world.nodes.has(name)));
    this.minimap.draw(picture, this.looks);
  }

  /** Problems of the network as a whole stand below it, where none of its cards moves for them; one that is not begun has none yet. */
  drawBanner(picture) {
    const whole = begun(picture) ? picture.problems.filter((problem) => problem.node === null) : [];
    const fix = (each) => h("button", { class: "fix", onclick: () => this.edit(each.edit) }, each.label);
    const line = (problem) => h("p", { class: problem.severity }, icon(problem.severity), h("span", {}, problem.message), ...problem.fixes.map(fix));
    this.banner.hidden = whole.length === 0;
    this.banner.replaceChildren(...whole.map(line));
  }

  /** The list view, and what to do next where there are no layers but Inputs. */
  drawExtra(picture) {
    const listed = this.mode === "list" && picture.nodes.length > 0;
    const list = listed ? [listView(picture, this.looks, this.world.chosen, (name) => this.choose(name))] : [];
    const next = begun(picture) ? [] : [guide(picture, (edit) => this.edit(edit))];
    this.extra.hidden = list.length + next.length === 0;
    this.world.sizer.hidden = listed;
    this.extra.replaceChildren(...list, ...next);
  }

  note(text, { stays = false, sign = "info" } = {}) {
    clearTimeout(this.noting);
    this.notice.hidden = false;
    this.notice.replaceChildren(icon(sign), h("span", {}, text));
    if (!stays) this.noting = setTimeout(() => this.quiet(), 6000);
  }

  quiet() {
    this.notice.hidden = true;
  }

  togglePalette(open = !this.element.classList.contains("adding")) {
    if (open === this.element.classList.contains("adding")) return;
    this.element.classList.toggle("adding", open);
    this.opener.setAttribute("aria-expanded", String(open));
    this.opener.replaceChildren(icon(open ? "close" : "add"), open ? "Close" : "Add layer");
  }

  toggleList() {
    this.mode = this.mode === "list" ? "cards" : "list";
    this.bar.list.setAttribute("aria-pressed", String(this.mode === "list"));
    this.drawExtra(this.picture);
    const chosen = this.mode === "list" ? this.extra.querySelector("tr.chosen") : this.world.cards.get(this.world.chosen)?.card;
    chosen?.scrollIntoView({ block: "center" });
  }

  help() {
    const dialog = helpDialog();
    this.element.append(dialog);
    dialog.showModal();
  }

  search() {
    if (!this.picture?.editable) return;
    this.togglePalette(true);
    this.palette.input.focus();
    this.palette.input.select();
  }

  // -- choosing --------------------------------------------------------------------------------------------------

  /** Select several cards, of which one is chosen; a single one is no selection. */
  select(names, { chosen, focus = false } = {}) {
    const all = [...names];
    this.selected = new Set(all.length > 1 ? all : []);
    this.world.mark(this.selected);
    told(this);
    const next = chosen ?? (all.includes(this.world.chosen) ? this.world.chosen : all[0]);
    if (next) this.choose(next, { focus, wait: 150, keep: true });
  }

  /** Choose a card, alone unless the selection is to `keep`; `tell` the page of it after `wait` ms without another choice, "later" with an edit's answer, or not; so with `focus`, which is polite where it comes later. */
  choose(name, { tell = true, reveal: seen = true, focus = false, wait = 0, keep = false } = {}) {
    const news = name !== this.world.chosen;
    if (!keep && this.selected.size && news) this.select([]);
    this.world.choose(name);
    if (news && this.mode === "list") this.drawExtra(this.picture);
    const at = this.mode === "list" ? this.extra.querySelector(".chosen .link") : this.world.cards.get(name)?.card;
    if (at && focus === "later") afterPaint(() => name === this.world.chosen && !this.root.activeElement?.closest(BUSY) && at.focus({ preventScroll: true }));
    else if (at && focus) at.focus({ preventScroll: true });
    if (at && seen) afterPaint(() => reveal(this, at));
    if (!news) return;
    afterPaint(() => this.address(name));
    if (tell === "later") this.seq += 1; // what the page still says of the choice is older than this one
    else if (tell) this.tell(wait);
  }

  /** The link of the page leads to the chosen layer. */
  address(name) {
    if (name !== this.world.chosen || !this.element.isConnected) return;
    change({ layer: name ?? "" });
  }

  /** The nearest card in a direction; an endless step leads to the first or the last. */
  neighbour(dx, dy) {
    const order = [...this.world.nodes.values()].sort((a, b) => a.y - b.y || a.x - b.x);
    const here = this.world.nodes.get(this.world.chosen) ?? order[0];
    if (dy && !Number.isFinite(dy)) return order.at(dy < 0 ? 0 : -1)?.name;
    const ahead = order.filter((node) => (dy ? (node.y - here.y) * Math.sign(dy) > 0 : node.y === here.y && (node.x - here.x) * dx > 0));
    const distance = (node) => Math.abs(node.y - here.y) * 4 + Math.abs(node.x - here.x);
    return ahead.reduce((best, node) => (best && distance(best) <= distance(node) ? best : node), null)?.name;
  }

  /** One step to a neighbour; where there is none the chosen card gets the focus. */
  step(dx, dy) {
    const next = this.neighbour(dx, dy);
    if (next) this.choose(next, { focus: true, wait: 150 });
    else this.toNetwork();
  }

  toNetwork() {
    toNetwork(this);
  }

  find() {
    if (this.mode === "list") this.toggleList();
    this.finder.open();
  }

  /** To the next layer with a problem. */
  jump() {
    const at = this.truth.problems.map((problem) => problem.node).filter(Boolean);
    if (this.mode === "list") this.toggleList();
    if (at.length === 0) this.stage.scrollTo({ top: 0 });
    else this.choose(at[(at.indexOf(this.world.chosen) + 1) % at.length], { focus: true });
  }

  /** The room has another size: the cards grow with it, and 100 % is what the page's --grow says. */
  fitRoom() {
    const full = growth(this.element);
    this.world.zoom *= full / this.full;
    this.full = full;
    this.strip.classList.toggle("tight", this.stage.clientWidth < TIGHT * full);
  }

  zoomBy(factor, at) {
    zoomBy(this, factor, at);
  }

  fit() {
    fit(this);
  }
}
