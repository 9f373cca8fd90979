"""One issuer: its settings, keys and rows, and the one place where an authorization becomes tokens."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
