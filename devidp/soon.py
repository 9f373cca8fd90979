"""What nearly every run needs soon after its start, and no first discovery document does.

Loading this module loads it: in a thread, beside the first answers. A request that comes sooner loads it itself.
"""

from __future__ import annotations

from devidp import tokens
from devidp.endpoints import token
from devidp.files import PrivateFileError
from devidp.installation import Installation
from devidp.keys import KeyProblem
from devidp.protocol import engine
from devidp.store import StoreError

LOADED = (engine, token, tokens)


def make_key(installation: Installation) -> None:
    """Make or load the keys of the first issuer: to make one takes 30 to 80 ms."""
    try:
        installation.first().keys.all_keys()
    except (KeyProblem, PrivateFileError, StoreError):
        pass  # the request that needs one says what is wrong
