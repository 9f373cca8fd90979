"""Writes the table of proofs into docs/judge.md. Run by ``make docs``."""

from __future__ import annotations

from pathlib import Path

from devidp.judge import kinds
from tests import proofs
from tests.judge.clients.proofs import PROOFS

PAGE = Path(__file__).parents[3] / "docs" / "judge.md"
BEGIN = proofs.begin(Path(__file__).with_name("proofs.toml"))


def render(page: str) -> str:
    """``page`` with the table as it has to be."""
    table = proofs.table_of("client", ((proof.client, proof.findings) for proof in PROOFS.values()), kinds.find)
    return proofs.render(page, BEGIN, table)


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
