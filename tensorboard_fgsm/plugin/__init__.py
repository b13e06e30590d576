"""TensorBoard's side: what it loads, the HTTP routes, and the built dashboard; no torch."""

from __future__ import annotations

from tensorboard_fgsm.plugin.routes import FGSMLoader, FGSMPlugin

__all__ = ["FGSMLoader", "FGSMPlugin"]
