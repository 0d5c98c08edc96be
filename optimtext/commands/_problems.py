"""What stands in the way of a command becomes one sentence on the standard error, and the exit code 2."""

import errno
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from optimtext.course.workspace import CourseError


class Refused(click.ClickException):
    """A command cannot do what was asked."""

    exit_code = 2


@contextmanager
def told() -> Iterator[None]:
    """Turn errors of the course and of the operating system into a sentence, the last flush of the output included."""
    try:
        yield
        sys.stdout.flush()
    except CourseError as error:
        raise Refused(str(error)) from error
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader of our output has gone, as in `… | head`; click knows what to do
            raise
        # What could not be written is still in the buffer, and must not fail a second time when Python ends.
        sys.stdout = io.StringIO()
        where = f"{error.filename}: " if error.filename else ""
        raise Refused(f"{where}{error.strerror or error}; nothing of yours was changed.") from error
