"""Fields from a file: what its contacts say under names that are no fields yet, and fields made of that."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidInput, Refused
from sharesync.formats.file_reading import FileReading, Parsed
from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind, likely_kind, one_line
from sharesync.services import company_fields as cases
from web.frame import running
from web.frame.live import company_fields
from web.frame.person import operating, the_person
from web.frame.responses import done, refused
from web.words.languages import _
from web.words.refusals import told

MOST = 20
"""So many are offered; a file of more custom entries is hardly a table."""
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class LikelyField:
    """What a file says under a name that is no field, and the kind that this suggests."""

    name: str
    kind: FieldKind
    entries: int
    samples: tuple[str, ...]


def likely_fields(file: FileReading) -> list[LikelyField]:
    """The names under which the contacts of a file say what no field holds, in their order."""
    known, told = company_fields(), defaultdict[str, list[str]](list)
    for entry in file.entries:
        for item in entry.card["userDefined"] if isinstance(entry, Parsed) else ():
            if (name := one_line(item.text("key"))) and known.named(name) is None:
                told[name].append(item.text("value"))
    return [
        LikelyField(name, likely_kind(values), len(values), tuple(dict.fromkeys(values))[:SAMPLES])
        for name, values in list(told.items())[:MOST]
    ]


def define(word: str) -> ResponseReturnValue:
    """Make fields of the names that were ticked, and look at the file again: its values are theirs then."""
    back = url_for("importing.shown", word=word, group=request.form.get("group"), new=request.form.get("new"))
    names = request.form.getlist("field")
    if not names:
        return refused(_("Tick what is to become a field."), back)
    try:
        with operating() as operation:
            with operation.look() as look:
                drafts = [cases.checked(look.session, _typed(name)) for name in names]
                for draft in drafts:
                    if not draft.shown and cases.preview(look, draft).contacts:
                        raise Refused(
                            "Contacts say something under “%(name)s” in Google already. Define the field under Fields,"
                            " which shows first what leaves their Google Contacts.",
                            name=draft.name,
                        )
            for draft in drafts:
                cases.create(operation, draft)
    except Refused as error:
        return refused(told(error), back)
    running.forget_rehearsals(the_person().user_id, word)
    return done(_("Fields made: %(names)s.", names=", ".join(one.name for one in drafts)), back)


def _typed(name: str) -> CompanyField:
    kind = next((one for one in FieldKind if one.value == request.form.get(f"kind-{name}")), None)
    where = request.form.get(f"where-{name}")
    if kind is None or where not in ("google", "here"):
        raise InvalidInput("Choose a kind.")
    return CompanyField("", name, kind, shown=where == "google")
