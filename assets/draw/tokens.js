// Tokens as they are written: a space and a line's end have signs of their own; characters stand without spaces between them.

const SIGNS = { " ": "␣", "\n": "⏎" };

export const visible = (word) => SIGNS[word] ?? word;

/** Whether each token is one character. */
export const characters = (vocabulary) => vocabulary.every((word) => word.length === 1);

/** Tokens' numbers as a line of text in which a space is seen. */
export const joined = (tokens, vocabulary) => Array.from(tokens, (token) => visible(vocabulary[token] ?? String(token))).join(characters(vocabulary) ? "" : " ");
