"""Which address was most likely meant by one at which nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from urllib.parse import urlsplit

from devidp.issuer.issuer import Issuer
from devidp.oauth.endpoints import MOVABLE, PATHS

OWN = "/_devidp/"
MOST = 20
"""Issuers whose addresses are compared with one at which nothing is."""
ALIKE = 0.8
"""From which likeness on, 0 to 1, one path may have been meant by another."""
_ELSEWHERE = {
    "auth": "authorize", "certs": "jwks", "devicecode": "device_authorization", "endsession": "logout",
    "introspection": "introspect", "jwk": "jwks", "keys": "jwks", "registration": "register", "revocation": "revoke",
}  # fmt: skip
"""How other providers call the endpoints, without - and _."""
_NAMES = {name.replace("-", "").replace("_", ""): name for name in MOVABLE} | _ELSEWHERE


def meant_of(paths: Iterable[str], path: str) -> list[str]:
    """Those of devidp's own ``paths``, beside the issuers, that ``path`` may have meant."""
    ours = dict.fromkeys(each.removeprefix(OWN) for each in paths if each.startswith(OWN) and "<" not in each)
    return [f"{OWN}{each}" for each in get_close_matches(path.removeprefix(OWN), ours, cutoff=ALIKE)]


def meant(path: str, issuers: Iterable[Issuer]) -> list[str]:
    """URLs of devidp that ``path`` may have meant: the endpoint of that name, or else those that look alike."""
    looked_at = list(islice(issuers, MOST))
    last = path.rstrip("/").rpartition("/")[2].lower().removesuffix(".json").replace("-", "").replace("_", "")
    if (name := _NAMES.get(last)) is not None:
        near = [each for each in looked_at if path.startswith(urlsplit(f"{each.url.rstrip('/')}/").path)]
        return [each.addresses.of(name) for each in near or looked_at]
    urls = {urlsplit(url).path: url for issuer in looked_at for url in map(issuer.addresses.of, PATHS)}
    return [urls[alike] for alike in get_close_matches(path, urls, cutoff=ALIKE)]
