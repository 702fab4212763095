"""Set-up: what to click in Google's Admin console, what to paste there, and the checks of `sharesync doctor`, live."""

from __future__ import annotations

from flask import render_template

from sharesync.google.credentials import CONTACTS, DIRECTORY
from sharesync.services.operation.doctor import Finding, Patient, examine
from web.frame.limits import SYNC_NOW
from web.frame.live import settings, the_world
from web.frame.needs import ADMINISTER, Pages

pages = Pages("set_up", __name__, url_prefix="/set-up")


@pages.get("/", needs=ADMINISTER)
def index() -> str:
    """The guide."""
    return _guide([])


@pages.post("/", needs=ADMINISTER, limit=SYNC_NOW)
def check() -> str:
    """The guide, with what the checks found. Nothing is changed by them, neither here nor at Google."""
    world, chosen = the_world(), settings()
    patient = Patient(
        database=world.database,
        open_google=lambda: world.google,
        key_file=chosen.google_key_file,
        data_dir=chosen.data_dir,
        domains=chosen.domain,
        people_endpoint=chosen.people_endpoint,
        now=world.now,
        log_key=world.log_key,
        checkpoints_to=world.checkpoints_to,
        checkpoint_interval=world.checkpoint_interval,
        mail=world.outside.mail,
        interval=world.interval,
    )
    return _guide(list(examine(patient)))


def _guide(findings: list[Finding]) -> str:
    return render_template(
        "set_up/index.html",
        findings=findings,
        client_id=the_world().google.client_id,
        keyless=the_world().google.is_keyless,
        scopes=(*CONTACTS, *DIRECTORY),
        chosen=settings(),
    )
