"""Programs at the gate: what is theirs, the token that they bring, how often they may ask.

A program is known by its token alone. The page's cookie opens nothing here, so no other site's page can use somebody's
browser, and no request needs a form's token.
"""

from __future__ import annotations

from flask import Response, g, request

from sharesync.model.permission import Denied, authorize
from sharesync.services.who_may import tokens
from sharesync.services.who_may.permission import refusal
from sharesync.services.who_may.tokens import DeadToken
from web.frame import limits
from web.frame.live import reading, the_world
from web.frame.needs import Needs, find_groups
from web.frame.person import asked_on, program
from web.frame.problems import REALM, BadValue, Problem

ROOT = "/api/v1/"


@limits.limiter.request_filter
def asked() -> bool:
    """Whether what was asked for is for programs, whose requests are counted here alone."""
    return request.path.startswith(ROOT)


def find() -> None:
    """Find out which program asks; again, while a request waits: a token may end meanwhile, and rights change."""
    g.pop("program", None)
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return
    with reading() as session:
        found = tokens.find(session, text.strip(), the_world().now())
    if isinstance(found, DeadToken):
        g.dead_token = found
    else:
        g.program = found


def refuse_odd_text() -> None:
    """Point at each parameter that holds U+0000. Raises Problem; an address that holds it leads nowhere."""
    if odd := [name for name, text in request.args.items() if "\0" in name + text]:
        raise Problem(422, "invalid", errors=[BadValue(name, "No text holds U+0000.") for name in odd])
    if "\0" in request.path:
        raise Problem(404, "not-found")


def count() -> None:
    """Count the request, and refuse it where the limit of this minute is used up. Raises Problem."""
    if not asked():
        return
    g.allowance = used = limits.allowance(limits.BY_PROGRAM)
    if not used.within:
        raise Problem(429, "too-often", headers={"Retry-After": str(used.resets_in)})


def require(needs: Needs | None) -> None:
    """Hold what the view needs against the program. Raises Problem, Refused.

    Where there is no such view, a program that is known is told so by what comes after.
    """
    found = program()
    if found is None:
        dead: DeadToken | None = g.get("dead_token")
        challenge = f'{REALM}, error="invalid_token"' if "Authorization" in request.headers else REALM
        raise Problem(401, "unauthorized", str(dead.reason) if dead else "", headers={"WWW-Authenticate": challenge})
    if needs is None or needs.right is None:
        return
    if needs.scope is None or needs.scope not in found.token.scopes:
        scope = needs.scope.value if needs.scope else ""
        challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
        g.denied = needs.right.value
        told = f"This takes the scope {scope}."
        raise Problem(403, "insufficient-scope", told, headers={"WWW-Authenticate": challenge})
    find_groups(needs)
    verdict = authorize(found.party, needs.right, asked_on())
    if isinstance(verdict, Denied):
        asked_for = str((request.view_args or {}).get(needs.argument, ""))
        error = refusal(verdict, needs.right, needs.argument or "group", asked_for)
        g.denied = error.denied
        raise error


def see(response: Response) -> None:
    """Tell a program what it has left, and write down now and then that its token is used."""
    if used := g.get("allowance"):
        response.headers["RateLimit-Policy"] = f'"default";q={used.most};w=60'
        response.headers["RateLimit"] = f'"default";r={used.left};t={used.resets_in}'
    found = program()
    if found and found.due and response.status_code < 500:
        with the_world().work(found.by) as work:
            tokens.see(work, found.token.id)
