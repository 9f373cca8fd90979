"""Signing keys: one ring per issuer, made once per data folder, and the JWK Set that is published.

Owns key material; what lasts is rows of the store, with the private part sealed. The ``kid`` is the RFC 7638
thumbprint, so the same key has the same name everywhere.
"""

from devidp.keys.ring import KeyRing
from devidp.keys.signing_key import KeyProblem, SigningKey, State

__all__ = ["KeyProblem", "KeyRing", "SigningKey", "State"]
