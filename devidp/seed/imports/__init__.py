"""Seeds from the configuration of other tools: what of it is carried over, and what is named as lost.

Owns one file a tool. Does not own what a seed may say: whatever the model refuses is lost, too.
"""

from __future__ import annotations

from devidp.seed.imports.imported import Imported, Lost, import_files
from devidp.seed.imports.tools import TOOLS, Tool

__all__ = ["TOOLS", "Imported", "Lost", "Tool", "import_files"]
