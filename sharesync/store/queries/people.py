"""People: who somebody is by id or address, who has a role, and which groups they do not want in their mailbox."""

from __future__ import annotations

from sharesync.store.mailboxes.directory import is_user, user_id
from sharesync.store.mailboxes.opt_outs import groups_of
from sharesync.store.mailboxes.opt_outs import ids as declined
from sharesync.store.records.actors import Who, actors, who
from sharesync.store.records.roles import listed as with_roles

__all__ = ["Who", "actors", "declined", "groups_of", "is_user", "user_id", "who", "with_roles"]
