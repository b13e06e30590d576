"""Attacks of other libraries, as functions ``(model, inputs, labels, epsilon) -> adversarial
inputs``: torchattacks, foolbox, ART (the Adversarial Robustness Toolbox) and captum.

Each works on pictures in [0, 1], so that epsilon is in pixel units and nobody needs the library's
own normalisation. The libraries are optional, and imported when an attack of theirs is adapted.
Where they draw random numbers, it is from the global random states, and so differently each time.
"""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from tensorboard_fgsm.attack.adapters.adapter import Adapter, adapted, stand_in


def from_torchattacks(make: Callable[[nn.Module, float], Any]) -> Adapter:
    """Adapts an attack of torchattacks, https://github.com/Harry24k/adversarial-attacks-pytorch.

    Costs what the attack costs.

    Args:
        make: ``make(model, epsilon)`` builds the attack; it is called for each epsilon.

    Raises:
        ImportError: torchattacks is not installed.
        TypeError: ``make`` returns something else.
        ValueError: the attack normalises, or takes labels as targets.

    Example:
        >>> from_torchattacks(
        ...     lambda model, epsilon: torchattacks.PGD(model, eps=epsilon, alpha=epsilon / 4)
        ... )
    """
    kind = _imported("torchattacks", "torchattacks").attack.Attack

    def made(model: nn.Module, epsilon: float) -> Any:
        attack = _checked(make(model, epsilon), kind, "an attack of torchattacks")
        if attack.normalization_used is not None:
            raise ValueError(
                "the inputs of an attack are pictures in [0, 1] and the model normalises them "
                "itself: leave out set_normalization_used"
            )
        if attack.attack_mode == "targeted(label)":
            raise ValueError(f"{attack.attack} takes the labels as targets, but {_TRUE_LABELS}")
        return attack

    def described(epsilon: float) -> tuple[str, dict[str, Any]]:
        attack = made(stand_in(), epsilon)
        plumbing = {"attack", "model_name", "verbose"}
        if attack.attack_mode == "default":
            plumbing.add("attack_mode")
        return attack.attack, {k: v for k, v in vars(attack).items() if k not in plumbing}

    def run(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        return made(model, epsilon)(inputs, labels)

    return adapted("torchattacks", described, run)


def from_foolbox(attack: Any) -> Adapter:
    """Adapts an attack of foolbox, https://github.com/bethgelab/foolbox.

    What foolbox has clipped to epsilon, by the attack's own distance, is taken. Costs what the
    attack costs, and a forward for each epsilon, because foolbox looks whether it succeeded.

    Args:
        attack: the attack.

    Raises:
        ImportError: foolbox is not installed.
        TypeError: it is something else.

    Example:
        >>> from_foolbox(foolbox.attacks.LinfPGD(steps=10))
    """
    foolbox = _imported("foolbox", "foolbox")
    kind = foolbox.attacks.base.Attack
    _checked(attack, kind, "an attack of foolbox", given="from_foolbox was given")
    inner, settings = attack, dict(vars(attack))
    while isinstance(settings.get("attack"), kind):  # as attack.repeat(3) returns it
        inner = settings.pop("attack")
        settings = {**vars(inner), **settings}

    def run(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        # Of a device that it is not told, foolbox thinks that it is the first GPU.
        theirs = foolbox.PyTorchModel(model, bounds=(0, 1), device=inputs.device)
        return attack(theirs, inputs, labels, epsilons=epsilon)[1]

    return adapted("foolbox", lambda epsilon: (type(inner).__name__, settings), run)


def from_art(make: Callable[[Any, float], Any]) -> Adapter:
    """Adapts an evasion attack of ART, https://github.com/Trusted-AI/adversarial-robustness-toolbox.

    Costs what the attack costs, and a forward of one sample for each epsilon to see how many
    classes there are. ART computes in float32, on the CPU or a CUDA device.

    Args:
        make: ``make(classifier, epsilon)`` builds the attack; it is called for each epsilon with a
            ``PyTorchClassifier`` around the model, whose loss is cross-entropy.

    Raises:
        ImportError: ART is not installed.
        TypeError: ``make`` returns something else.
        ValueError: the attack takes labels as targets.

    Example:
        >>> from_art(
        ...     lambda classifier, epsilon: art.attacks.evasion.ProjectedGradientDescent(
        ...         classifier, eps=epsilon, eps_step=epsilon / 4, max_iter=10, verbose=False
        ...     )
        ... )
    """
    library = "adversarial-robustness-toolbox"
    kind = _imported("art.attacks", library).EvasionAttack
    several = _imported("art.attacks.evasion", library).AutoAttack

    def made(model: nn.Module, pictures: Tensor, epsilon: float) -> Any:
        attack = make(_art_classifier(model, pictures), epsilon)
        _checked(attack, kind, "an evasion attack of ART")
        # AutoAttack finds targets of its own.
        if attack.targeted and not isinstance(attack, several):
            raise ValueError(
                f"{type(attack).__name__} takes the labels as targets, but {_TRUE_LABELS}: "
                "pass targeted=False"
            )
        return attack

    def described(epsilon: float) -> tuple[str, dict[str, Any]]:
        attack = made(stand_in(), torch.zeros(1, 3, 32, 32), epsilon)
        plumbing = ("batch_size", "summary_writer", "verbose")
        names = [name for name in attack.attack_params if name not in plumbing]
        return type(attack).__name__, {name: getattr(attack, name, None) for name in names}

    def run(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        attack = made(model, inputs, epsilon)
        return torch.from_numpy(attack.generate(inputs.float().cpu().numpy(), labels.cpu().numpy()))

    return adapted(library, described, run)


def _art_classifier(model: nn.Module, pictures: Tensor) -> Any:
    from art.estimators.classification import PyTorchClassifier

    device = pictures.device
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f"ART works on the CPU and on CUDA devices, got inputs on {device}")
    with torch.no_grad():
        classes = model(pictures[:1]).shape[1]
    # Of the GPUs, ART takes the current one.
    with torch.cuda.device(device) if device.type == "cuda" else contextlib.nullcontext():
        return PyTorchClassifier(
            model=model,
            loss=nn.CrossEntropyLoss(),
            input_shape=tuple(pictures.shape[1:]),
            nb_classes=classes,
            clip_values=(0.0, 1.0),
            device_type="cpu" if device.type == "cpu" else "gpu",
        )


def from_captum(
    make: Callable[[nn.Module], Any], arguments: Callable[[float], Mapping[str, Any]]
) -> Adapter:
    """Adapts an attack of captum, https://captum.ai/api/robust.html.

    Costs what the attack costs. Captum drops gradients of at most 1e-6, its ``zero_thresh``.

    Args:
        make: ``make(model)`` builds the attack. Its loss is given with it, because captum's own one
            takes probabilities, and models answer with logits.
        arguments: ``arguments(epsilon)`` are those of its ``perturb``, apart from ``inputs`` and
            ``target``.

    Raises:
        ImportError: captum is not installed.
        TypeError: ``make`` returns something else.
        ValueError: the attack has no loss of its own, or takes labels as targets.

    Example:
        >>> from_captum(
        ...     lambda model: captum.robust.PGD(
        ...         model, nn.CrossEntropyLoss(reduction="none"), lower_bound=0, upper_bound=1
        ...     ),
        ...     lambda epsilon: {"radius": epsilon, "step_size": epsilon / 4, "step_num": 10},
        ... )
    """
    robust = _imported("captum.robust", "captum")
    kind = (robust.FGSM, robust.PGD)

    def made(model: nn.Module) -> Any:
        attack = _checked(make(model), kind, "captum's FGSM or PGD")
        step = _captums_step(attack)
        if step.forward_func is model and step.loss_func is None:
            raise ValueError(
                f"{type(attack).__name__} without a loss_func takes probabilities, but models "
                "answer with logits: pass torch.nn.CrossEntropyLoss(reduction='none')"
            )
        return attack

    def described(epsilon: float) -> tuple[str, dict[str, Any]]:
        attack, settings = made(stand_in()), arguments(epsilon)
        if settings.get("targeted"):
            raise ValueError(f"targeted takes the labels as targets, but {_TRUE_LABELS}")
        threshold = _captums_step(attack).zero_thresh
        return type(attack).__name__, {**settings, "zero_thresh": threshold}

    def run(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        with warnings.catch_warnings():
            # It says that it sets requires_grad on its inputs, at each step; these are clones.
            warnings.filterwarnings("ignore", "Input Tensor .* did not already require gradients")
            return made(model).perturb(inputs, target=labels, **arguments(epsilon))

    return adapted("captum", described, run)


def _captums_step(attack: Any) -> Any:
    """PGD's model, loss and threshold are those of the FGSM that makes its steps."""
    return getattr(attack, "fgsm", attack)


_TRUE_LABELS = "an attack is given the true ones"


def _imported(module: str, package: str) -> Any:
    library = module.partition(".")[0]
    try:
        importlib.import_module(library)
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        raise ModuleNotFoundError(
            f"this attack needs {package}: pip install {package}", name=library
        ) from None
    return importlib.import_module(module)


def _checked(
    attack: Any, kind: type | tuple[type, ...], expected: str, given: str = "make returned"
) -> Any:
    if not isinstance(attack, kind):
        raise TypeError(f"{given} {attack!r}, not {expected}")
    return attack
