"""A client's server that receives logout tokens: a real one, on the loopback address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from urllib.parse import parse_qs

WAIT_SECONDS = 120


class Receiver:
    """Answers each post with the next of ``answers``, and with 200 when they are used up."""

    def __init__(self, answers: list[int]) -> None:
        self.url = ""
        self.answers = answers
        self.received: Queue[tuple[str, dict[str, list[str]]]] = Queue()

    def logout_token(self) -> str:
        """The token of the next post, which is waited for."""
        content_type, fields = self.received.get(timeout=WAIT_SECONDS)
        assert content_type == "application/x-www-form-urlencoded"
        assert list(fields) == ["logout_token"]
        (token,) = fields["logout_token"]
        return token


@contextmanager
def receiving(*answers: int) -> Iterator[Receiver]:
    """A receiver that is listening."""
    receiver = Receiver(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.received.put((self.headers["Content-Type"], parse_qs(body)))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing to standard error."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/backchannel_logout"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()
