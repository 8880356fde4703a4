// Polling of a run's new events with exponential backoff and jitter, while it is alive: every second, slower in a hidden tab.

const HIDDEN = 15_000;
const LONGEST = 30_000;
const BEGINS = 200; // while a run that is shown has not learned anything: its first batch is waited for
const ALIVE = new Set(["queued", "running", "paused", "stopping"]);

export const alive = (status) => ALIVE.has(status);

/** Whether a run is about to learn from its first batch. */
const begins = ({ status, epoch, batch, queue_place }) => !epoch && !batch && (status === "running" || (status === "queued" && queue_place === 1));

const jitter = (milliseconds) => milliseconds * (0.85 + 0.3 * Math.random()); // so that a class does not ask in one beat

/** Start following; `answered(body)` after each answer, `away(times)` after each failure in a row. Returns { stop, now }. */
export function follow(run, { after = 0, every = 1000, answered, away = () => {} }) {
  let [timer, failures, ended, asking, soon] = [null, 0, false, false, false];

  const pause = () => {
    const base = failures ? Math.min(every * 2 ** failures, LONGEST) : soon ? Math.min(every, BEGINS) : every;
    return jitter(document.hidden ? Math.max(base, HIDDEN) : base);
  };

  async function ask() {
    if (asking || ended) return;
    clearTimeout(timer);
    asking = true;
    let more = false;
    try {
      const url = `/api/runs/${encodeURIComponent(run)}/events?after=${after}`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      if (answer.status === 404) ended = true;
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const body = await answer.json();
      if (ended) return;
      failures = 0;
      after = body.next;
      more = body.more;
      soon = every <= 1000 && begins(body.run);
      answered(body);
      if (!alive(body.run.status) && !more) ended = true;
    } catch {
      if (!ended) away(++failures);
    } finally {
      asking = false;
      if (ended) document.removeEventListener("visibilitychange", seen);
      else timer = setTimeout(ask, more ? 0 : pause());
    }
  }

  const seen = () => document.hidden || ask();
  document.addEventListener("visibilitychange", seen);
  timer = setTimeout(ask, jitter(Math.min(every / 2, BEGINS)));
  return {
    now: ask,
    stop() {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    },
  };
}

/** Ask the worker to pause, resume or stop; throws with a sentence for the person. */
export async function control(run, action) {
  const answer = await fetch(`/api/runs/${encodeURIComponent(run)}/control`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ action }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => {
    throw new Error("The server does not answer; the run goes on. Try again in a moment.");
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error?.message ?? "The server refused that.");
  return body;
}
