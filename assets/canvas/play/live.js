// Long polling of a run that is watched: its events and its newest frame as soon as there are any; slower in a hidden tab.

import { alive } from "../../train/follow.js";

const APART = 110; // ms between two questions
const HIDDEN = 20_000;
const WAITS = [500, 1000, 2000, 5000];

/**
 * Watch a run; `wish()` is {sample, own, pace, wires}, `answered(told, frame)` hears of what came, `away()` of a server that does not answer.
 * Returns { ask, stop }: `ask` for a wish that has changed.
 */
export function watch(run, { after = 0, wish, answered, away = () => {} }) {
  let [mark, failures, ended] = ["", 0, false];
  let asking = null; // the question that waits for an answer
  let timer = null;

  async function ask() {
    clearTimeout(timer);
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    let pause = APART;
    try {
      const query = new URLSearchParams({ ...wish(), after, mark, seen: document.hidden ? "0" : "1" });
      const answer = await fetch(`/api/runs/${encodeURIComponent(run)}/live?${query}`, { signal: AbortSignal.any([mine.signal, AbortSignal.timeout(10_000)]) });
      if (answer.status === 404) ended = true;
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const body = await answer.json();
      if (ended || asking !== mine) return;
      failures = 0;
      mark = body.mark;
      after = body.told.next;
      answered(body.told, body.frame);
      if (!alive(body.told.run.status) && !body.told.more) ended = true;
      if (document.hidden && !body.told.more) pause = HIDDEN;
    } catch {
      if (ended || asking !== mine) return;
      pause = WAITS[Math.min(failures, WAITS.length - 1)];
      failures += 1;
      if (failures > 1) away();
    }
    if (!ended) timer = setTimeout(ask, pause);
    else document.removeEventListener("visibilitychange", ask);
  }

  document.addEventListener("visibilitychange", ask);
  ask();
  return {
    ask: () => ended || ask(),
    stop() {
      ended = true;
      clearTimeout(timer);
      asking?.abort();
      document.removeEventListener("visibilitychange", ask);
    },
  };
}
