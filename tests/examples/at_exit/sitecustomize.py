"""Python runs this at the start of the examples: what it registers first is called last.

A gloo group that is alive when the interpreter is torn down may abort the process, now and then.
"""

import atexit
import os
import sys


def no_group_is_left() -> None:
    processes = sys.modules.get("tensorboard_fgsm.logger.processes")
    if processes is not None and processes._groups:
        print("a group of ours outlives the script", file=sys.stderr, flush=True)
        os._exit(3)


atexit.register(no_group_is_left)
