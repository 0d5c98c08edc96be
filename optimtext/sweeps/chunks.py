"""Doing the runs: here, or wherever an executor takes them, in pieces that any process can do on its own."""

import concurrent.futures as cf
import pickle
import traceback
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from optimtext.minimize import minimize
from optimtext.sweeps.outcomes import Outcome, Outcomes, Room
from optimtext.sweeps.plan import Plan, Settings, Spec
from optimtext.sweeps.together import Report, advance

RETRIES = 3  # a piece whose worker was lost so many times is more likely the cause than the victim


@dataclass(frozen=True, eq=False)
class Chunk:
    """A piece of a sweep: all that a worker needs to know."""

    problem: Any
    theta0: NDArray[Any]  # one row a run
    specs: tuple[Spec, ...]
    settings: Settings
    together: bool


@dataclass(frozen=True, eq=False)
class Failure:
    """What a worker sends back where a run raised an error, or what stands for an answer that never came."""

    error: BaseException
    lost: bool = False


def cut(plan: Plan, specs: Sequence[Spec], size: int | None) -> list[Chunk]:
    """Return the runs still to do, in pieces."""
    return [
        Chunk(plan.problem, plan.theta0[[spec.start for spec in piece]], piece, plan.settings, plan.together(piece))
        for piece in plan.chunks(specs, size)
    ]


def do(chunk: Chunk, report: Report, room: Room) -> Outcomes:
    """Do the runs of a piece; `report` is told how much of them is done, `room` holds what they record."""
    if chunk.together:
        return advance(chunk.problem, chunk.theta0, chunk.specs, chunk.settings, report, room)
    return [
        _alone(chunk.problem, theta0, spec, chunk.settings)
        for theta0, spec in zip(chunk.theta0, chunk.specs, strict=True)
    ]


def _alone(problem: Any, theta0: NDArray[Any], spec: Spec, settings: Settings) -> Outcome:
    batches: dict[str, Any] = (
        {}
        if settings.batch_size is None
        else {"batch_size": settings.batch_size, "seed": spec.seed, "shuffle": settings.shuffle}
    )
    try:
        run = minimize(
            problem,
            theta0,
            spec.rule,
            max_steps=settings.max_steps,
            stop=settings.stop,
            penalty=settings.penalty,
            clip=settings.clip,
            record_theta=False,
            **batches,
        )
    except Exception as error:
        error.add_note(f"in run {spec.index} of the sweep: {spec.rule!r}, start {spec.start}, seed {spec.seed}")
        raise
    losses = run.trace.loss[:: settings.losses_every] if settings.losses_every else run.trace.loss[:0]
    spent = int(run.trace.evaluations[-1])
    return Outcome(spec.index, run.theta, run.loss, run.steps, run.reason, run.message, spent, losses)


def do_safely(chunk: Chunk) -> Outcomes | Failure:
    """Do the runs of a piece; an error of a run is an answer, so that any other one is known to be the executor's."""
    try:
        return do(chunk, lambda _: None, Room())
    except Exception as error:  # noqa: BLE001  # whatever it is, it goes back to the caller
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
        except Exception:  # noqa: BLE001  # some errors do not survive the way back
            return Failure(RuntimeError("".join(traceback.format_exception(error))))
        return Failure(error)


def spread(chunks: Sequence[Chunk], executor: Any) -> Generator[tuple[Chunk, Outcomes], None, None]:
    """Yield each piece with its outcomes, as they come; a piece whose worker was lost is given out again."""
    if hasattr(executor, "submit"):
        try:
            yield from _through(chunks, executor)
        except cf.BrokenExecutor as error:
            raise _broken("pass a function that makes an executor, and a broken one is replaced") from error
        return
    left, last = dict.fromkeys(chunks), None
    for _ in range(RETRIES + 1):
        pool = executor()
        try:
            for chunk, outcomes in _through(list(left), pool):
                del left[chunk]
                yield chunk, outcomes
        except cf.BrokenExecutor as error:
            last = error
        else:
            return
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    raise _broken(f"this has happened {RETRIES + 1} times, so the runs may be the cause") from last


def _through(chunks: Sequence[Chunk], pool: Any) -> Generator[tuple[Chunk, Outcomes], None, None]:
    lost = dict.fromkeys(chunks, 0)
    waiting: dict[Any, Chunk] = {}
    failed: dict[int, BaseException] = {}  # by the first run of the piece
    try:
        for chunk in chunks:
            waiting[pool.submit(do_safely, chunk)] = chunk
        while waiting:
            for future in cf.wait(waiting, return_when=cf.FIRST_COMPLETED).done:
                chunk = waiting.pop(future)
                answer = _answer(future)
                if not isinstance(answer, Failure):
                    yield chunk, answer
                    continue
                lost[chunk] += answer.lost
                if answer.lost and lost[chunk] <= RETRIES and not failed:
                    waiting[pool.submit(do_safely, chunk)] = chunk
                    continue
                first = chunk.specs[0].index
                failed[first] = answer.error
                if answer.lost:
                    answer.error.add_note(f"the executor lost the runs from {first} on {lost[chunk]} times")
            # What is underway is still waited for, so that what is finished is kept. A broken pool ends its futures
            # itself, and may fail at that if one is canceled meanwhile.
            if failed and not any(isinstance(error, cf.BrokenExecutor) for error in failed.values()):
                waiting = {future: chunk for future, chunk in waiting.items() if not future.cancel()}
    finally:
        for future in waiting:
            future.cancel()
    if failed:
        raise failed[min(failed)]


def _answer(future: Any) -> Outcomes | Failure:
    try:
        answer: Outcomes | Failure = future.result()
    except cf.BrokenExecutor as error:
        return Failure(error)
    except Exception as error:  # noqa: BLE001  # an error of a run would have been an answer; this is the executor's
        return Failure(error, lost=True)
    return answer


def _broken(advice: str) -> cf.BrokenExecutor:
    return cf.BrokenExecutor(
        "the executor has lost a worker process and takes no more work; runs that had finished are in the store, if "
        f"there is one, and a new sweep goes on from there: {advice}"
    )
