"""The environment and `.env` as typed values: one method a kind of value.

An empty value is no value. Each method raises SettingsError, whose one sentence names the variable, for a value that is
not of its kind; a value that may hold a secret is never repeated in it.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from sharesync.errors import SettingsError
from sharesync.model.hosts import Network, is_secret

SHORTEST_SECRET = 32

EnumKind = TypeVar("EnumKind", bound=Enum)


def wrong(variable: str, what: str, remedy: str) -> SettingsError:
    """The error for a setting: its name, what is wrong with it and what to do, in one sentence."""
    return SettingsError(variable, f"{variable} {what}; {remedy}.")


def dotenv(file: Path, known: Sequence[str]) -> dict[str, str]:
    """What `.env` sets, without `${…}`: a password may hold any character."""
    try:
        pairs = dotenv_values(file, interpolate=False, encoding="utf-8-sig") if file.exists() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(".env", f"{file} cannot be read as UTF-8 text; mend it or remove it.") from error
    for name in pairs:
        if name.startswith("SHARESYNC_") and name not in known:
            # All of them share a prefix, so only what is very like is alike.
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
            remedy = f"did you mean {near[0]}?" if near else "remove it."
            raise SettingsError(name, f"{name} in {file} is no setting of sharesync; {remedy}")
    return {name: value for name, value in pairs.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Environment:
    """Variables by name, and the folder that relative paths start from."""

    values: Mapping[str, str]
    cwd: Path

    def text(self, name: str) -> str | None:
        return self.values.get(name, "").strip() or None

    def secret(self, name: str) -> str | None:
        value = self.text(name)
        if value is not None and len(value) < SHORTEST_SECRET:
            raise wrong(
                name, f"is shorter than {SHORTEST_SECRET} characters", "use a long random one, or leave it unset"
            )
        return value

    def path(self, name: str) -> Path | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            return self.cwd / Path(value).expanduser()
        except RuntimeError:
            raise wrong(name, f"is “{value}”, and nobody of that name has a home here", "write the path out") from None

    def whole(self, name: str, default: int, *, least: int, most: int | None = None) -> int:
        value = self.text(name)
        if value is None:
            return default
        span = f"from {least} to {most}" if most is not None else f"of at least {least}"
        try:
            number = int(value)
        except ValueError:
            number = None
        if number is None or number < least or (most is not None and number > most):
            raise wrong(name, f"is “{value}”", f"set it to a whole number {span}")
        return number

    def number(self, name: str, default: float, *, least: float, most: float = math.inf) -> float:
        value = self.text(name)
        if value is None:
            return default
        span = f"from {least:g} to {most:g}" if math.isfinite(most) else f"of at least {least:g}"
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and least <= number <= most):
            raise wrong(name, f"is “{value}”", f"set it to a number {span}")
        return number

    def time_zone(self, name: str) -> ZoneInfo | None:
        value = self.text(name)
        try:
            return ZoneInfo(value) if value else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            remedy = "set it to a name such as Europe/Copenhagen or UTC"
            raise wrong(name, f"is “{value}”, which is no time zone that this machine knows", remedy) from None

    def address(self, name: str) -> str | None:
        value = self.text(name)
        return _address(name, value) if value else None

    def addresses(self, name: str) -> tuple[str, ...]:
        listed = (_address(name, part.strip()) for part in (self.text(name) or "").split(",") if part.strip())
        return tuple(dict.fromkeys(listed))

    def domains(self, name: str) -> tuple[str, ...]:
        """Domains after each other, with commas between them; each once."""
        value = self.text(name) or ""
        listed = tuple(part.strip().lower() for part in value.split(",") if part.strip())
        if any(set(one) & set("@/: ") or "." not in one.strip(".") for one in listed):
            raise wrong(
                name, f"is “{value}”", "set it to a domain such as example.com, several with commas between them"
            )
        return tuple(dict.fromkeys(listed))

    def endpoint(self, name: str, default: str) -> str:
        return self._web_address(name, default).rstrip("/")

    def public_url(self, name: str) -> str | None:
        """Where people open the page: https, or this machine itself."""
        if self.text(name) is None:
            return None
        value = self._web_address(name, "").rstrip("/")
        parts = urlsplit(value)
        if parts.path:
            raise wrong(name, f"is “{value}”", "set it to an address such as https://contacts.example.com")
        return value

    def issuer(self, name: str, default: str) -> str:
        # Compared letter by letter with what the provider signs (OpenID Connect Discovery, 4.3), so kept as given.
        return self._web_address(name, default)

    def _web_address(self, name: str, default: str) -> str:
        value = self.text(name) or default
        try:
            parts = urlsplit(value)
            valid = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
            valid = valid and not parts.query and not parts.fragment
        except ValueError:
            valid = False
        if not valid:
            raise wrong(name, f"is “{value}”", "set it to an address such as https://example.com")
        if not is_secret(value):
            # Tokens and contacts travel there, and whoever answers in its place is believed.
            raise wrong(name, f"is “{value}”, and anybody on the way could read along", "write https://")
        return value

    def folder_or_address(self, name: str) -> Path | str | None:
        """A folder, or an address of the web, which may be a secret: it is not repeated."""
        value = self.text(name)
        if value is None or "://" not in value:
            return self.path(name)
        try:
            parts = urlsplit(value)
            valid = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and not parts.username
        except ValueError:
            valid = False
        if not valid or any(letter.isspace() for letter in value):
            raise wrong(name, "names neither a folder nor an address", "write a path, or https://example.com/path")
        return value

    def mail_server(self, name: str) -> str | None:
        """A server that takes mail; it is not repeated: it may hold a password."""
        value = self.text(name)
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            valid = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
            valid = valid and not parts.path.strip("/") and not parts.query
        except ValueError:
            valid = False
        if not valid:
            raise wrong(name, "names no mail server", "write smtp://user:password@host:587, or smtps://host")
        return value

    def sender(self, name: str) -> str | None:
        """An address, or a name and an address: `sharesync <contacts@example.com>`."""
        value = self.text(name)
        if value is None:
            return None
        _, address = parseaddr(value)
        local, _, domain = address.rpartition("@")
        if not local or "." not in domain or any(not letter.isprintable() for letter in value):
            raise wrong(name, f"is “{value}”", "write an address such as contacts@example.com")
        return value

    def networks(self, name: str) -> tuple[Network, ...]:
        """Networks after each other, with commas between them."""
        listed = [part.strip() for part in (self.text(name) or "").split(",") if part.strip()]
        try:
            return tuple(ip_network(one) for one in listed)
        except ValueError:
            remedy = "write networks such as 10.1.0.0/16, several with commas between them"
            raise wrong(name, f"is “{self.text(name)}”", remedy) from None

    def database_url(self, name: str) -> str | None:
        """The URL in the one spelling that SQLAlchemy wants; hosting platforms write `postgres://`."""
        value = self.text(name)
        if value is None:
            return None
        scheme, _, rest = value.partition("://")
        if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and rest:
            return f"postgresql+psycopg://{rest}"
        file = rest.removeprefix("/")
        if scheme == "sqlite" and rest.startswith("/") and file and not file.startswith(":memory:"):
            return f"sqlite:///{self.cwd / file}"
        # The value is not repeated: it may hold a password.
        raise wrong(
            name,
            "names no database that sharesync can use",
            "write sqlite:///path/to/file.db or postgresql+psycopg://user:password@host/name",
        )

    def choice(self, name: str, default: EnumKind) -> EnumKind:
        """One of the values of `default`'s enum."""
        value = self.text(name)
        if value is None:
            return default
        kind = type(default)
        try:
            return kind(value.lower())
        except ValueError:
            listed = " or ".join(str(member.value) for member in kind)
            raise wrong(name, f"is “{value}”", f"set it to {listed}") from None


def _address(name: str, value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not (local and at and domain) or "@" in local or any(letter.isspace() for letter in value):
        raise wrong(name, f"holds “{value}”", "write e-mail addresses such as someone@example.com")
    return value.lower()
