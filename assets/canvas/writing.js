// Whether an event belongs to a field that is being written in.

const WRITES = "input, textarea, select, [contenteditable]";

export const writing = (event) => event.composedPath()[0].matches?.(WRITES) ?? false;
