"""The curriculum map: every statement of the two source texts, and where the book proves, runs or corrects it.

    ```{curriculum} summary
    ```
    ```{curriculum} tables
    ```

The data stand in `curriculum.yml` beside the page. Each statement names the label of a section, or a page by its path
from the root of the documentation, and may name a script, an exercise and an erratum; a name that leads nowhere is a
warning of the build, so the map cannot go stale.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

VERDICTS = {
    "explained": "explained",
    "proved": "proved",
    "run": "run",
    "conditional": "true with a condition",
    "corrected": "corrected",
}
TOPICS = [f"T{number}" for number in range(1, 21)]
FIELDS = {"from", "says", "verdict", "at", "script", "exercise", "erratum"}


def refuse(problem: str, statement: Any) -> ValueError:
    """Return the error for a statement that is not as it must be."""
    return ValueError(f"curriculum.yml: {problem}: {statement}")


def checked(topics: Any) -> list[dict[str, Any]]:
    """Return the topics if all are there and every statement has what it needs and nothing else."""
    if [topic["topic"] for topic in topics] != TOPICS:
        raise refuse(f"the topics are {TOPICS[0]} to {TOPICS[-1]} in order", [topic["topic"] for topic in topics])
    for topic in topics:
        for statement in topic["statements"]:
            if not {"from", "says", "verdict", "at"} <= set(statement) <= FIELDS:
                raise refuse(f"a statement has from, says, verdict, at and of {sorted(FIELDS)} nothing else", statement)
            if statement["verdict"] not in VERDICTS or statement["from"] not in {"stage", "module", "both"}:
                raise refuse(f"a verdict is one of {sorted(VERDICTS)}, a source stage, module or both", statement)
            if statement["verdict"] in {"conditional", "corrected"} and not {"erratum", "script"} & set(statement):
                raise refuse("what is corrected names an erratum or a script that shows it", statement)
    return list(topics)


def link(target: str) -> str:
    """Return a link to a label, or to a page if the target is a path."""
    return f"{{{'doc' if target.startswith('/') else 'ref'}}}`{target}`"


def homes(chapters: list[Path]) -> dict[str, str]:
    """Return the chapter of each label of a section or an exercise."""
    label = re.compile(r"^(?:\((?P<section>[\w-]+)\)=|:name: (?P<exercise>ex-[\w-]+))$", re.MULTILINE)
    return {
        match["section"] or match["exercise"]: f"/book/{path.stem}"
        for path in chapters
        for match in label.finditer(path.read_text(encoding="utf-8"))
    }


def links(statement: dict[str, Any], home: Mapping[str, str]) -> Iterator[str]:
    """Yield the cells of a statement's row after the first two."""
    at, exercise = statement["at"], statement.get("exercise", "")
    yield f"{link(home[at])}: {link(at)}" if at in home else link(at)
    yield link(f"/gallery/{statement['script']}") if "script" in statement else ""
    elsewhere = exercise in home and home[exercise] != home.get(at)
    yield f"{link(exercise)} of {link(home[exercise])}" if elsewhere else link(exercise) if exercise else ""


def section(topic: dict[str, Any], home: Mapping[str, str]) -> str:
    """Return one topic as MyST."""
    rows = []
    for statement in topic["statements"]:
        verdict = VERDICTS[statement["verdict"]]
        if "erratum" in statement:
            verdict = f"{{ref}}`{verdict} <{statement['erratum']}>`"
        rows.append(" | ".join((statement["says"], verdict, *links(statement, home))))
    head = "statement | in the book | chapter and section | example | exercise"
    lines = [f"## {topic['topic']}: {topic['name']}", "", f"| {head} |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {row} |" for row in rows), ""])


def summary(topics: list[dict[str, Any]]) -> str:
    """Return how many statements there are of each kind."""
    verdicts = [statement["verdict"] for topic in topics for statement in topic["statements"]]
    told = [f"{verdicts.count(verdict)} {words}" for verdict, words in VERDICTS.items() if verdict in verdicts]
    return f"There are {len(verdicts)} statements: {', '.join(told[:-1])}, and {told[-1]}."


class Curriculum(SphinxDirective):
    """How many statements there are of each kind, or the tables of all topics."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return one sentence, or one section a topic."""
        path = Path(self.env.doc2path(self.env.docname)).with_name("curriculum.yml")
        self.env.note_dependency(str(path))
        try:
            topics = checked(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
            raise self.error(str(error)) from None
        if self.arguments[0] == "summary":
            return self.parse_text_to_nodes(summary(topics))
        chapters = sorted(Path(self.env.srcdir, "book").glob("*.md"))
        for chapter in chapters:
            self.env.note_dependency(str(chapter))
        home = homes(chapters)
        text = "\n".join(section(topic, home) for topic in topics)
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("curriculum", Curriculum)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
