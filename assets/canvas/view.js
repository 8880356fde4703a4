// The view of the graph editor: palette, stage and bar, the picture in them, and which card is chosen.

import { change } from "../frame/address.js";
import { afterPaint, calm, h, icon } from "../draw/dom.js";
import { fillBar, makeBar } from "./bar.js";
import { dragKind } from "./drag.js";
import { begun, guide } from "./guide.js";
import { makePalette } from "./palette.js";
import { helpDialog, listView } from "./views.js";
import { World } from "./world.js";

export class View {
  truth; mode; listing; picture; root; looks; types; element; world; palette; banner; extra; stage; notice; opener; bar;
  percent; noting; seq; strip;
  full = 1; // the zoom that is called 100 %

  constructor(root, listing, sheet) {
    Object.assign(this, { root: root.getRootNode(), listing, mode: "cards", truth: null, picture: null });
    this.looks = Object.fromEntries(listing.families.map((family) => [family.name, family]));
    this.types = Object.fromEntries(listing.layers.map((layer) => [layer.name, layer]));
    this.build();
    root.replaceChildren(h("style", {}, sheet), this.element);
  }

  build() {
    this.world = new World({
      onPlus: (edge, button) => this.pickOn(edge, button),
      onWire: (edge, button) => this.pickOn(edge, button),
      onEnd: (name, button) => this.pickAfter(name, button),
      onFix: (edit) => this.edit(edit),
    });
    this.palette = makePalette(this.listing, { onPick: (layer) => this.add(layer.name), onGrab: (layer, event) => dragKind(this, layer, event) });
    this.banner = h("div", { class: "banner", hidden: true });
    this.extra = h("div", { class: "extra", hidden: true });
    this.stage = h("section", { class: "stage", "aria-label": "Network" }, this.world.sizer, this.extra);
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
    this.bar.tools.prepend(this.makeZoom()); // over the ground it would hide a card's numbers
    this.strip = h("section", { class: "play", "aria-label": "Play" });
    const view = h("div", { class: "view" }, this.strip, h("div", { class: "floor" }, this.opener, this.stage, this.banner, this.notice));
    this.element = h("div", { class: "editor" }, this.palette.element, view, this.bar.element);
  }

  makeZoom() {
    const button = (label, sign, factor) => h("button", { class: "tool", "aria-label": label, title: label, onclick: () => this.zoomBy(factor) }, sign);
    this.percent = button("Back to full size (0)", "100 %", 0);
    return h("div", { class: "zoom" }, button("Zoom out (-)", icon("remove"), 1 / 1.25), this.percent, button("Zoom in (+)", icon("add"), 1.25));
  }

  // -- drawing ---------------------------------------------------------------------------------------------------

  draw(picture) {
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

  /** Choose a card; `tell` the page of it after `wait` ms without another choice, "later" with an edit's answer, or not; so with `focus`. */
  choose(name, { tell = true, reveal = true, focus = false, wait = 0 } = {}) {
    const news = name !== this.world.chosen;
    this.world.choose(name);
    const card = this.world.cards.get(name)?.card;
    if (card && focus === "later") afterPaint(() => name === this.world.chosen && card.focus({ preventScroll: true }));
    else if (card && focus) card.focus({ preventScroll: true });
    if (card && reveal) afterPaint(() => this.reveal(card));
    if (!news) return;
    if (this.mode === "list") this.drawExtra(this.picture);
    afterPaint(() => this.address(name));
    if (tell === "later") this.seq += 1; // what the page still says of the choice is older than this one
    else if (tell) this.tell(wait);
  }

  /** The link of the page leads to the chosen layer. */
  address(name) {
    if (name !== this.world.chosen || !this.element.isConnected) return;
    change({ layer: name ?? "" });
  }

  reveal(card) {
    const [view, box, room] = [this.stage.getBoundingClientRect(), card.getBoundingClientRect(), 24];
    const floor = Math.min(view.bottom, this.bar.element.getBoundingClientRect().top); // the bar lies over the stage
    const top = box.top < view.top + room ? box.top - view.top - room : Math.max(0, box.bottom - floor + room);
    const left = box.left < view.left ? box.left - view.left - room : Math.max(0, Math.min(box.right - view.right + room, box.left - view.left));
    if (top || left) this.stage.scrollBy({ top, left, behavior: calm() || Math.abs(top) > 2000 ? "instant" : "smooth" });
  }

  /** One step to the nearest card in a direction; an endless step goes to the first or the last. */
  step(dx, dy) {
    const order = [...this.picture.nodes].sort((a, b) => a.y - b.y || a.x - b.x);
    const here = this.world.nodes.get(this.world.chosen) ?? order[0];
    const ahead = order.filter((node) => (dy ? (node.y - here.y) * Math.sign(dy) > 0 : node.y === here.y && (node.x - here.x) * dx > 0));
    const distance = (node) => Math.abs(node.y - here.y) * 4 + Math.abs(node.x - here.x);
    const nearest = ahead.reduce((best, node) => (best && distance(best) <= distance(node) ? best : node), null);
    const next = Number.isFinite(dy) ? nearest : order.at(dy < 0 ? 0 : -1);
    if (next) this.choose(next.name, { focus: true, wait: 150 });
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
    const full = Number(getComputedStyle(this.element).getPropertyValue("--grow")) || 1;
    this.world.zoom *= full / this.full;
    this.full = full;
  }

  /** Zoom about the middle of the view; 0 goes back to the size of the text. */
  zoomBy(factor) {
    const before = this.world.zoom;
    this.world.zoom = this.full * (factor === 0 ? 1 : Math.min(2, Math.max(0.15, (before / this.full) * factor)));
    const [x, y] = [this.stage.scrollLeft + this.stage.clientWidth / 2, this.stage.scrollTop + this.stage.clientHeight / 2];
    const ratio = this.world.zoom / before;
    this.percent.textContent = `${Math.round((100 * this.world.zoom) / this.full)} %`;
    this.world.draw(this.picture, this.looks, this.stage.clientWidth);
    this.stage.scrollTo(x * ratio - this.stage.clientWidth / 2, y * ratio - this.stage.clientHeight / 2);
    const chosen = this.world.cards.get(this.world.chosen)?.card;
    if (factor === 0 && chosen) this.reveal(chosen);
  }
}
