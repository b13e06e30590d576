"""What came out of attacking a batch at every epsilon."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Bool, Float, Int, Int8, Int64
from torch import Tensor

from tensorboard_fgsm.attack import grid
from tensorboard_fgsm.attack.alignment import CosineSum
from tensorboard_fgsm.attack.epsilons import checked_epsilons
from tensorboard_fgsm.attack.scalars import scalars_of
from tensorboard_fgsm.attack.swept_attack import SweptAttack


@dataclass(frozen=True, eq=False)
class Sweep:
    """A batch attacked at every epsilon. N samples, K classes, E epsilons; all detached."""

    attack: SweptAttack
    epsilons: Float[Tensor, " e"]
    """(E,) float64, increasing, in pixel units."""
    inputs: Float[Tensor, "n c h w"]
    """(N, C, H, W) what the model was given for the clean predictions."""
    pixels: Float[Tensor, "n c h w"]
    """(N, C, H, W) the same in pixel units, in [0, 1] up to the rounding of the inputs' type."""
    labels: Int64[Tensor, " n"]
    """(N,) the true classes; the model's own clean predictions where none were given."""
    clean_logits: Float[Tensor, "n k"]
    """(N, K)."""
    logits: Float[Tensor, "e n k"]
    """(E, N, K), at each epsilon."""
    direction: Int8[Tensor, "n c h w"] | None
    """(N, C, H, W) what is added at ε = 1, before clipping: the sign of the gradient (targeted: its
    opposite), in {-1, 0, 1}; 0 where the gradient is NaN or infinite. None where an attack makes
    its examples anew at each epsilon."""
    zero_gradients: Int[Tensor, " n"]
    """(N,) how many elements of each sample have a gradient of exactly 0."""
    nonfinite_gradients: Int[Tensor, " n"]
    """(N,) how many elements of each sample have a NaN or infinite gradient."""
    flip_epsilon: Float[Tensor, " n"]
    """(N,) float64 on the CPU: the smallest epsilon known to flip each sample; 0 where it is wrong
    already when clean, infinite where it does not flip up to the largest epsilon."""
    own_labels: bool = False
    """Whether ``labels`` are the model's own clean predictions."""
    one_logit: bool = False
    """Whether the model answers with one logit z a sample, read as the two classes [0, z]."""
    targets: Int64[Tensor, " n"] | None = None
    """(N,) the classes that a targeted attack aims at."""
    surrogate_logits: Float[Tensor, "n k"] | None = None
    """(N, K), when clean, of the model that a transfer attack takes its gradient from."""
    surrogate_adversarial_logits: Float[Tensor, "n k"] | None = None
    """(N, K), of the same model at the largest epsilon, where that is not 0 and nothing is aimed
    at: whether its own gradient fools it."""
    control_logits: Float[Tensor, "e n k"] | None = None
    """(E, N, K), at each epsilon along a random sign instead of the gradient's, if asked for."""
    alignment: Float[Tensor, "e n"] | None = None
    """(E, N) float64 in [-1, 1], if asked for: the cosine between the gradient at the input and the
    one at a random point within each epsilon; 1 at ε = 0, NaN where a gradient is 0 everywhere or
    not finite."""
    coarse_clean_logits: Float[Tensor, "n k"] | None = None
    """(N, K), when clean, in the precision of ``logits``, if that is coarser than the model's."""
    examples: Float[Tensor, "e n c h w"] | None = None
    """(E, N, C, H, W) in pixel units, where the attack makes them anew at each epsilon."""
    step_losses: Float[Tensor, "e t n"] | None = None
    """(E, T + 1, N) of an attack that takes T steps: the loss that it makes grow, at its start and
    after each step; of several starts, at the one that a sample keeps."""
    step_right: Bool[Tensor, "e t n"] | None = None
    """(E, T + 1, N) whether the model is right there."""
    reference: Sweep | None = None
    """FGSM's sweep of the same batch, of which an attack that is not FGSM should be no weaker."""

    def of(self, rows: slice | Bool[Tensor, " n"]) -> Sweep:
        """Returns the sweep of some of its samples.

        Args:
            rows: which ones; a mask lies on the device of ``inputs``.
        """
        on_cpu = rows.cpu() if isinstance(rows, Tensor) else rows

        def some(tensor: Tensor | None) -> Any:
            return None if tensor is None else tensor[rows]

        def some_at_each(tensor: Tensor | None) -> Any:
            return None if tensor is None else tensor[:, rows]

        def some_at_each_step(tensor: Tensor | None) -> Any:
            return None if tensor is None else tensor[:, :, rows]

        return replace(
            self,
            inputs=some(self.inputs),
            pixels=some(self.pixels),
            labels=some(self.labels),
            clean_logits=some(self.clean_logits),
            logits=some_at_each(self.logits),
            direction=some(self.direction),
            zero_gradients=some(self.zero_gradients),
            nonfinite_gradients=some(self.nonfinite_gradients),
            flip_epsilon=self.flip_epsilon[on_cpu],
            targets=some(self.targets),
            surrogate_logits=some(self.surrogate_logits),
            surrogate_adversarial_logits=some(self.surrogate_adversarial_logits),
            control_logits=some_at_each(self.control_logits),
            alignment=some_at_each(self.alignment),
            coarse_clean_logits=some(self.coarse_clean_logits),
            examples=some_at_each(self.examples),
            step_losses=some_at_each_step(self.step_losses),
            step_right=some_at_each_step(self.step_right),
            reference=None if self.reference is None else self.reference.of(rows),
        )

    @property
    def predictions_changed(self) -> int | None:
        """How many clean predictions a coarser precision changes, if one was asked for."""
        if self.coarse_clean_logits is None:
            return None
        return int((self.coarse_clean_logits.argmax(1) != self.clean_logits.argmax(1)).sum())

    def adversarial(self, epsilon: float) -> Float[Tensor, "n c h w"]:
        """Returns the adversarial examples at any epsilon, the logged ones or another.

        Args:
            epsilon: in pixel units, in [0, 1]; one of ``epsilons`` where the attack makes its
                examples anew at each epsilon.

        Returns:
            (N, C, H, W) in the model's own input units and float type. At 0, the inputs exactly.

        Raises:
            ValueError: epsilon is not as above.
        """
        (epsilon,) = checked_epsilons([epsilon])
        if epsilon == 0:
            return self.inputs.clone()
        pixels = self.adversarial_pixels(epsilon)
        return self.attack.normalisation.to_inputs(pixels, self.inputs.dtype)

    def adversarial_pixels(self, epsilon: float) -> Float[Tensor, "n c h w"]:
        """Returns the same in pixel units, which a model of another normalisation has in common.

        Args:
            epsilon: as of ``adversarial``.

        Returns:
            (N, C, H, W) in [0, 1] up to the rounding of the inputs' type.

        Raises:
            ValueError: epsilon is not as above.
        """
        (epsilon,) = checked_epsilons([epsilon])
        if epsilon == 0:
            return self.pixels.clone()
        if self.direction is not None:
            quantize = self.attack.quantize
            return grid.perturbed(self.pixels, self.direction, epsilon, quantize=quantize)
        known = self.epsilons.tolist()
        if self.examples is None or epsilon not in known:
            raise ValueError(
                f"{self.attack.name} makes its examples anew at each epsilon: "
                f"there are those of {known}, not of {epsilon:g}"
            )
        return self.examples[known.index(epsilon)]

    @property
    def correct(self) -> Bool[Tensor, " n"]:
        """(N,) whether the model is right on the original."""
        return self.clean_logits.argmax(1) == self.labels

    @property
    def robust(self) -> Bool[Tensor, "e n"]:
        """(E, N) whether the model is right at each epsilon."""
        return self.logits.argmax(2) == self.labels

    @property
    def flipped(self) -> Bool[Tensor, "e n"]:
        """(E, N) whether the model is right on the original and wrong at each epsilon; targeted:
        right on the original, and says the target at each epsilon.
        """
        return flipped(self.logits, self.clean_logits, self.labels, self.targets)

    @property
    def clean_accuracy(self) -> float:
        """The share of all samples that the model is right on, in [0, 1]."""
        return self.correct.double().mean().item()

    @property
    def robust_accuracy(self) -> Float[Tensor, " e"]:
        """(E,) float64 on the CPU: the share of all samples that it is right on at each epsilon.
        FGSM is a weak attack, so this is an upper bound of the robustness.
        """
        return self.robust.double().mean(1).cpu()

    @property
    def control_accuracy(self) -> Float[Tensor, " e"] | None:
        """(E,) the same along a random sign; None where no control was asked for."""
        if self.control_logits is None:
            return None
        return (self.control_logits.argmax(2) == self.labels).double().mean(1).cpu()

    @property
    def mean_alignment(self) -> list[float | None] | None:
        """The mean of ``alignment`` at each epsilon over the samples that have one; None where none
        has, or where it was not asked for.
        """
        if self.alignment is None:
            return None
        return [CosineSum.of(each).mean for each in self.alignment]

    @property
    def success_rate(self) -> Float[Tensor, " e"]:
        """(E,) float64 on the CPU: of the samples that the model is right on when clean, the share
        that is flipped at each epsilon; 0 where there are none.
        """
        return (self.flipped.double().sum(1) / self.correct.sum().clamp(min=1)).cpu()

    def scalars(self, tag: str = "fgsm") -> dict[str, float]:
        """Returns the accuracies by the tags of the scalars that are logged of them, for
        ``add_hparams`` and the like.
        """
        return scalars_of(
            tag,
            self.epsilons.tolist(),
            self.clean_accuracy,
            robust_accuracy=self.robust_accuracy.tolist(),
            control_accuracy=None
            if self.control_accuracy is None
            else self.control_accuracy.tolist(),
            gradient_alignment=self.mean_alignment,
        )


