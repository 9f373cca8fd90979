"""Clients that keep a devidp busy, each in a thread, and what all of them were told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

from tests.cli.running import DEADLINE
from tests.durability.client import Client, Lost, Told

CLIENTS = 16
ROTATIONS = 3
RESTED = 0.05
"""Seconds after a lost answer: whoever asks again at once keeps the machine busy with refusals."""


class Crowd:
    """``told`` is what was acknowledged; ``surprises`` what nobody has asked for."""

    def __init__(
        self, url: str, clients: int = CLIENTS, client: type[Client] = Client, *, lasting: bool = False
    ) -> None:
        """``lasting`` clients go on with something else when an answer is lost; the others end."""
        self.told: list[Told] = []
        self.surprises: list[str] = []
        self.asked = 0
        self.lost = 0
        """Requests without an answer."""
        self._url, self._client, self._lasting = url, client, lasting
        self._ended = threading.Event()
        self._told_one = threading.Condition()
        self._threads = [threading.Thread(target=self._run) for _ in range(clients)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wait(self, seconds: float) -> None:
        self._ended.wait(seconds)

    def wait_for(self, clients: int) -> None:
        """Until so many clients were told something, however long that takes."""
        with self._told_one:
            assert self._told_one.wait_for(lambda: len(self.told) >= clients or self.surprises, DEADLINE), "nobody was"

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        going = True
        while going and not self._ended.is_set():
            with closing(self._client(self._url)) as client:
                try:
                    self._work(client)
                except Lost:
                    going = self._lasting and not self._ended.wait(RESTED)
                except AssertionError as surprise:
                    self.surprises.append(str(surprise))
                    going = False
                with self._told_one:
                    self._told_one.notify_all()
                    self.asked += client.asked
                    self.lost += client.lost

    def _work(self, client: Client) -> None:
        while not self._ended.is_set():
            for told in self._one(client):
                with self._told_one:
                    self.told.append(told)
                    self._told_one.notify_all()

    def _one(self, client: Client) -> Iterator[Told]:
        """Everything that one application does. It is yielded early: what was told so far counts, whatever follows."""
        told = client.register()
        yield told
        before, told.access_token = told.access_token, ""
        updated = _expected(client.update(told, before))
        told.spent_access_token, told.access_token = before, updated["registration_access_token"]
        told.asked_code = client.authorize(told)
        tokens = _expected(client.exchange(told, told.asked_code))
        told.code, told.asked_code, told.refresh_token = told.asked_code, "", tokens["refresh_token"]
        for _ in range(ROTATIONS):
            told.asked_token, told.refresh_token = told.refresh_token, ""
            tokens = _expected(client.refresh(told, told.asked_token))
            told.spent, told.asked_token, told.refresh_token = told.asked_token, "", tokens["refresh_token"]
        client.revoke(told, tokens["access_token"])
        told.revoked.append(tokens["access_token"])


def _expected(answer: tuple[int, dict[str, str]]) -> dict[str, str]:
    status, body = answer
    assert status == 200, body
    return body


def forgotten(url: str, told: list[Told]) -> list[str]:
    """What the server does not know any more of all that it had acknowledged, or lets be used twice."""
    with closing(Client(url)) as client:
        return [f"{problem} (client {each.client_id})" for each in told for problem in _problems(client, each)]


def _problems(client: Client, told: Told) -> Iterator[str]:
    if not client.knows(told):
        yield "a registration was forgotten"
        return
    if told.access_token and not client.may_read(told, told.access_token):
        yield "the newest registration access token is refused"
    if told.spent_access_token and client.may_read(told, told.spent_access_token):
        yield "a registration access token was used after its rotation"
    for token in told.revoked:
        if client.is_active(told, token):
            yield "a revoked token is active"
    if told.refresh_token and told.spent:
        status, body = client.refresh(told, told.refresh_token)
        if status != 200:
            yield f"the newest refresh token is refused ({body})"
    if told.consented:
        again = Told(told.client_id, told.secret)
        client.authorize(again)
        if again.consented:
            yield "a consent was forgotten"
    yield from _used_twice(client, told)


def _used_twice(client: Client, told: Told) -> Iterator[str]:
    """Last: whoever tries ends every token of the authorization."""
    # what was asked for in vain may have been used by that, but it is not to be used twice now
    if told.asked_token and [client.refresh(told, told.asked_token)[0] for _ in range(2)].count(200) > 1:
        yield "a refresh token whose answer was lost was used twice"
    if told.asked_code and [client.exchange(told, told.asked_code)[0] for _ in range(2)].count(200) > 1:
        yield "a code whose answer was lost was used twice"
    if told.spent and client.refresh(told, told.spent)[0] == 200:
        yield "a refresh token was used twice"
    if told.code and client.exchange(told, told.code)[0] == 200:
        yield "a code was used twice"
