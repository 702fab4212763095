"""Every action that the change log knows, with what it says: `noun.verb`, the thing and what was done to it.

An action that is not in this table cannot be recorded. The envelope's fields (`group`, `contact`, `mailbox`, `fields`,
`before_version`, `after_version`, `reason`) are filled where the sentence speaks of them; values before and after are
kept apart from it. A change of a sentence's meaning is a new version of its line, never a silent one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VERSION = 1
"""Of this table; every envelope says under which it was written."""

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        # what is shared
        "contact.create": "A contact was made in a group; values: its card.",
        "contact.update": "A contact's card was changed, or someone without the right tried to; values: before, after.",
        "contact.delete": "A person in a mailbox was deleted by someone who may not; it is made again.",
        "contact.trash": "A contact left its last group and lies in the trash.",
        "contact.restore": "A contact came back from the trash.",
        "contact.recover": "A contact that the store had lost was found again by its mark in a mailbox.",
        "contact.erase": "All that was kept of a contact is erased, here and in every mailbox; reason: why.",
        "contact.hold": "A legal hold forbids to erase a contact; reason: why.",
        "contact.unhold": "A contact's legal hold ended; reason: why.",
        "contact.merge": "Two contacts became one; contact: the one that stayed; reason: the one in the trash.",
        "contact.unmerge": "Two contacts that had become one are two again; the cause is the merge; reason: the other.",
        "contact.set_photo": "A contact got a photo, or another one; values: SHA-256 of the one before, and of it.",
        "contact.remove_photo": "A contact's photo was taken away; values as above.",
        "contact.check": "Somebody said that a contact is right; values: when somebody did before, and now.",
        "contact.uncheck": "That a contact is right was taken back; values as above.",
        "contact.purge": "A contact's time in the trash is over; its history stays.",
        "group.create": "A group was made; values: its name.",
        "group.rename": "A group got another name; values: before, after.",
        "group.describe": "What a group is for was said anew; values: before, after.",
        "group.delete": "A group was deleted; values: its name.",
        "group.add": "A contact was put into a group.",
        "group.take": "A contact was taken out of a group.",
        "group.restore": "A group was brought back to how it stood at a moment; reason: the moment.",
        "group.filter": "Another filter, other sources or another owner choose who is in a smart group; values: before,"
        " after.",
        "group.stop": "A smart group takes no contacts from a group any more: its owner does not manage that, or it was"
        " deleted; reason: which.",
        "group.resume": "A smart group takes contacts from a group again, as its owner manages it; reason: which.",
        "filter.save": "Someone kept a filter under a name; group: who sees it sees the filter, too; values: both.",
        "filter.forget": "A filter is kept no longer; values: its name, the filter.",
        "group.decline": "A user does not want a group in their own mailbox; what they may do with it stays.",
        "group.want": "A user wants a group that they had declined in their own mailbox again.",
        "group.limit": "A group got limits of its own for holds; reason: which.",
        "duplicate.dismiss": "Someone decided that two contacts are not the same; reason: the other.",
        "duplicate.restore": "That two contacts are not the same was taken back; the cause is that decision.",
        # what happened with a contact
        "entry.write": "An entry about a contact was written; values: what it says; reason: its id.",
        "entry.change": "An entry was changed, or a follow-up is done; values: before, after; reason: its id.",
        "entry.remove": "An entry was removed; values: what it said; reason: its id.",
        "calendar.open": "Somebody made an address at which their calendar of follow-ups is read; a former one ended.",
        "calendar.close": "Somebody ended the address of their calendar.",
        # what people look through
        "review.start": "A review began: people are asked about contacts; values: its name, filter and due day, and who"
        " is asked; reason: its id.",
        "review.decide": "Somebody who was asked in a review said that a contact is right, was corrected or is gone, or"
        " took that back; values: before, after; reason: the review's id.",
        "review.move": "A contact of a review is asked of somebody else, of nobody any more, or again; values: how it"
        " stood, how it stands; reason: the review's id.",
        "review.end": "A review ended, and is not repeated; reason: its id.",
        "review.resume": "That a review ended was taken back; reason: its id.",
        # what the company wants to know
        "field.create": "A field was defined; values: its name; reason: its kind, and whether Google shows it.",
        "field.rename": "A field got another name, everywhere; values: before, after.",
        "field.retype": "A field got another kind; values: before, after, its choices too; reason: its id.",
        "field.place": "A field moved: shown in Google, or kept here; values: before, after; reason: its id.",
        "field.change": "What can be chosen in a field, its help, or where it is required was changed; fields: which.",
        "field.arrange": "The fields were put into another order.",
        "field.delete": "A field was deleted, and its values with it; values: its name.",
        # who may see it
        "grant.set": "A principal was granted a level on a group; reason: from what to what.",
        "grant.remove": "A principal's grant on a group was taken away; reason: what it was.",
        "directory.sync": "Directory changed someone's access; reason: how many users.",
        "directory.need": "Directory cannot be read before a person acts; reason: why.",
        "directory.recover": "Directory, which needed a person, can be read again.",
        # who uses the web page
        "role.set": "A user was made administrator or auditor; reason: which, and what they were.",
        "role.remove": "A user's role was taken away; reason: which.",
        "session.open": "A user signed in to the web page.",
        "session.close": "A user was signed out; reason: how.",
        "access.deny": "Someone asked for what they may not see or do, or may not sign in; reason: what.",
        # programs
        "service.create": "A program was made a principal of its own; reason: its name.",
        "service.remove": "A program is no principal any more; its grants and tokens ended; reason: its name.",
        "token.create": "A token was made that lets a program act for its owner; reason: its scopes and its end.",
        "token.revoke": "A token was ended; reason: its id.",
        "token.expire": "A token's time is over; reason: its id.",
        # who is told
        "endpoint.create": "An endpoint was made: somebody who is told of events; reason: its kind and id.",
        "endpoint.change": "What an endpoint is told of was chosen anew; reason: its id.",
        "endpoint.rotate": "A webhook got a new secret; the former one signs for a day more; reason: its id.",
        "endpoint.test": "Somebody had a test sent to an endpoint; reason: its id.",
        "endpoint.replay": "An endpoint is told again of what happened; reason: from which event on, and its id.",
        "endpoint.switch_off": "An endpoint is told no more, as it refuses or never answers; reason: its id.",
        "endpoint.switch_on": "An endpoint is told again; reason: its id.",
        "endpoint.remove": "An endpoint was removed; reason: its id.",
        # keys and copies
        "key.make": "Keys were made that sign marks and the log, and hide what was erased; reason: which.",
        "key.move": "The log is signed with another key from here on, kept in a file; reason: from which, to which.",
        "import.run": "A file of contacts was imported; reason: its format and entries. What it made has it as cause.",
        "import.undo": "An import was undone; the cause is the import.",
        "contact.export": "Someone took a copy of contacts; reason: how many, and in what form.",
        # the log itself
        "log.read": "Someone looked at the log; reason: what they asked for.",
        "log.check": "Someone had the whole log checked in the web page; reason: how many events, what was found.",
        "log.export": "Someone took a copy of the log's events; reason: which, and in what form.",
        "log.retire": "The oldest events were archived and taken away; reason: below which number, the archive's hash.",
        # what waits for a person
        "hold.keep": "So many removals or edits came from a mailbox at once, or so many people would lose a group by"
        " what Directory says, that it waits for a decision.",
        "hold.apply": "Contacts of a hold became what was done in the mailbox, or people lose what Directory said.",
        "hold.restore": "Contacts of a hold are made whole in the mailbox, or people keep what they would lose.",
        "hold.close": "Contacts or people of a hold need no decision any more.",
        "hold.expire": "Nobody decided within a day, and Directory said the same all the time: it is carried out.",
        "proposal.keep": "An edit by someone who may only view is kept as a proposal.",
        "proposal.accept": "A proposal became the contact's next version.",
        "proposal.dismiss": "A proposal was dismissed.",
        "proposal.reopen": "A decision about a proposal was taken back: it waits again; reason: its id.",
        "question.ask": "A merge may have been an edit: its user alone is asked, and sees the values.",
        "question.share": "A user said that values in question were meant for all.",
        "question.keep": "A user said that values in question are theirs alone.",
        "conflict.keep": "A value was changed on both sides; the store's stood, the other is kept.",
        "conflict.resolve": "A conflict was decided; reason: for which side.",
        "conflict.reopen": "A decision about a conflict was taken back: it waits again; reason: its id.",
        # what was taken back
        "deed.undo": "What somebody did in the page was taken back, as far as it still stood; what this changed has it"
        " as cause.",
        # what stands in a mailbox
        "link.find": "A person in a mailbox was found by its mark.",
        "link.adopt": "A person of a user's own, equal to a contact, was labelled instead of copied.",
        "link.double": "A second person with a contact's mark was found in a mailbox: it goes, or its mark does.",
        "link.merge": "A user merged a person of their own into a shared one; what it brought is theirs, there only.",
        "mailbox.ask": "Someone asked for a pass over a mailbox, or over all; reason: in what manner, or how many.",
        "mailbox.end": "A mailbox is no more: its user was deleted and can be brought back no longer.",
        "mailbox.need": "A mailbox cannot go on before a person acts; reason: why.",
        "mailbox.recover": "A mailbox that needed a person goes on.",
        "mailbox.reset": "Which persons a mailbox's links are was forgotten, to be found again.",
        "label.give": "A user shared a label of their own: it is a new group's from now on, with what is under it.",
        "label.put_on": "A label was put on by someone who may not; it is taken off.",
        "label.double": "A second label with a group's mark was found in a mailbox; it goes, or is left to its user.",
        "label.take_off": "A label was taken off by someone who may not; it is put back.",
        # what was sent to Google
        "mailbox.send": "A request that changes a mailbox is about to be sent; reason: which, for how many contacts.",
        "person.create": "A contact was made in a mailbox; the cause is what made the version that was sent.",
        "person.update": "A contact was changed in a mailbox; the cause as above.",
        "person.set_photo": "A contact's photo was put on it in a mailbox; the cause is what made it the photo.",
        "person.remove_photo": "Our photo was taken off a contact in a mailbox; the cause as above.",
        "person.delete": "A contact was removed from a mailbox; where it was erased, the cause says so.",
        "person.release": "A contact was left to a mailbox's user, without what is ours; the cause as for its removal.",
        "person.end": "A contact that was erased stood in a mailbox that is no more; the cause is the erasure.",
        "person.refuse": "Google refuses a contact in a mailbox, or something there keeps changing it; reason: which.",
        "label.create": "A group's label was made in a mailbox.",
        "label.rename": "A group's label got its name back in a mailbox.",
        "label.fill": "A label was put on contacts and taken off others; reason: how many.",
        "label.delete": "A group's label is gone from a mailbox: withdrawn, or deleted by its user and made again.",
        "label.release": "A group's label was left to a mailbox's user, who keeps something of their own under it.",
    }
)
SHOW_CONTACTS = frozenset({"entry.write", "entry.change", "entry.remove"})
"""Those after which a program that follows the feed reads a contact's entries again; its version stays."""
CHANGE_CONTACTS = frozenset(
    {
        *("contact.create", "contact.update", "contact.trash", "contact.restore", "contact.recover", "contact.erase"),
        *("contact.merge", "contact.unmerge", "contact.set_photo", "contact.remove_photo", "group.add", "group.take"),
    }
)
"""Those of which a program that follows the feed is told: a contact has another card, photo or group, or is gone."""
SENT = frozenset(
    {
        *("mailbox.send", "label.create", "label.rename", "label.fill", "label.delete", "label.release"),
        *(action for action in ACTIONS if action.startswith("person.")),
    }
)
"""Those that tell what was sent to Google: by them no contact changes, and nobody gains or loses a right."""
