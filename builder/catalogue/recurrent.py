"""Recurrent layers: read a sequence step by step and carry a state from one to the next."""

from collections.abc import Callable, Mapping
from typing import Any

from .param import Param
from .record import Formula, Layer
from .shared import ACTIVATION, ACTIVATIONS, SEED, USE_BIAS, choice, integer, rate, switch, weights

UNITS = integer("units", "The length of the state that is carried along.", start=64, shows="{} units")
TANH = ACTIVATION.changed(default="tanh", start=None, help="The function the new state passes through.")
GATE = choice(
    "recurrent_activation",
    "The function of the gates, from 0 (closed) to 1 (open).",
    (None, *ACTIVATIONS),
    "sigmoid",
    optional=True,
    more=True,
    shows="gates {}",
)
SEQUENCES = switch("return_sequences", "Whether it gives the state of every step, or of the last one only.", False, shows="every step")
STATE = switch(
    "return_state",
    "Whether it also gives its state after the last step, at an output of its own.",
    False,
    more=True,
    shows="and its state",
)
DROPOUTS = (
    rate("dropout", "The share of inputs that training drops at each step.", 0.0, shows="dropout {}"),
    rate("recurrent_dropout", "The share of the state that training drops at each step.", 0.0, shows="recurrent dropout {}"),
)
BACKWARDS = switch("go_backwards", "Whether it reads the sequence from its end.", False, more=True, shows="backwards")
UNROLL = switch("unroll", "Whether the loop is written out: faster for short sequences, but takes more memory.", False, more=True)
WEIGHTS = weights(kernel="glorot_uniform", recurrent="orthogonal", bias="zeros")
FORGET = switch("unit_forget_bias", "Whether the forget gate starts open, so that early training remembers.", True, more=True)
RESET = switch(
    "reset_after", "Whether the reset gate acts after the multiplication, as on GPUs, which takes a second bias.", True, more=True
)


def _params(*own: Param) -> tuple[Param, ...]:
    return (UNITS, TANH, SEQUENCES, *DROPOUTS, *own, USE_BIAS, STATE, BACKWARDS, UNROLL, SEED, *WEIGHTS)


def _states(*names: str) -> Callable[[Mapping[str, Any]], tuple[str, ...]]:
    """The ports of the states, where they are given."""
    return lambda params: names if params.get("return_state") else ()


STATES = {"SimpleRNN": _states("hidden"), "LSTM": _states("hidden", "cell"), "GRU": _states("hidden")}


def _both_ways(params: Mapping[str, Any]) -> tuple[str, ...]:
    """A Bidirectional's: first the states of the layer that reads forwards."""
    nested = params.get("layer") or {}
    names = STATES[nested["layer"]](nested.get("params", {})) if nested.get("layer") in STATES else ()
    return tuple(f"{way}_{name}" for way in ("forward", "backward") for name in names)


def _gated(gates: int, biases: str = "use_bias", **when: bool) -> tuple[Formula, ...]:
    """Weights and work of a cell in which each gate reads the input and the state."""
    times = f"{gates} * " if gates > 1 else ""
    return (
        Formula(label="Parameters", expression=f"{times}(features + units + {biases}) * units", when=when),
        Formula(label="Multiply-accumulates", expression=f"steps * {times}(features + units) * units", when=when),
    )


INSIDE = ("LSTM", "GRU", "SimpleRNN")

