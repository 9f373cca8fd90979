"""The sound run: why nothing can be concluded of a client that does not come through where nothing is wrong."""

from __future__ import annotations

from devidp.judge.observation import Observation


def why_not(sound: Observation, *, oidc: bool) -> tuple[str, str]:
    """The cause, and what to change; empty where the sound run went well."""
    if sound.succeeded(oidc=oidc):
        return "", ""
    if not sound.asked and not sound.visits:
        return _with_words("the client sent nothing", sound), "Point it at the address that it is given"
    refused = next((each for each in reversed(sound.asked) if each.error), None)
    if refused is not None:
        said = f"devidp refused {refused.method} {refused.path} with {refused.error}: {refused.reason}"
        return f"the client did not come through although nothing was wrong: {said}", refused.remedy
    if sound.stuck:
        return f"the login did not come back to the client: {sound.stuck}", "Choose another user with --user"
    if sound.end.timed_out:
        return "the client did not come to an end although nothing was wrong", "Give it more time with --timeout"
    if sound.end.error:
        return _with_words(
            "the client failed although nothing was wrong", sound
        ), "Mend that first; `devidp demo` is a devidp with an MCP server, where nothing is wrong"
    return "the client never used a token", "Let it call the server that it is pointed at"


def _with_words(cause: str, sound: Observation) -> str:
    return f"{cause}: {sound.end.error}" if sound.end.error else cause
