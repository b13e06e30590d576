"""The last layer of a classifier, and the features that it is given: what the model sees in a
picture, one linear step before it decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from torch import Tensor, nn

from tensorboard_fgsm.model.described import described
from tensorboard_fgsm.model.loan import Result, borrow
from tensorboard_fgsm.model.logits import classify
from tensorboard_fgsm.model.modules import Model, modules_of

Take = Callable[[nn.Module, Any, Any], None]
"""Is told of each pass through a module: which, the features it was given, what it answered."""

_GIVE = "give the module whose inputs are the features, as in Embedding(features=model.head)"


class LastLayer(NamedTuple):
    """The module whose inputs are the features."""

    module: nn.Module
    name: str
    """Its name within the model; of a function, what it is."""
    own_logits: bool
    """Whether it was found by itself, so that its answer should be the logits."""


def last_layer(model: Model, inputs: Tensor, given: nn.Module | None = None) -> LastLayer:
    """Finds the module that makes logits of features, in one forward of one sample.

    It is the last ``nn.Linear``, or convolution with a 1×1 kernel, that runs and answers with a
    number a class.

    Args:
        model: the classifier.
        inputs: (N, C, H, W); the first is passed.
        given: the module, where the user names it.

    Raises:
        ValueError: there is no such layer, or what was given takes no part in the forward.
    """
    modules = modules_of(model)
    ran: list[tuple[nn.Module, tuple[int, ...]]] = []

    def take(module: nn.Module, _: Any, output: Any) -> None:
        ran.append((module, tuple(output.shape) if isinstance(output, Tensor) else ()))

    candidates = [each for each in modules if _is_linear(each)] if given is None else [given]
    logits = watched(candidates, take, lambda: classify(model, inputs[:1]), look=lambda _: None)
    if given is not None:
        if not ran:
            raise ValueError(
                f"features is a {type(given).__name__} that takes no part in the model's forward: "
                f"{_GIVE}"
            )
        return LastLayer(given, _name_of(model, given), own_logits=False)
    # A binary model's one logit is read as two.
    counts = (logits.shape[1], 1) if logits.shape[1] == 2 else (logits.shape[1],)
    found = [module for module, shape in ran if _answers(module, shape, counts)]
    if not found:
        raise ValueError(
            f"no nn.Linear and no 1×1 convolution of the model answers with its {logits.shape[1]} "
            f"logits, so that it is not known which features to embed: {_GIVE}"
        )
    return LastLayer(found[-1], _name_of(model, found[-1]), own_logits=True)


def watched(
    modules: Sequence[nn.Module],
    take: Take,
    work: Callable[[], Result],
    look: Callable[[Any], Any] | None = None,
) -> Result:
    """Does some work while each pass through some modules is told of. Afterwards, whatever happens,
    their hooks are those that they were.

    Args:
        modules: those to watch.
        take: is told.
        work: what is done meanwhile.
        look: what is made of that which a module is given; ``features_of`` if None.

    Returns:
        What ``work`` does.
    """
    return borrow(lambda: [_Watched(each, look or features_of, take) for each in modules], work)


def features_of(given: Any) -> Tensor:
    """Returns the features (N, F), a copy in float32 on the CPU, of what a module was given: of
    maps (N, F, H, W) and of tokens (N, T, F) their mean.

    Raises:
        ValueError: it is of another shape.
    """
    if isinstance(given, Tensor) and given.is_floating_point():
        dims = {2: (), 3: (1,), 4: (2, 3)}.get(given.ndim)
        if dims is not None and given.shape[1:].numel():
            flat = given.detach().float()
            return (flat.mean(dims) if dims else flat).to("cpu", copy=True)
    raise ValueError(
        "features are floats of shape (N, F), (N, tokens, F) or (N, F, H, W), but the module is "
        f"given {described(given)}: {_GIVE}"
    )


class _Watched:
    """A module with two hooks more, after all others, whose changes they see."""

    def __init__(self, module: nn.Module, look: Callable[[Any], Any], take: Take) -> None:
        self._module, self._look, self._take = module, look, take
        self._seen: list[Any] = []
        self._hooks = [
            module._forward_pre_hooks,
            module._forward_pre_hooks_with_kwargs,
            module._forward_hooks,
        ]
        self._kept = [set(hooks) for hooks in self._hooks]

    def change(self) -> None:
        self._module.register_forward_pre_hook(self._before, with_kwargs=True)
        self._module.register_forward_hook(self._after)

    def give_back(self) -> None:
        for hooks, kept in zip(self._hooks, self._kept, strict=True):
            for key in set(hooks) - kept:
                hooks.pop(key, None)

    def _before(self, _: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        # Before it runs: a module may work in place.
        self._seen.append(self._look(next(iter((*args, *kwargs.values())), None)))

    def _after(self, module: nn.Module, _: Any, output: Any) -> None:
        self._take(module, self._seen.pop(), output)


def _is_linear(module: nn.Module) -> bool:
    if isinstance(module, nn.Conv2d):
        return module.kernel_size == (1, 1)
    return isinstance(module, nn.Linear)


def _answers(module: nn.Module, shape: tuple[int, ...], counts: tuple[int, ...]) -> bool:
    """Whether a layer has answered for one sample with a number, or a map, a class."""
    length = 4 if isinstance(module, nn.Conv2d) else 2
    return len(shape) == length and shape[0] == 1 and shape[1] in counts


def _name_of(model: Model, module: nn.Module) -> str:
    if isinstance(model, nn.Module):
        names = {id(each): name for name, each in model.named_modules()}
        return names.get(id(module)) or type(module).__name__
    return type(module).__name__
