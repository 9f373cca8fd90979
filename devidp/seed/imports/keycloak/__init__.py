"""Keycloak: exports of realms, in one file or several."""

from __future__ import annotations

from devidp.seed.imports.keycloak.realm import carry, recognises

__all__ = ["carry", "recognises"]
