"""Code generation of a training: data, preprocessing, compile, fit and evaluation, so that the run's own numbers come out."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from builder.datasets import sizes, spread, test_rows
from builder.errors import BuilderError
from builder.recipes import Seeded, Stateless, Written, adapts, call_of_loss, call_of_metric, call_of_optimizer
from builder.runs.examples import TESTED_AT_ONCE, Plan
from builder.runs.record import Settings

from .sources import Sources
from .values import value, wrapped

PARTS = ("train", "validation", "test")
ORDER = "tf.random.experimental.stateless_shuffle(tf.range(len(y_train)), seed=(seed, epoch)).numpy()"


class Section(NamedTuple):
    """A stretch of a program, and its title, the heading of a notebook's cell."""

    title: str
    text: str


class Training(NamedTuple):
    """What turns a program of a network into one that trains it: definitions, numbers above the network, and sections below it."""

    sources: Sources
    numbers: str
    sections: tuple[Section, ...]


def training(settings: Settings, plan: Plan) -> Training:
    """Data, compile, fit and evaluation of a run with these settings.

    Raises:
        BuilderError: its recipe, or the loading of its dataset, has no source that stands alone.
    """
    if plan.recipe.written is None:
        raise BuilderError(plan.recipe.title, "a form as a program", "none")
    writer = Writer(settings, plan, plan.recipe.written(plan.dataset, plan.proposal))
    texts = {"Data": writer.data(), "Compile": writer.compiled(), "Train": writer.fitted(), "Test": writer.tested()}
    sections = tuple(Section(title, "\n".join(lines)) for title, lines in texts.items())
    writer.sources.imports |= {"import keras", "import numpy as np", "import tensorflow as tf"}
    numbers = "\n".join(f"{name} = {getattr(settings, name)!r}" for name in ("seed", "batch_size", "epochs"))
    return Training(writer.sources, numbers, sections)


