"""Minting a token without a flow: the one that the issuer would issue, changed as requested, with one fault at most.

Owns what can be requested and what is refused. Does not own the claims of a valid token, the faults, or HTTP.
"""

from __future__ import annotations

from devidp.faults import MintRefused
from devidp.faults.minting.mint import Minted, mint, series, twins
from devidp.faults.minting.request import PARAMETERS, MintRequest, parse

__all__ = ["PARAMETERS", "MintRefused", "MintRequest", "Minted", "mint", "parse", "series", "twins"]
