"""Signing keys that the seed brings: whether they can sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from devidp.keys import material
from devidp.keys.signing_key import KeyProblem
from devidp.models import IssuerSettings


def problems(issuers: Iterable[IssuerSettings]) -> Iterator[str]:
    """Why the keys of ``issuers`` cannot sign: the seed only checks their form."""
    for issuer in issuers:
        if issuer.signing_key is not None:
            try:
                material.parse(issuer.signing_key, issuer.signing_algorithm, issuer.key_size)
            except KeyProblem as error:
                yield f"issuers.{issuer.name}.signing_key: {error}"
