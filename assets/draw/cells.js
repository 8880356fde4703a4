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

/** Lines for unit and step; `data.directions` [{ name, kind, units: [from, to], back }] say which way time runs for it. */
export function sentence(data, arrays, unit, step) {
  const way = data.directions.find(({ units: [from, to] }) => unit >= from && unit < to);
  if (!way || !WAYS[way.kind]) return [];
  if (data.mask && !data.mask[step]) return ["This step is masked: the state stays as it was."];
  const first = data.names[0].name;
  const split = !arrays.hidden; // two kinds of cells beside each other, each with its own arrays
  const own = (name) => (split ? arrays[`${way.name}_${name}`] : arrays[name]);
  const place = split ? unit - way.units[0] : unit;
  const earlier = way.back ? step + 1 : step - 1;
  const [steps] = arrays[first].shape;
  const read = (name, when) => (when < 0 || when >= steps ? 0 : own(name).values[when * own(name).shape[1] + place]);
  return WAYS[way.kind]((name) => read(name, step), (name) => read(name, earlier), data.activation);
}
