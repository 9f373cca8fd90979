"""What can be changed while devidp runs: clock, keys, faults, failures, the public URL, and back to the seed.

Users, clients, sessions and pushes are in ``devidp.dashboard.people``.
"""

from devidp.dashboard.controls import clock, keys, overview, public_url, reset, scripted_pages, seed

BLUEPRINTS = (
    *(each.blueprint for each in (overview, clock, keys, seed, public_url, reset)),
    *(scripted_pages.blueprint(each) for each in (scripted_pages.FAULTS, scripted_pages.FAILURES)),
)

__all__ = ["BLUEPRINTS"]
