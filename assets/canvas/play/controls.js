// The controls of the strip of Play: play, step, reset, speed, what wires show, keep and open in Train; what each may do now.

import { h, icon } from "../../draw/dom.js";
import { alive } from "../../train/follow.js";
import { able } from "../bar.js";

const WIRES = {
  plain: "What wires show: nothing but the way",
  movement: "Wires as thick as the weights that they lead to have moved since the picture before, in parts of their size",
  gradient: "Wires as thick as the gradient that comes back through them: of the loss of a training sample by what the wire carries, the root mean square over some of them",
};

/** What a press does, on a button that keeps the focus where it can do nothing (aria-disabled). */
const unlessOff = (act) => ({ currentTarget }) => currentTarget.getAttribute("aria-disabled") === "true" || act();
const tool = (name, sign, label, act) => h("button", { class: `tool ${name}`, title: label, "aria-label": label, onclick: unlessOff(act) }, icon(sign));
const choice = (label, options, change) => h("select", { "aria-label": label, title: label, onchange: change }, ...Object.entries(options).map(([value, words]) => h("option", { value }, words)));

export class Controls {
  element; main; one; back; pace; wires; pin; train;

  /** `acts`: { press, step, reset, wished, wired, keep, train }, what each control does. */
  constructor(acts) {
    this.main = tool("play-main", "play_arrow", "Play", acts.press);
    this.one = tool("play-step", "skip_next", "Step: learn from one batch", acts.step);
    this.back = tool("play-reset", "replay", "Reset: begin with new weights", acts.reset);
    this.pace = choice("Speed", { full: "full speed", slow: "slow" }, acts.wished);
    this.wires = choice("What wires show", { plain: "plain wires", movement: "weights' movement", gradient: "gradient" }, acts.wired);
    this.wires.classList.add("play-wires");
    this.pin = h("button", { class: "link", hidden: true, title: "Keep this run: it is not tidied away", onclick: unlessOff(acts.keep) }, "Keep");
    this.train = h("button", { class: "link", hidden: true, title: "Keep it, with its curves and details", onclick: acts.train }, "Open in Train");
    this.element = h("div", { class: "play-buttons", role: "group", "aria-label": "Play" }, this.main, this.one, this.back, h("div", { class: "play-choices" }, this.pace, this.wires));
  }

  /** What wires show now, with its explanation as a tooltip. */
  wired() {
    this.wires.title = WIRES[this.wires.value];
    return this.wires.value;
  }

  /** What may be pressed before anything is known of a run. */
  open(editable) {
    this.pace.disabled = !editable;
    for (const part of [this.main, this.one, this.back]) able(part, editable);
  }

  /** While the answer to a press is on its way. */
  wait(on) {
    if (on) this.main.setAttribute("aria-busy", "true");
    else this.main.removeAttribute("aria-busy");
  }

  /** What the run allows; the focus goes on where what it was on is gone from `root`. */
  show(run, editable, root) {
    const [plays, lives] = [run?.status === "running" || run?.status === "queued", Boolean(run && alive(run.status))];
    const label = plays ? "Pause" : "Play";
    this.main.replaceChildren(icon(plays ? "pause" : "play_arrow"));
    this.main.title = label;
    this.main.setAttribute("aria-label", label);
    able(this.main, editable && run?.status !== "queued" && run?.status !== "stopping");
    able(this.one, editable && (!lives || ["running", "paused"].includes(run.status)));
    able(this.back, editable && run);
    const held = [this.pin, this.train].includes(root.activeElement);
    this.pin.hidden = !run?.played || !editable;
    this.pin.replaceChildren(...(run?.pinned ? [icon("check"), "Kept"] : ["Keep"]));
    able(this.pin, !run?.pinned);
    this.train.hidden = !run || !editable;
    if (held && !root.activeElement?.getClientRects().length) [this.train, this.main].find(({ hidden }) => !hidden).focus();
  }
}
