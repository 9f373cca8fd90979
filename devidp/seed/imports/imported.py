"""From files of another tool to a seed that can be served, and the list of what it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devidp.seed import yaml_text
from devidp.seed.imports.document import Document, read
from devidp.seed.imports.lost import Losses, Lost
from devidp.seed.imports.tools import TOOLS, Tool, recognise
from devidp.seed.problems import Place, Problem, SeedError, format_place, places
from devidp.seed.reading import loads

__all__ = ["Imported", "Lost", "import_files"]
UNNAMED = "seed.yaml"


@dataclass(frozen=True, slots=True)
class Imported:
    """The text of a seed, and what it does not say."""

    tool: Tool
    text: str
    lost: tuple[Lost, ...]


def import_files(paths: Iterable[Path], name: str | None = None) -> Imported:
    """A seed of the configuration in ``paths``, of the tool with this ``name`` or of the one that it looks like.

    Raises SeedError for what cannot be read, or is of no known tool.
    """
    documents = [document for path in paths for document in _read(path)]
    tool = recognise(documents) if name is None else TOOLS[name]
    if tool is None:
        known = ", ".join(f"{each.title} (--from {key})" for key, each in TOOLS.items())
        raise SeedError([Problem("", None, "", f"this is the configuration of none of these: {known}. Name one, or "
                                               "look whether it is the right file")])  # fmt: skip
    losses = Losses()
    seed = tool.carry(documents, losses)
    text = _without_mistakes(seed, losses)
    return Imported(tool, f"# {tool.title}, imported by devidp.\n{text}", tuple(losses.found))


def _read(path: Path) -> list[Document]:
    if not path.is_dir():
        return read(path)
    inside = sorted(each for each in path.iterdir() if each.suffix in (".yaml", ".yml", ".json"))
    if not inside:
        raise SeedError([Problem(str(path), None, "", "the folder has no .yaml, .yml or .json file")])
    return [document for each in inside for document in read(each)]


def _without_mistakes(seed: dict[str, Any], losses: Losses) -> str:
    """The text of ``seed`` without what cannot be in one: other tools allow more."""
    while True:
        text = yaml_text.dump(seed)
        try:
            loads(text, UNNAMED)
        except SeedError as error:
            known = {format_place(place): place for place, _ in places(seed)}
            for problem in error.problems:
                losses.note(problem.path or "the whole", problem.message)
            # of nested ones the innermost first, and of a list the last one first: the others stay where they are
            wrong = {known[problem.path] for problem in error.problems if problem.path in known}
            if not wrong:
                raise
            for place in sorted(wrong, key=lambda each: tuple(map(_order, each)), reverse=True):
                _remove(seed, place)
        else:
            return text


def _order(part: str | int) -> tuple[str, int]:
    return ("", part) if isinstance(part, int) else (part, -1)


def _remove(seed: Any, place: Place) -> None:
    *above, last = place
    try:
        for part in above:
            seed = seed[part]
        del seed[last]
    except (KeyError, IndexError):
        pass  # what it was in is gone
