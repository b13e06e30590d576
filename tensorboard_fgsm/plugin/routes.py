"""The TensorBoard plugin: its loader and its HTTP routes (documented in docs/routes.md).

Every request names a run, a tag and a step; blob keys never come from outside, so nothing of
another plugin can be read. What is wrong with a request or with the data is a 4xx with a sentence.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tensorboard import errors, plugin_util
from tensorboard.backend import http_util
from tensorboard.plugins import base_plugin
from werkzeug.wrappers import Request, Response

from tensorboard_fgsm.format import pixels, summary
from tensorboard_fgsm.format.curve import Curve
from tensorboard_fgsm.format.names import natural
from tensorboard_fgsm.format.pixels import PictureError
from tensorboard_fgsm.format.ranges import MAX_WHOLE
from tensorboard_fgsm.format.record import Record
from tensorboard_fgsm.plugin import cross_site, opening, query
from tensorboard_fgsm.plugin.description import FORMATS, KINDS
from tensorboard_fgsm.plugin.gate import Gate
from tensorboard_fgsm.plugin.step import DamagedError, Step
from tensorboard_fgsm.plugin.store import Store

DEFAULT_STEPS = 50
"""How many steps of a tag TensorBoard keeps, unless the user says --samples_per_plugin fgsm=N."""

STATIC = Path(__file__).parent / "static"

_NOT_BUILT = """export function render() {
  document.body.textContent = 'This installation has no built dashboard: run "pip install ."';
}
"""

# At a time as many pictures are drawn as keep two cores busy, in .9 gigabytes each at most, and as
# many answers are filled with pictures as make two gigabytes at most.
_drawing = Gate(2)
_collecting = Gate(8)

_HEADERS = [("Cross-Origin-Resource-Policy", "same-origin")]
"""Keeps other sites' pages from loading this as a part of themselves, as ``cross_site`` does."""

_Route = Callable[[Request], Response]


class FGSMLoader(base_plugin.TBLoader):
    """What TensorBoard finds under the entry point ``tensorboard_plugins``."""

    def fix_flags(self, flags: argparse.Namespace) -> None:
        """Keeps more steps than the 10 of an unknown plugin, where the user said nothing."""
        flags.samples_per_plugin.setdefault(summary.PLUGIN_NAME, DEFAULT_STEPS)

    def load(  # pyright: ignore[reportIncompatibleMethodOverride]  # the base is untyped
        self, context: base_plugin.TBContext
    ) -> FGSMPlugin:
        """Returns the plugin."""
        return FGSMPlugin(context)


class FGSMPlugin(base_plugin.TBPlugin):
    """Serves the logged steps and the dashboard that shows them."""

    plugin_name = summary.PLUGIN_NAME

    def __init__(self, context: base_plugin.TBContext) -> None:
        self._store = Store(context.data_provider)
        kept = getattr(context.flags, "samples_per_plugin", None) or {}
        self._kept = kept.get(summary.PLUGIN_NAME, DEFAULT_STEPS)

    def get_plugin_apps(self) -> dict[str, Callable[..., Any]]:
        """Returns the routes: one for each kind of data, one for each built file, and no other."""
        files = {f"/{p.relative_to(STATIC).as_posix()}": p for p in STATIC.rglob("*.js")}
        routes: dict[str, _Route] = {
            "/index.js": lambda request: _respond(request, _NOT_BUILT, "text/javascript"),
            **{route: _file(path) for route, path in files.items()},
            "/opening": self._opening,
            "/runs": self._runs,
            "/steps": self._steps,
            "/curves": self._curves,
            "/record": self._record,
            "/picture": self._picture,
            "/pictures": self._pictures,
        }
        return {route: _application(handler) for route, handler in routes.items()}

    def is_active(self) -> bool:
        """Returns False: TensorBoard then asks ``data_plugin_names``, which is cheap."""
        return False

    def frontend_metadata(self) -> base_plugin.FrontendMetadata:
        """Returns the tab's name and its ES module."""
        return base_plugin.FrontendMetadata(es_module_path="/index.js", tab_name="FGSM")

    def _runs(self, request: Request) -> Response:
        return _respond(request, self._listing(request), "application/json")

    def _listing(self, request: Request) -> dict[str, Any]:
        tags = self._store.tags(*_place(request))
        runs = [{"run": run, "tags": tags[run]} for run in sorted(tags, key=natural)]
        return {"kept": self._kept, "runs": runs}

    def _opening(self, request: Request) -> Response:
        run, tag = query.argument(request, "run", ""), query.argument(request, "tag", "")
        step = query.whole("step", query.argument(request, "step", str(MAX_WHOLE)))
        listing = self._listing(request)
        found, record = opening.opening(
            self._store, _place(request), listing["runs"], run, tag, step
        )
        return _respond(request, opening.text(listing | found, record), "application/json")

    def _steps(self, request: Request) -> Response:
        run, tag = query.argument(request, "run"), query.argument(request, "tag")
        series = self._store.series(*_place(request), run, tag)
        return _respond(request, {"steps": series.listed()}, "application/json")

    def _curves(self, request: Request) -> Response:
        run, tag = query.argument(request, "run"), query.argument(request, "tag")
        steps = query.steps(query.argument(request, "steps"))
        found = self._store.curves(*_place(request), run, tag, steps)
        curves = [
            {"step": step, "wall_time": wall_time, **_fields(curve)}
            for step, (wall_time, curve) in zip(steps, found, strict=True)
        ]
        return _respond(request, {"curves": curves}, "application/json")

    def _record(self, request: Request) -> Response:
        _, data = self._step(request).record()
        return _respond(request, data, "application/json")

    def _picture(self, request: Request) -> Response:
        kind = query.choice(request, "kind", KINDS)
        format = query.choice(request, "format", FORMATS, default="webp")
        epsilon = query.epsilon(request) if kind == "adversarial" else 0.0
        text = query.argument(request, "sample")
        step = self._step(request)
        step_record, _ = step.record()
        sample = query.sample(text, len(step_record.samples))
        stored = step.checked(step_record, sample, _needed(step_record, kind, epsilon))
        with _drawing:
            try:
                drawn = _drawn(stored, step_record, kind, epsilon)
            except PictureError as error:
                raise DamagedError(f"sample {sample}: {error}") from None
            data = pixels.encode(drawn, "png" if format == "png" else "webp")
        return _respond(request, data, f"image/{format}")

    def _pictures(self, request: Request) -> Response:
        text = query.argument(request, "samples")
        each = query.each(request)
        step = self._step(request)
        step_record, _ = step.record()
        if each != step_record.pictures_a_sample:
            raise errors.InvalidArgumentError(
                f"this step stores {step.picture_count} pictures, which is not {each} of each "
                "sample: its record tells how many there are"
            )
        samples = query.samples(text, len(step_record.samples))
        with _collecting:
            stored = step.stored(step_record, samples)
        parts = [part for data in stored for part in (struct.pack("<I", len(data)), data)]
        return _respond(request, b"".join(parts), "application/octet-stream")

    def _step(self, request: Request) -> Step:
        run, tag = query.argument(request, "run"), query.argument(request, "tag")
        step = query.whole("step", query.argument(request, "step"))
        return self._store.step(*_place(request), run, tag, step)


