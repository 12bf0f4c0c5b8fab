"""What a call costs the caller's process, in CPU time, against raw httpx that sends and reads the same bodies.

The server is a process of its own, which answers every request with one fixed body: only the client is measured.
"""

import statistics
import time
from collections.abc import Callable

import httpx
import requests
from requests.adapters import HTTPAdapter
from siro_openapi.api.integrations import sync_engagement
from siro_openapi.client import AuthenticatedClient
from siro_openapi.models import Engagement

from benchmarks import rival
from benchmarks.serving import server
from siro_client import Siro

ROUNDS = 30
CALLS = 100
LIMIT = 1.25
"""What a call of `Siro` may cost at most."""
TOKEN = "local-organization-token"  # noqa: S105 - it opens nothing
PATH = "/v1/integrations/sync/engagements"
_PEOPLE = [
    {"externalId": f"u-{n}", "email": f"u{n}@acme.test", "name": f"User {n}", "shareOfSale": 0.5} for n in range(2)
]
_ACCOUNT = {
    "externalId": "a-1",
    "name": "Acme",
    "latitude": 52.1,
    "longitude": 4.3,
    "phoneNumbers": ["+31 70 123 45 67"],
    "emailAddresses": ["info@acme.test"],
    "addresses": [{"street": "Main Street 1", "city": "The Hague", "state": "ZH", "zip": "2511", "country": "NL"}],
}
BODY = {
    "externalId": "e-1",
    "subject": "Kitchen, first visit",
    "content": "A visit of an hour and a half, with measurements and a quotation. " * 5,
    "direction": "OUTBOUND",
    "startTime": "2026-11-21T15:00:00Z",
    "endTime": "2026-11-21T16:30:00Z",
    "account": _ACCOUNT,
    "contact": {"externalId": "c-1", "name": "Ann", "account": _ACCOUNT},
    "opportunity": {"externalId": "o-1", "name": "Kitchen"},
    "engagementUsers": _PEOPLE,
}


def subjects(url: str, *, with_rival: bool, connections: int = 1) -> dict[str, Callable[[], object]]:
    """Ways to make the same call, each over so many connections at most; the first is the yardstick."""
    raw = httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"})
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_maxsize=connections))
    session.headers["Authorization"] = f"Bearer {TOKEN}"
    low = AuthenticatedClient(base_url=url, token=TOKEN)
    siro = Siro(organization_token=TOKEN, integrations_url=url)
    engagement = Engagement.from_dict(BODY)
    every: dict[str, Callable[[], object]] = {
        "httpx": lambda: raw.put(url + PATH, json=BODY).raise_for_status().json(),
        "siro_client.Siro": lambda: siro.sync_engagement(engagement),
        "siro_openapi, low-level": lambda: sync_engagement.sync(client=low, body=engagement),
        "requests": lambda: session.put(url + PATH, json=BODY, timeout=30).json(),
    }
    if with_rival:
        every["openapi-generator's client"] = rival.sync_engagement(url, TOKEN, BODY, connections)
    return every


def ratios(url: str, *, with_rival: bool) -> dict[str, list[float]]:
    """For each subject, a ratio a round to the yardstick of that round."""
    every = subjects(url, with_rival=with_rival)
    result: dict[str, list[float]] = {name: [] for name in every}
    for call in every.values():
        cpu_seconds(call)
    for _ in range(ROUNDS):
        seconds = {name: cpu_seconds(call) for name, call in every.items()}
        for name, spent in seconds.items():
            result[name].append(spent / seconds["httpx"])
    return result


def cpu_seconds(call: Callable[[], object]) -> float:
    """CPU time of this process for a number of calls."""
    started = time.process_time()
    for _ in range(CALLS):
        call()
    return time.process_time() - started


def main(*, with_rival: bool) -> None:
    """Print a table of median ratios, with the quartiles around them."""
    print(
        f"\nCPU time of sync_engagement with a full body, as a ratio to httpx (median of {ROUNDS} rounds, quartiles)\n"
    )
    with server(BODY) as url:
        for name, values in ratios(url, with_rival=with_rival).items():
            low, median, high = statistics.quantiles(values, n=4)
            limit = f"  at most {LIMIT}" if name == "siro_client.Siro" else ""
            print(f"  {name:<36} {median:.2f}  ({low:.2f} to {high:.2f}){limit}")
