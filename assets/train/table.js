// Table of past runs: a tick overlays a run's curves, a press on its name shows it.
import { grouped, metric, when } from "../draw/data.js";
import { h } from "../draw/dom.js";
import { alive } from "./follow.js";
import { epochOf, reached } from "./head.js";

const state = (run) => (run.status === "running" ? epochOf(run) : run.status); // short: a line more would move every row

/** A play that has ended and that nobody has kept: ten edits while a network plays must not bury its runs. */
const pastPlay = (run) => run.played && !run.pinned && !alive(run.status);

export class Table {
  ticked; chosen; body; plays; folded; element; drawn;

  constructor({ ticked, chosen }) {
    Object.assign(this, { ticked, chosen, folded: true });
    this.body = h("tbody");
    const head = ["", "Run", "State", "At the lowest loss", "Parameters", "When"].map((text) => h("th", { scope: "col" }, text));
    head[0].append(h("span", { class: "live-spoken" }, "Overlay"));
    const table = h("table", { class: "live-runs", "aria-label": "Runs" }, h("thead", {}, h("tr", {}, ...head)), this.body);
    this.plays = h("button", { type: "button", class: "live-plays", title: "Each edit while a network plays leaves one. Nobody has kept them; they go after a day.", onclick: () => this.#turn() });
    this.element = h("div", {}, table, this.plays);
  }

  /** Show the plays that nobody has kept, or fold them away again. */
  #turn() {
    this.folded = !this.folded;
    this.draw(...this.drawn);
  }

  draw(runs, shown, overlay, colourOf) {
    this.drawn = [runs, shown, overlay, colourOf];
    const focused = document.activeElement?.closest?.(".live-runs [data-key]")?.dataset.key;
    const aside = runs.filter((run) => pastPlay(run) && run.id !== shown && !overlay.includes(run.id));
    this.plays.hidden = !aside.length;
    this.plays.textContent = `Plays on Build (${aside.length})`;
    this.plays.setAttribute("aria-expanded", String(!this.folded));
    const listed = this.folded ? runs.filter((run) => !aside.includes(run)) : runs;
    this.body.replaceChildren(...listed.map((run) => this.#row(run, run.id === shown, overlay.includes(run.id), colourOf(run.id))));
    if (focused) this.body.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #row(run, shown, ticked, colour) {
    const box = h("input", {
      type: "checkbox",
      "aria-label": `Overlay the curves of ${run.name}`,
      "data-key": `tick ${run.id}`,
      disabled: shown,
      onchange: (event) => this.ticked(run.id, event.target.checked),
    });
    box.checked = shown || ticked;
    if (colour) box.style.setProperty("--run", colour);
    const name = h("button", { type: "button", "data-key": `name ${run.id}`, onclick: () => this.chosen(run.id) }, run.name);
    const best = run.best == null ? [] : [metric(run.best), " ", h("small", {}, `${run.best_metric}, epoch ${run.best_epoch}`)];
    const differs = [run.played && !run.pinned ? "played on Build, goes after a day" : "", run.differs].filter(Boolean).join(" · ");
    return h(
      "tr",
      { "aria-current": shown ? "true" : null },
      h("td", {}, box),
      h("td", {}, name, differs ? h("small", { class: "live-differs" }, differs) : null),
      h("td", { class: run.status === "failed" ? "live-failed" : null }, state(run)),
      h("td", { title: reached(run) }, ...best),
      h("td", {}, grouped(run.params)),
      h("td", { class: "live-when" }, ["running", "stopping"].includes(run.status) ? "now" : when(run.created)),
    );
  }
}
