"""Training loops in plain PyTorch: attacked or not, the same training, bit for bit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint_sequential
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tests.networks import batch, convolutional

ATTACK = FGSM([2 / 255, 0.1])


class Checkpointed(nn.Module):
    def __init__(self, layers: nn.Module) -> None:
        super().__init__()
        self.layers = layers

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return checkpoint_sequential(self.layers, 3, inputs, use_reentrant=False)


def trained(kind: str, logdir: Path | None) -> dict[str, torch.Tensor]:
    """The weights after three epochs, logged after each of them where there is a logdir."""
    model = convolutional()
    layout = torch.channels_last if kind == "channels_last" else torch.contiguous_format
    model.to(memory_format=layout)
    if kind == "checkpointed":
        model = Checkpointed(model)
    called = torch.compile(model, backend="aot_eager") if kind == "compiled" else model
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    writer = None if logdir is None else SummaryWriter(str(logdir))
    fgsm = None if writer is None else FGSMLogger(writer, ATTACK)
    held_out = DataLoader(TensorDataset(*batch(n=12, seed=2)), batch_size=5)
    torch.manual_seed(0)
    for epoch in range(3):
        called.train()
        for inputs, labels in DataLoader(TensorDataset(*batch(n=20)), 5, shuffle=True):
            with torch.autocast("cpu", torch.bfloat16, enabled=kind == "autocast"):
                answers = called(inputs.to(memory_format=layout))
            optimizer.zero_grad()
            functional.cross_entropy(answers.float(), labels).backward()
            optimizer.step()
        if fgsm is not None:
            fgsm.log_dataset(called, held_out, step=epoch)
    if writer is not None:
        writer.close()
    return model.state_dict()


@pytest.mark.parametrize("kind", ["plain", "compiled", "channels_last", "autocast", "checkpointed"])
def test_the_training_is_bit_for_bit_the_same(kind: str, tmp_path: Path) -> None:
    alone, attacked = trained(kind, None), trained(kind, tmp_path)
    assert alone.keys() == attacked.keys()
    assert all(torch.equal(value, attacked[name]) for name, value in alone.items())
    assert [(step.step, step.record.count) for step in read_steps(tmp_path)] == [
        *((0, 12), (1, 12), (2, 12))
    ]
