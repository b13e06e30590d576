"""Run by ``test_distributed`` in several processes: trains a model that they share, as it is and
with attacks in between, and asserts that both end alike.

    python -m tests.job 2 tests.model.processes ddp fully_shard fsdp
"""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Callable

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.fsdp import FullyShardedDataParallel, fully_shard
from torch.distributed.fsdp.wrap import ModuleWrapPolicy
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel

from tensorboard_fgsm import FGSM, PGD, PerEpsilon
from tensorboard_fgsm.model.distributed import is_sharded
from tests.networks import batch, convolutional

FULL = FGSM([8 / 255, 0.3], control=True, refine=2)
PGD_TOO = PerEpsilon(PGD(2), [8 / 255, 0.3])
MOMENTS = ("before the forward", "before the backward", "before the step", "after the step")


def ddp(**options: bool) -> nn.Module:
    return DistributedDataParallel(convolutional(), **options)


def fully_sharded(**options: bool) -> nn.Module:
    model = convolutional()
    for part in (model[0], model[4], model):
        fully_shard(part, **options)
    return model


def fsdp(**options: bool) -> nn.Module:
    policy = ModuleWrapPolicy({nn.Conv2d})
    cpu = torch.device("cpu")
    return FullyShardedDataParallel(
        convolutional(), auto_wrap_policy=policy, device_id=cpu, **options
    )


KINDS: dict[str, list[Callable[[], nn.Module]]] = {
    "ddp": [ddp, lambda: ddp(find_unused_parameters=True), lambda: ddp(static_graph=True)],
    "fully_shard": [fully_sharded, lambda: fully_sharded(reshard_after_forward=False)],
    "fsdp": [fsdp, lambda: fsdp(use_orig_params=True)],
}


def trained(model: nn.Module, attack: Callable[[str], object]) -> list[Tensor]:
    """The gradients, parameters and buffers of two steps on this process's own batch."""
    inputs, labels = batch(seed=10 + dist.get_rank())
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
    torch.manual_seed(0)
    found = []
    for _ in range(2):
        attack(MOMENTS[0])
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(inputs), labels)
        attack(MOMENTS[1])
        loss.backward()
        attack(MOMENTS[2])
        found += [_whole(p.grad) for p in model.parameters() if p.grad is not None]
        optimizer.step()
        attack(MOMENTS[3])
        found += [_whole(each) for each in (*model.parameters(), *model.buffers())]
    return found


def check_training(make: Callable[[], nn.Module], moments: tuple[str, ...]) -> None:
    model = make()

    def sweep(moment: str) -> None:
        if moment in moments:
            FULL.sweep(model, *batch())
            PGD_TOO.sweep(model, *batch())
            with torch.random.fork_rng():  # dropout draws
                FULL.perturb(model, *batch(), 0.3)

    check_same(trained(model, sweep), trained(make(), lambda moment: None))


def check_same(found: list[Tensor], expected: list[Tensor]) -> None:
    assert len(found) == len(expected)
    assert all(map(torch.equal, found, expected))


def check_sweep(make: Callable[[], nn.Module]) -> None:
    """The sweep's numbers are those of the plain model."""
    for attack in (FULL, PGD_TOO):
        found, expected = (attack.sweep(each, *batch()) for each in (make(), convolutional()))
        assert torch.equal(found.logits, expected.logits)
        assert torch.equal(found.adversarial(0.3), expected.adversarial(0.3))
        assert torch.equal(found.flip_epsilon, expected.flip_epsilon)
    found, expected = (FULL.perturb(each, *batch(), 0.3) for each in (_still(make()), _still()))
    assert torch.equal(found, expected)


def _still(model: nn.Module | None = None) -> nn.Module:
    """The model, or a plain one, without dropout."""
    model = convolutional() if model is None else model
    return model.eval()


def check_that_an_evaluated_model_is_still_sharded(make: Callable[[], nn.Module]) -> None:
    model = make()
    with torch.no_grad():
        model(batch()[0])  # leaves its parameters gathered
    assert is_sharded(model)


def check_that_one_process_may_attack_alone(make: Callable[[], nn.Module]) -> None:
    model = make()

    def sweep(_: str) -> None:
        if dist.get_rank() == 0:
            FULL.sweep(model, *batch())
            with torch.random.fork_rng():
                FULL.perturb(model, *batch(), 0.3)

    check_same(trained(model, sweep), trained(make(), lambda moment: None))


def _whole(tensor: Tensor) -> Tensor:
    whole = tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor
    return whole.detach().clone()


def check(kind: str) -> None:
    """All that is claimed of one kind of sharing, in whichever job this process belongs to."""
    # FullyShardedDataParallel keeps what an evaluation gathered, where no step reaches it.
    moments = (MOMENTS[0], MOMENTS[3]) if kind == "fsdp" else MOMENTS
    for make in KINDS[kind]:
        check_sweep(make)
        check_training(make, moments)
        if kind == "ddp":
            check_that_one_process_may_attack_alone(make)
        else:
            check_that_an_evaluated_model_is_still_sharded(make)


def main(kinds: list[str]) -> None:
    dist.init_process_group("gloo")
    for kind in kinds:
        try:
            check(kind)
        except Exception:  # of both processes alike, so that the next kind can be checked
            traceback.print_exc(file=sys.stdout)
        else:  # in one piece: the other process says it, too
            sys.stdout.write(f"{kind}: as if nothing was\n")
            sys.stdout.flush()
    gc.collect()  # what refers to the group must end before it, not with the interpreter
    dist.barrier()
    dist.destroy_process_group()
