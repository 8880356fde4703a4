"""Attention: every position looks at every other and takes what it needs."""

from collections.abc import Mapping
from typing import Any

from .record import Formula, Layer, Port, Shapes
from .shared import DENSE_WEIGHTS, SEED, USE_BIAS, choice, integer, integers, rate, switch

PLAIN = {"attention_axes": None, "use_gate": False}  # the common case, whose work is explained
PORTS = (Port(name="query"), Port(name="value"), Port(name="key", optional=True))
DROPOUT = rate("dropout", "The share of attention weights that training drops.", 0.0, shows="dropout {}")
WINDOW = integer(
    "sliding_window",
    "How far a position may look to either side; none: everywhere.",
    default=None,
    optional=True,
    more=True,
    shows="window {}",
)
GATE = switch("use_gate", "Whether a learned gate from the query scales the output.", False, more=True, shows="gated")

QKV = (Port(many=True),)  # Keras takes these as one list: query, value, and the key where it isn't the value


_ALL = "query_weights + key_weights + value_weights + output_weights"


def _parts(key: str, heads: str, key_heads: str, value: str) -> tuple[Formula, ...]:
    """Weights of the projections and their sum; `key` and `value` are the parameters with a head's lengths."""
    return (
        Formula(label="Query weights", name="query_weights", expression=f"(query_features + use_bias) * {heads} * {key}"),
        Formula(label="Key weights", name="key_weights", expression=f"(key_features + use_bias) * {key_heads} * {key}"),
        Formula(label="Value weights", name="value_weights", expression=f"(value_features + use_bias) * {key_heads} * {value}"),
        Formula(
            label="Gate weights",
            name="gate_weights",
            expression=f"(query_features + use_bias) * {heads} * {value}",
            when={"use_gate": True},
        ),
        Formula(label="Output weights", name="output_weights", expression=f"({heads} * {value} + use_bias) * product(made)"),
        Formula(label="Parameters", expression=f"{_ALL} + gate_weights", when={"use_gate": True}),
        Formula(label="Parameters", expression=_ALL, when={"use_gate": False}),
    )


def _made(params: Mapping[str, Any], shapes: Shapes) -> dict[str, Any]:
    """The features each query ends with."""
    own = params.get("output_shape") or (shapes[0][-1],)
    return {"made": tuple(own) if isinstance(own, list | tuple) else (own,)}


def _second_axis(params: Mapping[str, Any], shapes: Shapes) -> dict[str, Any]:
    """Keras's grouped attention takes the axis after the positions for the features, of images too, which it then cannot compute."""
    ports = {f"{port.name}_features": shapes[min(at, len(shapes) - 1)] for at, port in enumerate(PORTS)}
    return _made(params, shapes) | {name: shape[1] for name, shape in ports.items() if len(shape) > 1}


_MACS = (
    Formula(
        label="Projections",
        name="projections",
        expression="product(query_leading) * num_heads * (query_features * key_dim + value_dim * product(made))"
        " + product(value_leading) * num_heads * (key_features * key_dim + value_features * value_dim)",
        when=PLAIN,
    ),
    Formula(
        label="Scores and weighted sums",
        name="scores",
        expression="product(query_leading) * product(value_leading) * num_heads * (key_dim + value_dim)",
        when=PLAIN,
    ),
    Formula(label="Multiply-accumulates", expression="projections + scores", when=PLAIN),
)

SCORES = switch(
    "return_attention_scores",
    "Whether it also gives its weights, of each query over the keys, at an output of its own.",
    False,
    more=True,
    in_call=True,
    shows="and its scores",
)


def _scores(params: Mapping[str, Any]) -> tuple[str, ...]:
    return ("scores",) if params.get("return_attention_scores") else ()


CAUSAL = switch("use_causal_mask", "Whether each step sees only itself and what came before.", False, shows="causal", in_call=True)

