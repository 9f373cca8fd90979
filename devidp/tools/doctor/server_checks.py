"""Checks of an MCP server: can a client find out where to log in, and does it look at tokens?"""

from __future__ import annotations

from devidp.tools.doctor.facts import ServerFacts
from devidp.tools.doctor.finding import PYTHON, TYPESCRIPT, Checks, Finding, bad, doubtful, good
from devidp.tools.doctor.web import transport_of

CHECKS = Checks[ServerFacts]()


@CHECKS.add
def server_transport(server: ServerFacts) -> Finding:
    return transport_of(server.url, server.unauthorized)


@CHECKS.needs("unauthorized")
def challenge(server: ServerFacts) -> Finding:
    answer = server.unauthorized
    if answer.status != 401:
        return bad(
            f"without a token the server answers {answer.status}, and not 401",
            "Respond with 401 to every request without a token: it is what makes a client log in",
        )
    if "www-authenticate" not in answer.headers:
        return bad("the 401 has no WWW-Authenticate header", 'Send WWW-Authenticate: Bearer resource_metadata="..."')
    if not answer.headers["www-authenticate"].lower().startswith("bearer"):
        return bad("the challenge is not for Bearer", 'Send WWW-Authenticate: Bearer resource_metadata="..."')
    return good("401 with a Bearer challenge")


@CHECKS.add
def challenge_metadata(server: ServerFacts) -> Finding | None:
    if server.unauthorized.status != 401:
        return None
    if "resource_metadata" not in server.challenge:
        return doubtful(
            "the challenge has no resource_metadata: clients guess the well-known address",
            "Add resource_metadata with the URL of the metadata (RFC 9728 section 5.1)",
        )
    found = server.documents["challenge"]
    if found.status != 200 or not found.members:
        return bad(
            f"resource_metadata leads nowhere: {found.summary}, without a JSON object",
            "Correct the URL in the challenge, or serve the document there",
        )
    return good(f"resource_metadata is {found.url}")


@CHECKS.add
def resource_metadata(server: ServerFacts) -> Finding | None:
    path = server.documents["path"]
    if not path.status:
        return None
    if not server.metadata:
        return bad(
            f"there is no protected-resource metadata: {path.summary}",
            f"Serve it at {path.url} (RFC 9728 section 3.1: the path of the server stands behind the well-known name)",
        )
    if path.status != 200:
        return doubtful(
            f"the metadata is not at the well-known address of the server's path: {path.summary}",
            f"Serve it at {path.url} as well, for clients that do not read the challenge",
        )
    return good(f"the metadata is at {path.url}")


@CHECKS.needs("metadata")
def resource(server: ServerFacts) -> Finding:
    named = server.metadata.get("resource")
    if named == server.url:
        return good(f"resource is {named}")
    if isinstance(named, str) and named.rstrip("/") == server.url.rstrip("/"):
        return doubtful(
            f"resource is {named}, the server {server.url}: one slash apart",
            "Write both alike, and accept tokens for just that audience",
            PYTHON,
        )
    return bad(
        f"resource is {named!r}, and the server is {server.url}: tokens would be for another audience",
        f"Set resource to {server.url} (RFC 9728 section 3.3)",
    )


@CHECKS.needs("metadata")
def authorization_servers(server: ServerFacts) -> Finding:
    if not server.issuers:
        return bad("authorization_servers is missing or empty", "Name the issuer in it, exactly as its metadata does")
    return good(f"authorization_servers: {', '.join(server.issuers)}")


@CHECKS.needs("metadata")
def scopes(server: ServerFacts) -> Finding:
    if "offline_access" in server.scopes:
        return doubtful(
            "the server asks for offline_access, which no resource needs: it is between a client and its issuer",
            "Leave offline_access out of the challenge and of scopes_supported (MCP authorization, Refresh Tokens)",
        )
    if server.scopes:
        return good("clients are told which scope to ask for")
    return doubtful(
        "neither the challenge nor the metadata names a scope: clients ask for none",
        "Put scope into the challenge, or scopes_supported into the metadata; or give the issuer default scopes",
    )


@CHECKS.needs("garbage")
def garbage_token(server: ServerFacts) -> Finding:
    answer = server.garbage
    if answer.status == 401:
        return good("a token that is none is answered with 401")
    if answer.status < 400:
        return bad("the server takes 'Bearer garbage' for a token", "Verify signature, issuer, audience and expiry")
    return bad(
        f"'Bearer garbage' is answered with {answer.status}, and not 401",
        'Respond with 401 and error="invalid_token": it is what makes a client refresh',
        TYPESCRIPT,
        PYTHON,
    )


@CHECKS.add
def server_cors(server: ServerFacts) -> Finding | None:
    found = next((answer for answer in server.documents.values() if answer.status == 200), None)
    if found is None:
        return None
    if "access-control-allow-origin" in found.headers:
        return good("pages may read the metadata")
    return doubtful(
        "pages of other origins may not read the protected-resource metadata",
        "Send Access-Control-Allow-Origin: * with it",
        "clients in a browser",
    )
