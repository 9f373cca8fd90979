"""Checks of an issuer's metadata."""

from __future__ import annotations

from urllib.parse import urlsplit

from devidp.tools.doctor.facts import IssuerFacts
from devidp.tools.doctor.finding import INSPECTOR, PYTHON, REMOTE, TYPESCRIPT, Checks, Finding, bad, doubtful, good
from devidp.tools.doctor.web import transport_of

CHECKS = Checks[IssuerFacts]()
OPENID_FIELDS = (
    "jwks_uri", "subject_types_supported", "id_token_signing_alg_values_supported", "response_types_supported",
)  # fmt: skip


@CHECKS.add
def issuer_transport(issuer: IssuerFacts) -> Finding:
    answers = list(issuer.documents.values())
    return transport_of(issuer.url, next((answer for answer in answers if answer.status), answers[0]))


@CHECKS.add
def issuer_metadata(issuer: IssuerFacts) -> Finding | None:
    if not any(answer.status for answer in issuer.documents.values()):
        return None
    broken = next((answer for answer in issuer.documents.values() if answer.status >= 500), None)
    if broken is not None:
        return bad(
            f"{broken.summary}: clients stop looking there",
            "Respond with 404 at a well-known address that is not served",
        )
    if not issuer.metadata:
        asked = ", ".join(answer.summary for answer in issuer.documents.values())
        return bad(f"no metadata of {issuer.url}: {asked}", f"Serve it at {next(iter(issuer.documents))}")
    found = [address for address, answer in issuer.documents.items() if answer.status == 200]
    return good(f"metadata at {', '.join(found)}")


@CHECKS.needs("metadata")
def issuer_identical(issuer: IssuerFacts) -> Finding:
    named = issuer.metadata.get("issuer")
    if named == issuer.url:
        return good(f"issuer is {named}, byte by byte")
    slash = isinstance(named, str) and named.rstrip("/") == issuer.url.rstrip("/")
    return bad(
        f"the metadata says issuer {named!r}, and {issuer.url!r} was asked for{': one slash apart' if slash else ''}",
        "Write the issuer alike in the protected-resource metadata, in its own metadata and in iss; best with a path "
        "and without a slash at the end, since some libraries add one to an issuer without a path",
        *((PYTHON, "FastMCP", TYPESCRIPT) if slash else ()),
    )


@CHECKS.add
def issuer_form(issuer: IssuerFacts) -> Finding:
    if urlsplit(issuer.url).path not in ("", "/"):
        return good("the issuer has a path: libraries leave it as it is")
    return doubtful(
        f"the issuer {issuer.url} has no path: some libraries write it with a slash at the end, some without",
        "Give it a path, as in http://localhost:6749/default",
        PYTHON,
        TYPESCRIPT,
    )


@CHECKS.needs("metadata")
def endpoints(issuer: IssuerFacts) -> Finding:
    needed = ("authorization_endpoint", "token_endpoint")
    wrong = [name for name in needed if not str(issuer.metadata.get(name, "")).startswith(("http://", "https://"))]
    if wrong:
        return bad(f"the metadata has no URL in {', '.join(wrong)}", "Name the endpoint there")
    return good("authorization and token endpoint are named")


@CHECKS.needs("metadata")
def pkce(issuer: IssuerFacts) -> Finding:
    methods = issuer.metadata.get("code_challenge_methods_supported")
    if not isinstance(methods, list):
        return bad("code_challenge_methods_supported is missing", "List S256 in it, in the OpenID document as well")
    if "S256" not in methods:
        return bad(f"code_challenge_methods_supported is {methods}, without S256", "Support S256, and list it")
    return good("PKCE with S256")


@CHECKS.needs("metadata")
def response_types(issuer: IssuerFacts) -> Finding:
    if "code" not in (issuer.metadata.get("response_types_supported") or ()):
        return bad("response_types_supported does not list code", "List code in it (RFC 8414 section 2)", TYPESCRIPT)
    return good("response type code")


@CHECKS.add
def openid_fields(issuer: IssuerFacts) -> Finding | None:
    found = [answer for address, answer in issuer.documents.items() if "openid" in address and answer.status == 200]
    if not found:
        return None
    missing = [name for name in OPENID_FIELDS if name not in found[0].members]
    if missing:
        return bad(f"{found[0].url} lacks {', '.join(missing)}", "Add them, or do not serve this document", TYPESCRIPT)
    return good("the OpenID document has the fields that it must have")


@CHECKS.needs("metadata")
def refresh(issuer: IssuerFacts) -> Finding:
    if "refresh_token" in issuer.metadata.get("grant_types_supported", ["refresh_token"]):
        return good("refresh tokens")
    return doubtful(
        "grant_types_supported does not list refresh_token: users log in again whenever a token expires",
        "Support refresh tokens, and list the grant",
    )


@CHECKS.needs("metadata")
def registration(issuer: IssuerFacts) -> Finding:
    documents = issuer.metadata.get("client_id_metadata_document_supported") is True
    if issuer.registration is None and not documents:
        return bad(
            "there is neither registration_endpoint nor client_id_metadata_document_supported: no client can introduce "
            "itself",
            "Offer one of them, or give each client its client_id by hand where it can be configured",
        )
    if issuer.registration is None:
        return doubtful(
            "client ID metadata documents only: clients without one cannot register",
            "Offer registration_endpoint as well",
            PYTHON, TYPESCRIPT, "FastMCP", REMOTE, INSPECTOR,
        )  # fmt: skip
    return good("registration" + (" and client ID metadata documents" if documents else ""))


@CHECKS.needs("metadata")
def iss_advertised(issuer: IssuerFacts) -> Finding:
    if issuer.metadata.get("authorization_response_iss_parameter_supported") is True:
        return good("iss in authorization responses is advertised")
    return doubtful(
        "authorization_response_iss_parameter_supported is not true: nothing protects clients from mix-up",
        "Send iss in every authorization response, and say so (RFC 9207)",
    )
