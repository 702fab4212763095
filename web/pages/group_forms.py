"""The forms of a group: its name and what it is for; its limits for holds."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, DecimalField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from sharesync.model.group import MAX_DESCRIPTION, MAX_NAME
from web.words.languages import lazy


class GroupForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is published without types
    """A group's name, and what it is for."""

    name = StringField(
        lazy("Name"),
        [
            InputRequired(lazy("A group needs a name.")),
            Length(max=MAX_NAME, message=lazy("A name has at most %(max)d characters.")),
        ],
    )
    description = TextAreaField(
        lazy("What it is for"),
        [Length(max=MAX_DESCRIPTION, message=lazy("A description has at most %(max)d characters."))],
    )


class PassingForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is published without types
    """Whether editors may put the group's contacts into other groups."""

    allowed = BooleanField(lazy("Those who may edit may put contacts of this group into other groups, too"))


class ServiceLimitForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is published without types
    """How much a service may change of a group at once; empty is the usual."""

    at_once = IntegerField(lazy("Contacts at once"), [Optional(), NumberRange(min=0, max=1_000_000)])


class LimitsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is published without types
    """How much one mailbox may remove at once before it is held; empty is the usual."""

    count = IntegerField(
        lazy("Contacts"), [Optional(), NumberRange(min=0, max=1_000_000, message=lazy("Write a number of 0 or more."))]
    )
    share = DecimalField(
        lazy("Share of the group, in percent"),
        [Optional(), NumberRange(min=0, max=100, message=lazy("Write a number between 0 and 100."))],
        places=0,
    )
