"""The tables of a logged step: what the sweep found, in columns that pandas takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from torch import Tensor
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, PerEpsilon, read_steps
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.format.reader import LoggedStep
from tensorboard_fgsm.format.tables import Table
from tests.lazy import Lazy
from tests.networks import batch, convolutional

pandas, stats = Lazy("pandas"), Lazy("scipy.stats")

EPSILONS = [0.5 / 255, 2 / 255, 0.1]
NAMES = [f"class {label}, of five" for label in range(5)]
PLACE = {"run": "deep/er", "tag": "fgsm", "step": 7}


def logged(
    root: Path, attack: FGSM | PerEpsilon, *, names: list[str] | None = None, n: int = 40
) -> tuple[LoggedStep, Sweep]:
    """One step, and the sweep that it tells of."""
    inputs, labels = batch(n)
    model = convolutional().eval()
    labels = labels.where(labels % 2 == 0, model(inputs).argmax(1))  # some are right
    with SummaryWriter(str(root / "deep" / "er")) as writer:
        logger = FGSMLogger(writer, attack, class_names=names, max_samples=8)
        sweep = logger.log(model, inputs, labels, step=7)
    (step,) = read_steps(root)
    assert sweep is not None
    return step, sweep


@pytest.fixture(scope="module")
def of_fgsm(tmp_path_factory: pytest.TempPathFactory) -> tuple[LoggedStep, Sweep]:
    attack = FGSM(EPSILONS, control=True, refine=2)
    return logged(tmp_path_factory.mktemp("tables"), attack, names=NAMES)


def right(sweep: Sweep, clean: Tensor, logits: Tensor) -> list[float]:
    """The accuracy on the clean inputs, and at each epsilon."""
    return [(said.argmax(-1) == sweep.labels).double().mean().item() for said in (clean, *logits)]


def framed(table: Table) -> Any:
    return pandas.DataFrame(table)


def place(frame: Any) -> None:
    """Every row says where it is from, and how large its epsilon is in 255ths."""
    assert list(frame.columns[:5]) == ["run", "tag", "step", "epsilon", "epsilon_255"]
    for name, cell in PLACE.items():
        assert (frame[name] == cell).all()
    assert set(frame["epsilon_255"]) <= {0, 0.5, 2, 25.5}
    assert frame["epsilon"].to_numpy() * 255 == pytest.approx(frame["epsilon_255"])


def test_the_curve_is_that_of_the_sweep(of_fgsm: tuple[LoggedStep, Sweep]) -> None:
    step, sweep = of_fgsm
    frame = framed(step.curve())
    place(frame)
    accuracies = right(sweep, sweep.clean_logits, sweep.logits)
    assert sweep.control_logits is not None
    noise = right(sweep, sweep.clean_logits, sweep.control_logits)
    intervals = [
        stats.binomtest(round(40 * share), 40).proportion_ci(method="wilson")
        for share in accuracies
    ]
    assert frame["accuracy_low"].tolist() == pytest.approx([found.low for found in intervals])
    assert frame["accuracy_high"].tolist() == pytest.approx([found.high for found in intervals])
    assert 0 < accuracies[0] < 1
    assert accuracies[-1] < accuracies[0]
    assert frame["accuracy"].to_list() == pytest.approx(accuracies)
    assert frame["random_noise_accuracy"].to_list() == pytest.approx(noise)
    assert frame["plain_fgsm_accuracy"].isna().all()
    assert frame["count"].to_list() == [40] * 4


def test_the_classes_add_up_to_the_predictions(of_fgsm: tuple[LoggedStep, Sweep]) -> None:
    step, sweep = of_fgsm
    frame = framed(step.classes())
    place(frame)
    labels = sweep.labels.tolist()
    assert len(frame) == 3 * len(set(labels))
    for e, (_, rows) in enumerate(frame.groupby("epsilon")):
        clean, said = sweep.clean_logits.argmax(1).tolist(), sweep.logits[e].argmax(1).tolist()
        assert rows["count"].sum() == 40
        for row in rows.itertuples():
            mine = [n for n, label in enumerate(labels) if label == row._6]
            assert row.name == NAMES[row._6]
            assert row.count == len(mine)
            assert row.clean_right == sum(clean[n] == row._6 for n in mine)
            assert row.robust_right == sum(said[n] == row._6 for n in mine)
            wrong = [said[n] for n in mine if said[n] != row._6]
            if not wrong:
                assert pandas.isna(row.predicted_instead)
                continue
            assert row.predicted_instead_count == max(map(wrong.count, wrong))
            assert wrong.count(int(row.predicted_instead)) == row.predicted_instead_count
            assert row.predicted_instead_name == NAMES[int(row.predicted_instead)]


def test_the_samples_have_a_row_an_epsilon(of_fgsm: tuple[LoggedStep, Sweep]) -> None:
    step, sweep = of_fgsm
    frame = framed(step.samples())
    place(frame)
    assert len(frame) == 8 * 4
    assert sweep.control_logits is not None
    said = [sweep.clean_logits, *sweep.logits]
    noise = [sweep.clean_logits, *sweep.control_logits]
    for n, rows in frame.groupby("sample"):
        label = int(sweep.labels[n])
        assert set(rows["label"]) == {label}
        assert set(rows["label_name"]) == {NAMES[label]}
        for e, row in enumerate(rows.itertuples()):
            predicted = int(said[e][n].argmax())
            sure = said[e][n].double().softmax(0)
            assert (row.predicted, row.predicted_name) == (predicted, NAMES[predicted])
            assert row.confidence == pytest.approx(float(sure.max()), abs=1e-6)
            assert row.label_probability == pytest.approx(float(sure[label]), abs=1e-6)
            assert row.right == (predicted == label)
            assert row.flipped == (int(said[0][n].argmax()) == label != predicted)
            assert row.random_noise_predicted == int(noise[e][n].argmax())
        flip = sweep.flip_epsilon[n].item()
        logged = rows["flip_epsilon"].iloc[0]
        assert pandas.isna(logged) if flip == float("inf") else logged == pytest.approx(flip)


def test_what_was_not_logged_is_none(tmp_path: Path) -> None:
    step, sweep = logged(tmp_path, PerEpsilon(PGD(steps=2), EPSILONS))
    curve, samples = step.curve(), step.samples()
    assert curve["random_noise_accuracy"] == [None] * 4
    assert sweep.reference is not None
    plain = right(sweep, sweep.reference.clean_logits, sweep.reference.logits)
    assert curve["plain_fgsm_accuracy"] == pytest.approx(plain)
    assert set(samples["label_name"] + samples["predicted_name"]) == {None}
    assert set(samples["random_noise_predicted"] + samples["target"]) == {None}
    assert set(step.classes()["name"]) == {None}


def test_an_epsilon_of_zero_has_one_row(tmp_path: Path) -> None:
    step, _ = logged(tmp_path, FGSM([0, 0.1]))
    assert step.curve()["epsilon"] == [0, 0.1]
    assert step.samples()["epsilon"] == [0, 0.1] * 8


def test_a_table_without_rows_has_its_columns(of_fgsm, tmp_path: Path) -> None:
    inputs, labels = batch(4)
    with SummaryWriter(str(tmp_path)) as writer:
        logger = FGSMLogger(writer, FGSM(EPSILONS), max_samples=0)
        logger.log(convolutional(), inputs, labels, step=0)
    (step,) = read_steps(tmp_path)
    empty = step.samples()
    assert list(empty) == list(of_fgsm[0].samples())
    assert all(column == [] for column in empty.values())