RECURRENT = (
    Layer(
        name="SimpleRNN",
        family="recurrent",
        arithmetic="simple",
        gates=("before_activation",),
        inside="Each step mixes the whole state anew, so the past fades with every multiplication.",
        summary="Mixes each step with the state before it; forgets quickly.",
        terms=("recurrent", "elman", "vanilla rnn", "memory", "sequence"),
        params=_params(),
        further=STATES["SimpleRNN"],
        formulas=_gated(1),
    ),
    Layer(
        name="LSTM",
        family="recurrent",
        arithmetic="lstm",
        gates=("forget_gate", "input_gate", "candidate", "output_gate"),
        inside="The cell keeps what the forget gate lets through, and adds what the input gate lets in; the output gate decides what is shown.",
        summary="Carries a memory that gates write, keep and read, so that it remembers over many steps.",
        terms=("long short-term memory", "recurrent", "rnn", "gates", "sequence"),
        params=_params(GATE, FORGET),
        further=STATES["LSTM"],
        formulas=_gated(4),
    ),
    Layer(
        name="GRU",
        family="recurrent",
        arithmetic="gru",
        gates=("update_gate", "reset_gate", "candidate"),
        inside="The update gate keeps the old state, what is left of it takes the candidate; the reset gate decides what the candidate sees.",
        summary="Like an LSTM with two gates and no separate memory: fewer weights.",
        terms=("gated recurrent unit", "recurrent", "rnn", "gates", "sequence"),
        params=_params(GATE, RESET),
        further=STATES["GRU"],
        formulas=(*_gated(3, "2 * use_bias", reset_after=True), *_gated(3, reset_after=False)),
    ),
    Layer(
        name="Bidirectional",
        family="recurrent",
        both_ways=True,
        summary="Reads a sequence forwards and backwards with two copies of a recurrent layer.",
        terms=("bilstm", "bigru", "both directions", "backwards", "recurrent", "rnn"),
        further=_both_ways,
        params=(
            Param(
                name="layer",
                kind="layer",
                help="The recurrent layer.",
                choices=INSIDE,
                shows="{}",
                start={"layer": "LSTM", "params": {"units": 64}},
            ),
            choice("merge_mode", "How the two directions become one.", ("concat", "sum", "mul", "ave"), "concat", shows="{}"),
            Param(
                name="backward_layer",
                kind="layer",
                help="The layer that reads backwards (its go_backwards on); none: a copy of the first.",
                choices=INSIDE,
                default=None,
                optional=True,
                more=True,
                shows="back {}",
            ),
        ),
        formulas=(
            Formula(label="Parameters", expression="2 * layer_params", when={"backward_layer": None}),
            Formula(label="Parameters", expression="layer_params + backward_layer_params", when={"backward_layer": ...}),
            Formula(label="Features", axis="features", expression="2 * layer_units", when={"merge_mode": "concat", "backward_layer": None}),
            Formula(label="Multiply-accumulates", expression="2 * layer_macs", when={"backward_layer": None}),
            Formula(label="Multiply-accumulates", expression="layer_macs + backward_layer_macs", when={"backward_layer": ...}),
        ),
    ),
    Layer(
        name="TimeDistributed",
        per_step=True,
        family="recurrent",
        summary="Applies one layer, with the same weights, to every step.",
        terms=("every step", "per step", "wrapper", "video"),
        params=(
            Param(
                name="layer",
                kind="layer",
                help="The layer each step passes through.",
                shows="{}",
                start={"layer": "Dense", "params": {"units": 64}},
                choices=(
                    "Dense",
                    "Conv2D",
                    "Conv1D",
                    "MaxPooling2D",
                    "AveragePooling2D",
                    "MaxPooling1D",
                    "Flatten",
                    "GlobalAveragePooling2D",
                    "GlobalMaxPooling2D",
                    "Dropout",
                    "Activation",
                    "ReLU",
                    "LeakyReLU",
                    "Softmax",
                    "BatchNormalization",
                    "LayerNormalization",
                    "Embedding",
                    "Reshape",
                    "Rescaling",
                    "Resizing",
                    "DepthwiseConv2D",
                    "SeparableConv2D",
                    "Conv2DTranspose",
                    "UpSampling2D",
                    "ZeroPadding2D",
                    "LSTM",
                    "GRU",
                    "SimpleRNN",
                    "Bidirectional",
                ),
            ),
        ),
        formulas=(
            Formula(label="Parameters", expression="layer_params"),
            Formula(label="Multiply-accumulates", expression="first * layer_macs"),
        ),
    ),
)
