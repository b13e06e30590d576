"""Folders of real photographs, which packages ship, and of broken and odd ones."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from PIL import Image

PHOTOS = {
    "tripod": "camera.png",
    "espresso": "coffee.png",
    "Tiger_cat": "chelsea.png",
    "missile": "rocket.jpg",
}
"""A photograph of scikit-image by its ImageNet class, as somebody might call the folder."""


def classified(root: Path) -> Path:
    """A folder a class with a photograph in it."""
    for name, file in PHOTOS.items():
        (root / name).mkdir(parents=True)
        shutil.copy(photo(file), root / name / file)
    return root


def flat(root: Path) -> Path:
    """foolbox's ImageNet photographs, without folders."""
    root.mkdir()
    for number in range(3):
        (path,) = Path(str(files("foolbox") / "data")).glob(f"imagenet_{number:02d}_*")
        shutil.copy(path, root / path.name)
    return root


def photo(file: str) -> Path:
    return Path(str(files("skimage") / "data" / file))


def odd(root: Path) -> Path:
    """One class of each kind of picture that trips programs: broken, CMYK, grey, 16 bits, animated,
    of one pixel, and one taken with a camera held upright.
    """
    folder = root / "missile"
    folder.mkdir(parents=True)
    rocket = Image.open(photo("rocket.jpg"))
    (folder / "broken.jpg").write_bytes(photo("rocket.jpg").read_bytes()[:20_000])
    (folder / "no-picture.png").write_text("not a picture")
    (folder / "notes.txt").write_text("no picture by its name, either")
    rocket.convert("CMYK").save(folder / "cmyk.jpg")
    rocket.convert("L").save(folder / "grey.png")
    Image.fromarray(deep()).save(folder / "deep.png")
    rocket.save(
        folder / "animated.gif", save_all=True, append_images=[rocket.rotate(90), rocket.rotate(9)]
    )
    rocket.resize((1, 1)).save(folder / "one-pixel.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # the top of the picture is at its right
    rocket.transpose(Image.Transpose.ROTATE_90).save(folder / "upright.jpg", exif=exif)
    return root


def deep():
    """Sixteen bits of grey, whose lowest eight say nothing."""
    import numpy as np

    rocket = np.asarray(Image.open(photo("rocket.jpg")).convert("L")).astype(np.uint16)
    return rocket * 256 + 128
