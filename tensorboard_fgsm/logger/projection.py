"""A plane through features: the one along which they vary the most."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class Projection:
    """The two first principal components of features, N samples of F each.

    Pearson 1901, https://doi.org/10.1080/14786440109462720; as described by Jolliffe and Cadima
    2016, https://doi.org/10.1098/rsta.2015.0202.
    """

    mean: Float[np.ndarray, " f"]
    components: Float[np.ndarray, "2 f"]
    """Of length 1, and 0 where the features vary in fewer directions; of each, the number that is
    largest in size is positive."""
    explained: tuple[float, float]
    """Which share of the variance lies along each."""
    step: int
    """To whose features it was fitted."""

    @classmethod
    def fitted(cls, features: Float[np.ndarray, "n f"], step: int) -> Projection:
        """Fits it: exactly, and the same for the same features.

        By the eigenvectors of the smaller one of the two matrices of products, (N, N) or (F, F),
        which give the same as a singular value decomposition.
        """
        features = features.astype(np.float64)
        mean = features.mean(0)
        centred = features - mean
        wide = centred.shape[0] < centred.shape[1]
        squares, vectors = np.linalg.eigh(centred @ centred.T if wide else centred.T @ centred)
        squares, vectors = squares[::-1][:2].clip(0), vectors[:, ::-1][:, :2]
        total = float((centred**2).sum())
        components = np.zeros((2, centred.shape[1]))
        explained = [0.0, 0.0]
        for i, square in enumerate(squares.tolist()):
            if square <= total * 1e-12:  # rounding, and no direction
                continue
            row = centred.T @ vectors[:, i] / square**0.5 if wide else vectors[:, i]
            components[i] = row * np.sign(row[np.abs(row).argmax()])
            explained[i] = min(1.0, square / total)
        return cls(mean, components, (explained[0], explained[1]), step)

    @property
    def name(self) -> str:
        """Sixteen digits that tell it from any other."""
        return hashlib.sha256(self.mean.tobytes() + self.components.tobytes()).hexdigest()[:16]

    def points(self, features: Float[np.ndarray, "*e n f"]) -> Float[np.ndarray, "*e n 2"]:
        """Returns where features lie in the plane."""
        return (features.astype(np.float64) - self.mean) @ self.components.T
