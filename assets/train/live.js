// Live learning curves: history from the page's own data, then polling of new events for as long as the run is alive.
import { News } from "../canvas/news.js";
import { tell } from "../draw/link.js";
import { isDark, rgb } from "../draw/theme.js";
import { Ahead } from "./ahead.js";
import { Charts } from "./charts.js";
import { h, intoSight } from "../draw/dom.js";
import { redraw } from "../frame/frame.js";
import { alive, follow } from "./follow.js";
import { Head } from "./head.js";
import { Series } from "./series.js";
import { Table } from "./table.js";

const OTHERS_EVERY = 5000; // a run that is alive but not shown only keeps its row true
const NO_EVENTS = Number.MAX_SAFE_INTEGER; // "after" the last there can be: only the run's own row is asked for
const PHONE = 640; // pixels of width, up to which the columns stand below each other
const views = new WeakMap();

/** Called by Streamlit at first and whenever data or theme changed. */
export function draw(component) {
  const { parentElement } = component;
  if (!views.has(parentElement)) views.set(parentElement, new View(parentElement));
  views.get(parentElement).take(component);
}

/** Called once, when the component leaves the page. */
export function leave(parentElement) {
  views.get(parentElement)?.leave();
  views.delete(parentElement);
}

class View {
  followers; series; head; ahead; away; charts; table; component; wait; news; data; element; shown; runs; overlay; theme; begun;

  constructor(parent) {
    this.followers = new Map(); // run id: follower
    this.series = new Map(); // run id: Series
    this.head = new Head((run) => this.#pressed(run));
    this.ahead = new Ahead(({ id }) => this.component.setTriggerValue("chosen", id));
    this.away = h("div", { class: "live-away", role: "status", hidden: true }, "Reconnecting. The run goes on without this page.");
    this.charts = new Charts();
    this.table = new Table({ ticked: (id, on) => this.#tick(id, on), chosen: (id) => this.component.setTriggerValue("chosen", id) });
    this.wait = h("div", { class: "live-wait" });
    this.news = new News({ onPicture: ({ revision }) => this.#edited(revision), shown: () => this.data.network.revision, onGone: redraw });
    this.element = h("div", { class: "live" }, this.head.element, this.ahead.element, this.away, this.wait, this.charts.element, this.table.element);
    parent.querySelector(".live-root").replaceChildren(this.element);
  }

  take(component) {
    this.component = component;
    const { data } = component;
    this.data = data;
    const before = this.shown;
    this.runs = new Map(data.runs.map((run) => [run.id, run]));
    this.shown = this.runs.has(data.shown) ? data.shown : null;
    this.overlay = data.overlay.filter((id) => this.runs.has(id) && id !== this.shown);
    this.element.classList.toggle("live-empty", !this.shown);
    if (this.shown) this.#seriesOf(this.shown).add(data.events);
    this.#follow();
    this.news.follow(data.network);
    this.redraw();
    if (this.begun && before !== this.shown) this.#comeIntoSight();
    this.begun = true;
  }

  /** On a phone the form below is longer than the screen: the run that a press has started or chosen is shown. */
  #comeIntoSight() {
    const { top, bottom } = this.element.getBoundingClientRect();
    const phone = window.innerWidth <= PHONE && (top < 0 || top > window.innerHeight / 2);
    if (phone || bottom < 0) intoSight(this.element);
  }

  /** The network was changed in another place: what the form says of it is of before. */
  #edited(revision) {
    if (revision !== this.data.network.revision) this.component.setTriggerValue("edited", revision);
  }

  #seriesOf(id) {
    if (!this.series.has(id)) this.series.set(id, new Series());
    return this.series.get(id);
  }

  /** Follow the shown run, the ticked ones (at least once, for their history) and every other that is alive. */
  #follow() {
    const wanted = new Set([...this.runs.values()].filter((run) => alive(run.status)).map((run) => run.id));
    for (const id of this.overlay) if (!this.series.has(id)) wanted.add(id);
    for (const [id, follower] of this.followers) {
      if (wanted.has(id) && follower.fast === this.#fast(id)) continue;
      follower.stop();
      this.followers.delete(id);
    }
    for (const id of wanted) if (!this.followers.has(id)) this.#start(id);
  }

  #fast(id) {
    return id === this.shown || this.overlay.includes(id);
  }

  #start(id) {
    const fast = this.#fast(id);
    const known = this.series.get(id)?.last ?? 0;
    const follower = follow(id, {
      after: fast ? known : NO_EVENTS,
      every: fast ? 1000 : OTHERS_EVERY,
      answered: (body) => this.#answered(id, body, fast),
      away: (times) => id === this.shown && times > 1 && (this.away.hidden = false),
    });
    this.followers.set(id, { ...follower, fast });
    if (!this.series.has(id) && fast) follower.now();
  }

