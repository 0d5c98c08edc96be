"""Bad logs end with a sentence and exit code 2: never with a traceback, never with a verdict from too little."""

import io
import json
import os

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from optimtext.cli import main
from optimtext.diagnosis import LogError, read
from optimtext.diagnosis.readers import Options

GOOD = "".join(f"{i},{2 - 0.01 * i}\n" for i in range(50))

BAD = {
    "empty": (b"", "it is empty"),
    "only blanks": (b" \n\n  \n", "it is empty"),
    "only a header": (b"step,loss\n", "holds no number"),
    "one line": (b"step,loss\n0,2.0\n", "it holds 1 loss: too little for any verdict"),
    "one number": (b"2.0\n", "it holds 1 loss"),
    "no numeric column": (b"name,color\na,red\nb,blue\n", "no column looks like a loss"),
    "no numbers in the column": (b"step,loss\n0,red\n1,blue\n", "'red' in the column 'loss', which is no number"),
    "NaN in the middle": (
        ("step,loss\n" + GOOD + "50,nan\n51,1.2\n").encode(),
        "nan at step 50 and a number again later",
    ),
    "decreasing steps": (("step,loss\n" + GOOD + "20,1.2\n").encode(), "step 20 of the loss comes after step 49"),
    "duplicate steps": (("step,loss\n" + GOOD + "49,1.2\n").encode(), "step 49 of the loss comes again"),
    "mixed separators": (b"step,loss\n0,2.0\n1;1.9\n2,1.8\n", "line 3 has 1 cells where 2 were expected"),
    "decimal commas": (b"step;loss\n0;2,0\n1;1,9\n", "decimal commas, such as '2,0': pass --decimal ,"),
    "decimal commas between commas": (b"step,loss\n0,2,0\n1,1,9\n", "line 2 has 3 cells where 2 were expected"),
    "binary": (bytes(range(256)) * 40, "it is binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "it is binary"),
    "truncated JSON": (b'[{"step": 0, "loss": 2.0}, {"step": 1, "lo', "it is cut off"),
    "truncated lines": (b'{"step": 0, "loss": 2.0}\n{"step": 1, "lo', "line 2 is not complete JSON"),
    "JSON of something else": (b'{"model": "resnet", "layers": 18}', "no column looks like a loss"),
    "a JSON string": (b'["loss", "is", "low"]', "neither a list of records or numbers"),
    "deep JSON": (b"[" * 100_000, "nested too deeply"),
    "1e5 columns": ((",".join(f"c{i}" for i in range(100_000)) + "\n").encode() * 2, "has 100,000 cells"),
    "1e5 names": (json.dumps({f"c{i}": i for i in range(100_000)}).encode() + b"\n" * 2, "more than 1,000 names"),
    "twice the same name": (b"loss,loss\n1,2\n3,4\n", "two columns named 'loss'"),
    "columns without names": (b"0,2.0\n1,1.9\n", "2 columns without names"),
    "a cut-off archive": (b"PK\x03\x04" + b"\0" * 100, "no complete NumPy archive"),
    "a cut-off array": (b"\x93NUMPY\x01\x00v\x00{'descr'", "no complete NumPy file"),
    "a cut-off gzip": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03abc", "cut off"),
}


def diagnosed(*arguments, **kwargs):
    result = CliRunner().invoke(main, ["diagnose", *map(str, arguments)], **kwargs)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_log_is_one_sentence_and_exit_code_2(kind, tmp_path):
    content, message = BAD[kind]
    path = tmp_path / "log.txt"
    path.write_bytes(content)
    for option in ([], ["--json"]):
        result = diagnosed(path, *option)
        assert result.exit_code == 2
        assert message in result.output
        assert result.output.startswith("log.txt: ")
        assert result.output.count("\n") == 1


def test_a_file_that_is_not_there_or_may_not_be_read(tmp_path):
    assert "no such file" in diagnosed(tmp_path / "nothing.csv").output
    assert "folder without event files" in diagnosed(tmp_path).output
    path = tmp_path / "secret.csv"
    path.write_text(GOOD)
    path.chmod(0)
    if not os.access(path, os.R_OK):  # for root every file is readable
        assert "permission denied" in diagnosed(path).output
    assert diagnosed(tmp_path / "nothing.csv").exit_code == 2


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--loss", "cost"], "there is no column 'cost' for --loss among 'step' and 'loss'"),
        (["--rate", "-1"], "--rate must be positive and finite"),
        (["--curvature", "nan"], "--curvature must be positive and finite"),
        (["--figure", "/nowhere/at/all.png"], "cannot be written"),
        (["--figure", "curve.xyz"], "xyz"),
        (["--html", "/nowhere/at/all.html"], "cannot be written"),
    ],
)
def test_bad_options_are_refused_too(option, message, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("step,loss\n" + GOOD)
    result = diagnosed(path, *option)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.parametrize("losses", range(2, 8))
def test_a_few_losses_are_too_short_for_any_other_verdict(losses, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("loss\n" + "".join(f"{2.0**i}\n" for i in range(losses)))
    assert json.loads(diagnosed(path, "--json").output)["main"] == "too-short"


def test_the_ways_out_that_the_sentences_name_work(tmp_path):
    path = tmp_path / "log.csv"
    for content, option in (
        (GOOD + "50,nan\n51,1.2\n", "--skip-nan"),
        (GOOD + "20,1.2\n", "--steps=ignore"),
        (GOOD.replace(",", ";").replace(".", ","), "--decimal=,"),
    ):
        path.write_text(("step;loss\n" if "decimal" in option else "step,loss\n") + content)
        assert diagnosed(path).exit_code == 2
        assert diagnosed(path, option).exit_code == 0
    path.write_text(GOOD)
    assert diagnosed(path, "--loss", "2", "--step", "1").exit_code == 0


def test_standard_input_is_read():
    result = diagnosed("-", "--json", input="".join(f"{2 - 0.01 * i}\n" for i in range(50)))
    assert json.loads(result.output)["main"] == "too-slow"
    assert diagnosed("-", input="").output.startswith("standard input: it is empty")


CELLS = st.one_of(
    st.floats().map(repr),
    st.integers().map(str),
    st.sampled_from(["", "nan", "inf", "-", "1,5", "x", '"', '""', "#", "1e999", " "]),
)
TABLES = st.tuples(
    st.lists(st.sampled_from(["step", "loss", "val_loss", "epoch", "lr", "time", ""]), min_size=1, max_size=4),
    st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=20),
    st.sampled_from([",", ";", "\t", "|", " "]),
).map(lambda table: "\n".join(table[2].join(row) for row in [table[0], *table[1]]).encode())
RECORDS = st.lists(
    st.dictionaries(
        st.sampled_from(["step", "loss", "val_loss", "lr", "note"]),
        st.one_of(st.floats(), st.integers(), st.none(), st.text(max_size=3), st.lists(st.integers(), max_size=2)),
    ),
    max_size=12,
)
DOCUMENTS = st.one_of(
    RECORDS.map(lambda rows: "\n".join(map(json.dumps, rows)).encode()),
    RECORDS.map(lambda rows: json.dumps({"log_history": rows}).encode()),
    RECORDS.map(lambda rows: json.dumps(rows).encode()),
)


@settings(max_examples=250, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), TABLES, DOCUMENTS, st.text(max_size=200).map(str.encode)),
    st.sampled_from([".", ","]),
    st.integers(0, 20),
)
def test_whatever_the_bytes_a_log_is_read_or_refused(content, decimal, cut):
    try:
        log = read(io.BytesIO(content[: len(content) - cut]), Options(decimal=decimal))
    except LogError as error:
        assert str(error)  # noqa: PT017  # any sentence will do
        return
    assert log.loss.seen >= log.loss.count >= 0