ATTENTION = (
    Layer(
        name="MultiHeadAttention",
        family="attention",
        attends="split",
        summary="Several attentions side by side, each with its own queries, keys and values.",
        terms=("self-attention", "transformer", "heads", "query", "key", "value", "mha"),
        inputs=PORTS,
        further=_scores,
        params=(
            integer("num_heads", "How many attentions run side by side.", start=4, high=4096, shows="{} heads"),
            integer("key_dim", "The length of each head's queries and keys.", start=32, shows="{} wide"),
            integer(
                "value_dim",
                "The length of each head's values; none: as the keys.",
                default=None,
                optional=True,
                falls_back="key_dim",
                shows="values {}",
            ),
            DROPOUT,
            integers(
                "output_shape", "The output's features; none: as many as the query's.", default=None, optional=True, scalar=True, more=True
            ),
            integers(
                "attention_axes",
                "The axes attended over; none: all but batch, heads and features.",
                default=None,
                optional=True,
                scalar=True,
                low=-8,
                high=8,
                more=True,
            ),
            CAUSAL,
            SCORES,
            WINDOW,
            GATE,
            USE_BIAS,
            SEED,
            *DENSE_WEIGHTS,
        ),
        numbers=_made,
        formulas=(*_parts("key_dim", "num_heads", "num_heads", "value_dim"), *_MACS),
    ),
    Layer(
        name="Attention",
        family="attention",
        attends="single",
        summary="Weighs the values by how well they match each query (dot product). Connect query, then value.",
        terms=("dot product", "scaled", "luong", "self-attention", "query", "key", "value"),
        inputs=QKV,
        further=_scores,
        params=(
            choice(
                "score_mode",
                "How query and key are compared: by dot product, or by their sum through tanh.",
                ("dot", "concat"),
                "dot",
                shows="{}",
            ),
            switch("use_scale", "Whether the scores are scaled by a learned number.", False, shows="scaled"),
            CAUSAL,
            SCORES,
            DROPOUT,
            SEED,
        ),
        formulas=(
            Formula(label="Parameters", expression="use_scale + 1", when={"score_mode": "concat"}),
            Formula(label="Parameters", expression="use_scale", when={"score_mode": "dot"}),
        ),
    ),
    Layer(
        name="AdditiveAttention",
        family="attention",
        attends="additive",
        summary="Weighs the values by the sum of query and key through tanh, as in the first attention. Connect query, then value.",
        terms=("bahdanau", "query", "key", "value", "seq2seq"),
        inputs=QKV,
        further=_scores,
        params=(
            switch("use_scale", "Whether each feature's part of the score has a learned weight.", True, shows="not scaled"),
            CAUSAL,
            SCORES,
            DROPOUT,
        ),
        formulas=(Formula(label="Parameters", expression="use_scale * features"),),
    ),
    Layer(
        name="GroupQueryAttention",
        family="attention",
        attends="split",
        summary="Multi-head attention in which groups of queries share keys and values, as large language models do.",
        terms=("gqa", "grouped", "transformer", "llm", "llama", "multi-query"),
        inputs=PORTS,
        further=_scores,
        params=(
            integer("head_dim", "The length of each head's queries, keys and values.", start=32, shows="{} wide"),
            integer("num_query_heads", "How many heads ask.", start=4, high=4096, shows="{} query heads"),
            integer("num_key_value_heads", "How many heads answer; divides the number that ask.", start=2, high=4096, shows="{} key heads"),
            DROPOUT,
            CAUSAL,
            SCORES,
            WINDOW,
            GATE,
            USE_BIAS,
            SEED,
            *DENSE_WEIGHTS,
        ),
        numbers=_second_axis,
        formulas=_parts("head_dim", "num_query_heads", "num_key_value_heads", "head_dim"),
    ),
    Layer(
        name="PositionalEmbedding",
        family="attention",
        own="positional_embedding",
        positional=True,
        summary="Adds to each step a vector that says where it stands, since attention itself sees no order. A layer of our own.",
        terms=("position", "positional encoding", "transformer", "sinusoidal", "order"),
        params=(
            choice(
                "kind",
                "Learned numbers, or the sines and cosines of the first Transformer.",
                ("learned", "sinusoidal"),
                "learned",
                shows="{}",
                always=True,
            ),
        ),
        formulas=(
            Formula(label="Parameters", expression="steps * features", when={"kind": "learned"}),
            Formula(label="Parameters", expression="0", when={"kind": "sinusoidal"}),
        ),
    ),
)
