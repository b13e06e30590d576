"""On what tensors may lie here: what is claimed of a device is tested on each."""

from __future__ import annotations

import torch

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
