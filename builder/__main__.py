"""The command line: the same core as the pages, without them. `python -m builder --help` lists the commands.

Tables and JSON go to stdout; progress, and one line for what a person can mend, to stderr. Exit status: 0 done, 1 a
`BuilderError`, 2 wrong usage. Rooms are imported by the commands that need them: `zoo` answers without loading Keras.
"""

import argparse
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from builder.errors import BuilderError
from builder.home import home
from builder.network import Analysis, Network, load
from builder.recipes import TRAINING_OPTIONS, TrainingOption
from builder.terminal import Progress, cell_text, quiet, table
from builder.words import format_bytes, format_count, format_shape


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    logging.getLogger("builder").setLevel(logging.ERROR)  # what goes wrong is this command's answer
    chosen = parser().parse_args(argv)
    try:
        return int(chosen.command(chosen) or 0)
    except BuilderError as error:
        print(" ".join(error.sentence.split()), file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(prog="python -m builder", description="Build, train and inspect neural networks.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[Any], Any], text: str, *options: tuple[tuple[str, ...], dict[str, Any]]) -> None:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        for names, settings in options:
            sub.add_argument(*names, **settings)

    def option(*names: str, **settings: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
        return names, settings

    network = option("network", metavar="NETWORK", help="a name of the zoo, a saved network (.json) or a Keras model (.keras, .h5)")
    as_json = option("--json", action="store_true", help="print JSON")
    training = [
        option("--recipe", metavar="R"),
        *(option(each.flag, type=read(each), metavar=METAVARS[each.kind], help=flag_help(each)) for each in TRAINING_OPTIONS.values()),
    ]
    add("zoo", zoo, "List the ready-made networks.", as_json)
    add("summary", summary, "Print shapes, counts and cost of every layer.", network, as_json)
    add(
        "code",
        code,
        "Print a network as a Keras program, and with --data its training.",
        network,
        option("--notebook", action="store_true", help="as a Jupyter notebook"),
        option("--data", metavar="NAME", help="a dataset: the program trains on it"),
        *training,
    )
    add("data", data, "List the datasets, or describe one.", option("name", nargs="?", metavar="NAME"), as_json)
    add(
        "train",
        train,
        "Train a network and wait for the end.",
        option("network", nargs="?", metavar="NETWORK", help="without one: the dataset's own"),
        option("--data", required=True, metavar="NAME", help="a dataset"),
        *training,
        as_json,
    )
    add("runs", runs, "List the runs, the newest first.", as_json)
    add("test", test, "Test a run once on the samples that training never saw.", option("run", metavar="RUN"), as_json)
    add(
        "probe",
        probe,
        "Look inside a run.",
        option("run", metavar="RUN"),
        option("probe", metavar="PROBE"),
        option("--layer", metavar="L"),
        option("--sample", type=number(0), metavar="N", default=0),
        option("--epoch", type=number(0), metavar="E"),
        option("--out", required=True, type=Path, metavar="FILE", help=".npz arrays, .png or .html figure"),
    )
    add(
        "tidy",
        tidy,
        "Say what the data folder holds, and what of old runs can go.",
        option(
            "--days", type=number(0), metavar="N", help="how old a run is that nobody has named or looked at since (BUILDER_KEEP_DAYS, 90)"
        ),
        option("--now", action="store_true", help="delete it"),
        as_json,
    )
    add("bench", bench, "Measure the speed promises.", option("name", nargs="?", metavar="NAME"), as_json)
    return top


METAVARS = {"whole": "N", "number": "X", "choice": "NAME", "several": "A,B"}


def read(option: TrainingOption) -> Callable[[str], Any]:
    """What turns the text of a training option's flag into its value, for argparse."""
    kinds: dict[str, Callable[[str], Any]] = {"whole": number(int(option.low or 0)), "number": float, "choice": str, "several": names}
    return kinds[option.kind]


def flag_help(option: TrainingOption) -> str:
    """A training option's help as argparse shows it."""
    text = option.help[0].lower() + option.help[1:].rstrip(".")
    return text.replace("%", "%%")


def number(low: int) -> Callable[[str], int]:
    """A whole number of at least `low`, for argparse."""

    def read(text: str) -> int:
        if (value := int(text)) < low:
            raise argparse.ArgumentTypeError(f"needs at least {low}, but got {value}")
        return value

    read.__name__ = "whole number"
    return read


def names(text: str) -> tuple[str, ...]:
    """Names with commas between them, for argparse."""
    return tuple(dict.fromkeys(name for name in text.replace(",", " ").split()))


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


def data(chosen: argparse.Namespace) -> None:
    """List the datasets, or describe one."""
    from builder.datasets import DATASETS, record, sizes

    def facts(each: Any) -> dict[str, Any]:
        keys = ("name", "title", "summary", "source", "kind", "task", "input_shape", "dtype", "low", "high", "count", "classes", "features")
        own = {key: getattr(each, key) for key in (*keys, "targets", "download", "network", "recipe", "epochs")}
        return own | {"parts": dict(zip(("train", "validation", "test"), sizes(each.count), strict=True))}

    if chosen.name:
        found = facts(record(chosen.name))
        show(chosen, found, lambda: table((), ((key, cell_text(value)) for key, value in found.items()), "<<"))
        return
    rows = [facts(each) for each in DATASETS.values()]
    head = ("name", "samples", "shape", "task", "classes", "what it is")
    cells = ((r["name"], f"{r['count']:,}", format_shape(r["input_shape"]), r["task"], len(r["classes"]) or "", r["title"]) for r in rows)
    show(chosen, rows, lambda: table(head, cells, "<><<><"))


def train(chosen: argparse.Namespace) -> int:
    """Train, with a progress bar on stderr; 1 where the run did not finish."""
    from builder.datasets import record
    from builder.engine.launch import train as train_and_wait
    from builder.runs import Status
    from builder.store import default_store

    dataset = record(chosen.data)
    if not (chosen.network or dataset.network):
        raise BuilderError(
            "train", "a network", f"none, and {dataset.name} has no starting network", "Name one of `python -m builder zoo`."
        )
    network = open_network(chosen.network or dataset.network)
    settings = settings_of(chosen, network)
    run = train_and_wait(network, settings, Progress(), default_store().put_trained(network).id)
    result = run_facts(run)
    show(chosen, result, lambda: table((), trained_rows(result), "<<"))
    print(f"Look inside: {address()}/explore?run={run.id}", file=sys.stderr)
    if run.status != Status.finished:
        print(" ".join((run.message or f"The run {run.status.value}.").split()), file=sys.stderr)
        return 1
    return 0


def settings_of(chosen: argparse.Namespace, network: Network) -> Any:
    """What a network is trained with: what was said, over what is proposed for the dataset and the network.

    Raises:
        BuilderError: one of them does not fit the others.
    """
    from builder.datasets import fit, record
    from builder.recipes import RECIPES, check_metrics
    from builder.runs import Settings
    from builder.runs.defaults import ADAM, proposed

    dataset = record(chosen.data)
    for node in network.inputs[:1]:
        fit(dataset, tuple(node.params.get("shape", ())))  # says at once what the worker would say after loading Keras
    recipe = chosen.recipe or network.recipe
    if recipe not in RECIPES:
        raise BuilderError("The recipe", f"one of {', '.join(RECIPES)}", repr(recipe))
    check_metrics(chosen.metrics or (), dataset, RECIPES[recipe])
    own = {name: value for name in TRAINING_OPTIONS if (value := getattr(chosen, name)) is not None}
    base = proposed(dataset, network, own.get("optimizer", ADAM))
    settings = Settings(**{**base.model_dump(), **own, "recipe": recipe})
    for each in TRAINING_OPTIONS.values():
        if each.name in own and not each.applies(settings):
            raise BuilderError(each.flag, "settings that it has an effect on", "others", each.help)
    return settings


def address() -> str:
    """The address of the server of this data folder, as it last told, or where one would be."""
    told = home() / "address"
    return told.read_text() if told.exists() else "http://localhost:8501"


def run_facts(run: Any) -> dict[str, Any]:
    """What a training ended with: metrics of its last epoch, those of the epoch with the lowest loss, and of every epoch."""
    from builder.runs.run_folder import folder, history

    seconds = round((run.ended or time.time()) - (run.started or run.created), 3)
    own = {"run": run.id, "status": run.status.value, "seconds": seconds, "epoch": run.epoch, "metrics": run.metrics}
    return {**own, "lowest": run_lowest(run), "history": history(folder(run.id))}


def run_lowest(run: Any) -> dict[str, Any]:
    """The epoch with the lowest val_loss (loss, where nothing was held out), and every metric there; {} before the first epoch's end."""
    from builder.runs.run_folder import folder, history

    kept = history(folder(run.id))
    metrics = {name: values[run.best_epoch - 1] for name, values in kept.items() if run.best_epoch and run.best_epoch <= len(values)}
    return {"of": "val_loss" if "val_loss" in metrics else "loss", "epoch": run.best_epoch, "metrics": metrics} if metrics else {}


def trained_rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    """What a training ended with, each figure with its epoch."""
    rows = [(key, cell_text(result[key])) for key in ("run", "status", "seconds")]
    if result["metrics"]:
        rows.append((f"epoch {result['epoch']}, the last", cell_text(result["metrics"])))
    if lowest := result["lowest"]:
        rows.append((f"epoch {lowest['epoch']}, lowest {lowest['of']}", cell_text(lowest["metrics"])))
    return rows


def runs(chosen: argparse.Namespace) -> None:
    """List what has been trained."""
    from builder.store import default_store

    def facts(run: Any) -> dict[str, Any]:
        own = {key: getattr(run, key) for key in ("name", "created", "epoch", "epochs", "metrics", "best_epoch", "message")}
        return {"run": run.id, "status": run.status.value, "network": run.network_name, "dataset": run.settings.dataset, **own}

    rows = [facts(run) for run in default_store().runs()]
    head = ("run", "status", "name", "dataset", "epochs", "metrics of the last epoch")
    cells = ((r["run"], r["status"], r["name"], r["dataset"], f"{r['epoch']}/{r['epochs']}", cell_text(r["metrics"])) for r in rows)
    show(chosen, rows, lambda: table(head, cells, "<<<<><") if rows else "No runs yet: `python -m builder train --data digits` makes one.")


def test(chosen: argparse.Namespace) -> None:
    """Evaluate a run on its test part; of a classifier also precision, recall, F1 and support of each class, and the confusion matrix."""
    from builder import files
    from builder.datasets import record
    from builder.engine.launch import test as measure
    from builder.runs.run_folder import folder, mistakes_path
    from builder.store import default_store

    run = default_store().run(chosen.run)
    metrics, place = measure(run.id), mistakes_path(folder(run.id))
    found = files.unpack(place) if place.exists() else {"table": (), "confusion": ()}
    columns, names = ("class", "precision", "recall", "f1", "support"), record(run.settings.dataset).classes
    rows = [dict(zip(columns, (name, *map(float, row)), strict=True)) for name, row in zip(names, found["table"], strict=False)]
    facts = {"run": run.id, "metrics": metrics, "classes": rows, "confusion": [[int(each) for each in row] for row in found["confusion"]]}

    def text() -> str:
        figures = table((), ((name, f"{value:.4g}") for name, value in metrics.items()), "<>")
        cells = (
            (name, *(f"{row[each]:.3f}" for each in columns[1:4]), f"{row['support']:,.0f}") for name, row in zip(names, rows, strict=False)
        )
        return "\n\n".join([figures, *([table(columns, cells, "<>>>>")] if rows else [])])

    show(chosen, facts, text)


def probe(chosen: argparse.Namespace) -> None:
    """Write what a probe finds in a run to a file."""
    from builder.probes.saving import save
    from builder.runs.run_folder import folder
    from builder.store import default_store

    place = folder(default_store().run(chosen.run).id)
    with quiet():
        save(place, chosen.probe, chosen.out, layer=chosen.layer, sample=chosen.sample, epoch=chosen.epoch)


def tidy(chosen: argparse.Namespace) -> None:
    """Say what is used, and free what the rule lets go where that is asked for."""
    from builder.engine import tidying
    from builder.words import format_bytes, format_count

    days = tidying.keep_days() if chosen.days is None else chosen.days
    plays = {run.id: tidying.whole(run) for run in tidying.old_plays()}
    runs = {run.id: sum(tidying.surplus(run).values()) for run in tidying.old_runs(days) if run.id not in plays}
    can_go = {**runs, **plays}
    freed = tidying.tidy(days) if chosen.now else {}
    used = tidying.usage()
    facts = {"used": [each._asdict() for each in used], "days": days, "can_go": can_go, "freed": freed}
    of_runs = f"of {format_count(len(runs), 'run')} that ended more than {days:g} days ago and that nobody has named or looked at since"
    what = f"weights between the first, the best and the last epoch {of_runs}"
    what += f", and {format_count(len(plays), 'play')} that nobody has kept" if plays else ""
    if chosen.now:
        said = f"Freed {format_bytes(sum(freed.values()))}: {what}."
    else:
        said = f"{format_bytes(sum(can_go.values()))} can go: {what}. `python -m builder tidy --now` deletes them."
    cells = [(each.name, f"{each.files:,}", format_bytes(each.bytes)) for each in used]
    show(chosen, facts, lambda: f"{table(('entry', 'files', 'size'), cells, '<>>')}\n\n{said}")


def bench(chosen: argparse.Namespace) -> None:
    """Measure, and print the rows."""
    from builder.bench import run

    rows = run(chosen.name)
    cells = ((r["name"], f"{r['ratio']:.2f}", f"{r['ours']:,}", f"{r['theirs']:,}", r["unit"]) for r in rows)
    show(chosen, rows, lambda: table(("name", "ratio", "ours", "theirs", "unit"), cells, "<>>><"))


def open_network(name: str) -> Network:
    """A network of the zoo, or from a file."""
    from builder import zoo
    from builder.engine.opening import NO_WEIGHTS, SUFFIXES, open_keras

    path = Path(name)
    if name in zoo.ZOO or (path.name == name and not path.suffix):
        return zoo.network(name)
    if path.suffix.lower() in SUFFIXES:
        network, notes = open_keras(path)
        for said in (NO_WEIGHTS, *(f"left out: {note}" for note in notes)):
            print(said, file=sys.stderr)
        return network
    if path.suffix.lower() != ".json":
        raise BuilderError(
            name,
            "to be a name of the zoo, a saved network (.json) or a model (.keras, .h5)",
            f"a {path.suffix} file" if path.suffix else "a path without one of these endings",
        )
    try:
        return load(path.read_bytes())
    except OSError as error:
        raise BuilderError(name, "a file that can be read", f"“{error.strerror}”", "Check the path.") from error


def show(chosen: argparse.Namespace, facts: Any, text: Callable[[], str]) -> None:
    """Print JSON where it was asked for, else the text."""
    print(json.dumps(facts, indent=2, ensure_ascii=False) if chosen.json else text())


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` is no error
    sys.exit(main())
