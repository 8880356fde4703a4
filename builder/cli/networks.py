"""Commands on a network: `zoo`, `summary`, `code`."""

import argparse
import os

from builder.cli.opening import open_network
from builder.cli.options import AS_JSON, NETWORK, Command, option, training_options
from builder.cli.settings import settings_of
from builder.cli.terminal import quiet, show, table
from builder.errors import BuilderError
from builder.network import Analysis
from builder.recipes import TRAINING_OPTIONS
from builder.words import format_bytes, format_count, format_shape


def zoo(chosen: argparse.Namespace) -> None:
    """List the ready-made networks."""
    from builder.zoo import ZOO

    rows = [{key: getattr(entry, key) for key in ("name", "title", "summary", "year", "total_params")} for entry in ZOO.values()]
    show(
        chosen,
        rows,
        lambda: table(("name", "parameters", "what it is"), ((r["name"], f"{r['total_params']:,}", r["summary"]) for r in rows), "<><"),
    )


def summary(chosen: argparse.Namespace) -> None:
    """Print what Keras says of a network."""
    os.environ["CUDA_VISIBLE_DEVICES"] = ""  # nothing is computed, so no GPU is taken
    network = open_network(chosen.network)
    with quiet():
        from builder.keras_bridge import analyse
    found = analyse(network, deep=True)
    totals = ("name", "total_params", "trainable_params", "non_trainable_params", "weight_bytes", "macs")
    layers = [{key: getattr(each, key) for key in ("name", "layer", "output_shape", "params", "macs")} for each in found.layers]
    problems = [{"node": each.node, "message": each.message, "fixes": [fix.model_dump() for fix in each.fixes]} for each in found.problems]
    show(chosen, {key: getattr(found, key) for key in totals} | {"layers": layers, "problems": problems}, lambda: summary_text(found))


def summary_text(found: Analysis) -> str:
    """A table of the layers, the totals, and the problems."""
    rows = [(each.name, each.layer, format_shape(each.output_shape), f"{each.params:,}", f"{each.macs:,}") for each in found.layers]
    text = table(("layer", "type", "output shape", "parameters", "multiply-accumulates"), rows, "<<<>>")
    text += f"\n\n{found.name}: {format_count(found.total_params, 'parameter')} ({format_bytes(found.weight_bytes)}), {found.trainable_params:,} of them trainable"
    text += f"\n{format_count(found.macs, 'multiply-accumulate')} for one sample"
    return text + "".join(f"\n{each.severity} at {each.node or 'the network'}: {each.message}" for each in found.problems)


def code(chosen: argparse.Namespace) -> None:
    """Print a network as a program or a notebook, with its training where a dataset is named."""
    from builder.code import Ends, notebook, program

    write, network = notebook if chosen.notebook else program, open_network(chosen.network)
    if not chosen.data:
        for name in ("recipe", *TRAINING_OPTIONS):
            if getattr(chosen, name) is not None:
                raise BuilderError(f"--{name.replace('_', '-')}", "--data", "no dataset", "Name one of `python -m builder data`.")
        print(write(network).rstrip("\n"))
        return
    os.environ["CUDA_VISIBLE_DEVICES"] = ""  # nothing is computed, so no GPU is taken
    settings = settings_of(chosen, network)
    with quiet():
        from builder.keras_bridge import analyse
    print(write(network, settings, Ends.of(network, analyse(network))).rstrip("\n"))


def commands() -> tuple[Command, ...]:
    """The commands of this group."""
    return (
        Command("zoo", zoo, "List the ready-made networks.", (AS_JSON,)),
        Command("summary", summary, "Print shapes, counts and cost of every layer.", (NETWORK, AS_JSON)),
        Command(
            "code",
            code,
            "Print a network as a Keras program, and with --data its training.",
            (
                NETWORK,
                option("--notebook", action="store_true", help="as a Jupyter notebook"),
                option("--data", metavar="NAME", help="a dataset: the program trains on it"),
                *training_options(),
            ),
        ),
    )
