// Brushing: which units respond to a stretch of a sequence, and where else one of them does.

const mean = (list) => list.reduce((all, each) => all + each, 0) / Math.max(list.length, 1);

/** One unit's values over time, of (time, units). */
const over = ({ shape: [steps, units], values }, unit) => Array.from({ length: steps }, (_, step) => values[step * units + unit]);

const parted = (own, from, to) => [own.slice(from, to + 1), [...own.slice(0, from), ...own.slice(to + 1)]];

/** For each unit, how far its mean over steps from..to lies from its mean over the others, in its standard deviations. */
export function responses(array, from, to) {
  return Array.from({ length: array.shape[1] }, (_, unit) => {
    const own = over(array, unit);
    const middle = mean(own);
    const deviation = Math.sqrt(mean(own.map((each) => (each - middle) ** 2))) || 1;
    const [inside, outside] = parted(own, from, to).map(mean);
    return (inside - outside) / deviation;
  });
}

/** Every stretch [first, last] in which a unit lies on the side of from..to: beyond halfway between its mean there and elsewhere. */
export function stretches(array, unit, from, to) {
  const own = over(array, unit);
  const [inside, outside] = parted(own, from, to).map(mean);
  const [threshold, above] = [(inside + outside) / 2, inside >= outside];
  const spans = [];
  own.forEach((value, step) => {
    if (above ? value <= threshold : value >= threshold) return;
    const last = spans.at(-1);
    if (last?.[1] === step - 1) last[1] = step;
    else spans.push([step, step]);
  });
  return { threshold, above, spans };
}
