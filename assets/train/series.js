// Learning curves' points of one run, from its events: { metric: { batch, train, validation } }, each { x: epochs, y: values }.

const MOST_POINTS = 3000; // a longer batch line is thinned: every second point goes

const line = () => ({ x: [], y: [] });

export class Series {
  metrics; last; redraw;

  constructor() {
    this.metrics = new Map();
    this.last = 0; // number of the newest event taken in
  }

  lines(metric) {
    if (!this.metrics.has(metric)) this.metrics.set(metric, { batch: line(), train: line(), validation: line() });
    return this.metrics.get(metric);
  }

  /** Take in events that are not known yet; answers what is new, [{ metric, kind, x, y }], and whether a line was not only appended to. */
  add(events) {
    const added = [];
    this.redraw = false;
    for (const { n, kind, data } of events) {
      if (n <= this.last) continue;
      this.last = n;
      if (kind === "batch") this.#put(added, data.metrics, data.epoch - 1 + data.batch / data.batches, () => "batch");
      if (kind === "epoch") this.#put(added, data.metrics, data.epoch, (name) => (name.startsWith("val_") ? "validation" : "train"));
    }
    this.#thin();
    return { added, redraw: this.redraw };
  }

  /** What a run reached: its first metric on validation (the loss, where there is no other) at the epoch with the lowest `best_of`. */
  best(epoch) {
    const measured = (name) => this.metrics.get(name)?.validation.x.length > 0;
    const metric = [...this.metrics.keys()].find((name) => name !== "loss" && measured(name)) ?? "loss";
    const [kind, prefix] = measured(metric) ? ["validation", "val_"] : ["train", ""];
    const { x, y } = this.metrics.get(metric)?.[kind] ?? line();
    const place = x.indexOf(epoch);
    return place < 0 ? {} : { best: y[place], best_metric: `${prefix}${metric}`, best_of: measured("loss") ? "val_loss" : "loss" };
  }

  #put(added, metrics, x, kindOf) {
    for (const [name, y] of Object.entries(metrics ?? {})) {
      if (typeof y !== "number" || name === "learning_rate") continue;
      const [metric, kind] = [name.replace(/^val_/, ""), kindOf(name)];
      const points = this.lines(metric)[kind];
      this.#cut(points, x);
      points.x.push(x);
      points.y.push(y);
      added.push({ metric, kind, x, y });
    }
  }

  /** A resumed run tells again what it had not finished: the older telling goes. */
  #cut(points, x) {
    while (points.x.length && points.x.at(-1) >= x) {
      points.x.pop();
      points.y.pop();
      this.redraw = true;
    }
  }

  #thin() {
    for (const { batch } of this.metrics.values()) {
      if (batch.x.length <= MOST_POINTS) continue;
      batch.x = batch.x.filter((_, i) => i % 2 === 1);
      batch.y = batch.y.filter((_, i) => i % 2 === 1);
      this.redraw = true;
    }
  }
}
