// Status of what plays in words: where the run stands, and which weights it began with.

import { count, grouped } from "../../draw/data.js";

/** Where a run stands. */
export function sentence({ status, epoch, epochs, batch, message, rate, queue_place, ahead }) {
  const where = `epoch ${Math.min(epoch + 1, epochs)} of ${epochs}`;
  if (status === "queued" && queue_place > 1) return `In the queue, ${count(queue_place - 1, "run")} before it`;
  if (status === "queued") return ahead ? `Waits for ${ahead.name}, which ${ahead.status === "paused" ? "is paused" : "learns"}` : "Next in the queue";
  if (status === "running" && !batch && !epoch) return message || "Getting ready";
  if (status === "running") return `Learning · ${where}${rate ? ` · ${grouped(Math.round(rate))} samples a second` : ""}`;
  if (status === "paused") return message || `Paused in ${where}`;
  if (status === "stopping") return "Stopping";
  if (status === "finished") return `All ${count(epochs, "epoch")} are done. Play goes on from here.`;
  return message || `${status[0].toUpperCase()}${status.slice(1)} in ${where}`;
}

/** Before anything plays: what a press on play does, and that a run which has learned already stays as it is. */
export function begins(network, { dataset, learned }) {
  return `Press play and ${network} learns here from ${dataset.title}${learned ? `, with new weights; ${learned} stays as it is` : ""}.`;
}

/** What was kept of the weights of the run before, and what began anew. */
export function lineage(told) {
  const [kept, anew] = [told?.kept ?? [], told?.anew ?? []];
  if (!kept.length && !anew.length) return "";
  if (!anew.length) return "Every layer goes on with its weights.";
  if (!kept.length) return `${listed(anew)} began anew.`;
  return `${listed(kept)} ${kept.length === 1 ? "goes on with its weights" : "go on with their weights"}; ${listed(anew)} began anew.`;
}

const listed = (names) => (names.length > 3 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more` : names.join(names.length === 2 ? " and " : ", "));
