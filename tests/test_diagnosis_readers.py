"""Logs as people have them: every format gives the same columns, and the frameworks' own files are read."""

import gzip
import io
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from optimtext.cli import main as command
from optimtext.diagnosis import LogError, read
from optimtext.diagnosis.readers import Options
from optimtext.diagnosis.readers.columns import classify, guess

LOGS = Path(__file__).parent / "data" / "logs"
LOSS = [2.0, 1.5, 1.25, 1.125]
VALIDATION = [2.5, 1.75]

TABLES = {
    "csv": "step,loss,val_loss\n0,2.0,2.5\n1,1.5,\n2,1.25,1.75\n3,1.125,\n",
    "semicolons": "step;loss;val_loss\n0;2.0;2.5\n1;1.5;\n2;1.25;1.75\n3;1.125;\n",
    "tabs": "step\tloss\tval_loss\n0\t2.0\t2.5\n1\t1.5\t\n2\t1.25\t1.75\n3\t1.125\t\n",
    "quoted": '"step","loss","val_loss"\n"0","2.0","2.5"\n"1","1.5",""\n"2","1.25","1.75"\n"3","1.125",""\n',
    "comments": "# a run\nstep,loss,val_loss\n0,2.0,2.5\n# restarted\n1,1.5,\n2,1.25,1.75\n3,1.125,\n",
    "other names": "global_step,train/loss,eval/loss\n0,2.0,2.5\n1,1.5,NA\n2,1.25,1.75\n3,1.125,null\n",
    "windows": "step,loss,val_loss\r\n0,2.0,2.5\r\n1,1.5,\r\n2,1.25,1.75\r\n3,1.125,\r\n",
    "no last newline": "step,loss,val_loss\n0,2.0,2.5\n1,1.5,\n2,1.25,1.75\n3,1.125,",
    "other lines": "step,loss,val_loss\n0,2.0,\n0,,2.5\n1,1.5,\n2,1.25,\n2,,1.75\n3,1.125,\n",
    "more columns": "epoch,accuracy,loss,time,val_accuracy,val_loss\n0,0.1,2.0,1,0.1,2.5\n1,0.2,1.5,2,0.1,\n"
    "2,0.3,1.25,3,0.2,1.75\n3,0.4,1.125,4,0.2,\n",
    "json lines": '{"step": 0, "loss": 2.0}\n{"step": 0, "val_loss": 2.5}\n{"step": 1, "loss": 1.5}\n\n'
    '{"step": 2, "loss": 1.25, "val_loss": 1.75}\n{"step": 3, "loss": 1.125}\n',
    "nested lines": '{"step": 0, "train": {"loss": 2.0}, "val": {"loss": 2.5}}\n{"step": 1, "train": {"loss": 1.5}}\n'
    '{"step": 2, "train": {"loss": 1.25}, "val": {"loss": 1.75}}\n{"step": 3, "train": {"loss": 1.125}}\n',
    "list of records": '[{"step": 0, "loss": 2.0, "val_loss": 2.5}, {"step": 1, "loss": 1.5},\n'
    '{"step": 2, "loss": 1.25, "val_loss": 1.75}, {"step": 3, "loss": 1.125}]',
    "trainer state": json.dumps(
        {
            "log_history": [
                {"step": 0, "loss": 2.0},
                {"step": 0, "eval_loss": 2.5},
                {"step": 1, "loss": 1.5},
                {"step": 2, "loss": 1.25},
                {"step": 2, "eval_loss": 1.75},
                {"step": 3, "loss": 1.125},
                {"step": 3, "train_loss": 1.5, "train_runtime": 2.0},
            ]
        }
    ),
}


def columns(text, **options):
    log = read(io.BytesIO(text.encode()), Options(**options))
    validation = log.beside.get("validation")
    return log.loss.value.tolist(), None if validation is None else validation.value.tolist()


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_of_text_gives_the_same_columns(kind):
    assert columns(TABLES[kind]) == (LOSS, VALIDATION)


@pytest.mark.parametrize("kind", TABLES)
def test_validation_stands_where_it_was_measured(kind):
    log = read(io.BytesIO(TABLES[kind].encode()))
    assert log.loss.step.tolist() == [0, 1, 2, 3]
    assert log.beside["validation"].step.tolist() == [0, 2]


