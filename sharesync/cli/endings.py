"""How a command ends: the one table from errors to exit status, and the words for errors nobody foresaw."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import click

from sharesync.cli import logs, opening
from sharesync.errors import (
    GoogleError,
    InvalidFilter,
    MailboxBusy,
    Refused,
    SearchTooLong,
    SettingsError,
    SharesyncError,
    Unreachable,
)

STATUS: tuple[tuple[type[SharesyncError], int], ...] = (
    (SettingsError, 2),
    (InvalidFilter, 2),
    (SearchTooLong, 2),
    (Refused, 1),
    (MailboxBusy, 1),
    (GoogleError, 1),
    (Unreachable, 1),
)
"""Exit status by error, the first that fits. Wrong usage is click's `UsageError`, which ends in 2 by itself."""

DONE_IN_PART = 1


class Commands(click.Group):
    """The commands, none of which ever shows a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error becomes one sentence on standard error and the exit status of the table."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except SharesyncError as error:
            click.echo(str(error), err=True)
            ctx.exit(next((status for kind, status in STATUS if isinstance(error, kind)), DONE_IN_PART))
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # whoever reads our output has read enough; click ends quietly
            click.echo(_unforeseen(error), err=True)
            ctx.exit(DONE_IN_PART)


def _unforeseen(error: Exception) -> str:
    from sharesync.services.operation import unexpected_errors

    file = logs.to_file(_data_dir())
    mishap = unexpected_errors.note(error)
    where = f"; {file} says where" if file and file.exists() else ""
    return f"Something unforeseen went wrong (mishap {mishap}{where}); this is a fault of sharesync, please report it."


def _data_dir() -> Path:
    try:
        return opening.settings().data_dir
    except (SettingsError, OSError):
        return Path("var")
