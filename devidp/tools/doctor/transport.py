"""How a URL is reached: TLS where it is needed, and trusted."""

from __future__ import annotations

from urllib.parse import urlsplit

from devidp.tools.doctor.finding import CLOUD, Finding, bad, good
from devidp.tools.doctor.web import Response

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def transport_of(url: str, answer: Response) -> Finding:
    parts = urlsplit(url)
    if not answer.status and "certificate" in answer.problem.lower():
        return bad(
            f"the certificate of {parts.netloc} is not trusted: {answer.problem}",
            "Give clients the CA: SSL_CERT_FILE for Python and this command, NODE_EXTRA_CA_CERTS for Node",
        )
    if not answer.status:
        return bad(answer.problem, "Start the server, or correct the URL")
    if parts.scheme == "https":
        return good("https, with a certificate that is trusted here")
    if parts.hostname in LOOPBACK:
        return good(f"plain http on this machine, which is enough for clients on it; not for {CLOUD}")
    return bad(
        f"{url} is plain http and not on this machine", "Use https: clients take http for loopback addresses only"
    )
