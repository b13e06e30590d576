"""The Trainer of Hugging Face transformers: a callback attacks the model after each evaluation.

A small vision transformer from scratch, so that nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from digits import CLASSES, EPSILONS, MEAN, STD, digits, options
from torch import Tensor
from transformers import Trainer, TrainingArguments, ViTConfig, ViTForImageClassification, set_seed

from tensorboard_fgsm import FGSM
from tensorboard_fgsm.integrations.transformers import FGSMCallback


def collate(samples: Sequence[tuple[Tensor, Tensor]]) -> dict[str, Tensor]:
    pictures, labels = zip(*samples, strict=True)
    return {"pixel_values": torch.stack(pictures), "labels": torch.stack(labels)}


def main() -> None:
    arguments = options(__doc__).parse_args()
    set_seed(0)
    train, held_out = digits()
    config = ViTConfig(
        image_size=28,
        patch_size=7,
        num_channels=1,
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        id2label=dict(enumerate(CLASSES)),
        label2id={name: number for number, name in enumerate(CLASSES)},
    )
    trainer = Trainer(
        ViTForImageClassification(config),
        TrainingArguments(
            output_dir=str(arguments.logdir),
            num_train_epochs=arguments.epochs,
            per_device_train_batch_size=32,
            per_device_eval_batch_size=125,
            learning_rate=2e-3,
            eval_strategy="epoch",
            logging_strategy="epoch",
            save_strategy="no",
            report_to="tensorboard",
            disable_tqdm=True,
        ),
        data_collator=collate,
        train_dataset=train,
        eval_dataset=held_out,
    )
    attack = FGSM(EPSILONS, mean=MEAN, std=STD)
    trainer.add_callback(FGSMCallback(trainer, attack))
    trainer.train()


if __name__ == "__main__":
    main()
