"""A record and its pictures as one TensorBoard summary value, and back.

The value is one blob sequence, ``[record JSON, original 0, direction 0, original 1, …]``, or with a
picture an epsilon instead of each direction, so that a step's numbers and pictures cannot come
apart.
"""

# Protobuf makes its classes at run time, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tensorboard.compat.proto import summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2

from tensorboard_fgsm.format import pixels, record
from tensorboard_fgsm.format.record import Record, RecordError

PLUGIN_NAME = "fgsm"

METADATA = summary_pb2.SummaryMetadata(
    plugin_data=summary_pb2.SummaryMetadata.PluginData(
        # Written before any record is known, and read by nobody: each record has its own version.
        plugin_name=PLUGIN_NAME,
        content=b'{"version":1}',
    ),
    summary_description="Adversarial examples of the Fast Gradient Sign Method",
    # Without a class TensorBoard's data server drops the series of a plugin it does not know.
    data_class=summary_pb2.DATA_CLASS_BLOB_SEQUENCE,
)


def value(tag: str, step_record: Record, pictures: Sequence[bytes]) -> summary_pb2.Summary.Value:
    """Packs one step.

    Args:
        tag: the series it belongs to.
        step_record: the numbers.
        pictures: stored bytes of each of the record's samples, one sample after another: the
            original, and the direction or the adversarial picture at each epsilon.

    Raises:
        RecordError: the record is not valid, or the pictures are not those it speaks of.
    """
    blobs = [record.encode(step_record), *pictures]
    _check_pictures(step_record, pictures)
    tensor = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_STRING,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(
            dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=len(blobs))]
        ),
        string_val=blobs,
    )
    return summary_pb2.Summary.Value(tag=tag, metadata=METADATA, tensor=tensor)


def write(
    writer: Any, step: int, step_value: summary_pb2.Summary.Value, scalars: Mapping[str, float]
) -> None:
    """Writes one step as an event, after its scalars as another.

    TensorBoard's Python reader keeps a thousand numbers of a scalar, and with each the whole event
    that it came in: in one event with the pictures these would stay in memory, too.

    Args:
        writer: an open ``torch.utils.tensorboard.SummaryWriter`` or ``tensorboardX.SummaryWriter``.
        step: the global step.
        step_value: what ``value`` returned.
        scalars: further numbers of this step, by their tags.
    """
    numbers = [summary_pb2.Summary.Value(tag=t, simple_value=v) for t, v in scalars.items()]
    for values in (numbers, [step_value]):
        message = summary_pb2.Summary(value=values)
        if type(writer.file_writer).__module__.startswith("tensorboardX."):
            # It has classes of its own for the same messages.
            from tensorboardX.proto.summary_pb2 import Summary

            message = Summary.FromString(message.SerializeToString())
        writer.file_writer.add_summary(message, step)


def unpack(summary_value: summary_pb2.Summary.Value) -> tuple[Record, list[bytes]]:
    """Reads one step: its record, and its pictures still compressed.

    Raises:
        NewerRecordError: the record's version is newer than this release knows.
        RecordError: the record or a picture is damaged.
    """
    blobs = list(summary_value.tensor.string_val)
    if not blobs:
        raise RecordError("the value holds no blobs")
    step_record = record.decode(blobs[0])
    _check_pictures(step_record, blobs[1:])
    return step_record, blobs[1:]


def check_picture_count(step_record: Record, count: int) -> None:
    """Refuses a sequence whose number of pictures is not the one that its record implies.

    Raises:
        RecordError: names both numbers.
    """
    expected = step_record.pictures_a_sample * len(step_record.samples)
    if count != expected:
        raise RecordError(
            f"{count} pictures are stored for {len(step_record.samples)} samples, not {expected}"
        )


def check_picture(step_record: Record, sample: int, kind: int, data: bytes) -> None:
    """Refuses stored bytes that are not those the record speaks of.

    Args:
        step_record: the record they belong to.
        sample: position in the record's samples.
        kind: 0 for the original; 1 for the direction, or from 1 on the place of an epsilon.
        data: the stored bytes.

    Raises:
        RecordError: the checksum differs.
    """
    if pixels.checksum(data) != step_record.samples[sample].checksums[kind]:
        each = f"adversarial picture {kind}" if step_record.pictures == "each" else "direction"
        raise RecordError(
            f"the {each if kind else 'original'} of sample {sample} is damaged: "
            "its checksum is not the record's"
        )


def _check_pictures(step_record: Record, pictures: Sequence[bytes]) -> None:
    check_picture_count(step_record, len(pictures))
    for position, data in enumerate(pictures):
        check_picture(step_record, *divmod(position, step_record.pictures_a_sample), data)
