"""PyTorch's own modes: grad mode, inference mode, autocast, caches, and what is compiled.

They are set here, and not entered and left as contexts: the way out of a context is lost where it
is interrupted on its way in.
"""

from __future__ import annotations

import contextlib
import sys

import torch
from torch.nn.utils import parametrize

from tensorboard_fgsm.model.loan import Borrowed


class GradMode:
    """Grad mode, on or off; and in any case no inference mode, where gradients cannot pass."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled
        self._kept = torch.is_grad_enabled()
        within = torch.is_inference_mode_enabled()
        self._outside = torch.inference_mode(False) if within else None

    def change(self) -> None:
        """Sets the mode."""
        if self._outside is not None:
            self._outside.__enter__()
        torch.set_grad_enabled(self._enabled)

    def give_back(self) -> None:
        """Sets the modes that were."""
        if self._outside is not None:
            with contextlib.suppress(AttributeError):  # it was not entered
                self._outside.__exit__(None, None, None)
        torch.set_grad_enabled(self._kept)


class NoAutocast:
    """A device on which nothing is autocast."""

    def __init__(self, device: torch.device) -> None:
        self._type = device.type
        self._enabled = torch.is_autocast_enabled(self._type)
        self._dtype = torch.get_autocast_dtype(self._type)
        self._cached = torch.is_autocast_cache_enabled()
        self._depth = _autocast_depth()

    def change(self) -> None:
        """Switches autocast off."""
        torch.set_autocast_enabled(self._type, False)

    def give_back(self) -> None:
        """Sets what was, also where a model's own autocast was interrupted: too deep a one would
        never drop its copies of the weights, and the training would go on with old ones.
        """
        torch.set_autocast_enabled(self._type, self._enabled)
        torch.set_autocast_dtype(self._type, self._dtype)
        torch.set_autocast_cache_enabled(self._cached)
        while _autocast_depth() > self._depth:
            if torch.autocast_decrement_nesting() == 0:
                torch.clear_autocast_cache()


class NoParametrizeCache:
    """A time in which ``parametrize.cached`` around it keeps nothing.

    It would hand the weights that are made here, which need no gradient, to the training's own
    forward, and the parameters that they are made of would be trained no more.
    """

    def __init__(self) -> None:
        self._kept = parametrize._cache, parametrize._cache_enabled

    def change(self) -> None:
        """Puts an empty cache, which is off, in its place."""
        parametrize._cache, parametrize._cache_enabled = {}, 0

    def give_back(self) -> None:
        """Puts the cache back."""
        parametrize._cache, parametrize._cache_enabled = self._kept


class _Uncompiled:
    """Compiled modules run as they were written."""

    def __init__(self) -> None:
        from torch._dynamo import eval_frame

        self._frames = eval_frame
        self._kept = eval_frame._stance

    def change(self) -> None:
        torch.compiler.set_stance("force_eager")

    def give_back(self) -> None:
        self._frames._set_stance(self._kept)


def uncompiled() -> list[Borrowed]:
    """Has compiled modules run as they were written.

    An attack would have them compiled anew, for evaluation and for inputs that require gradients,
    and each such version counts towards the limit beyond which training is compiled no more.
    """
    # If it is not loaded, nothing is compiled, and to load it takes seconds.
    return [_Uncompiled()] if "torch._dynamo" in sys.modules else []


def _autocast_depth() -> int:
    """Returns twice how many autocasts there are within each other, and 1."""
    return torch.autocast_increment_nesting() + torch.autocast_decrement_nesting()
