"""Reading any token: what it says, whether it is valid, and which fault it looks like.

Owns the reading and its wording. Does not own fetching keys or printing. Nothing here raises, whatever the token.
"""

from __future__ import annotations

from devidp.faults.decoding.document import document
from devidp.faults.decoding.explain import Explanation, explain

__all__ = ["Explanation", "document", "explain"]
