"""What a judge of servers or clients does with its report: options, and how they are carried out."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from devidp.cli import new_file
from devidp.cli.new_file import STDOUT
from devidp.cli.options import Checked, json_option
from devidp.report import Report, Severity, baseline, remedies, table
from devidp.report.formats import WRITERS
from devidp.report.lines import Line, one_line
from devidp.report.report import NEVER

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Progress = Callable[[int, int, str], None]
WIDEST = 120
"""Columns of the table; also where nobody tells how wide the terminal is."""
COLORS: dict[Severity, dict[str, Any]] = {
    Severity.CRITICAL: {"fg": "bright_white", "bg": "red", "bold": True},
    Severity.HIGH: {"fg": "red", "bold": True},
    Severity.MEDIUM: {"fg": "yellow"},
    Severity.LOW: {"fg": "cyan"},
    Severity.ADVICE: {"dim": True},
}


def _file(flag: str, words: str, path: click.Path | None = None) -> Callable[[Decorated], Decorated]:
    return click.option(flag, type=path or new_file.OutputFile(), metavar="FILE", help=words)


stack_option = click.option(
    "--stack",
    default="",
    type=Checked("stack", remedies.check_stack),
    metavar="NAME",
    help=f"Show the remedies of this stack, with code: {', '.join(remedies.stacks())}.",
)
_OPTIONS: tuple[Callable[..., Any], ...] = (
    stack_option,
    click.option("--details", is_flag=True, help="Print what was sent and what came back, for each finding."),
    json_option,
    click.option(
        "--fail-on", type=click.Choice([*(each.label for each in reversed(Severity)), NEVER]), default="high",
        show_default=True, metavar="SEVERITY",
        help="Exit status 1 for findings of this severity and above: critical, high, medium, low, advice, never.",
    ),
    _file("--junit", "Write JUnit's XML."),
    _file("--sarif", "Write SARIF 2.1.0."),
    _file("--html", "Write a page of HTML that needs no other file."),
    _file("--markdown", "Write Markdown, for a summary or a comment."),
    _file("--baseline", "Findings that are accepted: they are counted, and do not fail.", click.Path(path_type=Path)),
    _file("--save-baseline", "Write the findings as accepted; the reasons of entries that are there already stay."),
)  # fmt: skip


def report_options(command: Decorated) -> Decorated:
    """The options of a command that makes a report; their values are for ``ReportOptions.of``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What is to be done with the report."""

    as_json: bool
    details: bool
    fail_on: Severity | None
    """``None``: whatever is found."""
    files: Mapping[str, Path]
    """Where to write it, by the name of the writer."""
    accepted: Mapping[str, str]
    """The reasons of the baseline, by the id of the finding."""
    save_baseline: Path | None
    whole: bool
    """Whether everything is tried, so that what is not found is gone."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> ReportOptions:
        """Raises UsageError, before anything is tried, for files that cannot be read or written."""
        fail_on = values["fail_on"]
        files = {name: values[name] for name in WRITERS if values[name] is not None}
        if values["baseline"] in files.values():
            raise click.UsageError(f"--baseline {values['baseline']} is the file of a report too; name another for one")
        _check_outputs([*files.values(), values["save_baseline"]], as_json=values["as_json"])
        return cls(
            values["as_json"],
            values["details"],
            None if fail_on == NEVER else Severity.of(fail_on),
            files,
            _accepted(values["baseline"], values["save_baseline"]),
            values["save_baseline"],
            not values.get("only") and not values.get("skip"),
        )


def deliver(report: Report, options: ReportOptions) -> int:
    """Write the report wherever it is asked for; the exit status of the command."""
    judged = report.accepting(frozenset(options.accepted))
    if options.save_baseline:
        judged = _save(judged, options)
    for name, path in options.files.items():
        new_file.replace(path, WRITERS[name](judged, options.fail_on))
    if options.as_json:
        click.echo(judged.to_json())
    elif STDOUT not in options.files.values():
        for line in table.lines(judged, _width(), details=options.details):
            click.echo(_styled(line))
    if options.whole and not judged.cause:
        for name in baseline.stale(options.accepted, (finding.id for _, finding in judged.found)):
            click.echo(
                f"{one_line(name)} is in the baseline, and was not found: take it out, if it is mended", err=True
            )
    return int(judged.fails(options.fail_on))


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on stderr, where that is a terminal; told how many are done, of how many, and what comes next."""
    if not sys.stderr.isatty():
        yield lambda done, total, name: None
        return
    with click.progressbar(length=1, file=sys.stderr, item_show_func=lambda name: name) as bar:

        def told(done: int, total: int, name: str) -> None:
            bar.length = max(total, 1)
            bar.current_item = one_line(name)[:40]
            bar.update(done - bar.pos)
            bar.render_progress()

        yield told
        bar.update((bar.length or 1) - bar.pos)


def _check_outputs(paths: list[Path | None], *, as_json: bool) -> None:
    given = [path for path in paths if path is not None]
    if as_json:
        given.append(STDOUT)
    for path in given:
        if given.count(path) > 1:
            where = "stdout" if path == STDOUT else f"the file {path}"
            raise click.UsageError(f"two reports are to be written to {where}; name another file for one of them")


def _accepted(path: Path | None, saved: Path | None) -> dict[str, str]:
    """Of the baseline; a file that is saved again keeps its reasons."""
    read_from = path or (saved if saved and saved.is_file() else None)
    if read_from is None:
        return {}
    try:
        return baseline.read(read_from)
    except baseline.BaselineError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"{read_from} cannot be read: {error.strerror}. --save-baseline writes one") from error


def _save(report: Report, options: ReportOptions) -> Report:
    """The report in which everything that was found is accepted from now on."""
    found = dict.fromkeys((finding.id for _, finding in report.found), "")
    kept = {name: reason for name, reason in options.accepted.items() if name in found or not options.whole}
    assert options.save_baseline
    if report.cause:
        raise click.ClickException(f"nothing can be concluded, so no baseline is written: {one_line(report.cause)}")
    new_file.replace(options.save_baseline, baseline.text({**found, **kept}))
    return report.accepting(frozenset(found))


def _width() -> int:
    return min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)


def _styled(line: Line) -> str:
    if line.severity is None:
        return click.style(line.text, bold=True) if line.heading else line.text
    label = line.severity.label
    return click.style(label, **COLORS[line.severity]) + line.text[len(label) :]
