"""Flows: each attempt of a client, from its first request to its last token."""

from devidp.dashboard.flows import exports
from devidp.dashboard.flows.views import blueprint

BLUEPRINTS = (blueprint, exports.blueprint)

__all__ = ["BLUEPRINTS"]
