"""Logs in JSON: one object a line, a list of objects, Hugging Face's trainer_state.json, or lists by name."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import IO, Any

import numpy as np

from optimtext.diagnosis.readers.columns import MOST, guess
from optimtext.diagnosis.readers.log import Columns, Log, LogError, Options, Progress, refuse_lengths

_WHOLE = 1 << 28  # characters of a document that is not one object a line, and has to be in memory at once
_ROWS = 4096  # rows handed on at once


def read_json(text: IO[str], options: Options, progress: Progress) -> Log:
    """Read JSON lines, or a JSON document."""
    first = text.readline()
    while first and not first.strip():
        first = text.readline()
    try:
        record = json.loads(first)
    except (json.JSONDecodeError, RecursionError):  # the whole document will tell
        record = None
    second = text.readline() if isinstance(record, dict) else ""
    lines = isinstance(record, dict) and "log_history" not in record
    if lines and (second.strip() or not _columns_of(record)):
        return _records(_of_lines(text, first + second, progress), options)
    document = first + second + text.read(_WHOLE)
    if len(document) >= _WHOLE:
        raise LogError("it is a JSON document of more than 250 million characters: write one object a line instead")
    try:
        value = json.loads(document)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(document.rstrip()) - 1 or error.msg.startswith("Unterminated")
        where = "it is cut off" if cut else f"{error.msg} in line {error.lineno}"
        raise LogError(f"it is not complete JSON: {where}") from None
    except RecursionError:
        raise LogError("its JSON is nested too deeply") from None
    progress(len(document))
    return _document(value, options)


def _document(value: Any, options: Options) -> Log:
    if isinstance(value, dict) and isinstance(value.get("log_history"), list):
        # Hugging Face: training, evaluation and at the end a summary, all in one list.
        value = [entry for entry in value["log_history"] if not (isinstance(entry, dict) and "train_runtime" in entry)]
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        return _records(_pieces(value), options)
    if isinstance(value, list) and all(_is_number(entry) for entry in value):
        return _records(_pieces([{"loss": entry} for entry in value]), options)
    if isinstance(value, dict) and (columns := _columns_of(value)):
        roles = guess(list(columns), options.said())
        columns = {name: columns[name] for name in roles.named.values()}
        refuse_lengths({name: len(entries) for name, entries in columns.items()})
        length = max(map(len, columns.values()))
        rows = [{name: entries[i] for name, entries in columns.items()} for i in range(length)]
        return replace(_records(_pieces(rows), options), notes=roles.notes)
    raise LogError("its JSON is neither a list of records or numbers, nor lists by name, nor a trainer_state.json")


def _columns_of(value: Mapping[str, Any]) -> dict[str, list[Any]]:
    # Lists of numbers, with null where nothing was logged.
    return {name: entries for name, entries in value.items()
            if isinstance(entries, list) and any(map(_is_number, entries))
            and all(entry is None or _is_number(entry) for entry in entries)}  # fmt: skip


def _pieces(records: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    return (records[start : start + _ROWS] for start in range(0, len(records), _ROWS))


def _of_lines(text: IO[str], begun: str, progress: Progress) -> Iterator[list[dict[str, Any]]]:
    number, read = 1, 0
    lines = begun.splitlines(keepends=True)
    while lines:
        yield _parsed(lines, number)
        number += len(lines)
        read += sum(map(len, lines))
        progress(read)
        lines = list(islice(text, _ROWS))


def _parsed(lines: list[str], number: int) -> list[dict[str, Any]]:
    """Return the records of some lines; at once if all are well, or one by one to find the one that is not."""
    full = [line for line in lines if line.strip()]
    try:
        records = json.loads(f"[{','.join(full)}]")
    except (json.JSONDecodeError, RecursionError):
        records = []
    if len(records) == len(full) and all(isinstance(record, dict) for record in records):
        return list(records)
    for i, line in enumerate(lines, start=number):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            raise LogError(f"line {i} is not complete JSON; if the run was cut off there, drop that line") from None
        except RecursionError:
            raise LogError(f"line {i} is nested too deeply") from None
        if not isinstance(record, dict):
            raise LogError(f"line {i} is {type(record).__name__}, not an object with names and numbers")
    raise LogError(f"lines {number} to {number + len(lines)} do not hold one object each")


def _records(pieces: Iterator[list[dict[str, Any]]], options: Options) -> Log:
    # Names may first appear after a while, such as the first evaluation's: the first piece decides, thousands of
    # records.
    head = [_flat(record) for record in next(pieces, [])]
    if len(head) < _ROWS:  # a short first piece may be one that was looked at to tell the format
        head += [_flat(record) for record in next(pieces, [])]
    names: dict[str, None] = {}
    for flat in head:
        names.update(dict.fromkeys(name for name, value in flat.items() if _is_number(value)))
        if len(names) > MOST:
            raise LogError(f"its records have more than {MOST:,} names that hold numbers: no training log")
    if not head:
        raise LogError("it holds no records")
    columns = Columns(guess(list(names), options.said()), options)
    _add(columns, head)
    for piece in pieces:
        _add(columns, [_flat(record) for record in piece])
    return columns.log()


def _add(columns: Columns, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    cells, present = {}, {}
    for role, name in columns.roles.named.items():
        values = [row.get(name) for row in rows]
        has = [_is_number(value) for value in values]
        present[role] = np.array(has, dtype=bool)
        cells[role] = np.array([_float(value) if good else np.nan for value, good in zip(values, has, strict=True)])
    columns.add(cells, present, len(rows))


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    # One level down, as {"train": {"loss": 0.3}} is written by some.
    if not any(isinstance(value, dict) for value in record.values()):
        return record
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": entry for inner, entry in value.items()})
        else:
            flat[name] = value
    return flat


def _is_number(value: Any) -> bool:
    kind = type(value)
    if kind is float or kind is int:
        return True
    return kind is str and value.strip().lower() in ("nan", "inf", "-inf", "infinity", "-infinity")


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number with more digits than a float can hold
        return float("inf")