def test_columns_of_different_lengths_are_not_lined_up_by_chance(tmp_path):
    """In JSON as in NumPy's archives: which loss a validation loss belongs to cannot be told."""
    for option in ([], ["--json"]):
        result = diagnosed(
            "-", *option, input='{"loss": [3, 2, 1, 1, 1, 1, 1, 1], "val_loss": [3, 2], "layers": [4, 4, 4]}'
        )
        assert result.exit_code == 2
        assert "'loss' has 8, 'val_loss' has 2" in result.output
    np.savez(tmp_path / "log.npz", loss=np.arange(30.0), val_loss=np.arange(3.0))
    result = diagnosed(tmp_path / "log.npz")
    assert result.exit_code == 2
    assert "'loss' has 30, 'val_loss' has 3" in result.output
    filled = '{"loss": [3, 2, 1, 1, 1, 1, 1, 1], "val_loss": [3, null, null, null, 2, null, null, 2], "layers": [4, 4]}'
    assert diagnosed("-", input=filled).exit_code == 0


def test_a_figure_that_cannot_be_drawn_is_one_sentence(tmp_path, monkeypatch):
    """An unknown format, and one whose program is missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for ending in ("xyz", "pgf"):
        losses = "".join(f"{2 - 0.01 * i}\n" for i in range(50))
        result = diagnosed("-", "--figure", str(tmp_path / f"curve.{ending}"), input=losses)
        assert result.exit_code == 2
        assert f"curve.{ending} cannot be written" in result.output


def test_what_was_said_and_not_used_is_noted():
    """A rate beside a log with rates, and a curvature without any."""
    losses = "".join(f"{2 - 0.01 * i},0.1\n" for i in range(50))
    assert "--rate was not used" in diagnosed("-", "--rate", "0.1", input="loss,lr\n" + losses).output
    assert "--curvature was not used" in diagnosed("-", "--curvature", "2", input="loss,x\n" + losses).output
