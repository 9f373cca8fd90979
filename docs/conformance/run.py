"""Run plans of the OpenID conformance suite against devidp, and print the table of docs/conformance.md.

    python docs/conformance/run.py --ca suite.pem                  every plan
    python docs/conformance/run.py --ca suite.pem basic dynamic    two of them

The suite and devidp run already; docs/conformance.md says how they are started. Each module that did not pass is named
on stderr, a failed one with the conditions that failed. It needs httpx. Exit status: 1 when a module failed or did not
end, 2 when the suite or devidp cannot be asked.
"""

from __future__ import annotations

import argparse
import json
import ssl
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

RESULTS = ("PASSED", "REVIEW", "SKIPPED", "WARNING", "FAILED")
WAITS_FOR_START = "oidcc-server-rotate-keys"
WAIT_MS = 30_000  # the longest that the suite lets a request wait for a state
WAITS = 10  # after which a module counts as one that does not end


@dataclass(frozen=True)
class Plan:
    title: str
    name: str
    variant: dict[str, str]
    configuration: str = "dynamic-client.json"

    @property
    def head(self) -> str:
        """The first columns of its row."""
        variant = ", ".join(f"`{name}={value}`" for name, value in self.variant.items())
        return f"| {self.title} | {variant or 'none'} |"


DISCOVERY = {"server_metadata": "discovery"}
CODE = {"response_type": "code"}
DYNAMIC = {"client_registration": "dynamic_client"}
STATIC = {"client_registration": "static_client"}

PLANS = {
    "config": Plan("Config", "config", {}),
    "basic": Plan("Basic", "basic", DISCOVERY | DYNAMIC),
    "basic-static": Plan("Basic", "basic", DISCOVERY | STATIC, "static-client.json"),
    "formpost-basic": Plan("Form Post Basic", "formpost-basic", DISCOVERY | DYNAMIC),
    "dynamic": Plan("Dynamic", "dynamic", CODE),
    "rp-initiated-logout": Plan("RP-Initiated Logout", "rp-initiated-logout", CODE | DYNAMIC),
    "backchannel-logout": Plan("Back-Channel Logout", "backchannel-rp-initiated-logout", CODE | DYNAMIC),
    "frontchannel-logout": Plan("Front-Channel Logout", "frontchannel-rp-initiated-logout", CODE | DYNAMIC),
    "implicit": Plan("Implicit", "implicit", DISCOVERY | DYNAMIC),
    "formpost-implicit": Plan("Form Post Implicit", "formpost-implicit", DISCOVERY | DYNAMIC),
    "hybrid": Plan("Hybrid", "hybrid", DISCOVERY | DYNAMIC),
    "formpost-hybrid": Plan("Form Post Hybrid", "formpost-hybrid", DISCOVERY | DYNAMIC),
}


@dataclass(frozen=True)
class Driver:
    """Modules run one after another: the suite stops a module when another one starts under its alias."""

    suite: httpx.Client
    provider: httpx.Client
    alias: str = "devidp"

    def results(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Each module of the plan with its variant, and its result."""
        configuration = json.loads((Path(__file__).parent / plan.configuration).read_text("utf-8"))
        asked = {"planName": f"oidcc-{plan.name}-certification-test-plan", "variant": json.dumps(plan.variant)}
        made = self.call("POST", "/api/plan", asked, json=configuration | {"alias": self.alias})
        for module in made["modules"]:
            name, variant = module["testModule"], module["variant"]
            asked = {"test": name, "plan": made["id"], "variant": json.dumps(variant)}
            yield " ".join([name, *variant.values()]), self.result(name, self.call("POST", "/api/runner", asked)["id"])

    def result(self, name: str, test: str) -> str:
        if name == WAITS_FOR_START:
            self.wait(test, "CONFIGURED")
            self.provider.post("/_devidp/api/keys", json={"action": "rotate"}).raise_for_status()
            self.call("POST", f"/api/runner/{test}")
        self.wait(test, "FINISHED,INTERRUPTED")
        info = self.call("GET", f"/api/info/{test}")
        if info["status"] == "FINISHED" and info["result"] in RESULTS and info["result"] != "FAILED":
            return str(info["result"])
        for entry in self.call("GET", f"/api/log/{test}"):
            if entry.get("result") == "FAILURE":
                print(f"  {entry.get('src')}: {entry.get('msg')}", file=sys.stderr)
        return "FAILED"

    def wait(self, test: str, states: str) -> None:
        asked = {"states": states, "timeoutMs": str(WAIT_MS)}
        for _ in range(WAITS):
            if "state" in self.call("GET", f"/api/runner/{test}/wait-state", asked):
                return

    def call(self, method: str, path: str, asked: dict[str, str] | None = None, **body: Any) -> Any:
        return self.suite.request(method, path, params=asked, **body).raise_for_status().json()


def row(head: str, found: Counter[str]) -> str:
    return " ".join([head, *(f"{number} |" for number in (found.total(), *(found[name] for name in RESULTS)))])


def run(driver: Driver, keys: list[str]) -> int:
    total = Counter[str]()
    for key in keys:
        found = Counter[str]()
        for module, result in driver.results(PLANS[key]):
            found[result] += 1
            if result != "PASSED":
                print(f"{key}: {module}: {result}", file=sys.stderr)
        print(row(PLANS[key].head, found), flush=True)
        total += found
    print(row("| **All** | |", total))
    return 1 if total["FAILED"] else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plans", nargs="*", metavar="PLAN", help=", ".join(PLANS))
    parser.add_argument("--suite", default="https://localhost:8443", help="(default: %(default)s)")
    parser.add_argument("--provider", default="https://localhost:9443", help="(default: %(default)s)")
    parser.add_argument("--ca", required=True, help="the certificate that both serve with, PEM")
    parser.add_argument("--alias", default="devidp", help="another one for a second run (default: %(default)s)")
    options = parser.parse_args()
    if unknown := sorted(set(options.plans) - set(PLANS)):
        parser.error(f"got {', '.join(unknown)}, expected some of {', '.join(PLANS)}")
    tls = ssl.create_default_context(cafile=options.ca)
    with (
        httpx.Client(base_url=options.suite, verify=tls, timeout=WAIT_MS / 1000 + 30) as suite,
        httpx.Client(base_url=options.provider, verify=tls) as provider,
    ):
        try:
            return run(Driver(suite, provider, options.alias), options.plans or list(PLANS))
        except httpx.HTTPError as error:
            parser.exit(2, f"{error.request.url}: {error}\nhint: docs/conformance.md says how to start it\n")


if __name__ == "__main__":
    sys.exit(main())
