"""Commands on the installation: `tidy`, `bench`."""

import argparse

from builder.cli.options import AS_JSON, Command, number, option
from builder.cli.terminal import show, table
from builder.words import format_bytes, format_count


def tidy(chosen: argparse.Namespace) -> None:
    """Say what is used, and free what the rule lets go where that is asked for."""
    from builder.engine import tidying

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


DAYS = "how old a run is that nobody has named or looked at since (BUILDER_KEEP_DAYS, 90)"


def commands() -> tuple[Command, ...]:
    """The commands of this group."""
    return (
        Command(
            "tidy",
            tidy,
            "Say what the data folder holds, and what of old runs can go.",
            (
                option("--days", type=number(0), metavar="N", help=DAYS),
                option("--now", action="store_true", help="delete it"),
                AS_JSON,
            ),
        ),
        Command("bench", bench, "Measure the speed promises.", (option("name", nargs="?", metavar="NAME"), AS_JSON)),
    )
