"""`optimtext start`: nothing of the learner's is ever lost."""

import errno
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from optimtext.cli import main
from optimtext.course.workspace import shipped


def run(*arguments):
    """Run the command line and return the exit code and all that it printed."""
    result = CliRunner().invoke(main, ["start", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def contents(directory):
    """Return all files below a directory with what they hold."""
    return {str(p.relative_to(directory)): p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}


def test_a_new_directory_has_all_files_that_the_package_ships(tmp_path):
    code, output = run(tmp_path / "deep" / "course")
    assert code == 0
    assert set(contents(tmp_path / "deep" / "course")) == set(shipped())
    assert all(f"added  {name}" in output for name in shipped())
    assert "starter/gradient_descent.py" in shipped()


def test_asked_again_it_adds_what_is_missing_and_leaves_the_rest(course_directory):
    mine, gone = course_directory / "starter" / "momentum.py", course_directory / "tests" / "test_adaptive.py"
    mine.write_text("# my work")
    gone.unlink()
    code, output = run(course_directory)
    assert code == 0
    assert mine.read_text() == "# my work"
    assert gone.is_file()
    assert re.findall(r"^added +(\S+)$", output, re.MULTILINE) == ["tests/test_adaptive.py"]
    assert f"{len(shipped()) - 1} files were there and stay as they are" in output
    code, output = run(course_directory)
    assert (code, "Nothing is missing" in output) == (0, True)


def test_force_moves_what_was_changed_into_a_dated_backup_first(course_directory):
    before = contents(course_directory)
    (course_directory / "starter" / "momentum.py").write_text("# my work")
    (course_directory / "notes.txt").write_text("mine")
    for _ in range(2):  # a second time within the same second, too
        code, output = run(course_directory, "--force")
        assert (code, "1 changed file of yours is in" in output) == (0, True)
        (course_directory / "starter" / "momentum.py").write_text("# more work")
    backups = sorted(course_directory.glob("backup-*"))
    assert [next(iter(contents(backup).values())) for backup in backups] == [b"# my work", b"# more work"]
    assert all(list(contents(backup)) == [str(Path("starter", "momentum.py"))] for backup in backups)
    assert re.fullmatch(r"backup-\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d", backups[0].name)
    (course_directory / "starter" / "momentum.py").write_bytes(before["starter/momentum.py"])
    after = {name: text for name, text in contents(course_directory).items() if not name.startswith("backup")}
    assert after == before | {"notes.txt": b"mine"}


def test_force_on_an_unchanged_directory_makes_no_backup(course_directory):
    assert run(course_directory, "--force")[0] == 0
    assert not list(course_directory.glob("backup-*"))


def test_a_file_in_the_place_of_the_directory(tmp_path):
    path = tmp_path / "course"
    path.write_text("mine")
    code, output = run(path)
    assert (code, path.read_text()) == (2, "mine")
    assert f"{path} is a file" in output


def test_a_file_in_the_place_of_a_folder(tmp_path):
    (tmp_path / "starter").write_text("mine")
    code, output = run(tmp_path)
    assert (code, (tmp_path / "starter").read_text()) == (2, "mine")
    assert "starter" in output
    assert "Traceback" not in output


def test_a_link_to_nowhere_is_left_alone(tmp_path):
    (tmp_path / "starter").mkdir()
    link = tmp_path / "starter" / "momentum.py"
    link.symlink_to(tmp_path / "nowhere.py")
    assert run(tmp_path)[0] == 0
    assert link.is_symlink()
    assert not (tmp_path / "nowhere.py").exists()


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_directory_that_cannot_be_written_or_is_full(course_directory, monkeypatch, number):
    (course_directory / "starter" / "momentum.py").write_text("# my work")
    (course_directory / "tests" / "test_momentum.py").unlink()
    before = contents(course_directory)

    def full(descriptor, *_, **__):
        os.close(descriptor)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fdopen", full)
    for options in ([], ["--force"]):
        code, output = run(course_directory, *options)
        assert code == 2
        assert os.strerror(number) in output
        assert str(course_directory) in output
        now = {name: text for name, text in contents(course_directory).items() if "backup" not in name}
        assert now == before


def test_no_permission_to_make_the_directory(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    code, output = run(tmp_path / "course")
    assert code == 2
    assert "Permission denied" in output


def test_the_disk_fills_up_between_moving_and_writing(course_directory, monkeypatch):
    mine = course_directory / "starter" / "momentum.py"
    mine.write_text("# my work")
    rename = Path.replace

    def fails(self, target):
        if Path(target) == mine:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    code, output = run(course_directory, "--force")
    backup = next(course_directory.glob("backup-*"))
    assert code == 2
    assert str(backup) in output
    assert (backup / "starter" / "momentum.py").read_text() == "# my work"
