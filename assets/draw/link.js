// Brushing and linking (event bus): panels on one page hear what is pointed at: link("key", 3) and every listener of "key".
const listeners = new Map();

export function listen(name, hear) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(hear);
  return () => listeners.get(name).delete(hear);
}

export function tell(name, value, from = null) {
  for (const hear of listeners.get(name) ?? []) if (hear !== from) hear(value);
}
