"""Tokens: minted with a form, and explained whoever made them.

Owns the pages and the lines that they show. Does not own what can be minted, or what is said of a token: that is
``devidp.faults``.
"""

from devidp.dashboard.tokens.views import blueprint

__all__ = ["blueprint"]
