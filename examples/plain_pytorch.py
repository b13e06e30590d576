"""A training loop in plain PyTorch that attacks the model after each epoch.

The flags show that the model may be compiled, in channels_last, trained with automatic mixed
precision and with gradient checkpointing, in any combination: the line that logs stays the same.
"""

from __future__ import annotations

import torch
from digits import CLASSES, EPSILONS, MEAN, STD, digits, network, options
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint_sequential
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger


class Checkpointed(nn.Module):
    """Computes activations again in the backward pass instead of keeping them."""

    def __init__(self, layers: nn.Module) -> None:
        super().__init__()
        self.layers = layers

    def forward(self, inputs: Tensor) -> Tensor:
        return checkpoint_sequential(self.layers, 3, inputs, use_reentrant=False)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--compile", metavar="BACKEND", help="inductor, for example")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--amp", action="store_true")
    parser.add_argument("--checkpoint", action="store_true")
    arguments = parser.parse_args()

    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train, held_out = digits()
    train_loader = DataLoader(train, batch_size=64, shuffle=True)
    loader = DataLoader(held_out, batch_size=125)

    model = network().to(device)
    layout = torch.channels_last if arguments.channels_last else torch.contiguous_format
    model = model.to(memory_format=layout)
    if arguments.checkpoint:
        model = Checkpointed(model)
    optimizer = torch.optim.Adam(model.parameters(), 2e-3)
    compiled = torch.compile(model, backend=arguments.compile) if arguments.compile else model

    with SummaryWriter(str(arguments.logdir)) as writer:
        attack = FGSM(EPSILONS, mean=MEAN, std=STD)
        fgsm = FGSMLogger(writer, attack, class_names=CLASSES)
        for epoch in range(1, arguments.epochs + 1):
            compiled.train()
            for inputs, labels in train_loader:
                inputs = inputs.to(device, memory_format=layout)
                with torch.autocast(device, torch.bfloat16, enabled=arguments.amp):
                    loss = functional.cross_entropy(compiled(inputs), labels.to(device))
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            writer.add_scalar("loss", loss.item(), epoch)
            fgsm.log_dataset(compiled, loader, step=epoch)
    torch.save(model.state_dict(), arguments.logdir / "weights.pt")


if __name__ == "__main__":
    main()
