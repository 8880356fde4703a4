"""Expression parser and evaluator (without `eval`): arithmetic written once, computed and shown.

Numbers, names, + - * / and the functions below; division is exact. Sizes are known, so a name's value is an int or a
tuple of ints. What says nothing isn't shown: an added zero, a division by one, an empty product.

| written | shown |
| --- | --- |
| `floor(a / b)`, `ceil(a / b)` | ⌊a / b⌋, ⌈a / b⌉ |
| `product(sizes)`, `total(sizes)` | a × b × c, a + b + c |
| `span(kernel, dilation)` | the places a dilated window covers, (kernel − 1) × dilation + 1 |
| `min(a, b)`, `max(a, b)` | the same |
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from math import ceil, floor, prod
from typing import NamedTuple

from builder.words import format_exact, format_shape

Value = int | Fraction
Numbers = Mapping[str, int | Sequence[int]]
SUM, PRODUCT, ATOM = 1, 2, 3  # how tightly a text holds together


class Shown(NamedTuple):
    """A part of an expression: its value, its text, and how tightly the text holds together; no text: nothing to show."""

    value: Value
    text: str
    grip: int = ATOM

    def within(self, grip: int) -> str:
        """The text, in parentheses where its surroundings hold together more tightly."""
        return self.text if self.grip >= grip else f"({self.text})"


class Unknown(Exception):
    """A name has no value: a size that isn't fixed, or a parameter that isn't set."""


def work_out(expression: str, numbers: Numbers) -> tuple[int, str]:
    """The value of an expression and its text with the numbers in place: `(3 × 3 × 1 + 1) × 32`.

    Raises:
        Unknown: one of its names has no value.
    """
    shown = _show(_parsed(expression), numbers, False)
    if shown.value != int(shown.value):
        raise Unknown(expression)
    return int(shown.value), shown.text or "1"


def number(value: Value) -> str:
    """A number with thousands separators and a true minus sign."""
    return format_exact(int(value) if value == int(value) else float(value))


@cache
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def _show(node: ast.expr, numbers: Numbers, rounded: bool) -> Shown:
    """`rounded`: within floor or ceil, where a division by one is still shown."""
    match node:
        case ast.Constant(value=int() as value):
            return Shown(value, number(value))
        case ast.Name(id=name):
            return _named(name, numbers)
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATORS[type(operator)](_show(left, numbers, rounded), _show(right, numbers, rounded), rounded)
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in _SEQUENCES:
            return _SEQUENCES[name](_sequence(arguments[0], numbers))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _FUNCTIONS[name](*(_show(each, numbers, name in ("floor", "ceil")) for each in arguments))
    raise SyntaxError(f"{ast.unparse(node)} is no arithmetic of the catalogue")


def _named(name: str, numbers: Numbers) -> Shown:
    value = numbers.get(name)
    if not isinstance(value, int):
        raise Unknown(name)
    return Shown(value, number(value), ATOM if value >= 0 else SUM)


def _sequence(node: ast.expr, numbers: Numbers) -> list[int]:
    values = numbers.get(node.id) if isinstance(node, ast.Name) else None
    if values is None or isinstance(values, int) or not all(isinstance(value, int) for value in values):
        raise Unknown(ast.unparse(node))
    return list(values)


def _add(left: Shown, right: Shown, rounded: bool) -> Shown:
    if left.value == 0 or right.value == 0:
        return right if left.value == 0 else left
    return Shown(left.value + right.value, f"{left.text} + {right.within(SUM)}", SUM)


def _subtract(left: Shown, right: Shown, rounded: bool) -> Shown:
    if right.value == 0:
        return left
    return Shown(left.value - right.value, f"{left.text} − {right.within(PRODUCT)}", SUM)


def _multiply(left: Shown, right: Shown, rounded: bool) -> Shown:
    if not left.text or not right.text:
        return left if left.text else right
    return Shown(left.value * right.value, f"{left.within(PRODUCT)} × {right.within(PRODUCT)}", PRODUCT)


def _divide(left: Shown, right: Shown, rounded: bool) -> Shown:
    if right.value == 0:
        raise Unknown(right.text)
    if right.value == 1 and not rounded:
        return left
    # a product of a quotient reads as one: 9 × (64 / 2)
    return Shown(Fraction(left.value) / right.value, f"{left.within(PRODUCT)} / {right.within(ATOM)}", SUM if not rounded else PRODUCT)


def _floor(inner: Shown) -> Shown:
    return Shown(floor(inner.value), f"⌊{inner.text}⌋")


def _ceil(inner: Shown) -> Shown:
    return Shown(ceil(inner.value), f"⌈{inner.text}⌉")


def _span(kernel: Shown, dilation: Shown) -> Shown:
    if dilation.value == 1:
        return kernel
    return Shown((kernel.value - 1) * dilation.value + 1, f"(({kernel.text} − 1) × {dilation.text} + 1)")


def _min(left: Shown, right: Shown) -> Shown:
    return Shown(min(left.value, right.value), f"min({left.text}, {right.text})")


def _max(left: Shown, right: Shown) -> Shown:
    return Shown(max(left.value, right.value), f"max({left.text}, {right.text})")


def _product(values: list[int]) -> Shown:
    return Shown(prod(values), format_shape(values), PRODUCT)


def _total(values: list[int]) -> Shown:
    return Shown(sum(values), " + ".join(map(number, values)), SUM)


_OPERATORS: dict[type[ast.operator], Callable[[Shown, Shown, bool], Shown]] = {
    ast.Add: _add,
    ast.Sub: _subtract,
    ast.Mult: _multiply,
    ast.Div: _divide,
}
_FUNCTIONS: dict[str, Callable[..., Shown]] = {"floor": _floor, "ceil": _ceil, "span": _span, "min": _min, "max": _max}
_SEQUENCES: dict[str, Callable[[list[int]], Shown]] = {"product": _product, "total": _total}
