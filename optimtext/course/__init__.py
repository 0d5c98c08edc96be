"""The course: exercises, and checks that know the mistake.

A learner works in a directory that `optimtext start` makes, and asks `optimtext check`. The same from Python:

>>> from optimtext import course
>>> def gradient_step(theta, grad, lr):
...     return theta + lr * grad
>>> verdict = course.assess("gradient_step", gradient_step)
>>> verdict.status, verdict.misconception
('wrong', 'ascends')
>>> print(verdict.message)
Your step goes uphill: it adds the gradient, and the loss grows.
"""

from optimtext.course.bank import EXERCISES
from optimtext.course.checks import assess, check, select
from optimtext.course.exercise import Exercise, Misconception
from optimtext.course.judge import Verdict
from optimtext.course.workspace import CourseError, Started, start

__all__ = [
    "EXERCISES",
    "CourseError",
    "Exercise",
    "Misconception",
    "Started",
    "Verdict",
    "assess",
    "check",
    "select",
    "start",
]
