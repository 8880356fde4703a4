// Small drawings of an answer: likely words, numbers on their axis, steps in two rows, an input beside what is made of it.

import { ends } from "../../draw/data.js";
import { fitted } from "../../draw/panel.js";
import { painted } from "../../draw/pictures.js";
import { percent, verdicts } from "../../train/pictures/arrays.js";
import { pixels } from "../../train/pictures/rebuilt.js";
import { sized } from "./sized.js";

const CELL = 9; // pixels of a step at least
const GAP = 6;
const MOST_AXES = 3;

const canvas = () => document.createElement("canvas");

/** The likeliest words side by side, each with its chance in percent and as a bar. */
export function likeliest(names, values, room, tall, theme) {
  const made = canvas();
  const context = sized(made, room, tall);
  const across = room / names.length;
  context.textAlign = "center";
  context.textBaseline = "middle";
  names.forEach((name, at) => {
    const middle = (at + 0.5) * across;
    const text = (words, size, ink, y) => {
      context.font = `${size}px ${theme.family}`;
      context.fillStyle = ink;
      context.fillText(fitted(context, words, across - 2), middle, y);
    };
    text(name, 13, theme.ink, 8);
    text(Number.isNaN(values[at]) ? "" : percent(values[at]), 11, theme.faint, 22);
    context.fillStyle = theme.line;
    context.fillRect(at * across + 3, tall - 6, across - 6, 4);
    context.fillStyle = at ? theme.faint : theme.accent;
    context.fillRect(at * across + 3, tall - 6, (across - 6) * Math.min(values[at] || 0, 1), 4);
  });
  return made;
}

/** What is predicted (filled) and what is right (a line) on the axis of all targets that are known. */
export function axes(values, right, targets, room, tall, theme) {
  const made = canvas();
  const context = sized(made, room, tall);
  const count = Math.min(values.length, MOST_AXES);
  for (let at = 0; at < count; at += 1) {
    const all = Array.from({ length: targets.shape[0] }, (_, row) => targets.values[row * values.length + at]);
    const [low, high] = ends([...all, values[at], ...(right ? [right[at]] : [])]);
    const x = (value) => 7 + ((value - low) / (high - low || 1)) * (room - 14);
    const y = ((at + 0.5) * tall) / count;
    context.strokeStyle = theme.line;
    stroke(context, [[x(low), y], [x(high), y]], 1);
    context.fillStyle = theme.faint;
    for (const value of all) context.fillRect(x(value) - 0.5, y - 2, 1, 4);
    context.strokeStyle = theme.ink;
    if (right) stroke(context, [[x(right[at]), y - 8], [x(right[at]), y + 8]], 2);
    if (!Number.isFinite(values[at])) continue;
    context.fillStyle = theme.accent;
    context.beginPath();
    context.arc(x(values[at]), y, 4.5, 0, 2 * Math.PI);
    context.fill();
  }
  return made;
}

function stroke(context, points, width) {
  context.lineWidth = width;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

/** What is said at each step, what is right below it; where there is no room for all, the last ones. */
export function rows(said, right, room, tall, theme) {
  const made = canvas();
  const context = sized(made, room, tall);
  const wide = Math.max(CELL, ...[...said, ...(right ?? [])].map((word) => 6 * word.length + 3));
  const from = Math.max(said.length - Math.floor(room / wide), 0);
  const across = Math.min(room / (said.length - from), 22);
  const inks = verdicts(theme);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `11px ${theme.family}`;
  for (let step = from; step < said.length; step += 1) {
    const x = (step - from) * across;
    const same = !right || said[step] === right[step];
    if (right) cell(context, x, across, same ? inks.right : inks.wrong, theme, same);
    context.fillStyle = theme.ink;
    context.fillText(said[step], x + across / 2, 10);
    context.fillStyle = theme.faint;
    if (right) context.fillText(right[step], x + across / 2, 28);
  }
  return made;
}

function cell(context, x, across, ink, theme, same) {
  context.fillStyle = ink;
  context.globalAlpha = theme.dark ? 0.35 : 0.2;
  context.fillRect(x + 0.5, 1, across - 1, 17);
  context.globalAlpha = 1;
  if (!same) context.fillRect(x + 0.5, 17, across - 1, 2); // colour alone is not seen by all
}

/** Pictures side by side, or lines over each other where a sample is no picture. */
export function tiles(arrays, dataset, room, tall, theme) {
  const shape = pixels(dataset, arrays[0].shape);
  const made = canvas();
  const context = sized(made, room, tall);
  if (!shape) return lines(context, made, arrays, room, tall, theme);
  const wide = Math.min((tall * shape[1]) / shape[0], (room - GAP * (arrays.length - 1)) / arrays.length);
  context.imageSmoothingEnabled = false;
  context.strokeStyle = theme.line;
  arrays.forEach(({ values }, at) => {
    const x = at * (wide + GAP);
    const high = Math.min(tall, (wide * shape[0]) / shape[1]);
    context.drawImage(painted({ shape, values }, dataset.low, dataset.high), x, 0, wide, high);
    context.strokeRect(x + 0.5, 0.5, wide - 1, high - 1);
  });
  return made;
}

function lines(context, made, arrays, room, tall, theme) {
  const [low, high] = ends(arrays.flatMap(({ values }) => [...values]));
  const inks = [theme.faint, theme.accent, theme.ink];
  arrays.forEach(({ values }, at) => {
    context.strokeStyle = inks[at];
    const point = (value, place) => [1 + (place / Math.max(values.length - 1, 1)) * (room - 2), 2 + (1 - (value - low) / (high - low || 1)) * (tall - 4)];
    stroke(context, [...values].map(point), at ? 1.5 : 3);
  });
  return made;
}