def test_compressed_text_and_other_encodings_are_read():
    text = TABLES["csv"]
    for packed in (gzip.compress(text.encode()), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        assert read(io.BytesIO(packed)).loss.value.tolist() == LOSS


@pytest.mark.parametrize(
    "text",
    ["2.0\n1.5\n1.25\n1.125\n", "2.0 \n1.5\n\n1.25\n1.125", "[2.0, 1.5, 1.25, 1.125]", "loss\n2\n1.5\n1.25\n1.125\n"],
)
def test_a_bare_list_is_a_list_of_losses(text):
    assert columns(text) == (LOSS, None)


def test_decimal_commas_are_read_when_told():
    text = "step;loss\n0;2,0\n1;1,5\n2;1,25\n3;1,125\n"
    assert columns(text, decimal=",") == (LOSS, None)


def test_numpy_files(tmp_path):
    np.save(tmp_path / "loss.npy", LOSS)
    assert read(tmp_path / "loss.npy").loss.value.tolist() == LOSS
    np.savez(
        tmp_path / "run.npz",
        loss=LOSS,
        validation=[2.5, np.nan, 1.75, np.nan],
        lr=np.full(4, 0.1),
        theta=np.zeros((4, 2)),
    )
    log = read(tmp_path / "run.npz")
    assert log.loss.value.tolist() == LOSS
    assert log.beside["validation"].value.tolist() == VALIDATION
    assert log.beside["lr"].count == 4


def test_steps_that_start_again_in_each_epoch_are_counted():
    rows = "".join(f"{epoch},{batch},{2 - 0.1 * (3 * epoch + batch)}\n" for epoch in range(5) for batch in range(3))
    log = read(io.BytesIO(("epoch,batch,loss\n" + rows).encode()))
    assert log.loss.step.tolist() == list(range(15))
    assert "counted" in log.notes[0]
    rows = "".join(f"{epoch},{2 - 0.1 * epoch}\n" for epoch in (0, 0, 1, 1, 2))
    assert read(io.BytesIO(("epoch,loss\n" + rows).encode())).loss.backwards is None


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("loss", "loss"),
        ("train_loss", "loss"),
        ("trainLoss", "loss"),
        ("Loss/train", "loss"),
        ("training loss", "loss"),
        ("epoch_loss", "loss"),
        ("cost", "loss"),
        ("mse", "loss"),
        ("cross_entropy", "loss"),
        ("val_loss", "validation"),
        ("valid_loss", "validation"),
        ("validation/loss", "validation"),
        ("eval_loss", "validation"),
        ("test_loss", "validation"),
        ("dev loss", "validation"),
        ("lr", "lr"),
        ("learning_rate", "lr"),
        ("lr-Adam", "lr"),
        ("train/learning_rate", "lr"),
        ("grad_norm", "grad_norm"),
        ("gradient norm", "grad_norm"),
        ("grad_2.0_norm_total", "grad_norm"),
        ("step", "step"),
        ("global_step", "step"),
        ("iteration", "step"),
        ("epoch", "epoch"),
        ("accuracy", None),
        ("best_val_loss", None),
        ("loss_std", None),
        ("time", None),
        ("eval_runtime", None),
        ("colour", None),
        ("", None),
    ],
)
def test_names_say_what_a_column_is(name, role):
    found = classify(name)
    assert (found and found[0]) == role


def test_a_finer_column_is_preferred_and_the_choice_is_told():
    roles = guess(["epoch", "lr-Adam", "step", "train_loss_epoch", "train_loss_step", "val_loss"])
    assert roles.named["loss"] == "train_loss_step"
    assert "train_loss_epoch" in roles.notes[0]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["time", "speed"], "no column looks like a loss among 'time' and 'speed': name it with --loss NAME"),
        (["box_loss", "cls_loss"], "'box_loss' and 'cls_loss' may each be the training loss"),
        (["step", "val_loss"], "no training loss"),
    ],
)
def test_columns_that_cannot_be_guessed_are_listed_with_the_way_to_name_them(names, message):
    with pytest.raises(ValueError, match=message):
        guess(names)


@pytest.mark.parametrize(
    ("file", "main", "beside"),
    [
        ("lightning_metrics.csv", "converged", {"validation", "lr"}),
        ("keras_log.csv", "healthy", {"validation"}),
        ("keras_diverged.csv", "diverged", set()),
        ("trainer_state.json", "healthy", {"validation", "lr", "grad_norm"}),
    ],
)
def test_files_written_by_the_frameworks_themselves(file, main, beside):
    log = read(LOGS / file)
    assert set(log.beside) == beside
    result = CliRunner().invoke(command, ["diagnose", str(LOGS / file), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["main"] == main


def test_an_event_file_of_tensorboard_is_read_or_says_what_is_needed():
    path = LOGS / "events.out.tfevents.torch"
    try:
        import tensorboard  # noqa: F401  # the question is whether it is there
    except ImportError:
        with pytest.raises(LogError, match="pip install tensorboard"):
            read(path)
        return
    log = read(path)
    assert (log.loss.count, log.beside["validation"].count) == (200, 20)
