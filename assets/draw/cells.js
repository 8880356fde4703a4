// LSTM, GRU and SimpleRNN cells: their sums with the numbers of one unit at one step.
import { equals, number } from "./data.js";

const WAYS = {
  LSTM: (at, before, act) => [
    cell(at("cell"), at("forget_gate"), before("cell"), at("input_gate"), at("candidate")),
    `hidden ${number(at("hidden"))} = output ${number(at("output_gate"))} × ${act}(${number(at("cell"))})`,
  ],
  GRU: (at, before) => [
    mixed(at("hidden"), at("update_gate"), before("hidden"), 1 - at("update_gate"), at("candidate")),
    `reset ${number(at("reset_gate"))} scales what the candidate sees of the past`,
  ],
  SimpleRNN: (at, _, act) => [`hidden ${number(at("hidden"))} = ${act}(${number(at("before_activation"))})`],
};

const two = (a, b, c, d) => a * b + c * d;
const cell = (made, ...parts) => `cell ${number(made)} ${equals(two, made, ...parts)} forget ${number(parts[0])} × ${number(parts[1])} + input ${number(parts[2])} × candidate ${number(parts[3])}`;
const mixed = (made, ...parts) => `hidden ${number(made)} ${equals(two, made, ...parts)} update ${number(parts[0])} × ${number(parts[1])} + ${number(parts[2])} × candidate ${number(parts[3])}`;

/**
 * Lines for a unit of the drawing at a step; `data.directions` [{ name, kind, units: [from, to], back, activation }] say which way time runs for it.
 * `only`: the direction whose arrays are pointed at, where each direction has its own, as cells of two kinds have.
 */
export function sentence(data, arrays, unit, step, only = "") {
  const way = direction(data.directions, unit, only);
  if (!way || !WAYS[way.kind]) return [];
  if (data.mask && !data.mask[step]) return ["This step is masked: the state stays as it was."];
  const own = (name) => arrays[only ? `${only}_${name}` : name];
  const earlier = way.back ? step + 1 : step - 1;
  const [steps] = arrays[data.names[0].name].shape;
  const read = (name, when) => (when < 0 || when >= steps ? 0 : own(name).values[when * own(name).shape[1] + unit]);
  return WAYS[way.kind]((name) => read(name, step), (name) => read(name, earlier), way.activation);
}

/** The direction that a unit belongs to. */
export const direction = (directions, unit, only = "") => directions.find(({ name, units: [from, to] }) => (only ? name === only : unit >= from && unit < to));

/** A unit's name: its number, and of a layer with two directions which of them it is there: "unit 7 (backward 2)". */
export function unitName(directions, unit, only = "") {
  const way = direction(directions, unit, only);
  if (directions.length < 2 || !way) return `unit ${unit}`;
  return only ? `${way.name} unit ${unit}` : `unit ${unit} (${way.name} ${unit - way.units[0]})`;
}
