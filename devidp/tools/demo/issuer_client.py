"""Requests to one issuer: its metadata, its keys, and introspection."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2

from devidp.tools.demo.compact import parse_object
from devidp.tools.demo.refusal import Unavailable
from devidp.tools.demo.settings import Now, TrustedIssuer

REFETCH_FLOOR = 10
"""Seconds between two fetches for a kid that is unknown: strangers choose kids, and the issuer is not to suffer."""
DEFAULT_AGE = 300
"""Seconds that keys are kept where Cache-Control says nothing."""
TIMEOUT = 5.0


class IssuerClient:
    """Asks one issuer, and remembers its metadata and keys. Every method raises Unavailable."""

    def __init__(self, issuer: TrustedIssuer, now: Now) -> None:
        self.issuer = issuer
        self._now = now
        trust = True if issuer.ca_file is None else ssl.create_default_context(cafile=issuer.ca_file)
        self._http = httpx2.Client(timeout=TIMEOUT, headers={"Accept": "application/json"}, verify=trust)
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] | None = None
        self._keys: dict[str, dict[str, Any]] = {}
        self._fetched_at = self._fresh_until = float("-inf")

    def key(self, kid: str) -> Mapping[str, Any] | None:
        """The key of this name; a new one is found as soon as it is used."""
        with self._lock:
            now = self._now()
            missing = kid not in self._keys and now - self._fetched_at >= REFETCH_FLOOR
            if now >= self._fresh_until or missing:
                self._fetch_keys(now)
            return self._keys.get(kid)

    def introspect(self, token: str) -> dict[str, Any]:
        """The answer of RFC 7662 section 2.2."""
        with self._lock:
            endpoint = self._endpoint("introspection_endpoint")
        credentials = (quote(self.issuer.client_id, safe=""), quote(self.issuer.client_secret, safe=""))
        form = {"token": token, "token_type_hint": "access_token"}
        return _members(self._ask("POST", endpoint, data=form, auth=credentials))

    def close(self) -> None:
        self._http.close()

    def _fetch_keys(self, now: float) -> None:
        answer = self._ask("GET", self._endpoint("jwks_uri"))
        found = _members(answer).get("keys")
        if not isinstance(found, list):
            raise Unavailable(f"{answer.url} is not a JWK Set")
        keys = [key for key in found if isinstance(key, dict) and isinstance(key.get("kid"), str)]
        self._keys = {key["kid"]: key for key in keys}
        self._fetched_at, self._fresh_until = now, now + _max_age(answer.headers.get("Cache-Control", ""))

    def _endpoint(self, name: str) -> str:
        if self._metadata is None:
            self._metadata = self._fetch_metadata()
        endpoint = self._metadata.get(name)
        if not isinstance(endpoint, str):
            raise Unavailable(f"The metadata of {self.issuer.url} has no {name}")
        return endpoint

    def _fetch_metadata(self) -> dict[str, Any]:
        parts = urlsplit(self.issuer.url)
        inserted = f"/.well-known/oauth-authorization-server{parts.path.rstrip('/')}"
        answer = self._ask("GET", parts._replace(path=inserted).geturl())
        metadata = _members(answer)
        # RFC 8414 section 3.3: the document of another issuer would bring that issuer's keys
        if metadata.get("issuer") != self.issuer.url:
            raise Unavailable(f"{answer.url} is not the metadata of {self.issuer.url}")
        return metadata

    def _ask(self, method: str, url: str, **options: Any) -> httpx2.Response:
        try:
            answer = self._http.request(method, url, **options)
        except httpx2.HTTPError as error:
            raise Unavailable(f"{url} does not answer: {error}") from error
        if answer.status_code != httpx2.codes.OK:
            raise Unavailable(f"{url} answered {answer.status_code}")
        return answer


def _members(answer: httpx2.Response) -> dict[str, Any]:
    try:
        return parse_object(answer.content)
    except ValueError as error:
        raise Unavailable(f"{answer.url} answered with something else than JSON: {error}") from error


def _max_age(cache_control: str) -> int:
    if re.search(r"\bno-(store|cache)\b", cache_control):
        return 0
    found = re.search(r"\bmax-age=(\d{1,9})", cache_control)
    return int(found[1]) if found else DEFAULT_AGE
