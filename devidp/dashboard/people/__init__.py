"""Who takes part, and what they have got: users, clients, sessions, and questions on other devices."""

from devidp.dashboard.people import clients, pushes, sessions, users

BLUEPRINTS = (users.blueprint, clients.blueprint, sessions.blueprint, pushes.blueprint)

__all__ = ["BLUEPRINTS"]
