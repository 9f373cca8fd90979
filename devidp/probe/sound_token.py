"""Which token is sound: what was said, what the metadata of the target says, or what it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from devidp.probe import diagnosis, metadata, stream
from devidp.probe.diagnosis import NoGround, answered
from devidp.probe.exchange import Answer
from devidp.probe.issuer_side import Token
from devidp.probe.recognition import is_success
from devidp.probe.subject import Subject
from devidp.web.api_client import ApiError

MAX_ISSUERS = 5
"""Of the metadata."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A token that should be sound, and what it got."""

    parameters: Mapping[str, Any]
    minted: Token
    answer: Answer

    @property
    def is_taken(self) -> bool:
        """A stream has no end where nothing happens, and is a success as well."""
        return is_success(self.answer) or (self.answer.status == 200 and stream.is_stream(self.answer.media_type))

    @property
    def is_read(self) -> bool:
        """Whether the target looked at more than the token."""
        return self.answer.status not in (None, 401, 403)


def find(subject: Subject) -> Token:
    """The first token that the target takes, else the likeliest one; ``ground.token`` says what it has."""
    attempts = list(_attempts(subject))
    likely = (attempt for attempt in attempts if attempt.is_read)
    chosen = next((attempt for attempt in attempts if attempt.is_taken), next(likely, attempts[-1]))
    tried = tuple(attempt.minted for attempt in attempts)
    subject.note(token=chosen.parameters, minted=chosen.minted, tried=tried)
    return chosen.minted


def _attempts(subject: Subject) -> Iterator[_Attempt]:
    """Until one is taken; at least one. Raises NoGround."""
    refusals: list[str] = []
    tried: set[object] = set()
    for candidate in _candidates(subject):
        try:
            minted, parameters = _minted(subject, candidate)
        except ApiError as error:
            refusals.append(str(error))
            continue
        # of an opaque one nobody can tell
        alike = (minted.claims.get("iss"), minted.audience) if minted.claims else minted.text
        if alike in tried:
            continue
        tried.add(alike)
        attempt = _attempt(subject, minted, parameters)
        yield attempt
        if attempt.is_taken:
            return
    if not tried:
        raise NoGround(diagnosis.no_token(subject.ground.metadata, refusals))


def _attempt(subject: Subject, minted: Token, parameters: Mapping[str, Any]) -> _Attempt:
    """If need be with the scopes that the target asks for then."""
    attempt = _Attempt(parameters, minted, subject.ask(minted.text))
    wanted = metadata.challenged_scope(attempt.answer)
    if attempt.answer.status == 403 and wanted and subject.options.scope is None:
        more = {**parameters, "scope": wanted, "free": True}
        minted = subject.issuer_side.mint(**more)
        attempt = _Attempt(more, minted, subject.ask(minted.text))
    if not attempt.is_taken:
        answered(attempt.answer, "with a sound token")
    return attempt


def _candidates(subject: Subject) -> Iterator[Mapping[str, Any]]:
    """Parameters of tokens that may be sound: what was said, else what the metadata says, else what is likely."""
    options, found = subject.options, subject.ground.metadata
    scope = options.scope
    if scope is None:
        scope = metadata.challenged_scope(subject.ground.without) or " ".join(found.scopes) or None
    common = {"client": options.client, "user": options.user, "scope": scope}
    issuers = (options.issuer,) if options.issuer else found.issuers[:MAX_ISSUERS] or (None,)
    for issuer in issuers:
        for audience in _audiences(subject):
            wanted = {**common, "issuer": issuer, "audience": audience}
            yield {name: value for name, value in wanted.items() if value is not None}


def _audiences(subject: Subject) -> Iterator[list[str] | None]:
    if subject.options.audience:
        yield list(subject.options.audience)
        return
    if subject.ground.metadata.resource:
        yield [subject.ground.metadata.resource]
        return
    yield None
    parts = urlsplit(subject.url)._replace(query="", fragment="")
    origin = parts._replace(path="").geturl()
    yield from ([each] for each in dict.fromkeys((parts.geturl(), origin, f"{origin}/")))


def _minted(subject: Subject, parameters: Mapping[str, Any]) -> tuple[Token, Mapping[str, Any]]:
    """A token as a flow would give it, else one that is free of what the seed allows; raises ApiError."""
    try:
        return subject.issuer_side.mint(**parameters), parameters
    except ApiError:
        free = {**parameters, "free": True}
        return subject.issuer_side.mint(**free), free