def _needed(step_record: Record, kind: str, epsilon: float) -> list[int]:
    """Returns which of a sample's stored pictures one is drawn from."""
    if kind == "original" or (kind == "adversarial" and epsilon == 0):
        return [0]
    if step_record.pictures == "each":
        return [_stored_at(step_record, kind, epsilon)]
    return [1] if kind == "direction" else [0, 1]


def _drawn(
    stored: Sequence[bytes], step_record: Record, kind: str, epsilon: float
) -> pixels.Picture:
    """Returns one picture of a sample, as it is stored or computed from what is."""
    size = step_record.picture
    shape = (size.height, size.width, pixels.shown_channels(size.channels))
    picture, *noise = (pixels.decode(data, shape) for data in stored)
    if noise:
        return pixels.adversarial(picture, pixels.direction(noise[0]), epsilon)
    if kind == "direction":
        pixels.direction(picture)  # refuses what is none
    return picture


def _stored_at(step_record: Record, kind: str, epsilon: float) -> int:
    """Returns which of a sample's pictures is the one at an epsilon."""
    if kind == "direction" or epsilon not in step_record.epsilons:
        raise errors.NotFoundError(
            f"{step_record.attack.name} has no direction: there are the original and the "
            f"adversarial pictures at the epsilons {list(step_record.epsilons)}"
        )
    return 1 + step_record.epsilons.index(epsilon)


class _MethodNotAllowedError(errors.PublicError):
    http_code = 405

    def __init__(self, method: str) -> None:
        super().__init__(f"this route answers GET, not {method}")
        self.headers.append(("Allow", "GET, HEAD"))


def _application(handler: _Route) -> Callable[..., Any]:
    @Request.application
    def application(request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise _MethodNotAllowedError(request.method)
        cross_site.refuse(request)
        query.check_length(request)
        return handler(request)

    return application


def _file(path: Path) -> _Route:
    def serve(request: Request) -> Response:
        packed = _packed(path, path.stat().st_mtime_ns)
        return _respond(request, packed, "text/javascript", "gzip")

    return serve


@functools.lru_cache(maxsize=64)
def _packed(path: Path, _changed: int) -> bytes:
    """Returns a file as gzip, which TensorBoard would do anew for each request, and less well.

    It lies beside the file, packed by setup.py; not where Vite alone has built it.
    """
    packed = path.with_name(f"{path.name}.gz")
    return packed.read_bytes() if packed.exists() else gzip.compress(path.read_bytes(), mtime=0)


def _respond(
    request: Request,
    content: str | bytes | dict[str, Any],
    content_type: str,
    encoding: str | None = None,
) -> Any:
    return http_util.Respond(
        request, content, content_type, content_encoding=encoding, headers=_HEADERS
    )


def _place(request: Request) -> tuple[Any, str]:
    """Returns what the data provider wants to know of a request: its context and experiment."""
    return plugin_util.context(request.environ), plugin_util.experiment_id(request.environ)


def _fields(curve: Curve | str) -> dict[str, Any]:
    """Returns a curve's fields, or why there is none."""
    if isinstance(curve, str):
        return {"error": curve}
    fields: dict[str, Any] = {
        "epsilons": curve.epsilons,
        "clean_accuracy": curve.clean_accuracy,
        "robust_accuracy": curve.robust_accuracy,
        "count": curve.count,
    }
    if curve.alignment is not None:
        fields["alignment"] = curve.alignment
    if (check := curve.check) is not None:
        fields["check"] = {"name": check.name, "count": check.count, "held": check.held}
    if curve.overfitted:
        fields["overfitted"] = True
    return fields