def flipped(
    logits: Float[Tensor, "*e n k"],
    clean_logits: Float[Tensor, "n k"],
    labels: Int64[Tensor, " n"],
    targets: Int64[Tensor, " n"] | None,
) -> Bool[Tensor, "*e n"]:
    """Whether a sample is right when clean and, by other logits, no longer; targeted: and
    classified as its target, which is not its label.
    """
    said = logits.argmax(-1)
    fooled = said != labels if targets is None else (said == targets) & (targets != labels)
    return fooled & (clean_logits.argmax(1) == labels)


def first_flips(
    flips: Bool[Tensor, "e n"], correct: Bool[Tensor, " n"], epsilons: Float[Tensor, " e"]
) -> tuple[Float[Tensor, " n"], Float[Tensor, " n"]]:
    """Returns the smallest epsilon at which each sample is flipped (0 where it is wrong when clean,
    infinite where it never is), and the epsilon before that one; both (N,) float64 on the CPU.
    """
    flips, correct = flips.cpu(), correct.cpu()
    infinite = torch.tensor([torch.inf], dtype=torch.float64, device="cpu")
    above = torch.cat([epsilons, infinite])
    below = torch.cat([torch.zeros_like(infinite), epsilons])
    first = torch.where(flips.any(0), flips.byte().argmax(0), len(epsilons))
    return torch.where(correct, above[first], 0.0), below[first]
