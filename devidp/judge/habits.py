"""What a client does where nothing is wrong, and in every login anew: proof key, state, resource, fresh values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from devidp.judge.evidence import exchange_of_asked, exchange_of_visit
from devidp.judge.observation import Observation
from devidp.report import Check, Finding, Kind, Severity

GROUP = "habits"
NO_PROOF_KEY = Kind(
    "pkce-missing-in-request", Severity.MEDIUM, "The authorization request has no code_challenge with S256",
    "Whoever gets hold of a code, in a log or by another app on the device, gets tokens for it",
    "RFC 9700 section 2.1.1", "pkce",
)  # fmt: skip
NO_STATE = Kind(
    "state-missing-in-request", Severity.ADVICE, "The authorization request has no state",
    "Answers that the user's browser did not ask for are told apart by the proof key alone",
    "RFC 9700 section 4.7.1", "state",
)  # fmt: skip
NO_RESOURCE = Kind(
    "resource-missing-in-request", Severity.MEDIUM, "A request to the issuer does not name the MCP server as resource",
    "The token may be good at other servers too: the one that it is sent to can use it there",
    "RFC 8707 section 2", "audience",
)  # fmt: skip
TOKEN_IN_QUERY = Kind(
    "token-in-query", Severity.HIGH, "The client sends its token in the query of a URL",
    "URLs are written to logs, and whoever reads them has the token",
    "RFC 9700 section 4.3.2", "token-place",
)  # fmt: skip
REPEATED = Kind(
    "repeated", Severity.HIGH, "A value that has to be new in each login is the same again",
    "An answer of an earlier login, or one that somebody else began, is taken for that of this one",
    "RFC 9700 section 2.1.1", "state",
)  # fmt: skip
KINDS = (NO_PROOF_KEY, NO_STATE, NO_RESOURCE, TOKEN_IN_QUERY, REPEATED)
SOUND, FRESH = "sound", "fresh-values"
"""The checks."""
CHALLENGE_METHOD = "code_challenge_method"
WITH_RESOURCE = ("authorize", "par", "token")
NEW_EACH_TIME = ("state", "nonce", "code_challenge")


def of_sound_run(seen: Observation, base: str, *, oidc: bool) -> Check:
    """What the client leaves out although nothing is wrong."""
    return _check(SOUND, [*_requests(seen, base, oidc=oidc), *_tokens(seen)])


def of_all_runs(runs: Sequence[Observation]) -> Check:
    """What it uses twice."""
    return _check(FRESH, list(_repeated(runs)))


def _check(name: str, findings: Iterable[Finding]) -> Check:
    found = tuple(findings)
    return Check(name, GROUP, "failed" if found else "passed", found)


def _requests(seen: Observation, base: str, *, oidc: bool) -> Iterator[Finding]:
    asked = [each for each in seen.asked if each.place in ("authorize", "par")]
    if asked and asked[0].parameters.get(CHALLENGE_METHOD) != "S256":
        got = asked[0].parameters.get(CHALLENGE_METHOD, "none")
        yield Finding(NO_PROOF_KEY, "", f"got the method {got}, expected S256", (exchange_of_asked(asked[0], base),))
    if asked and not seen.sent("state"):
        yield Finding(NO_STATE, "", "got no state, expected one that nobody can guess")
    silent = [each for each in seen.asked if each.place in WITH_RESOURCE and "resource" not in each.parameters]
    if silent and not oidc:
        exchanges = tuple(exchange_of_asked(each, base) for each in silent)
        yield Finding(NO_RESOURCE, "", "got no parameter resource, expected the URL of the MCP server", exchanges)


def _tokens(seen: Observation) -> Iterator[Finding]:
    told = [each for each in seen.visits if each.place == "resource" and "access_token=" in each.url]
    if told:
        yield Finding(TOKEN_IN_QUERY, "", "", tuple(exchange_of_visit(each) for each in told[:1]))


def _repeated(runs: Sequence[Observation]) -> Iterator[Finding]:
    logins = [each for run in runs for each in run.visits if each.place == "browser"]
    for name in NEW_EACH_TIME:
        values = [value for each in logins if (value := each.fields.get(name))]
        if len(values) > len(set(values)):
            yield Finding(REPEATED, name, f"{len(values)} authorization requests have {len(set(values))} values of it")
