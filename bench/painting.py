"""How soon a browser paints the pages of the dashboard: reported, and nothing is aimed at."""

from __future__ import annotations

from collections.abc import Iterator

from devidp import DevIdP
from devidp.models import Event
from tests.dashboard.browser import chromium

FLOWS, USERS = 5_000, 10_000
PAGES = {
    "flows": "/_devidp/",
    "users": "/_devidp/controls/users",
    "mint": "/_devidp/tokens",
    "connect": "/_devidp/connect",
}
CLIENTS = {"web": {"secret": "s", "redirect_uris": ["http://localhost/callback"]}}
PAINTED = """async () => {
  const wait = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let tries = 0; tries < 200; tries++) {
    const [entry] = performance.getEntriesByName("first-contentful-paint");
    if (entry) return entry.startTime;
    await wait();
  }
  return NaN;
}"""


def paints() -> Iterator[tuple[str, float, int]]:
    """Of each page its name, the milliseconds to its first contentful paint, and the bytes of its HTML."""
    seed = {"users": {f"user-{number}": {} for number in range(USERS)}, "clients": CLIENTS}
    with DevIdP(seed) as idp, chromium() as browser:
        log = idp.control.runtime.event_log
        for number in range(FLOWS):
            for endpoint in ("authorize", "token"):
                log.record(
                    Event(
                        endpoint, "default", 200, float(number), "web", flow=f"flow-{number}", id=f"{endpoint}{number}"
                    )
                )
        page = browser.new_page()
        for name, path in PAGES.items():
            answer = page.goto(f"{idp.url}{path}")
            assert answer is not None
            yield name, float(page.evaluate(PAINTED)), len(answer.body())


if __name__ == "__main__":
    for name, milliseconds, size in paints():
        print(f"{name}: painted after {milliseconds:.0f} ms, {size / 1000:.1f} kB of HTML")
