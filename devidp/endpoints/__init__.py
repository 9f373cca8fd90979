"""The endpoints of an issuer: one file each. They speak HTTP; grants prove, and the issuer mints."""

from devidp.endpoints.registry import Endpoint
from devidp.endpoints.table import ENDPOINTS, METHODS, locate

__all__ = ["ENDPOINTS", "METHODS", "Endpoint", "locate"]
