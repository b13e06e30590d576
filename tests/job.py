"""Starts the processes of a distributed job as forks of one, which imports PyTorch once for all.

    python -m tests.job 2 tests.model.processes ddp fsdp

Each calls the module's ``main`` with the arguments, in the variables that ``torchrun`` sets; where
one fails, the others are ended. Under ``torchrun`` itself run the examples and those that are
killed, for it imports PyTorch in itself and in each process, which takes longer than most jobs.
"""

from __future__ import annotations

import importlib
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(count: int, module: str, *arguments: str, seconds: int = 240) -> str:
    """Runs a job in a fresh interpreter, on the CPU, and returns what it printed.

    Args:
        count: how many processes.
        module: whose ``main(arguments)`` each calls.
        arguments: for it.
        seconds: after which it is given up.
    """
    variables = {"ACCELERATE_USE_CPU": "true", "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.job", str(count), module, *arguments],
        env=os.environ | variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def main(count: int, module: str, arguments: list[str]) -> int:
    function = importlib.import_module(module).main
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = {_forked(rank, count, port, lambda: function(arguments)) for rank in range(count)}
    failed = False
    while running:
        ended, status = os.wait()
        running.remove(ended)
        if status and not failed:
            failed = True
            for process in running:
                os.kill(process, signal.SIGTERM)
    return int(failed)


def _forked(rank: int, count: int, port: int, function: Callable[[], object]) -> int:
    process = os.fork()
    if process:
        return process
    place = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": count, "LOCAL_WORLD_SIZE": count}
    os.environ.update({name: str(value) for name, value in place.items()})
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), TORCHELASTIC_RUN_ID="none")
    code = 1
    try:
        function()
        code = 0
    except BaseException:  # nothing may leave a fork
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
