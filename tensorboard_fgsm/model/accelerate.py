"""Models that Accelerate has put mixed precision into.

They are told by their attributes, so that Accelerate need not be installed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from torch import nn


@contextlib.contextmanager
def without_autocast(modules: Iterable[nn.Module]) -> Iterator[None]:
    """A time in which modules have the ``forward`` that they had before Accelerate put mixed
    precision into it: there, no context around the call reaches it.
    """
    with contextlib.ExitStack() as stack:
        for module in modules:
            own = vars(module)
            if "_original_forward" in own and "forward" in own:
                stack.callback(setattr, module, "forward", own["forward"])
                module.forward = own["_original_forward"]
        yield
