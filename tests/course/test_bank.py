"""The bank: every wrong solution is rejected by its name, right ones are accepted however they are written."""

import re

import numpy as np
import pytest

import optimtext as ot
from optimtext.course import assess
from optimtext.course.bank import EXERCISES
from optimtext.course.bank.shifted_nesterov import right as shifted
from optimtext.course.exercise import anew
from optimtext.course.judge import judge, right_answers, same_trial, wrong_answers
from optimtext.course.rules import RuleExercise, learners_class

every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.name)
ENTRIES = [(exercise, entry) for exercise in EXERCISES.values() for entry in exercise.misconceptions]
every_entry = pytest.mark.parametrize(
    ("exercise", "entry"), ENTRIES, ids=[f"{exercise.name}-{entry.name}" for exercise, entry in ENTRIES]
)


@every_entry
def test_a_wrong_solution_is_rejected_by_its_name(exercise, entry):
    verdict = judge(exercise, list(exercise.trials(anew(entry.solution))))
    assert (verdict.status, verdict.misconception) == ("wrong", entry.name)
    assert verdict.call
    assert verdict.expected != verdict.got


@every_exercise
def test_a_right_solution_is_accepted_however_it_is_written(exercise, right):
    for seed in (None, 0, 1):
        verdict = judge(exercise, list(exercise.trials(anew(right(exercise)), seed)), seed)
        assert verdict.status == "right", verdict


@every_exercise
def test_no_two_wrong_solutions_answer_alike(exercise):
    wrong = wrong_answers(exercise)
    for k, (one, answers) in enumerate(wrong):
        for other, others in wrong[:k]:
            assert not all(map(same_trial, answers, others)), (one.name, other.name)


@every_exercise
def test_cases_drawn_by_a_seed_are_the_same_again_and_others_for_another_seed(exercise):
    drawn = [list(exercise.trials(anew(exercise.reference), seed)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0][: len(exercise.cases)] == drawn[2][: len(exercise.cases)]
    assert all(answer.value is not None and answer.value.finite for trial in drawn[0] for answer in trial)


@every_exercise
def test_a_solution_that_knows_the_shipped_answers_by_heart_fails_on_drawn_ones(exercise):
    known = right_answers(exercise)
    drawn = list(exercise.trials(anew(exercise.reference), 7))
    by_heart = known + known[:1] * 5
    assert judge(exercise, by_heart, 7).status == "wrong"
    assert judge(exercise, drawn, 7).status == "right"


def test_there_are_enough_of_them_and_each_has_a_name_a_message_and_two_hints():
    assert len(ENTRIES) >= 60
    for exercise, entry in ENTRIES:
        assert len(exercise.misconceptions) >= 4
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", entry.name)
        assert entry.message.endswith(".")
        assert len(entry.hints) >= 2
        assert len({e.name for e in exercise.misconceptions}) == len(exercise.misconceptions)


def test_the_named_misconceptions_of_the_course_are_there():
    named = {
        "nesterov": {"look-ahead-without-rate", "shared-state"},
        "momentum": {"ascends", "input-modified", "integer-truncation", "shared-state", "velocity-averaged"},
        "adam": {"correction-missing", "correction-multiplied", "correction-from-zero", "epsilon-inside"},
        "adagrad": {"forgets"},
        "rmsprop": {"sums"},
        "step_decay": {"decay-per-step"},
        "cosine_annealing": {"rises-after-the-period"},
        "early_stopping": {"best-weights-not-restored"},
        "batch_gradient": {"sum-for-mean"},
    }
    for name, wanted in named.items():
        assert wanted <= {entry.name for entry in EXERCISES[name].misconceptions}


def test_two_mistakes_at_once_are_called_by_the_one_that_shows_more():
    def update(self, theta, grad, lr, m=0.0, v=0.0):
        m = self.beta1 * m + (1 - self.beta1) * grad
        v = self.beta2 * v + (1 - self.beta2) * grad * grad
        return theta - lr * m / np.sqrt(v + self.eps), m, v  # uncorrected, and epsilon inside

    verdict = assess("adam", learners_class(update))
    assert (verdict.status, verdict.misconception) == ("wrong", "correction-missing")


def test_a_mistake_that_is_not_in_the_bank_gets_no_name_but_the_input_and_a_hint():
    verdict = assess("gradient_step", lambda theta, grad, lr: theta - lr * grad + 1e-6)
    assert (verdict.status, verdict.misconception) == ("wrong", None)
    assert verdict.call == "gradient_step(theta=[1.], grad=[2.], lr=0.1)"
    assert (verdict.expected, verdict.got) == ("[0.8]", "[0.800001]")
    assert verdict.hints == EXERCISES["gradient_step"].hints


def test_rounding_is_no_mistake_and_single_precision_is():
    def sloppy(theta, grad, lr):
        return (1e3 * theta - lr * (1e3 * grad)) / 1e3

    assert assess("gradient_step", sloppy).status == "right"
    assert assess("gradient_step", lambda t, g, lr: np.float32(t - lr * g)).status == "wrong"


def test_the_shifted_form_is_the_look_ahead_of_the_packages_rule():
    stepper = ot.Stepper(ot.Nesterov(lr=0.1, beta=0.9), [1.0, -2.0])
    mine, y = learners_class(shifted)(lr=0.1, beta=0.9), np.array([1.0, -2.0])
    for _ in range(9):
        grad = y * [1.0, 8.0]
        stepper.step(grad)
        y = mine.step(y, grad)
        np.testing.assert_allclose(y, stepper.probe, rtol=1e-13, atol=1e-13)


def test_update_rules_have_their_wrong_solutions_in_the_grammar_of_the_playground():
    rules = [exercise for exercise in EXERCISES.values() if isinstance(exercise, RuleExercise)]
    assert {"gradient_step", "momentum", "shifted_nesterov", "adagrad", "rmsprop", "adam"} == {r.name for r in rules}
    for rule in rules:
        assert sum(entry.update is not None for entry in rule.misconceptions) >= 5
