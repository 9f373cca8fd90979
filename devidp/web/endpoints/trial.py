"""What a developer tries out on a page: an error for the client, or an answer that is wrong in one way."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from devidp.faults.failures import FAILURES, SpoiledResponse
from devidp.oauth.authorization_errors import AUTHORIZATION_ERRORS
from devidp.oauth.errors import InvalidRequest, ScriptedError, quoted
from devidp.protocol import AuthorizationRequest, response_mode
from devidp.web.pages import Trial
from devidp.web.response import redirect_response

FIELD: Final = "answer_with"
"""What the buttons post: the name of an error, of a failure, or ``SOUND``."""
SOUND: Final = "sound"
"""What takes a failure back."""
ERRORS: Final = tuple(Trial(*each) for each in AUTHORIZATION_ERRORS)
_CODES: Final = frozenset(each.code for each in AUTHORIZATION_ERRORS)
_REDIRECTED: Final = ("answer-doubled", "answer-in-fragment")
_WITHOUT_CODE: Final = ("iss-", "state-")


def error(code: str) -> ScriptedError | None:
    """The error of that code; ``None`` where the name is none of an error."""
    return ScriptedError(code, "A person asked for this error on the page") if code in _CODES else None


def of_group(group: str) -> tuple[Trial, ...]:
    """The failures of an endpoint's answers, as ``devidp fail`` knows them."""
    return tuple(
        Trial(each.name, each.description.replace("`", ""), each.section)
        for each in FAILURES.values()
        if each.group == group
    )


def failures(request: AuthorizationRequest, mode: str) -> tuple[Trial, ...]:
    """What can be wrong with the answer to ``request``, which goes to the client in ``mode``."""
    return _failures(mode, code="code" in request.response_type, state="state" in request.parameters)


@lru_cache
def _failures(mode: str, *, code: bool, state: bool) -> tuple[Trial, ...]:
    impossible = {
        *(_REDIRECTED if mode in response_mode.PAGES else ()),
        *(["answer-in-fragment"] if mode == response_mode.FRAGMENT else ()),
        *([] if state else ["state-missing", "error-without-state"]),
    }
    listed = (each for each in of_group("authorization") if each.name not in impossible)
    return tuple(each for each in listed if code or each.name.startswith(_WITHOUT_CODE))


def find(name: str, offered: tuple[Trial, ...]) -> Trial | None:
    """The failure of that name; ``None`` for a sound answer; raises InvalidRequest for what is not offered."""
    found = next((each for each in offered if each.name == name), None)
    if found is None and name not in ("", SOUND):
        raise InvalidRequest(f"{FIELD} is {quoted(name)}, which the page does not offer", remedy="Use its buttons")
    return found


def wrong_target(target: str, name: str) -> str | None:
    """Where the browser goes after a logout that has a failure; ``None``: nowhere."""
    answer = SpoiledResponse(redirect_response(target), {}, dict, str)
    FAILURES[name].spoil(answer)
    return answer.response.headers.get("Location")
