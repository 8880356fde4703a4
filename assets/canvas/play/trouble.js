// What is wrong with a layer that learns (dead units, NaN, vanished updates): two words for its card, and a sentence that says what they mean.

const DEAD = 0.5; // share of a layer's units from which it is marked
const STILL = 1e-7; // of its weights' size: a layer that moves less between two frames learns nothing
const FAR = 0.3; // of its weights' size in each step: what moves more is thrown about

const LOST = "Its output is not a number any more, so nothing can be learned from it. A lower learning rate usually prevents that.";
const STANDS = "Its weights hardly move: it is frozen, or almost no gradient reaches it.";
const THROWN = "Its weights are thrown about rather than led: such steps undo what was learned. A lower learning rate usually calms them.";
const dead = (share) => `${share} of its units answer 0 to every sample, so they cannot learn. A lower learning rate or a LeakyReLU usually revives them.`;

/** { short, meaning } of a layer's block; null where nothing is wrong. */
export function trouble({ wrong, dead: share, moved, pace }) {
  const percent = `${Math.round(100 * share)} %`;
  if (wrong) return { short: "not a number", meaning: LOST };
  if (share >= DEAD) return { short: `${percent} dead`, meaning: dead(percent) };
  if (pace > FAR) return { short: `moves ${Math.round(100 * pace)} % a step`, meaning: THROWN };
  return moved !== null && moved < STILL ? { short: "does not move", meaning: STANDS } : null;
}
