"""Who takes part, and what they have got: users, clients, sessions, and questions on other devices."""

from devidp.dashboard.people import pushes, sessions, users

BLUEPRINTS = (users.blueprint, sessions.blueprint, pushes.blueprint)

__all__ = ["BLUEPRINTS"]
