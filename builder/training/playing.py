"""Live view callback: frames for whoever watches a run, its pace, and the fair end of a play."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from builder.runs import watching
from builder.runs.record import Run, Status
from builder.runs.watching import Wish

from .frames import Frames, Own
from .live import Live
from .report import Reporter, Stopped

EVERY = 0.235  # seconds between two frames: more than four a second
SHARE = 0.08  # of the time, that frames may take
SLOW = 0.25  # seconds of a batch at a slow pace
LONGEST_PAUSE = 300.0  # seconds that a play may hold its slot without learning
TURN = 20.0  # seconds that a play may go on while others wait
ASK_EVERY = 1.0  # seconds between two looks at whether it should end


class Playing(keras.callbacks.Callback):
    """Live view callback. It works when a batch begins, with the weights of all batches before, and while the run is paused.

    A play (see `Run.passing`) ends where nobody looks any more, where it is paused for long and where others wait for its slot.
    """

    def __init__(self, run: Run, place: Path, reporter: Reporter, live: Live, frames: Callable[[], Frames]) -> None:
        super().__init__()
        self.run, self.place, self.reporter, self.live = run, place, reporter, live
        self.make = frames
        self.frames: Frames | None = None
        self.began = time.monotonic()
        self.next_look = self.next_frame = self.next_question = 0.0
        self.wish: Wish | None = None
        self.drawn: tuple[int, Wish] | None = None  # step and wish of the newest frame
        self.step = 0
        self.after = -1  # frames are drawn of later steps: the first one is traced, and the first loss need not wait for that
        self.passing = run.passing
        reporter.while_paused = self.wait

    def on_train_begin(self, logs: Any = None) -> None:
        self.step = self.run.epoch * self.live.batches
        self.after = self.step + 1

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.step = (self.live.epoch - 1) * self.live.batches + batch
        self.look()
        self.end_fairly()
        if self.wish and self.wish.pace == "slow" and not self.reporter.stepping:
            time.sleep(SLOW)

    def on_test_begin(self, logs: Any = None) -> None:
        self.step = self.live.epoch * self.live.batches  # a pause in the validation shows the weights of all of the epoch's batches

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.step = (epoch + 1) * self.live.batches
        if epoch + 1 == self.run.epochs:
            self.draw_last()

    def wait(self, paused: float) -> None:
        """While the run is paused, its last step and every other sample are drawn at once: nothing has to wait for it."""
        self.next_frame, self.after = 0.0, -1
        self.look()
        self.end_fairly(paused)

    def look(self) -> None:
        """Draw a frame where somebody watches, where there is something new, and where it is time."""
        now = time.monotonic()
        if now >= self.next_look or self.reporter.stepping:
            self.next_look = now + EVERY / 4
            self.wish = watching.wished(self.place) if watching.unseen_for(self.place) < watching.FRESH else None
        if (
            self.wish
            and self.wish.frames
            and self.step > self.after
            and (now >= self.next_frame or self.reporter.stepping)
            and (self.step, self.wish._replace(pace="full")) != self.drawn
        ):
            traced = self.drawn and self.drawn[1].gradients == self.wish.gradients  # the first one takes its time, once
            self.draw(self.wish)
            self.next_frame = now + max(EVERY, (time.monotonic() - now) / SHARE if traced else 0.0)

    def draw(self, wish: Wish) -> None:
        """Put a frame of what is wished for in the run's folder; nothing of an input that has not arrived."""
        own = watching.own(self.place, wish.own) if wish.own else None
        if wish.own and own is None:
            return
        self.frames = self.frames or self.make()
        self.drawn = self.step, wish._replace(pace="full")
        frame = self.frames.take(wish.sample, self.step, Own(*own) if own else None, wish.gradients)
        told = {"step": self.step, "epoch": self.live.epoch, "asked": wish.own or wish.sample}
        watching.put_frame(self.place, json.dumps(frame | told, separators=(",", ":")))

    def met_no_number(self) -> None:
        """The last frame of a run whose loss is NaN or infinite: it shows which layers have come to that."""
        self.draw_last()

    def draw_last(self) -> None:
        """A frame now, whenever the one before was drawn: no batch comes after it."""
        self.next_look, self.next_frame, self.after = 0.0, 0.0, -1
        self.look()

    def end_fairly(self, paused: float = 0.0) -> None:
        """End a play that nobody watches, that is paused for long, or whose slot others wait for.

        Raises:
            Stopped: it ends.
        """
        now = time.monotonic()
        if not self.passing or now < self.next_question:
            return
        self.next_question = now + ASK_EVERY
        if why := self.why(paused, now - self.began):
            row = self.reporter.kept()
            self.passing = bool(row and row.passing)  # somebody may have pinned it since
            if self.passing:
                raise Stopped(Status.stopped, why)

    def why(self, paused: float, since: float) -> str:
        """Why a play should end now, "" where it may go on."""
        if since > watching.PRESENT and watching.unseen_for(self.place) > watching.PRESENT:
            return "Nobody watched any more, so the play ended."
        if paused > LONGEST_PAUSE:
            return f"It was paused for {LONGEST_PAUSE / 60:.0f} minutes, so the play ended."
        if since > TURN and self.reporter.others_wait():
            return "Other runs wait for their turn, so the play ended."
        return ""
