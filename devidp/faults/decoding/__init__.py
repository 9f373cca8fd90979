"""Reading a token that somebody has: what it says, whether it holds, and which fault it looks like.

Owns the reading and its words. Does not own fetching keys or printing. Nothing here raises, whatever the token is.
"""

from __future__ import annotations

from devidp.faults.decoding.explain import Explanation, explain
from devidp.faults.decoding.findings import Finding

__all__ = ["Explanation", "Finding", "explain"]
