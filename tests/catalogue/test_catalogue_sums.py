"""The sums as a person reads them: with their own numbers, computed and shown from one expression."""

import pytest

from builder.catalogue import explain
from builder.catalogue.arithmetic import PARAMETERS
from builder.catalogue.expression import Unknown, work_out


@pytest.mark.parametrize(
    ("layer", "params", "shapes", "output", "lines"),
    [
        (
            "Conv2D",
            {"filters": 32, "kernel_size": [3, 3]},
            [(28, 28, 1)],
            (26, 26, 32),
            ["(3 × 3 × 1 + 1) × 32 = 320", "⌊(28 − 3) / 1⌋ + 1 = 26", "⌊(28 − 3) / 1⌋ + 1 = 26", "26 × 26 × 3 × 3 × 1 × 32 = 194,688"],
        ),
        (
            "Conv2D",
            {"filters": 64, "kernel_size": 3, "padding": "same", "strides": 2, "groups": 2, "use_bias": False},
            [(28, 28, 32)],
            (14, 14, 64),
            ["3 × 3 × (32 / 2) × 64 = 9,216", "⌈28 / 2⌉ = 14", "⌈28 / 2⌉ = 14", "14 × 14 × 3 × 3 × (32 / 2) × 64 = 1,806,336"],
        ),
        (
            "Conv1D",
            {"filters": 1, "kernel_size": 3, "dilation_rate": 2},
            [(10, 1)],
            (6, 1),
            ["(3 × 1 + 1) × 1 = 4", "⌊(10 − ((3 − 1) × 2 + 1)) / 1⌋ + 1 = 6", "6 × 3 × 1 × 1 = 18"],
        ),
        ("Dense", {"units": 100}, [(30752,)], (100,), ["(30,752 + 1) × 100 = 3,075,300", "30,752 × 100 = 3,075,200"]),
        ("Flatten", {}, [(7, 7, 64)], (3136,), ["7 × 7 × 64 = 3,136"]),
        ("Embedding", {"input_dim": 5000, "output_dim": 128}, [(500,)], (500, 128), ["5,000 × 128 = 640,000"]),
        ("LSTM", {"units": 128}, [(500, 128)], (128,), ["4 × (128 + 128 + 1) × 128 = 131,584", "500 × 4 × (128 + 128) × 128 = 65,536,000"]),
        ("MaxPooling2D", {}, [(26, 26, 32)], (13, 13, 32), ["⌊(26 − 2) / 2⌋ + 1 = 13", "⌊(26 − 2) / 2⌋ + 1 = 13"]),
        ("Add", {}, [(5,), (5,)], (5,), []),
    ],
)
def test_the_sums_are_shown_with_the_persons_own_numbers(layer, params, shapes, output, lines):
    assert [f"{row.text} = {row.value:,}" for row in explain(layer, params, shapes, output)] == lines


def test_a_size_that_is_not_fixed_is_not_explained():
    assert [row.label for row in explain("Conv1D", {"filters": 2, "kernel_size": 3}, [(None, 4)], (None, 2))] == [PARAMETERS]
    assert explain("Opaque", {}, [(3,)], (3,)) == []
    assert explain("Dense", {"units": 3}, [], (3,)) == []


def test_the_parts_of_an_attention_add_up():
    rows = explain("MultiHeadAttention", {"num_heads": 8, "key_dim": 64}, [(10, 512), (10, 512)], (10, 512))
    parts = [row.value for row in rows if row.label.endswith(" weights")]
    assert sum(parts) == next(row.value for row in rows if row.label == PARAMETERS) == 1_050_624


@pytest.mark.parametrize(
    ("expression", "value", "text"),
    [
        ("a + b * 2", 13, "3 + 5 × 2"),
        ("(a + b) * 2", 16, "(3 + 5) × 2"),
        ("a - (b - a)", 1, "3 − (5 − 3)"),
        ("a - b", -2, "3 − 5"),
        ("a * (b * 2)", 30, "3 × 5 × 2"),
        ("floor(b / a)", 1, "⌊5 / 3⌋"),
        ("ceil(b / one) * a", 15, "⌈5 / 1⌉ × 3"),
        ("b / one + zero", 5, "5"),
        ("product(empty) * a", 3, "3"),
        ("total(many)", 6, "1 + 2 + 3"),
        ("a * total(many)", 18, "3 × (1 + 2 + 3)"),
        ("max(a, b)", 5, "max(3, 5)"),
        ("minus + a", 1, "−2 + 3"),
        ("a * minus", -6, "3 × (−2)"),
        ("thousand * thousand", 1_000_000, "1,000 × 1,000"),
    ],
)
def test_an_expression_is_computed_and_shown_from_the_same_text(expression, value, text):
    numbers = {"a": 3, "b": 5, "one": 1, "zero": 0, "empty": (), "many": (1, 2, 3), "minus": -2, "thousand": 1000}
    assert work_out(expression, numbers) == (value, text)


def test_an_expression_with_an_unknown_name_has_no_value():
    for expression in ("a + b", "b / a", "product(a)", "total(b)"):
        with pytest.raises(Unknown):
            work_out(expression, {"a": 0, "b": (1, None)})


@pytest.mark.parametrize("expression", ["__import__('os')", "a.b", "[1]", "a ** 2", "lambda: 1", "'a'", "open(a)", "a if a else a"])
def test_an_expression_is_arithmetic_and_nothing_else(expression):
    with pytest.raises((SyntaxError, KeyError, Unknown)):
        work_out(expression, {"a": 1})
