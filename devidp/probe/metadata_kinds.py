"""What can be wrong with the protected-resource metadata of a target (RFC 9728)."""

from __future__ import annotations

from devidp.report import Kind, Severity

ADVICE, LOW, MEDIUM, HIGH, CRITICAL = Severity
TOPIC = "resource-metadata"

MISSING = Kind(
    "metadata-missing",
    MEDIUM,
    "An MCP server without protected-resource metadata",
    "Clients do not learn which issuer to log in at: they cannot log in, or have to be set up by hand.",
    "MCP authorization, Protected Resource Metadata Discovery Requirements",
    TOPIC,
)
UNREACHABLE = Kind(
    "metadata-unreachable",
    MEDIUM,
    "WWW-Authenticate names an address at which there is no protected-resource metadata",
    "Clients follow the address, find nothing there, and give up.",
    "RFC 9728 section 5.1",
    TOPIC,
)
MISPLACED = Kind(
    "metadata-misplaced",
    LOW,
    "The protected-resource metadata is not where the standard puts it",
    "The path of the resource comes behind /.well-known/oauth-protected-resource: clients look there in vain.",
    "RFC 9728 section 3.1",
    TOPIC,
)
GUARDED = Kind(
    "metadata-guarded",
    MEDIUM,
    "The protected-resource metadata is shown only to those who have a token",
    "It says how to get a token: who has none cannot read it, and cannot log in.",
    "RFC 9728 section 3.1",
    TOPIC,
)
OTHER_RESOURCE = Kind(
    "metadata-other-resource",
    MEDIUM,
    "The protected-resource metadata is of another resource than the one that was asked",
    "Clients must not use it: by it, one server could ask for tokens of another one. Strict clients give up here.",
    "RFC 9728 section 3.3",
    TOPIC,
)
WIDER_RESOURCE = Kind(
    "metadata-wider-resource",
    LOW,
    "The protected-resource metadata is of a resource above the one that was asked",
    "Many clients take it, strict ones do not; and a token for it is good for everything below that address.",
    "RFC 9728 section 3.3",
    TOPIC,
)
NO_ISSUER = Kind(
    "metadata-without-issuer",
    MEDIUM,
    "The protected-resource metadata names no authorization server",
    "Clients do not learn where to log in.",
    "RFC 9728 section 2",
    TOPIC,
)
OTHER_ISSUER = Kind(
    "metadata-other-issuer",
    MEDIUM,
    "The protected-resource metadata does not name the issuer whose tokens are accepted",
    "Clients log in elsewhere, and their tokens are refused.",
    "RFC 9728 section 2",
    TOPIC,
)
TYPE = Kind(
    "metadata-content-type",
    LOW,
    "The protected-resource metadata is not sent as application/json",
    "Clients that look at the type do not read it.",
    "RFC 9728 section 3.2",
    TOPIC,
)
MALFORMED = Kind(
    "metadata-malformed",
    LOW,
    "A member of the protected-resource metadata is not what the standard says",
    "A client that checks types refuses all of it; another reads something else into it.",
    "RFC 9728 section 2",
    TOPIC,
)
INSECURE = Kind(
    "metadata-insecure-url",
    MEDIUM,
    "The protected-resource metadata names an address without https on another machine",
    "Whoever is on the way changes what is there, and with it where users log in.",
    "RFC 9728 section 2",
    TOPIC,
)
METHODS = Kind(
    "metadata-bearer-methods",
    LOW,
    "Says other things in bearer_methods_supported than it does",
    "Clients send the token where it is not looked for, or a way in exists of which nobody is told.",
    "RFC 9728 section 2",
    "token-place",
)
KINDS = (
    MISSING, UNREACHABLE, MISPLACED, GUARDED, OTHER_RESOURCE, WIDER_RESOURCE, NO_ISSUER, OTHER_ISSUER, TYPE, MALFORMED,
    INSECURE, METHODS,
)  # fmt: skip
