"""A command of the command line and its options, as argparse takes them; those that several commands share."""

import argparse
from collections.abc import Callable
from typing import Any, NamedTuple

from builder.recipes import TRAINING_OPTIONS, TrainingOption


class Option(NamedTuple):
    """What `add_argument` is given."""

    names: tuple[str, ...]
    settings: dict[str, Any]


class Command(NamedTuple):
    """A subcommand: what it is called, what runs, its help, its options."""

    name: str
    run: Callable[[argparse.Namespace], int | None]
    text: str
    options: tuple[Option, ...]

    def add_to(self, commands: Any) -> None:
        """Make it one of argparse's subcommands."""
        sub = commands.add_parser(self.name, help=self.text, description=self.text)
        sub.set_defaults(command=self.run)
        for names, settings in self.options:
            sub.add_argument(*names, **settings)


def option(*names: str, **settings: Any) -> Option:
    """An option by its names."""
    return Option(names, settings)


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


METAVARS = {"whole": "N", "number": "X", "choice": "NAME", "several": "A,B"}


def read(option: TrainingOption) -> Callable[[str], Any]:
    """What turns the text of a training option's flag into its value, for argparse."""
    kinds: dict[str, Callable[[str], Any]] = {"whole": number(int(option.low or 0)), "number": float, "choice": str, "several": names}
    return kinds[option.kind]


def flag_help(option: TrainingOption) -> str:
    """A training option's help as argparse shows it."""
    text = option.help[0].lower() + option.help[1:].rstrip(".")
    return text.replace("%", "%%")


NETWORK = option("network", metavar="NETWORK", help="a name of the zoo, a saved network (.json) or a Keras model (.keras, .h5)")
AS_JSON = option("--json", action="store_true", help="print JSON")


def training_options() -> tuple[Option, ...]:
    """The recipe and every option of training, as they are known now."""
    own = (option(each.flag, type=read(each), metavar=METAVARS[each.kind], help=flag_help(each)) for each in TRAINING_OPTIONS.values())
    return option("--recipe", metavar="R"), *own
