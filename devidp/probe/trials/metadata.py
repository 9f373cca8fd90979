"""The protected-resource metadata of the target: whether clients find it, and whether it is true (RFC 9728)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from devidp.oauth import well_known
from devidp.probe import evidence, metadata_kinds, metadata_rules
from devidp.probe.metadata import NAME, Document, Metadata, fetch, is_same_server
from devidp.probe.metadata_rules import Mistake
from devidp.probe.recognition import Recognition
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.report import Check, Finding

GROUP = "metadata"
JSON = "application/json"
NONE = "the target has no protected-resource metadata, and only an MCP server has to"
Judge = Callable[[Subject, Document], Iterator[Mistake]]


def trials(_: Subject) -> Iterator[Trial]:
    yield Trial("metadata-discovery", GROUP, "must", _discovery)
    for name, judge in (
        ("metadata-document", _document),
        ("metadata-resource", _resource),
        ("metadata-issuer", _issuer),
        ("metadata-bearer-methods", _methods),
    ):
        yield Trial(name, GROUP, "must", partial(_judge, name, judge))


def _discovery(subject: Subject) -> Check:
    """Whether a client that knows only the URL of the target comes to the document."""
    name, known = "metadata-discovery", subject.ground.metadata
    if known.challenged and not is_same_server(known.challenged, subject.url):
        note = f"it is said to be at {known.challenged}, on another server, which is not asked"
        return Check(name, GROUP, "inconclusive", note=note)
    if not (known.found or known.challenged or subject.ground.is_mcp):
        return Check(name, GROUP, "skipped", note=NONE)
    found = tuple(_undiscovered(subject, known))
    note = f"found at {known.found.url}" if known.found else ""
    return Check(name, GROUP, "failed" if found else "passed", found, note)


def _undiscovered(subject: Subject, known: Metadata) -> Iterator[Finding]:
    guarded = next((each for each in known.documents if each.answer.status in (401, 403)), None)
    first = known.documents[0]
    if guarded and not known.found:
        detail = f"{guarded.url} answered {guarded.answer.status}"
        yield _finding(Mistake(metadata_kinds.GUARDED, "", detail), guarded)
    elif known.challenged and not first.members:
        detail = f"{first.url} answered {first.answer.status}, expected 200 with a JSON object"
        yield _finding(Mistake(metadata_kinds.UNREACHABLE, "", detail), first)
    elif not known.found:
        yield _missing(subject, known)
    elif not known.challenged and not first.members:
        detail = f"it is at {known.found.url}, expected it at {first.url}"
        yield _finding(Mistake(metadata_kinds.MISPLACED, "", detail), first)


def _missing(subject: Subject, known: Metadata) -> Finding:
    behind = fetch(well_known.after_path(NAME, subject.url), subject.send)
    if behind.members:
        detail = f"it is at {behind.url}, expected it at {well_known.before_path(NAME, subject.url)}"
        return _finding(Mistake(metadata_kinds.MISPLACED, "", detail), behind)
    tried = ", ".join(each.url for each in known.documents)
    return _finding(Mistake(metadata_kinds.MISSING, "", f"nothing at {tried}"), known.documents[0])


def _judge(name: str, judge: Judge, subject: Subject) -> Check:
    document = subject.ground.metadata.found
    if document is None:
        return Check(name, GROUP, "skipped", note="no protected-resource metadata was found")
    findings = tuple(_finding(mistake, document) for mistake in judge(subject, document))
    return Check(name, GROUP, "failed" if findings else "passed", findings)


def _finding(mistake: Mistake, document: Document) -> Finding:
    return Finding(mistake.kind, mistake.member, mistake.detail, (evidence.exchange(document.answer),))


def _document(_: Subject, document: Document) -> Iterator[Mistake]:
    if document.answer.media_type != JSON:
        yield Mistake(metadata_kinds.TYPE, "", f"got {document.answer.media_type or 'no type'}, expected {JSON}")
    yield from metadata_rules.mistakes(document.members)


def _resource(subject: Subject, document: Document) -> Iterator[Mistake]:
    resource = document.members.get("resource")
    if isinstance(resource, str) and (mistake := metadata_rules.of_another_resource(resource, subject.url)):
        yield mistake


def _issuer(subject: Subject, _: Document) -> Iterator[Mistake]:
    named, minted = subject.ground.metadata.issuers, subject.ground.minted
    issuer = minted.claims.get("iss") if minted else None
    if named and issuer and issuer not in named:
        yield Mistake(metadata_kinds.OTHER_ISSUER, "", f"got {', '.join(named)}; tokens of {issuer} are accepted")


def _methods(subject: Subject, document: Document) -> Iterator[Mistake]:
    """A form is not tried here: most calls could not be made with one."""
    said = document.members.get("bearer_methods_supported")
    if not isinstance(said, list) or not said:
        return
    if "header" not in said:
        yield Mistake(metadata_kinds.METHODS, "header", f"got {said}, and the Authorization header is accepted")
    token = subject.mint().text
    works = subject.recognise(subject.ask(None, query={"access_token": token})) is Recognition.ACCEPTED
    if works != ("query" in said):
        does = "accepted" if works else "refused"
        yield Mistake(metadata_kinds.METHODS, "query", f"got {said}, and a token in the query is {does}")
