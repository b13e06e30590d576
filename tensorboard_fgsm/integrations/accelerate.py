"""The writer of Accelerate's own TensorBoard tracker.

What ``accelerator.prepare`` returns, models and loaders, is given to ``FGSMLogger`` as it is.
"""

from __future__ import annotations

from typing import Any

from accelerate import Accelerator


def writer_of(accelerator: Accelerator) -> Any:
    """Returns the ``SummaryWriter`` of the accelerator's TensorBoard tracker, for ``FGSMLogger``.

    Args:
        accelerator: whose trackers were initialised.

    Returns:
        The writer in the main process, None in the others, as ``FGSMLogger`` wants it.

    Raises:
        TypeError: there is no such tracker; names what there is.

    Example:
        >>> fgsm = FGSMLogger(writer_of(accelerator), FGSM([2 / 255, 8 / 255]))
        >>> fgsm.log_dataset(model, loader, step=epoch)
    """
    if not accelerator.is_main_process:
        return None  # trackers are in the main process alone
    for tracker in accelerator.trackers:
        if tracker.name == "tensorboard":
            return tracker.tracker
    found = ", ".join(tracker.name for tracker in accelerator.trackers) or "no tracker"
    raise TypeError(
        "adversarial examples are written with the accelerator's TensorBoard tracker, but it has "
        f'{found}: Accelerator(log_with="tensorboard", project_dir="runs"), then '
        'accelerator.init_trackers("name")'
    )
