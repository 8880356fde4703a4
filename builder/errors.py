"""Exception hierarchy of errors that are meant for the person; every other exception is a bug and keeps its traceback.

Exception
└── BuilderError      where, what was needed, what came, what to try
    ├── Missing       what was asked for is not there: it never was, or it was deleted (404)
    ├── Unavailable   it cannot be reached now: locked, full, damaged, away; whether it is there is not known (503)
    └── Stale         an edit was based on a revision that is no longer the newest (409)
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self


class BuilderError(Exception):
    """Error message for a person: where it is, what was needed, what came, what to try.

    Args:
        where: the layer, field or file the error sits on, as the person named it.
        needed: what was needed, as the end of "needs ...".
        came: what came instead, as the end of "got ...".
        hint: what to try, a whole sentence.
        fixes: buttons that mend it, each `{"label": ..., "edit": {...}}` with an edit of `builder.network`.
    """

    def __init__(self, where: str, needed: str, came: str, hint: str = "", *, fixes: Sequence[Mapping[str, Any]] = ()) -> None:
        self.where, self.needed, self.came, self.hint = where, needed, came, hint
        self.fixes = tuple(fixes)
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The message: all four parts as one line of text."""
        head = f"{self.where} needs {self.needed}, but got {self.came}."
        return f"{head} {self.hint}" if self.hint else head

    def as_dict(self) -> dict[str, Any]:
        """The error as JSON values, for a route or a pipe."""
        return {
            "where": self.where,
            "needed": self.needed,
            "came": self.came,
            "hint": self.hint,
            "message": self.sentence,
            "fixes": [dict(fix) for fix in self.fixes],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The error that `as_dict` wrote."""
        return cls(data["where"], data["needed"], data["came"], data["hint"], fixes=data["fixes"])


class Missing(BuilderError):
    """Not found: what was asked for is not there. Only this may be told as "gone"."""


class Unavailable(BuilderError):
    """Service unavailable: what was asked for cannot be reached now, and nothing is known of it."""


class Stale(BuilderError):
    """Conflict (optimistic concurrency): an edit was based on a revision that is no longer the newest."""