class Writer:
    """Writes the lines of each section, and notes the definitions that they need."""

    def __init__(self, settings: Settings, plan: Plan, written: Written) -> None:
        self.settings, self.plan, self.written, self.sources = settings, plan, written, Sources()
        self.several = len(written.inputs) > 1

    def data(self) -> Iterator[str]:
        """Load, split into parts, fit to the network, and make targets."""
        dataset, (train, *_) = self.plan.dataset, sizes(self.plan.dataset.count, self.settings.validation_share)
        for function in (spread, test_rows, *self.written.needs):
            self.sources.add(function)
        yield f"x, y = {self.sources.call(dataset.load)}  # {dataset.count:,} samples"
        yield "test, rest = test_rows(y)"
        yield "rest = rest[spread(y[rest], seed)]"
        yield f"train, validation = rest[:{train}], rest[{train}:]"
        for sentence, function in zip(self.plan.steps.steps, self.plan.steps.functions, strict=True):
            yield f"x = {self.sources.call(function, 'x')}  # {sentence}"
        inputs, target = self.written.inputs, self.written.target
        if self.several:
            yield f"inputs_of_all = [{', '.join(inputs)}]"
        elif inputs[0] != "x":
            yield f"x = {inputs[0]}"
        if target != "y":
            yield f"y = {target}"
        for part in PARTS:
            taken = f"[each[{part}] for each in inputs_of_all]" if self.several else f"x[{part}]"
            yield f"x_{part}, y_{part} = {taken}, y[{part}]"
        yield from self._measured()

    def _measured(self) -> Iterator[str]:
        """What is measured is corrupted in the same way each time."""
        if self.plan.recipe.corruption.amount:
            self.sources.add(Seeded)
            for part in PARTS[1:]:
                first = f"x_{part}[0]" if self.several else f"x_{part}"
                yield f"{first} = np.asarray({self._corrupted(first, 'Seeded(seed)')})"

    def _corrupted(self, x: str, draw: str) -> str:
        """The call that corrupts an input."""
        how, dataset = self.plan.recipe.corruption, self.plan.dataset
        return f"{self.sources.call(how.change, x, draw, value(how.amount))[:-1]}, {value((dataset.low, dataset.high))})"

    def compiled(self) -> Iterator[str]:
        """The optimizer, the loss and the metrics, each as Keras's own class where there are arguments."""
        proposal = self.plan.proposal
        optimizer, loss = call_of_optimizer(self.settings), call_of_loss(proposal)
        metrics = [self._metric(name) for name in proposal.metrics]
        yield "model.compile("
        yield f"    optimizer={called(*optimizer)},"
        yield f"    loss={called(*loss)},"
        yield f"    metrics=[{', '.join(metrics)}],"
        yield ")"

    def _metric(self, name: str) -> str:
        """A metric by its name, by Keras's class, or by a class of the program's own that makes of its inputs what Keras's reads."""
        call = call_of_metric(name, self.plan.proposal)
        if call is None:
            return repr(name)
        one_hot, function = adapts(name, self.plan.proposal)
        if not (one_hot or function):
            return called(*call)
        self.sources.definitions[call.name] = adapted(call.name, self.plan.proposal.units, one_hot, function)
        return wrapped(call.name, pairs(call.arguments))

    def fitted(self) -> Iterator[str]:
        """`model.fit` on batches in the run's own order."""
        changed = bool(self.plan.recipe.corruption.amount)
        self.sources.definitions["batches"] = self._batches(changed)
        yield "history = model.fit("
        yield "    batches(x_train, y_train),"
        yield "    steps_per_epoch=-(-len(y_train) // batch_size),"
        yield "    epochs=epochs,"
        yield "    validation_data=(x_validation, y_validation),"
        yield "    validation_batch_size=batch_size,"
        yield "    verbose=2,"
        yield ")"

    def _batches(self, changed: bool) -> str:
        """The generator of batches."""
        lines = [
            "def batches(x_train, y_train):",
            '    """Shuffled batches, every epoch in an order of its own, from the seed and the epoch alone: the order of the run.',
            "",
            "    `model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs)` learns as well, in an order that Keras draws.",
            '    """',
            "    for epoch in range(epochs):",
            f"        order = {ORDER}",
            "        for start in range(0, len(order), batch_size):",
            "            rows = order[start : start + batch_size]",
        ]
        if changed:
            self.sources.add(Stateless)
            first = "x_train[0][rows]" if self.several else "x_train[rows]"
            lines.append('            draw = Stateless(tf.constant((seed, epoch), "int64"), rows[0])')
            lines.append(f"            x = {self._corrupted(first, 'draw')}")
            lines.append(f"            yield {'(x, *(each[rows] for each in x_train[1:]))' if self.several else 'x'}, y_train[rows]")
        else:
            lines.append(f"            yield {'tuple(each[rows] for each in x_train)' if self.several else 'x_train[rows]'}, y_train[rows]")
        return "\n".join(lines)

    def tested(self) -> Iterator[str]:
        """`model.evaluate` on the part that training never saw."""
        at_once = "batch_size" if self.settings.batch_size >= TESTED_AT_ONCE else TESTED_AT_ONCE
        yield f"print(model.evaluate(x_test, y_test, batch_size={at_once}, verbose=0, return_dict=True))"


def called(module: str, name: str, arguments: Mapping[str, Any]) -> str:
    """A call of one of Keras's classes."""
    return wrapped(f"keras.{module}.{name}", pairs(arguments))


def pairs(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Arguments by name."""
    return tuple(f"{name}={value(each)}" for name, each in arguments.items())


def adapted(name: str, units: int, one_hot: bool, function: str) -> str:
    """A metric's class that first makes one-hot targets and probabilities of what it gets."""
    lines = [
        f"class {name}(keras.metrics.{name}):",
        f'    """{" and ".join(["One-hot targets"] * one_hot + ["probabilities"] * bool(function)).capitalize()} for Keras\'s metric."""',
        "",
        "    def update_state(self, y_true, y_pred, sample_weight=None):",
    ]
    if one_hot:
        lines.append(f'        y_true = keras.ops.one_hot(keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32"), {units})')
    if function:
        lines.append(f"        y_pred = keras.ops.{function}(y_pred)")
    return "\n".join([*lines, "        return super().update_state(y_true, y_pred, sample_weight)"])