  #answered(id, { run, events, more }, fast) {
    const before = this.runs.get(id)?.status;
    if (fast && events.length) this.#grow(id, events);
    this.runs.set(id, { ...this.runs.get(id), ...run, ...this.series.get(id)?.best(run.best_epoch) });
    if (id === this.shown) this.away.hidden = true;
    if (id === this.shown) tell("run", this.runs.get(id)); // its picture looks for news
    this.#heading();
    this.#rows();
    if (id === this.shown) this.charts.mark(run.best_epoch);
    if (more || alive(run.status)) return;
    this.followers.delete(id);
    if (alive(before)) this.component.setTriggerValue("ended", id);
  }

  #grow(id, events) {
    const { added, redraw } = this.#seriesOf(id).add(events);
    if (redraw || !this.charts.extend(id, added)) this.redraw();
  }

  /** The head again, after a press; `told` is the run as the server then said: one that had ended may be alive again. */
  #pressed(told) {
    if (told && !this.runs.has(told.id)) return; // deleted meanwhile
    const before = told && this.runs.get(told.id).status;
    if (told) this.runs.set(told.id, { ...this.runs.get(told.id), ...told });
    this.#heading();
    this.#follow();
    if (told) this.followers.get(told.id)?.now();
    if (told && alive(before) !== alive(told.status)) this.component.setTriggerValue("ended", told.id); // what stands beside the curves is of before
  }

  #heading() {
    const run = this.runs.get(this.shown);
    const paused = [...this.runs.values()].find(({ status }) => status === "paused");
    if (run) this.head.draw(run, this.data, paused?.name);
    this.ahead.draw([...this.runs.values()], this.data.editable);
  }

  #rows() {
    this.table.draw([...this.runs.values()], this.shown, this.overlay, (id) => this.#colour(id));
  }

  #colour(id) {
    const place = [this.shown, ...this.overlay].indexOf(id);
    const colours = this.theme.colours;
    return place < 0 ? null : colours[place % colours.length];
  }

  #tick(id, on) {
    this.overlay = on ? [...this.overlay, id] : this.overlay.filter((other) => other !== id);
    this.component.setStateValue("overlay", this.overlay);
    this.#follow();
    this.redraw();
  }

  redraw() {
    this.theme = theme(this.element, this.data.palette);
    this.#heading();
    this.#rows();
    const ids = [this.shown, ...this.overlay].filter((id) => id && this.series.has(id));
    const single = ids.length === 1;
    const runs = ids.map((id) => {
      const run = this.runs.get(id);
      const colour = this.#colour(id);
      return { id, name: run.name, series: this.series.get(id), colour, validation: single ? this.theme.validation : colour, best: run.best_epoch, lowest: run.best_of };
    });
    this.#waiting(runs);
    this.charts.draw(runs, this.theme, this.shown).catch(() => {
      this.wait.textContent = "The charts did not load. Reload the page to try again.";
    });
  }

  #waiting(runs) {
    const empty = runs.every(({ series }) => series.metrics.size === 0);
    const run = this.runs.get(this.shown);
    this.wait.textContent = !run ? "No runs yet. Choose a recipe and press Train." : empty && alive(run.status) ? "The first points come with the first batches." : "";
  }

  leave() {
    for (const follower of this.followers.values()) follower.stop();
    this.news.stop();
    this.charts.leave();
  }
}

/** Colours for Plotly, which takes no CSS variables: read from Streamlit's theme. */
function theme(element, palette) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const background = read("--st-background-color") || "#ffffff";
  const { colours, validation, best } = palette[isDark(element) ? "dark" : "light"];
  const text = `color-mix(in srgb, ${read("--st-text-color") || "#31333f"} 75%, ${background})`;
  const grow = Number(read("--grow")) || 1;
  return { grow, colours, validation, best, background, text: `rgb(${rgb(text).join(", ")})`, grid: read("--st-border-color-light") || "#e6e6ea", font: read("--st-font") || "sans-serif" };
}
