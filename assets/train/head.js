// Progress bar and header of the run: its title, its state as a sentence, and the buttons that steer it.
import { count, duration, metric } from "../draw/data.js";
import { h } from "../draw/dom.js";
import { control } from "./follow.js";

const ASKED = { pause: "pausing", resume: "resuming", stop: "stopping" };
const BUTTONS = {
  queued: ["stop"],
  running: ["pause", "stop"],
  paused: ["resume", "stop"],
  interrupted: ["resume"],
};
const LABELS = { pause: "Pause", resume: "Resume", stop: "Stop" };

/** `run.epoch` counts whole epochs; the one at work is the next. */
export const epochOf = (run) => `epoch ${Math.min(run.epoch + 1, run.epochs)} of ${run.epochs}`;

/** The epoch with the lowest loss, and what was measured there: "lowest val_loss at epoch 54 (val_accuracy 0.987)"; "" before it is known. */
export function reached(run) {
  if (run.best == null) return "";
  const value = metric(run.best);
  if (run.best_metric === run.best_of) return `lowest ${run.best_of} ${value} at epoch ${run.best_epoch}`;
  return `lowest ${run.best_of} at epoch ${run.best_epoch} (${run.best_metric} ${value})`;
}

/** What the run is doing, as one line; `paused` names a paused run, which keeps its place at work. */
export function sentence(run, unit, paused) {
  if (run.status === "queued") {
    const place = run.queue_place > 1 ? `in the queue, ${run.queue_place - 1} before it` : "next in the queue";
    return paused ? `${place} · waits for ${paused}, which is paused` : place;
  }
  if (run.status === "running" && !run.batch && !run.epoch) return "starting";
  if (run.status === "running") {
    const parts = [epochOf(run)];
    if (run.rate) parts.push(`${count(Math.round(run.rate), unit)} a second`);
    if (run.seconds_left != null) parts.push(`${duration(run.seconds_left)} left`);
    return parts.join(" · ");
  }
  if (run.status === "finished") {
    return [`finished · ${count(run.epochs, "epoch")}`, reached(run)].filter(Boolean).join(" · ");
  }
  return run.epoch || run.batch ? `${run.status} in ${epochOf(run)}` : `${run.status} before the first batch`;
}

export class Head {
  changed; asked; title; line; state; buttons; fill; bar; note; element; run; spoken;

  /** `changed(run)`: draw the head again, with what the server said of the run after a press. */
  constructor(changed) {
    this.changed = changed;
    this.asked = null; // the action whose effect has not been seen yet
    this.title = h("h2");
    this.line = h("span", { class: "live-line" });
    this.state = h("span", { class: "live-spoken", role: "status" });
    this.buttons = h("span", { class: "live-buttons" });
    this.fill = h("div");
    this.bar = h("div", { class: "live-bar", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, "aria-label": "Progress" }, this.fill);
    this.note = h("div", { class: "live-note", hidden: true });
    this.element = h("header", {}, h("div", { class: "live-title" }, h("div", {}, this.title, this.line, this.state), this.buttons), this.bar, this.note);
  }

  draw(run, { unit, editable }, paused) {
    if (this.asked && (run.status !== this.asked.from || run.id !== this.asked.run)) this.asked = null;
    this.run = run;
    this.title.textContent = run.name;
    this.line.textContent = this.asked ? `${ASKED[this.asked.action]} in ${epochOf(run)}` : sentence(run, unit, paused);
    if (this.spoken !== run.status) this.state.textContent = `${run.name} ${run.status}`;
    this.spoken = run.status;
    this.#progress(run);
    this.say(["paused", "failed"].includes(run.status) ? run.message : "");
    this.note.dataset.status = run.status; // on a wide screen a failure is said beside the curves
    this.buttons.replaceChildren(...(editable ? (BUTTONS[run.status] ?? []).map((action) => this.#button(action)) : []));
  }

  #progress(run) {
    const within = run.batches ? Math.min(run.batch / run.batches, 1) : 0;
    const done = run.status === "finished" ? 1 : Math.min(1, (run.epoch + within) / Math.max(run.epochs, 1));
    const percent = Math.round(100 * done);
    this.fill.style.width = `${100 * done}%`;
    this.bar.setAttribute("aria-valuenow", percent);
    this.bar.dataset.status = run.status;
  }

  #button(action) {
    const press = () => this.press(action);
    return h("button", { type: "button", "data-action": action, disabled: this.asked != null, onclick: press }, LABELS[action]);
  }

  /** Answer at once, then let the run's true state speak. */
  async press(action) {
    const { run } = this;
    this.asked = { action, from: run.status, run: run.id };
    this.changed();
    let told = null;
    try {
      told = (await control(run.id, action)).run;
    } catch (error) {
      if (this.asked?.run === run.id) this.asked = null;
      this.changed();
      if (this.run.id === run.id) this.say(error.message);
      return;
    }
    this.changed(told);
  }

  say(text) {
    this.note.textContent = text || "";
    this.note.hidden = !text;
  }
}
