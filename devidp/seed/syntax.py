"""What PyYAML says of a text that is no YAML, in words that tell what to change."""

from __future__ import annotations

import yaml
from yaml.composer import ComposerError

from devidp.seed.nodes import TOO_DEEP
from devidp.seed.problems import Problem

SECOND_DOCUMENT = "a second document begins here (---); a seed is one document"
TAB = "got a tab, and YAML indents with spaces; replace it by spaces"


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """The place and the remedy of a syntax error."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem(file, None, "", f"this is not YAML: {' '.join(str(error).split())}")
    mark = error.problem_mark
    lines = text.splitlines() or [""]
    number = min(mark.line, len(lines) - 1)
    return Problem(file, number + 1, "", _message(error, lines[number], lines[number][mark.column : mark.column + 1]))


def _message(error: yaml.MarkedYAMLError, line: str, character: str) -> str:
    said = error.problem or "this is not YAML"
    if isinstance(error, ComposerError):
        return SECOND_DOCUMENT if error.context else said
    if "nesting depth" in said:
        return TOO_DEEP
    if character == "\t" or "\t" in line[: len(line) - len(line.lstrip())]:
        return TAB
    if "cannot start any token" in said:
        return f"the character {character!r} cannot begin a value; put the value in quotes"
    if "mapping values are not allowed" in said:
        return "got a second key inside a value; put a value with `: ` in quotes, or check the indentation of this line"
    if "an alias" in (error.context or ""):
        return "* begins an alias; put text that begins with * in quotes"
    began = error.context_mark
    since = f" ({error.context}, which began in line {began.line + 1})" if error.context and began else ""
    return f"this is not YAML: {said}{since}; check quotes, brackets and indentation up to this line"
