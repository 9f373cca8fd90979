"""``devidp judge``: what a client wrongly follows."""
