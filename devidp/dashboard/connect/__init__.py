"""Everything that an application has to be told to use this devidp, ready to be copied."""

from devidp.dashboard.connect.views import blueprint

__all__ = ["blueprint"]
