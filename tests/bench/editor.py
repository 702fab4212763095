"""What editors may send, all at once, and how soon `/healthz` and somebody who writes are served meanwhile."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import requests

from tests.bench.siege import serving
from tests.pictures import picture
from tests.web.conftest import COOKIE, SIGN_IN, open_session
from tests.worlds import House

BEGIN, END = "BEGIN:VCARD\nVERSION:3.0\nFN:Ada\n", "END:VCARD\n"


@dataclass(frozen=True, slots=True)
class Visitor:
    """An editor's browser: sends forms as their pages would."""

    url: str
    session: requests.Session
    token: str
    group: str
    contact: str

    def get(self, path: str) -> int:
        return self.session.get(self.url + path, timeout=120, allow_redirects=False).status_code

    def post(self, path: str, data: Mapping[str, object], **files: tuple[str, bytes]) -> int:
        body = {**data, "csrf_token": self.token}
        headers = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        found = self.session.post(
            self.url + path, data=body, files=files or None, headers=headers, timeout=120, allow_redirects=False
        )
        return found.status_code

    def send(self, content: str | bytes) -> int:
        """Have a file looked at."""
        data = content if isinstance(content, bytes) else content.encode()
        return self.post("/importing/", {"group": self.group}, file=("file", data))


def _pictures() -> str:
    one = b64encode(picture("white", (7000, 7000), mode="L", optimize=True)).decode()
    return "".join(f"{BEGIN}PHOTO;ENCODING=b:{one}\n{END}" for _ in range(28))


def _words(number: int) -> str:
    return " ".join(f"w{one}" for one in range(number))


LARGE = picture("blue", (4000, 3000))
DEEDS: Mapping[str, Callable[[], Callable[[Visitor], int]]] = {
    "28 pictures of 7000 x 7000": lambda: _sent(_pictures()),
    "a search for 900 words": lambda: lambda one: one.get("/contacts/?" + urlencode({"q": _words(900)})),
    "a search for 20,000 words": lambda: lambda one: one.get("/contacts/?" + urlencode({"q": _words(20_000)})),
    "200,000 words chosen to be deleted": lambda: (
        lambda one: one.post("/contacts/chosen/delete", {"all": "yes", "q": _words(200_000)})
    ),
    "4 MB of unclosed quotes": lambda: _sent("Name,E-mail\n" + 'Ada,"ada@x.example\n' * 220_000),
    "base64 in 400,000 lines": lambda: _sent(
        BEGIN + "PHOTO;ENCODING=b:" + "AAAA" * 400_000 + "\n" + " AAAA\n" * 400_000 + END
    ),
    "9,000 ORG and TITLE": lambda: _sent((BEGIN + "ORG:x\nTITLE:y\n" * 4_500 + END) * 20),
    "25,000 contacts in 28 MB": lambda: _sent(
        "Name,E-mail,Notes\n" + "".join(f"Ada {n},a{n}@x.example,{'n' * 1100}\n" for n in range(25_000))
    ),
    "a photo of 12 million pixels": lambda: (
        lambda one: one.post(f"/contacts/{one.contact}/edit", {"version": "1"}, photo=("photo.png", LARGE))
    ),
}


def _sent(content: str) -> Callable[[Visitor], int]:
    data = content.encode()
    return lambda one: one.send(data)


def sent_by_editors(
    environment: Mapping[str, str], house: House, folder: Path, names: Sequence[str]
) -> dict[str, dict[str, float | str]]:
    """By deed: the slowest `/healthz` and taking of the writer's place, in milliseconds, and the answers' statuses."""
    house.start = datetime.now(UTC)  # the other process goes by the real clock
    found: dict[str, dict[str, float | str]] = {}
    with serving({**environment, **SIGN_IN}, folder) as ((host, port), _):
        url = f"http://{host}:{port}"
        for name, prepare in DEEDS.items():
            deed = prepare()
            visitors = [_visitor(url, house, one) for one in names]
            found[name] = _meanwhile(url, house, lambda deed=deed, visitors=visitors: _all_at_once(deed, visitors))  # type: ignore[misc]  # the loop's own
    return found


def _visitor(url: str, house: House, name: str) -> Visitor:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set(COOKIE, open_session(house, name))
    token = re.search(r'<meta name="csrf-token" content="([^"]+)"', session.get(f"{url}/moving/", timeout=60).text)
    assert token
    return Visitor(url, session, token[1], house.group_id("Customers"), house.contact_id("Given0"))


def _all_at_once(deed: Callable[[Visitor], int], visitors: list[Visitor]) -> str:
    with ThreadPoolExecutor(len(visitors)) as pool:
        answers = sorted(set(pool.map(deed, visitors)))
    return " ".join(map(str, answers))


def _meanwhile(url: str, house: House, act: Callable[[], str]) -> dict[str, float | str]:
    """Ask every 50 ms while the deed lasts, and five seconds longer: some of it goes on beside the request."""
    over = Event()
    slowest = {"healthz": 0.0, "writer": 0.0}

    def ask() -> None:
        assert requests.get(f"{url}/healthz", timeout=120).status_code == 200

    def write() -> None:
        with house.database.writing():
            pass

    def watch(what: str, look: Callable[[], None]) -> None:
        while not over.is_set():
            begun = time.perf_counter()
            look()
            slowest[what] = max(slowest[what], time.perf_counter() - begun)
            over.wait(0.05)

    watchers = [Thread(target=watch, args=one) for one in (("healthz", ask), ("writer", write))]
    for one in watchers:
        one.start()
    begun = time.perf_counter()
    answers = act()
    took = time.perf_counter() - begun
    over.wait(5)
    over.set()
    for one in watchers:
        one.join()
    return {
        "healthz, ms": round(1000 * slowest["healthz"]),
        "writer's place, ms": round(1000 * slowest["writer"]),
        "answers": answers,
        "answered after, s": round(took, 1),
    }
