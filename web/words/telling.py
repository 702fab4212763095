"""Words for endpoints: who is told, of what, and how it went."""

from __future__ import annotations

from sharesync.model.endpoint import DIGEST, EndpointKind, EndpointState
from web.words.languages import N_, Spoken

ENDPOINT_KINDS: dict[EndpointKind, str] = Spoken(
    {
        EndpointKind.WEBHOOK: N_("Webhook"),
        EndpointKind.CHAT: N_("Chat room"),
        EndpointKind.MAIL: N_("Mail"),
    }
)
ENDPOINT_STATES: dict[EndpointState, str] = Spoken(
    {EndpointState.ON: N_("switched on"), EndpointState.OFF: N_("switched off")}
)
TOLD_OF: dict[str, str] = Spoken(
    {
        "contact.created": N_("a contact was made"),
        "contact.updated": N_("a contact was changed"),
        "contact.deleted": N_("a contact went to the trash"),
        "contact.restored": N_("a contact came back from the trash"),
        "contact.erased": N_("a contact was erased"),
        "entry.written": N_("an entry about a contact was written"),
        "entry.changed": N_("an entry about a contact was changed"),
        "entry.removed": N_("an entry about a contact was removed"),
        "group.created": N_("a group was made"),
        "group.updated": N_("a group got another name or description"),
        "group.deleted": N_("a group was deleted"),
        "group.contact_added": N_("a contact was put into a group"),
        "group.contact_removed": N_("a contact was taken out of a group"),
        "grant.set": N_("access was granted or changed"),
        "grant.removed": N_("access was taken away"),
        "hold.opened": N_("a mass change waits for a decision"),
        "hold.decided": N_("a mass change was decided"),
        "proposal.opened": N_("a change was proposed"),
        "proposal.decided": N_("a proposed change was decided"),
        "conflict.opened": N_("a value was changed on both sides"),
        "conflict.decided": N_("a conflict was decided"),
        "mailbox.attention": N_("a mailbox needs somebody"),
        "mailbox.recovered": N_("a mailbox goes on again"),
        "directory.attention": N_("the directory cannot be read"),
        "directory.recovered": N_("the directory can be read again"),
        "endpoint.switched_off": N_("an endpoint was switched off"),
        "token.ended": N_("a token no longer works"),
        DIGEST: N_("what waits, each morning at eight"),
    }
)
"""By the names in `model/endpoint.py`."""
