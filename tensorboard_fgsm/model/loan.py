"""A loan: what an attack borrows of a training, which gets it back as it was, whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from tensorboard_fgsm.model.interrupts import HeldInterrupts

Result = TypeVar("Result")

_one_at_a_time = threading.RLock()


@runtime_checkable
class Borrowed(Protocol):
    """A part of a training that is otherwise for a while. To make one is to read, and no more."""

    def change(self) -> None:
        """Makes the part what it shall be meanwhile."""
        ...

    def give_back(self) -> None:
        """Makes the part what it was when this was made. May be called after a half of ``change``
        or of itself, and again.
        """
        ...


def borrow(read: Callable[[], Sequence[Borrowed]], work: Callable[[], Result]) -> Result:
    """Does some work for which parts of a training are otherwise, and gives them back.

    Given back is in any case: also where the model raises, memory runs out or the user interrupts,
    in whichever line. All that was is known before the first change is made; giving back sets it,
    and is begun anew where an exception breaks it off; and meanwhile Ctrl-C waits.

    Threads wait for each other: a process has one loan at a time (or several within each other),
    because its random numbers and the compiler's stance are borrowed, too. A training's own forward
    in another thread borrows nothing, and waits for none.

    Args:
        read: finds the parts, which are changed in this order and given back in the opposite one.
        work: what is done meanwhile.

    Returns:
        What ``work`` does.
    """
    loan = _Loan()
    # Twice: the second one gives back what an exception in the first one's exit has left. In one
    # line: a debugger or a profiler may raise at each line, and between two a lock would be kept.
    with _one_at_a_time, loan, loan:
        loan.begin(read())
        return work()


class _Loan:
    """Parts that are borrowed until its exit."""

    def __init__(self) -> None:
        self._parts: Sequence[Borrowed] = ()
        self._interrupts = HeldInterrupts()
        self._over = False

    def begin(self, parts: Sequence[Borrowed]) -> None:
        self._parts = parts
        for part in parts:
            part.change()

    def __enter__(self) -> None:
        """Changes nothing: of what is changed here, no exit would hear if this were interrupted."""

    def __exit__(self, *_: object) -> None:
        if not self._over:
            self._end()

    def _end(self) -> None:
        self._interrupts.hold()
        errors: list[BaseException] = []
        for part in reversed(self._parts):
            try:
                part.give_back()
            except BaseException as error:  # the others are to be given back all the same
                errors.append(error)
        self._interrupts.release()
        if errors:
            raise errors[0]
        self._over = True
        self._interrupts.pass_on()
