"""Facts for the recipe form: what a dataset is made of, and what a run will take before it starts."""

import math

from builder.datasets import Dataset, fit, sizes
from builder.errors import BuilderError
from builder.network import Analysis, Network
from builder.runs import Settings, Status
from builder.store import default_store
from builder.words import format_bytes, format_count, format_shape, plural
from pages.train.settings import unit

# Copies of every trained weight during training: itself, its gradient, and what the optimizer keeps of it.
COPIES = {"sgd": 2, "rmsprop": 3, "adagrad": 3, "lion": 3}
COPIES_OF_ADAM = 4
MOST_FEATURES = 4  # columns of a table that are named


def facts(dataset: Dataset, network: Network, analysis: Analysis, *, inputs: int = 1) -> list[str]:
    """Shape, type, range and classes of a dataset, and the steps that fit it to the network, in a few words each."""
    answer = format_count(len(dataset.classes), "class") if dataset.classes else f"{format_count(dataset.targets, 'number')} to predict"
    steps = fitting_steps(dataset, network, analysis) if len(network.inputs) == inputs else ()
    count = format_count(dataset.count, unit(dataset))
    return [count, f"{sample(dataset)} {dataset.dtype}, {dataset.low:g} to {dataset.high:g}", answer, *steps]


def sample(dataset: Dataset) -> str:
    """The shape of one sample, and where it is no image what its numbers are: "4 numbers, sepal length, ...,"."""
    shape = format_shape(dataset.input_shape)
    if dataset.kind == "image":
        return shape
    noun = "token" if dataset.kind == "tokens" else "number"
    more = ", ..." if len(dataset.features) > MOST_FEATURES else ""
    features = f" {', '.join(dataset.features[:MOST_FEATURES])}{more}," if dataset.features else ""
    return f"{shape} {noun if dataset.input_shape == (1,) else plural(noun)},{features}"


def fitting_steps(dataset: Dataset, network: Network, analysis: Analysis) -> tuple[str, ...]:
    """Preprocessing steps of each sample before the network gets it: "Resize 8 × 8 to 32 × 32, bilinear"."""
    shapes = {layer.name: layer.output_shape for layer in analysis.layers}
    want = shapes.get(network.inputs[0].name) if network.inputs else None
    try:
        return fit(dataset, want).steps if want else ()
    except BuilderError:
        return ()  # said as a problem, with its fixes


def memory(chosen: Settings, analysis: Analysis) -> int:
    """Memory (bytes) that training takes, without workspace: weights, their gradients and optimizer state, and 2 × batch × activations."""
    share = analysis.trainable_params / max(analysis.total_params, 1)
    copies = 1 + share * (COPIES.get(chosen.optimizer, COPIES_OF_ADAM) - 1)
    return int(analysis.weight_bytes * copies + 2 * chosen.batch_size * analysis.activation_bytes)


def steps(chosen: Settings, dataset: Dataset) -> tuple[int, int]:
    """Samples of the training part, and the steps that one epoch takes of them."""
    training = sizes(dataset.count, chosen.validation_share)[0]
    return training, math.ceil(training / chosen.batch_size)


def queue(project: str) -> str:
    """The place in the queue of a run that is started now."""
    store = default_store()
    waiting = len(store.runs(status=[Status.running, Status.paused, Status.stopping])) + store.next_place(project) - 1
    return "Starts at once" if waiting == 0 else f"{format_count(waiting, 'run')} before it"


def before(chosen: Settings, dataset: Dataset, analysis: Analysis, project: str) -> str:
    """The box "Before it starts", as HTML of figures only."""
    training, each = steps(chosen, dataset)
    frozen = f", {analysis.non_trainable_params:,} frozen" if analysis.non_trainable_params else ""
    lines = [
        f"{_bold(analysis.trainable_params, 'parameter')}{frozen}",
        f"{_bold(each, 'step')} an epoch over {format_count(training, unit(dataset))}",
        f"About <b>{format_bytes(memory(chosen, analysis))}</b> of memory",
        queue(project),
    ]
    return '<div class="train-before"><div>Before it starts</div>' + "".join(f"<div>{line}</div>" for line in lines) + "</div>"


def _bold(number: int, noun: str) -> str:
    """A count with its number in bold."""
    count, _, words = format_count(number, noun).partition(" ")
    return f"<b>{count}</b> {words}"
