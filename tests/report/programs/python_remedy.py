"""The code of a remedy as its stack runs it, in an environment of its own: what it says to each token."""

# mypy: ignore-errors
from __future__ import annotations

import asyncio
import sys
import types
from importlib import import_module

from tests.real_clients.programs import lines


def defined(code: str) -> dict:
    names = {"__name__": "remedy"}
    exec(code, names)
    return names


def pyjwt(code):
    verified = defined(code["verify"])["verified"]
    return verified, import_module("jwt").PyJWTError


def authlib(code):
    validator = defined(code["validator"])["Validator"](code["issuer"], code["audience"])

    def verify(token):
        validator.validate_token(validator.authenticate_token(token), ["mcp:read"], None)

    return verify, import_module("authlib.oauth2").OAuth2Error


def of_mcp(verifier):
    """FastMCP and the SDK refuse by giving nobody."""

    def verify(token):
        if asyncio.run(verifier.verify_token(token)) is None:
            raise LookupError

    return verify, LookupError


def django(code):
    settings = import_module("django.conf").settings
    values = defined(code["settings"])
    installed = ["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"]
    settings.configure(
        SECRET_KEY="-", INSTALLED_APPS=installed, **{name: value for name, value in values.items() if name.isupper()}
    )
    import_module("django").setup()
    module = types.ModuleType("tokens")
    exec(code["token"], module.__dict__)
    sys.modules["tokens"] = module
    authentication = import_module("rest_framework_simplejwt.authentication").JWTStatelessUserAuthentication()

    def verify(token):
        authentication.get_user(authentication.get_validated_token(token.encode()))

    return verify, import_module("rest_framework.exceptions").AuthenticationFailed


STACKS = {
    "pyjwt": pyjwt,
    "authlib": authlib,
    "mcp-python": lambda code: of_mcp(defined(code["verifier"])["Verifier"]()),
    "fastmcp": lambda code: of_mcp(defined(code["verifier"])["verifier"]),
    "django": django,
}


def verdict(verify, refusal, token: str) -> str:
    try:
        verify(token)
    except refusal:
        return "refuses"
    except Exception as error:  # noqa: BLE001 - in a server whatever else escapes is a 500
        return f"crashes with {error!r}"
    return "accepts"


def main() -> None:
    for command in lines.commands():
        verify, refusal = STACKS[command["stack"]](command["code"])
        lines.answer(verdicts=[verdict(verify, refusal, token) for token in command["tokens"]])


if __name__ == "__main__":
    main()
