"""``devidp probe``: what a resource server wrongly accepts."""
