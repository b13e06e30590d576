"""``python -m tensorboard_fgsm`` is ``tensorboard-fgsm``."""

from tensorboard_fgsm.cli import main

main()
