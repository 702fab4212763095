"""A program written with a client that openapi-python-client generated: `python -m tests.api.generated URL TOKEN`.

`judge.py` runs it in the judges' environment, with the client under the name `generated_client` on the path.
"""

from __future__ import annotations

import io
import sys
import time
from importlib import import_module
from typing import Any


def operation(name: str) -> Any:
    """A generated operation, by the part of the API and its name: `contacts.create_contact`."""
    return import_module(f"generated_client.api.{name}").sync_detailed


def run(url: str, token: str) -> None:
    """Make, change and look for a contact as a program would. Raises AssertionError for an answer of another shape."""
    models, types = import_module("generated_client.models"), import_module("generated_client.types")
    client = import_module("generated_client").AuthenticatedClient(base_url=url, token=token)

    def card(given: str) -> Any:
        return models.Card(names=[models.NamesItem(given_name=given)])

    new = models.NewContact(groups=["Customers"], card=card("Generated"))
    made = operation("contacts.create_contact")(client=client, body=new, idempotency_key="once")
    assert (made.status_code, made.parsed.version, made.headers["ETag"]) == (201, 1, '"1"')
    contact = made.parsed.id

    def replace(given: str, version: int) -> Any:
        body = models.NewCard(card=card(given))
        return operation("contacts.replace_contact")(contact, client=client, body=body, if_match=f'"{version}"')

    assert replace("Changed", 1).parsed.version == 2
    stale = replace("Late", 1)
    assert isinstance(stale.parsed, models.ProblemShape)
    assert (stale.status_code, stale.parsed.type_, stale.parsed.version) == (412, "/api/#stale", 2)

    missing = operation("contacts.show_contact")("0" * 32, client=client)
    assert isinstance(missing.parsed, models.ProblemShape)
    assert missing.parsed.status == 404

    found = operation("contacts.list_contacts")(client=client, q="changed").parsed
    assert [one.id for one in found.items] == [contact]
    told = operation("changes.list_changes")(client=client, limit=200).parsed
    assert contact in {one.id for one in told.items}
    lost = operation("changes.list_changes")(client=client, since="x")
    assert (lost.status_code, lost.parsed.type_) == (410, "/api/#begin-anew")

    file = types.File(payload=io.BytesIO(b"Name\nOle Olsen\n"))
    job = operation("imports.import_file")(client=client, body=file, group="Customers").parsed
    end = time.monotonic() + 60
    while job.state.value == "running" and time.monotonic() < end:
        job = operation("jobs.show_job")(job.id, client=client).parsed
    assert (job.state.value, job.report.created) == ("done", 1)


if __name__ == "__main__":
    run(*sys.argv[1:])
    sys.stdout.write("The generated client knows every answer.\n")
