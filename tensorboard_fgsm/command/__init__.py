"""The command line, ``tensorboard-fgsm``."""
