// What a new run waits for: a play that goes on from Build. It is a run like others, but nobody presses Train to watch it: one press ends it.
import { h } from "../draw/dom.js";
import { control } from "./follow.js";

const STEERED = ["running", "paused"];

/** The run that waits next, and the play before it: null where none waits for a play. */
export function held(runs) {
  const waiting = runs.filter(({ status }) => status === "queued").sort((one, other) => one.queue_place - other.queue_place)[0];
  const play = runs.find((run) => run.played && STEERED.includes(run.status));
  return waiting && play ? { waiting, play } : null;
}

export class Ahead {
  ended; words; button; element; found;

  /** `ended(run)`: the play was asked to end, and this run is the next. */
  constructor(ended) {
    this.ended = ended;
    this.words = h("span", { role: "status" });
    this.button = h("button", { type: "button", onclick: () => this.press() });
    this.element = h("div", { class: "live-ahead", hidden: true }, this.words, this.button);
  }

  draw(runs, editable) {
    const found = editable ? held(runs) : null;
    this.element.hidden = !found;
    if (!found) return;
    const { waiting, play } = found;
    if (play.id !== this.found?.play.id) this.button.disabled = false;
    this.found = found;
    const words = `${waiting.name} waits: ${play.name}, played on Build, ${play.status === "paused" ? "is paused" : "is still learning"}.`;
    if (this.words.textContent !== words) this.words.textContent = words;
    this.button.textContent = `End ${play.name}`;
  }

  async press() {
    const { waiting, play } = this.found;
    this.button.disabled = true;
    try {
      await control(play.id, "stop");
    } catch (error) {
      this.words.textContent = error.message;
      this.button.disabled = false;
      return;
    }
    this.ended(waiting);
  }
}
