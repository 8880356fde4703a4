"""The command line: the same core as the pages, without them. `python -m builder --help` lists the commands.

Tables and JSON go to stdout; progress, and one line for what a person can mend, to stderr. Exit status: 0 done, 1 a
`BuilderError`, 2 wrong usage. What a command does is in `builder/cli`.
"""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence

from builder.cli import datasets, networks, trained, training, upkeep
from builder.errors import BuilderError


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
    for group in (networks, datasets, training, trained, upkeep):
        for command in group.commands():
            command.add_to(commands)
    return top


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` is no error
    sys.exit(main())
