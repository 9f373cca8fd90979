"""What the tests of users, clients and sessions share."""

from __future__ import annotations

import re
import shlex
import subprocess
from urllib.parse import urlencode

from click.testing import CliRunner
from werkzeug.test import TestResponse

from devidp.cli.main import main
from tests.flow import CHALLENGE, REDIRECT_URI, Flow


def authorize_url(base: str, **changes: str) -> str:
    """An authorization request of the client ``web``."""
    query = {
        "client_id": "web",
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "scope": "openid profile",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return f"{base}/default/authorize?{urlencode({**query, **changes})}"


def post(flow: Flow, path: str, **fields: str) -> TestResponse:
    """A form of the page ``path``, filled in and sent."""
    token, *_ = re.findall(r'name="form_token" value="([^"]+)"', flow.http.get(path).text)
    return flow.http.post(path.partition("?")[0], data={"form_token": token, **fields})


def run(line: str) -> str:
    """What a command that the dashboard shows prints, when it is pasted into a shell; it must succeed."""
    program, *words = shlex.split(line)
    if program == "devidp":
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, done.output
        return done.stdout
    command = [program, "-sS", "--fail", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
