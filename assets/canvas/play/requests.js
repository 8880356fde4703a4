// What the strip of Play asks of the server (HTTP, JSON): what is shown of a network, samples, a press on play, an own input, keeping a run.

async function get(address) {
  const answer = await fetch(address).catch(() => null);
  return answer?.json().catch(() => null) ?? null;
}

async function post(address, body) {
  const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }).catch(() => null);
  return answer?.json().catch(() => ({})) ?? {};
}

const play = (project) => `/api/projects/${encodeURIComponent(project)}/play`;

/** What the strip of a network shows: { dataset, run, scales }; null where nobody answers. */
export const shown = (project, network) => get(`${play(project)}?${new URLSearchParams({ network })}`);

/** The samples of a dataset, by `name`, `seed` and `share`. */
export const samplesOf = ({ name, seed, share }) => get(`/api/datasets/${encodeURIComponent(name)}/samples?${new URLSearchParams({ seed, share })}`);

/** A press on play, { network, after, step }: { run, dataset } or { refused }. */
export const started = (project, press) => post(play(project), press);

/** An input of the person's own, { network, run, ... }: { mark, x } or { error }. */
export const handed = (project, what) => post(`${play(project)}/sample`, what);

/** Keep a run: { run }. */
export const pinned = (run) => post(`/api/runs/${encodeURIComponent(run)}/pin`, {});
