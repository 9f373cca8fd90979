"""``devidp serve --tls``: https with a certificate of the local CA, or with one of your own."""

from __future__ import annotations

import json
import ssl
import stat
import urllib.request
from pathlib import Path

import pytest
import trustme

from tests.cli.conftest import Start
from tests.cli.running import run

pytestmark = pytest.mark.slow
DISCOVERY = "/.well-known/openid-configuration"


def metadata(issuer: str, ca_file: Path) -> dict[str, object]:
    trusting = ssl.create_default_context(cafile=str(ca_file))
    with urllib.request.urlopen(f"{issuer}{DISCOVERY}", context=trusting) as response:
        found: dict[str, object] = json.load(response)
        return found


def test_the_issuer_is_https_and_reachable_for_clients_that_trust_the_local_ca(start: Start, tmp_path: Path) -> None:
    data = tmp_path / "data"
    issuer = start("--tls", "--port", "0", "--data", str(data)).issuer()
    assert issuer.startswith("https://localhost:")
    assert metadata(issuer, data / "tls" / "ca.pem")["issuer"] == issuer
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"{issuer}{DISCOVERY}")


def test_keys_are_private_and_the_local_ca_outlives_the_process(start: Start, tmp_path: Path) -> None:
    data = tmp_path / "data"
    folder = data / "tls"
    first = start("--tls", "--port", "0", "--data", str(data))
    first.issuer()
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    ca = (folder / "ca.pem").read_text()
    first.end()
    (folder / "ca.pem").chmod(0o644)  # a certificate is meant to be shared
    issuer = start("--tls", "--port", "0", "--data", str(data)).issuer()
    assert (folder / "ca.pem").read_text() == ca
    assert metadata(issuer, folder / "ca.pem")["issuer"] == issuer


def test_the_banner_and_the_ready_file_say_what_to_trust(start: Start, tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    banner = "".join(start("--tls", "--port", "0", "--memory", "--ready-file", str(ready)).banner())
    ca = json.loads(ready.read_text())["ca_file"]
    for part in (f"NODE_EXTRA_CA_CERTS={ca}", f"SSL_CERT_FILE={ca}", f"curl --cacert {ca}"):
        assert part in banner


def test_a_certificate_of_ones_own_is_used(start: Start, tmp_path: Path) -> None:
    ca = trustme.CA()
    certificate = ca.issue_cert("localhost")
    chain, key, trusted = tmp_path / "cert.pem", tmp_path / "key.pem", tmp_path / "ca.pem"
    certificate.cert_chain_pems[0].write_to_path(chain)
    certificate.private_key_pem.write_to_path(key)
    ca.cert_pem.write_to_path(trusted)
    issuer = start("--tls-cert", str(chain), "--tls-key", str(key), "--port", "0", "--memory").issuer()
    assert metadata(issuer, trusted)["issuer"] == issuer


def test_health_asks_over_https(start: Start, tmp_path: Path) -> None:
    port = start("--tls", "--port", "0", "--memory").issuer().split(":")[2].split("/")[0]
    assert run(tmp_path, "health", "--tls", "--port", port).returncode == 0
    assert run(tmp_path, "health", "--port", port).returncode == 1


def test_half_a_certificate_is_refused(tmp_path: Path) -> None:
    refused = run(tmp_path, "serve", "--tls-cert", "cert.pem")
    assert (refused.returncode, "--tls-key" in refused.stderr) == (2, True)


def test_files_that_are_no_certificate_are_refused(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("no certificate")
    refused = run(tmp_path, "serve", "--tls-cert", "cert.pem", "--tls-key", "cert.pem", "--memory", "--port", "0")
    assert (refused.returncode, "cannot be used" in refused.stderr) == (1, True)
