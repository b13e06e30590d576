"""``python -m tensorboard_fgsm`` is ``tensorboard-fgsm``."""

from tensorboard_fgsm.command.cli import main

main()
