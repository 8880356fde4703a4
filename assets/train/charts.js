// Learning curves: one Plotly chart per metric. New points are appended, so a zoom stays; new runs redraw with the same uirevision.
import { h } from "../draw/dom.js";

const TITLES = { mse: "Mean squared error", mae: "Mean absolute error", auc: "AUC" };
const MOST_CHARTS = 12; // all metrics that one run may have, and those of the runs over it

let plotly = null; // the library, once asked for

/** plotly.js from the installed package, loaded once. */
export function library() {
  plotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = h("script", { src: "/assets/plotly.min.js", onload: () => resolve(window.Plotly) });
    script.onerror = () => {
      plotly = null; // the next try asks again
      reject(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return plotly;
}

const title = (metric) => TITLES[metric] ?? (metric[0].toUpperCase() + metric.slice(1)).replaceAll("_", " ");

/** "loss" first, the others as they came. */
const ordered = (metrics) => [...metrics].sort((a, b) => (b === "loss") - (a === "loss")).slice(0, MOST_CHARTS);

const key = () => h("span", { class: "live-key" }, "training", h("i"), "validation", h("i", { class: "dashed" }), "batch", h("i", { class: "thin" }));

export class Charts {
  element; charts; theme; revision; runs; zooming;

  constructor() {
    this.element = h("div", { class: "live-charts" });
    this.charts = new Map(); // metric: { section, plot, legend, reset, index }
    this.theme = null;
  }

  /** Draw everything anew. `runs`: [{ id, name, series, colour, validation, best }], the shown run first. */
  async draw(runs, theme, revision) {
    Object.assign(this, { runs, theme, revision });
    if (runs.length) this.element.style = `--training: ${runs[0].colour}; --validation: ${runs[0].validation}`;
    const metrics = ordered(new Set(runs.flatMap(({ series }) => [...series.metrics.keys()])));
    for (const [metric, chart] of this.charts) {
      if (metrics.includes(metric)) continue;
      chart.section.remove();
      this.charts.delete(metric);
    }
    for (const metric of metrics) if (!this.charts.has(metric)) this.#add(metric);
    const Plotly = await library();
    for (const [metric, chart] of this.charts) this.#plot(Plotly, metric, chart);
  }

  #add(metric) {
    const reset = h("button", { type: "button", hidden: true, onclick: () => this.#zoom(null) }, "Reset zoom");
    const heading = h("h3", {}, title(metric), key(), reset);
    const plot = h("div", { class: "live-plot", "data-metric": metric });
    const section = h("section", { "aria-label": `${title(metric)} over epochs` }, heading, plot);
    this.element.append(section);
    this.charts.set(metric, { section, plot, reset, index: new Map() });
  }

  #plot(Plotly, metric, chart) {
    const { traces, index } = this.#traces(metric);
    chart.index = index;
    const drawn = chart.plot.data != null;
    Plotly.react(chart.plot, traces, this.#layout(), { displayModeBar: false, responsive: true, doubleClick: "reset" });
    if (drawn) return;
    chart.plot.on("plotly_relayout", (change) => this.#relayout(chart, change));
  }

  #traces(metric) {
    const traces = [];
    const index = new Map();
    for (const run of [...this.runs].reverse()) {
      const lines = run.series.metrics.get(metric); // the shown run comes last, on top of the others
      if (!lines) continue;
      const few = Math.max(lines.train.x.length, lines.validation.x.length) < 40;
      for (const kind of run === this.runs[0] ? ["batch", "train", "validation"] : ["train", "validation"]) {
        index.set(`${run.id} ${kind}`, traces.length);
        traces.push(this.#trace(run, kind, lines[kind], few));
      }
    }
    return { traces, index };
  }

  #trace(run, kind, { x, y }, few) {
    const colour = kind === "validation" ? run.validation : run.colour;
    const label = { batch: "batch", train: "training", validation: "validation" }[kind];
    return {
      x: [...x],
      y: [...y],
      type: "scatter",
      mode: few && (kind !== "batch" || x.length === 1) ? "lines+markers" : "lines", // a single point has no line
      name: this.runs.length > 1 ? `${run.name.replaceAll("<", "&lt;")} ${label}` : label,
      line: { color: colour, width: kind === "batch" ? 1 : 2, dash: kind === "validation" ? "dash" : "solid" },
      marker: { size: 5, color: colour },
      opacity: kind === "batch" ? 0.35 : 1,
      hoverinfo: kind === "batch" ? "skip" : undefined,
      hovertemplate: kind === "batch" ? undefined : "%{y:.4~g}",
      showlegend: false,
    };
  }

  #layout() {
    const { text, grid, background, font, best, grow } = this.theme;
    const axis = { gridcolor: grid, zeroline: false, linecolor: grid, tickfont: { color: text, size: 11 * grow }, automargin: true };
    const marked = this.runs[0]?.best;
    return {
      uirevision: this.revision,
      height: 260 * grow,
      margin: { l: 44 * grow, r: 12, t: 14 * grow, b: 26 * grow },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: font, color: text, size: 12 * grow },
      hovermode: "x unified",
      hoverlabel: { bgcolor: background, bordercolor: grid, font: { color: text } },
      dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
      xaxis: { ...axis, showgrid: false, rangemode: "tozero", autorangeoptions: { include: [0, 1] }, hoverformat: ".4~g", unifiedhovertitle: { text: "epoch %{x}" }, nticks: 12, tickformat: "~g", minallowed: 0 },
      yaxis: { ...axis, nticks: 6, tickformat: "~g" },
      shapes: marked ? [{ type: "line", x0: marked, x1: marked, yref: "paper", y0: 0, y1: 1, line: { color: best, width: 1.5, dash: "dot" } }] : [],
      annotations: marked ? [{ x: marked, y: 1, yref: "paper", xanchor: "auto", yanchor: "bottom", showarrow: false, text: `lowest ${this.runs[0].lowest ?? "loss"}, epoch ${marked}`, font: { color: text, size: 11 * grow } }] : [],
    };
  }

  /** Append new points of one run; false where a redraw is needed (a metric or run that no chart has yet). */
  extend(run, added) {
    const batches = new Map();
    for (const { metric, kind, x, y } of added) {
      const chart = this.charts.get(metric);
      const trace = chart?.index.get(`${run} ${kind}`);
      if (trace == null) {
        if (kind === "batch" && chart) continue; // an overlaid run has no batch line
        return false;
      }
      if (!batches.has(chart)) batches.set(chart, new Map());
      const lines = batches.get(chart);
      if (!lines.has(trace)) lines.set(trace, { x: [], y: [] });
      lines.get(trace).x.push(x);
      lines.get(trace).y.push(y);
    }
    for (const [chart, lines] of batches) {
      const points = [...lines.values()];
      window.Plotly?.extendTraces(chart.plot, { x: points.map(({ x }) => x), y: points.map(({ y }) => y) }, [...lines.keys()]);
    }
    return true;
  }

  /** Mark the best epoch, where it moved. */
  mark(epoch) {
    if (!this.runs?.length || this.runs[0].best === epoch || !window.Plotly) return;
    this.runs[0].best = epoch;
    const { shapes, annotations } = this.#layout();
    for (const { plot } of this.charts.values()) if (plot.data) window.Plotly.relayout(plot, { shapes, annotations });
  }

  /** A zoom along the epochs on one chart is a zoom on all. */
  #relayout(chart, change) {
    if (this.zooming) return;
    if ("xaxis.range[0]" in change) this.#zoom([change["xaxis.range[0]"], change["xaxis.range[1]"]], chart);
    else if (change["xaxis.autorange"]) this.#zoom(null, chart);
  }

  async #zoom(range, from = null) {
    this.zooming = true;
    const change = range ? { "xaxis.range": range } : { "xaxis.autorange": true, "yaxis.autorange": true };
    for (const chart of this.charts.values()) {
      if (chart !== from) await window.Plotly.relayout(chart.plot, change);
      chart.reset.hidden = !range;
    }
    this.zooming = false;
  }

  leave() {
    for (const { plot } of this.charts.values()) window.Plotly?.purge(plot);
  }
}
