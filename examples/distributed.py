"""Several processes: each attacks its share of the data set, the first one writes. Run it as

torchrun --standalone --nproc-per-node 2 examples/distributed.py
"""

from __future__ import annotations

import torch
from digits import CLASSES, EPSILONS, MEAN, STD, digits, network, options
from torch import distributed
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger


def main() -> None:
    arguments = options(__doc__).parse_args()
    on_gpu = torch.cuda.is_available()
    distributed.init_process_group("nccl" if on_gpu else "gloo")
    rank = distributed.get_rank()
    device = torch.device("cuda", rank % torch.cuda.device_count()) if on_gpu else "cpu"

    torch.manual_seed(0)
    train, held_out = digits()
    sampler = DistributedSampler(train)
    train_loader = DataLoader(train, batch_size=32, sampler=sampler)
    shard = DistributedSampler(held_out, shuffle=False)
    loader = DataLoader(held_out, batch_size=125, sampler=shard)
    model = DistributedDataParallel(network().to(device))
    optimizer = torch.optim.Adam(model.parameters(), 2e-3)

    writer = SummaryWriter(str(arguments.logdir)) if rank == 0 else None
    attack = FGSM(EPSILONS, mean=MEAN, std=STD)
    fgsm = FGSMLogger(writer, attack, class_names=CLASSES)
    for epoch in range(1, arguments.epochs + 1):
        sampler.set_epoch(epoch)
        model.train()
        for inputs, labels in train_loader:
            loss = functional.cross_entropy(model(inputs.to(device)), labels.to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if writer is not None:
            writer.add_scalar("loss", loss.item(), epoch)
        fgsm.log_dataset(model, loader, step=epoch)
    if writer is not None:
        writer.close()
    distributed.destroy_process_group()


if __name__ == "__main__":
    main()
