"""The endpoints of an issuer: one file each. They speak HTTP; grants prove, and the issuer mints."""

from devidp.web.endpoints.registry import Endpoint
from devidp.web.endpoints.table import ENDPOINTS

__all__ = ["ENDPOINTS", "Endpoint"]
