"""Files over the API: brought in as a job with a progress, tried, undone, and copies taken."""

import json
from typing import Any

import pytest
from flask import Flask

from sharesync.services.operation.uploads import Uploads
from sharesync.settings import Settings
from tests.api.conftest import Calling, calling, make_service, make_token
from tests.cli.processes import until
from tests.worlds import House

FILE = {"content_type": "application/octet-stream"}
CSV = "Name,E-mail\n" + "".join(f"N{number} Nilsson,n{number}@x.test\n" for number in range(9))


def send(program: Calling, data: str, **query: str) -> Any:
    answer = program.post("/api/v1/imports", query_string={"group": "Customers", **query}, data=data, **FILE)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json['id']}"

    def ended() -> str:
        return "" if program.get(answer.headers["Location"]).json["state"] == "running" else "ended"

    until(ended)
    return program.get(answer.headers["Location"]).json


def test_a_file_comes_in_as_a_job_and_the_same_file_again_changes_nothing(shared: House, crm: Calling) -> None:
    job = send(crm, CSV)
    assert (job["state"], job["total"], job["done"], job["report"]["created"]) == ("done", 9, 9, 9)
    assert "N3 Nilsson" in shared.contacts("Customers")
    again = send(crm, CSV)
    assert (again["report"]["created"], again["report"]["unchanged"]) == (0, 9)
    assert [one["id"] for one in crm.get("/api/v1/imports").json["items"]] == [again["import_id"], job["import_id"]]
    told = shared.query("SELECT actor_kind, source FROM events WHERE id = ?", job["import_id"])
    assert told == [("token", "api")]


def test_a_file_that_is_tried_leaves_nothing(shared: House, crm: Calling) -> None:
    job = send(crm, CSV, mode="try")
    assert (job["state"], job["report"]["created"], job["import_id"]) == ("done", 9, None)
    assert shared.contacts("Customers") == ["Ada", "Grace"]


def test_a_file_that_cannot_be_read_is_a_job_that_failed_and_says_why(app: Flask, shared: House, crm: Calling) -> None:
    job = send(crm, "\x00\x01")
    assert job["state"] == "failed"
    assert job["detail"]
    viewer = calling(app, make_token(shared, make_service(shared, "viewer", Customers="view")).text)
    there = {"query_string": {"group": "Customers"}, "data": CSV, **FILE}
    assert viewer.post("/api/v1/imports", **there).status_code == 403
    assert viewer.post("/api/v1/imports", **{**there, "query_string": {"group": "Press"}}).status_code == 404
    assert viewer.get(f"/api/v1/jobs/{job['id']}").status_code == 404


def test_what_a_person_sends_in_the_page_is_no_job_of_their_programs(
    app: Flask, shared: House, settings: Settings
) -> None:
    word = Uploads(settings.uploads).keep(shared.users["bo"].id, CSV.encode())
    assert calling(app, make_token(shared, "bo").text).get(f"/api/v1/jobs/{word}").status_code == 404


def test_a_job_whose_process_died_is_said_to_have_failed(
    app: Flask, shared: House, crm: Calling, settings: Settings
) -> None:
    owner = shared.query("SELECT owner FROM tokens")[0][0]
    left_behind = Uploads(settings.uploads).keep(f"program-{owner}", CSV.encode())
    job = crm.get(f"/api/v1/jobs/{left_behind}").json
    assert job["state"] == "failed"
    assert "Send the file again" in job["detail"]


def test_an_import_is_undone_and_what_takes_many_out_waits_for_a_person(shared: House, crm: Calling) -> None:
    few = send(crm, "Name\nOle\nPer\n")
    undone = crm.post(f"/api/v1/imports/{few['import_id']}/undo")
    assert (undone.status_code, undone.json) == (200, {"taken": 2, "changed": 0})
    assert crm.post(f"/api/v1/imports/{few['import_id']}/undo").status_code == 422
    many = send(crm, CSV)
    held = crm.post(f"/api/v1/imports/{many['import_id']}/undo")
    assert (held.status_code, len(held.json["holds"])) == (202, 1)
    assert len(shared.contacts("Customers")) == 11


@pytest.mark.parametrize("form", ["jsonl", "vcf", "google-csv"])
def test_a_copy_is_taken_and_the_log_tells_of_it(shared: House, crm: Calling, form: str) -> None:
    answer = crm.get(f"/api/v1/exports?group=Customers&format={form}")
    assert answer.status_code == 200
    assert "Grace" in answer.text
    assert "Zoë" not in answer.text
    assert len(shared.events("contact.export")) == 1
    assert crm.get("/api/v1/exports?group=Press").status_code == 404


def test_many_cards_that_a_file_would_change_wait_for_a_person(shared: House, crm: Calling) -> None:
    made = send(crm, "Name\n" + "".join(f"M{number}\n" for number in range(30)))
    assert made["report"]["created"] == 30
    lines = [json.loads(line) for line in crm.get("/api/v1/exports?group=Customers").text.splitlines()]
    for line in lines:
        line["card"]["nicknames"] = [{"value": "changed"}]
    job = send(crm, "".join(json.dumps(line) + "\n" for line in lines))
    assert (job["report"]["changed"], job["report"]["held"]) == (0, 32)
    assert len(crm.get("/api/v1/contacts?q=changed").json["items"]) == 0
