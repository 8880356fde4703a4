// What the strip of Play says: where the run stands, what was kept of the weights before it, and the same for who listens (a live region).

import { h } from "../../draw/dom.js";
import { lineage, sentence } from "./words.js";

export class Told {
  element; line; kept; spoken; status;

  /** `links`: what may be done with the run, after the words. */
  constructor(links) {
    this.line = h("span", { class: "play-line" });
    this.kept = h("span", { class: "play-kept" });
    this.spoken = h("span", { class: "spoken", role: "status" });
    this.element = h("div", { class: "play-told" }, this.line, this.kept, this.spoken, ...links);
  }

  /** Say something that is of no run. */
  say(words) {
    this.line.textContent = this.line.title = words;
    this.spoken.textContent = words;
  }

  /** Where a run of a network stands; `turned`: that it learns from other data now, or "". */
  show(run, network, turned) {
    this.line.textContent = this.line.title = sentence(run);
    if (this.status !== run.status) this.spoken.textContent = `${network} ${run.status}`;
    this.status = run.status;
    const kept = [turned, lineage(run.lineage)].filter(Boolean).join(" ");
    if (this.kept.textContent !== kept) this.kept.textContent = this.kept.title = kept;
  }

  /** The run is shown no more. */
  leave() {
    this.kept.textContent = "";
  }
}
