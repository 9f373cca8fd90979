"""docs/seed.md documents every key, and each of its examples works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from devidp import seed
from devidp.models import Lifetimes
from devidp.models.template import PLACEHOLDERS
from devidp.seed.claims import RESERVED
from devidp.system import durations
from tests.seed.test_schema import SCHEMA, properties

TEXT = (Path(__file__).parents[2] / "docs" / "seed.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
BROKEN = """\
users:
  alice:
    pasword: alice
    scopes: [openid, emial]
"""


def blocks(language: str) -> list[str]:
    found = [text for name, text in BLOCKS if name == language]
    assert found
    return found


def enumerated(schema: dict[str, Any]) -> set[str]:
    """What a value may be."""
    return {str(value) for each in (schema, *schema.get("anyOf", ())) for value in each.get("enum", ())}


def section(heading: str) -> str:
    return re.split(r"^##+ ", TEXT.split(f"## {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("text", blocks("yaml"))
def test_every_example_is_a_seed_without_mistakes_and_warnings(tmp_path: Path, text: str) -> None:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "issuer.pem").write_bytes(pem)
    file = tmp_path / "seed.yaml"
    file.write_text(text, encoding="utf-8")
    # whoever switches that grant on is warned, in the documentation too
    assert [each for each in seed.load(file).warnings if "the grant password is on" not in each] == []


def test_the_example_from_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seed.yaml").write_text(BROKEN, encoding="utf-8")
    (example,) = blocks("python")
    exec(compile(example, "docs/seed.md", "exec"), {})
    assert "3 users.alice.pasword" in capsys.readouterr().out


def test_the_mistakes_are_shown_as_they_are_printed() -> None:
    with pytest.raises(seed.SeedError) as caught:
        seed.loads(BROKEN, "seed.yaml")
    assert blocks("text") == [f"{caught.value}\n"]


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("issuers", "IssuerEntry"), ("lifetimes", "LifetimesEntry"), ("lifetimes", "ClientLifetimesEntry"),
        ("issuers", "PkceEntry"),
        ("issuers", "RegistrationEntry"), ("issuers", "IntrospectionEntry"), ("issuers", "RevocationEntry"),
        ("issuers", "FetchEntry"), ("issuers", "DpopEntry"),
        ("issuers", "LogoutEntry"), ("issuers", "FailedLoginsEntry"), ("issuers", "ClientDocumentsEntry"),
        ("issuers", "TokenExchangeEntry"), ("clients", "ClientPkceEntry"), ("Trusted issuers", "TrustedIssuerEntry"),
        ("Token shapes", "TokenShapeEntry"), ("Token shapes", "UserinfoShapeEntry"), ("Token shapes", "CaseEntry"),
        ("Token shapes", "WhenEntry"),
        ("scopes", "ScopeEntry"), ("resources", "ResourceEntry"), ("users", "UserEntry"),
        ("clients", "ClientEntry"), ("policy", "RuleEntry"),
    ],
)  # fmt: skip
def test_every_key_is_in_the_table_of_its_section(heading: str, model: str) -> None:
    table = "\n".join(line for line in section(heading).splitlines() if line.startswith("|"))
    assert [key for key in SCHEMA["$defs"][model]["properties"] if f"`{key}`" not in table] == []


def test_every_placeholder_is_described() -> None:
    described = set(re.findall(r"`\{(\w+)\}`", section("Token shapes")))
    assert described == set(PLACEHOLDERS)


def test_every_model_is_checked_and_every_section_is_described() -> None:
    checked = set(re.findall(r'"(\w+Entry)"', Path(__file__).read_text(encoding="utf-8")))
    assert checked == set(SCHEMA["$defs"])
    assert [name for name in SCHEMA["properties"] if f"\n## {name}\n" not in TEXT] == []


def test_every_allowed_value_is_named() -> None:
    values = set().union(*(enumerated(inner) for _, inner in properties(SCHEMA)))
    values |= enumerated(SCHEMA["$defs"]["IssuerEntry"]["properties"]["grants"]["items"])
    assert {"client_credentials", "lenient"} < values
    values |= set(SCHEMA["$defs"]["IssuerEntry"]["properties"]["features"]["properties"])
    assert [value for value in sorted(values) if f"`{value}`" not in TEXT] == []


def test_the_default_lifetimes_are_the_real_ones() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", section("lifetimes"), re.MULTILINE))
    assert {name: durations.parse(written) for name, written in rows.items()} == {
        name: getattr(Lifetimes(), name) for name in Lifetimes.__dataclass_fields__
    }


def test_the_reserved_claims_are_listed() -> None:
    listed = section("users").split("are refused:")[1]
    assert set(re.findall(r"`(\w+)`", listed)) == RESERVED


def test_the_table_of_lifetimes_has_no_other_key() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", section("lifetimes"), re.MULTILINE))
    assert rows == set(SCHEMA["$defs"]["LifetimesEntry"]["properties"])
