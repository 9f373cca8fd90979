"""What another provider looks like, as a profile: its documents, and the shape of a token.

Owns how metadata, keys and tokens become keys of a seed, and what is said of the rest. Sends nothing but GET requests
for the documents; of a token it keeps names and types, and never a value.
"""

from devidp.tools.recording.provider import Unreadable
from devidp.tools.recording.recording import Recording, record

__all__ = ["Recording", "Unreadable", "record"]
