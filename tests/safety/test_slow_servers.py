"""Another server that devidp has to ask, and that does not answer: only who needs it waits."""

from __future__ import annotations

import select
import socket
from pathlib import Path
from urllib.parse import urlencode

import pytest

from devidp.keys.tokens import json_bytes
from devidp.oauth.base64url import encode
from tests.cli.running import Running
from tests.safety.wire import BASIC, BODY, DEADLINE, FORM, Wire, message

HOST = "Host: localhost"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SEED = """
issuers:
  default: {{fetch: {{private_addresses: true}}, grants: [client_credentials], features: {{private_key_jwt: true}}}}
clients:
  service: {{secret: service-secret, grants: [client_credentials]}}
  signer: {{jwks_uri: "http://127.0.0.1:{port}/keys", grants: [client_credentials]}}
"""


@pytest.mark.slow
def test_only_who_needs_it_waits(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (tmp_path / "seed.yaml").write_text(SEED.format(port=silent.getsockname()[1]))
        server = Running(tmp_path, "serve", "--port", "0", "--memory", "--seed", str(tmp_path / "seed.yaml"))
        try:
            wire = Wire(server.issuer())
            claims = {"iss": "signer", "sub": "signer", "aud": wire.issuer, "jti": "1", "exp": 4102444800}
            parts = (encode(json_bytes({"alg": "RS256", "kid": "1"})), encode(json_bytes(claims)), encode(b"s" * 256))
            fields = {
                "grant_type": "client_credentials",
                "client_assertion_type": ASSERTION,
                "client_assertion": ".".join(parts),
            }
            asked = urlencode(fields)
            raw = message("POST /default/token HTTP/1.1", HOST, FORM, f"Content-Length: {len(asked)}", body=asked)
            with wire.open(raw) as waiting:
                silent.settimeout(DEADLINE)
                fetching, _ = silent.accept()
                length = f"Content-Length: {len(BODY)}"
                said = [wire.request("POST /default/token HTTP/1.1", HOST, BASIC, FORM, length, body=BODY)[0]
                        for _ in range(5)]  # fmt: skip
                assert [each.status for each in said] == [200] * 5
                assert select.select([waiting], [], [], 0)[0] == [], "the one that needs the keys has been answered"
                fetching.close()
                assert waiting.recv(100).startswith(b"HTTP/1.1 401")
        finally:
            server.kill()
