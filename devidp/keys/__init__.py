"""Signing keys: one ring an issuer, made once for a data folder, and the JWK Set that is published.

Owns key material and its files. A ring file holds PEM texts beside the state of each key; its mode is 0600, that of
its folder 0700, and it is replaced as a whole. The ``kid`` is the RFC 7638 thumbprint, so the same key has the same
name everywhere.
"""

from devidp.keys.key import KeyProblem, SigningKey, State
from devidp.keys.ring import KeyRing

__all__ = ["KeyProblem", "KeyRing", "SigningKey", "State"]
