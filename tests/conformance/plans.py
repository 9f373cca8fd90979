"""The variants in which the plans Basic, Implicit, Hybrid and Form Post run each module."""

from __future__ import annotations

import pytest

from devidp.oauth.response_type import RESPONSE_TYPES
from tests.conformance.relying_party import Variant

TYPES = [name for name in RESPONSE_TYPES if name != "token"]


def run_with(*types: str) -> pytest.MarkDecorator:
    """Run a module for these response types, each in its default mode and as a form."""
    variants = [Variant(name, form) for name in types for form in (False, True)]
    return pytest.mark.parametrize("variant", variants, ids=str)


every_type = run_with(*TYPES)
with_code = run_with(*(name for name in TYPES if "code" in name.split()))
with_access_token = run_with(*(name for name in TYPES if name != "id_token"))
id_token_in_front = run_with(*(name for name in TYPES if "id_token" in name.split()))
no_id_token_in_front = run_with("code", "code token")
