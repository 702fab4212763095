"""Messages to chat rooms: one text, in what Google Chat, Slack and others have in common; never signed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sharesync.endpoints import posting
from sharesync.endpoints.outside import Outside
from sharesync.errors import Sentence
from sharesync.model.endpoint import EndpointKind
from sharesync.services.telling.lines import ToldLine
from sharesync.services.telling.outcomes import TryOutcome, of_answer

MOST = 20
"""Lines of one message."""
_TEST = Sentence("This is a test: sharesync can be heard here.")
_MORE = Sentence("and more: %(number)s")


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message that can be sent. No line: a test."""

    address: str
    language: str | None
    lines: tuple[ToldLine, ...]

    def send(self, outside: Outside, now: datetime) -> TryOutcome:
        """Send it once. Raises Unreachable."""
        body = json.dumps({"text": self.text(outside)}).encode()
        told = {"Content-Type": "application/json; charset=utf-8"}
        answer = posting.answer_to(self.address, body, told, outside.networks)
        return of_answer(EndpointKind.CHAT, self.address, answer, now)

    def text(self, outside: Outside) -> str:
        """What people read."""
        if not self.lines:
            return escaped(outside.say(self.language, _TEST))
        shown = [_line(one, outside, self.language) for one in self.lines[:MOST]]
        rest = len(self.lines) - len(shown)
        more = [escaped(outside.say(self.language, Sentence(_MORE.template, number=rest)))] if rest else []
        return "\n".join(["*sharesync*", *shown, *more])


def _line(line: ToldLine, outside: Outside, language: str | None) -> str:
    says = escaped(" · ".join(part for part in (outside.say(language, line.says), line.group) if part))
    address = outside.page(line.path)
    return f"• {says}" if address is None else f"• <{address}|{says}>"


def escaped(text: str) -> str:
    """A text in which nothing is read as a mark: neither a link, nor a mention, nor bold."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A bar would end the address of a link; the others mark up text in a chat room, wherever they stand.
    return plain.translate(_MARKS)


_MARKS = str.maketrans({"|": "¦", "*": "∗", "~": "∼", "`": "ˋ"})  # they are meant to look alike
