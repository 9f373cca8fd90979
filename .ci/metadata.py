"""What a package index shows: the README with links that lead somewhere, and where the project is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<path>(?![a-z]+:|#)[^)\s]+)\)")
_VERSION = re.compile(r'^__version__ = "(?P<version>[^"]+)"$', re.MULTILINE)


class Metadata(MetadataHookInterface):
    """Its one setting is ``repository``, the address of the project on a host such as GitHub; empty: nowhere yet."""

    def update(self, metadata: dict[str, Any]) -> None:
        root, repository = Path(self.root), self.config["repository"].rstrip("/")
        text = (root / "README.md").read_text(encoding="utf-8")
        if repository:
            found = _VERSION.search((root / "devidp" / "__init__.py").read_text(encoding="utf-8"))
            assert found is not None
            text = absolute(text, repository, f"v{found['version']}")
            metadata["urls"] = {
                "Source": repository,
                "Documentation": f"{repository}/blob/v{found['version']}/docs/index.md",
                "Changelog": f"{repository}/blob/v{found['version']}/CHANGELOG.md",
                "Issues": f"{repository}/issues",
            }
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def absolute(text: str, repository: str, tag: str) -> str:
    """``text`` with its links to files leading to those of the release ``tag``; links to sites and headings stay."""

    def lead(link: re.Match[str]) -> str:
        kind = "raw" if link["image"] else "blob"
        return f"{link['image']}[{link['text']}]({repository}/{kind}/{tag}/{link['path']})"

    return _LINK.sub(lead, text)
