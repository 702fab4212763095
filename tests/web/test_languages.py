"""English, Danish, Norwegian, Swedish: chosen as people expect, and nothing is left unsaid in any of them."""

import ast
import io
import re
import tomllib
from functools import cache
from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from sharesync import errors
from sharesync.errors import Sentence
from sharesync.google import failures
from tests.web.conftest import Signed, signed_in
from tests.web.test_sign_in import door_of
from tests.worlds import House
from web.frame import oidc
from web.pages import card_form
from web.words import fields, terms
from web.words.languages import FOLDER, LANGUAGES, Spoken

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = sorted((ROOT / "web/templates").rglob("*.html"))
CODE = sorted((ROOT / "web").rglob("*.py"))
KEYWORDS = {
    name: tuple(map(int, places.split(","))) if places else None
    for name, places in re.findall(r"-k ([\w]+)(?::([\d,]+))?", (ROOT / "Makefile").read_text())
}
OTHERS = sorted(LANGUAGES.keys() - {"en"})
LAYERS = tuple(
    f"sharesync/{one}"
    for one in ("model", "sync", "store", "formats", "google", "services", "mailbox_pass", "jobs", "bootstrap.py")
)
PASSED_ON = (".reason", ".template", ".sentence")
"""What is a sentence already, or its template: a variable is called so for what was marked where it came from."""
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


def python_files(place: Path) -> list[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


@cache
def catalogue(code: str) -> Catalog:
    with (FOLDER / code / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=code)


@cache
def marked(inside: tuple[str, ...] = ("web", "sharesync")) -> frozenset[str | tuple[str, ...]]:
    """Everything that is marked to be said, in all code and every template or in some folders; looked for once."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    found: set[str | tuple[str, ...]] = set()
    for folder in inside:
        ours = [one for one in mappings if one["pattern"].startswith(f"{folder}/")]
        methods = [(one["pattern"].removeprefix(f"{folder}/"), one["method"]) for one in ours]
        said = extract_from_dir(ROOT / folder, methods, keywords=KEYWORDS)
        found |= {message if isinstance(message, str) else tuple(message) for _, _, message, _, _ in said}
    return frozenset(found)


@pytest.mark.parametrize("code", OTHERS)
def test_everything_that_is_said_has_a_translation(code: str) -> None:
    held = {message.id: message for message in catalogue(code) if message.id}
    forms = {message_id[0] for message_id in held if not isinstance(message_id, str)}
    assert sorted(map(str, marked() - held.keys() - forms)) == []
    empty = [message.id for message in held.values() if not all(_strings(message.string)) or message.fuzzy]
    assert empty == []
    assert sorted(map(str, held.keys() - marked())) == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_placeholders_of_what_it_translates(code: str) -> None:
    wrong = [
        message.id
        for message in catalogue(code)
        for said in _strings(message.string)
        if message.id and set(PLACEHOLDER.findall(said)) != set(PLACEHOLDER.findall(_strings(message.id)[0]))
    ]
    assert wrong == []


def test_no_sentence_has_a_number_beside_a_noun_that_does_not_follow_it() -> None:
    """A noun that is counted comes with its number (`count`, `Counted`): “1 events” is nobody's language."""
    counted = {many for _, many in terms.NOUNS} | {kind.many for kind in errors.COUNTED.values()}
    wrong = [
        one
        for one in marked()
        if isinstance(one, str) and any(noun in counted for noun in re.findall(r"%\((?!file|most)\w+\)[sd] (\w+)", one))
    ]
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_is_compiled_is_what_is_written(code: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(code))
    assert (FOLDER / code / "LC_MESSAGES/messages.mo").read_bytes() == compiled.getvalue(), "run `make words`"


def _strings(told: object) -> tuple[str, ...]:
    return tuple(told) if isinstance(told, list | tuple) else (str(told),)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "web/templates").as_posix())
def test_no_template_says_anything_that_is_not_marked(template: Path) -> None:
    text = re.sub(
        r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<meta[^\n]*>\n|<(code|kbd)>.*?</\1>",
        "",
        template.read_text(),
        flags=re.DOTALL,
    )
    said = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', text)
    said += re.sub(r"<[^>]*>", "\n", text).splitlines()
    assert [
        one.strip()
        for one in said
        if re.search(r"[A-Za-z]{2}", one) and "sharesync" not in one and "someone@" not in one
    ] == []


def kinds(error: type[Exception]) -> list[type[Exception]]:
    """An error and everything that is one."""
    return [error, *(one for narrower in error.__subclasses__() for one in kinds(narrower))]


REFUSALS = {
    one.__name__: one
    for one in (
        *kinds(failures.RequestRefused),
        *kinds(errors.GoogleError),
        *kinds(errors.Refused),
        oidc.SignInFailed,
        Sentence,
    )
}
TAKES_A_TEMPLATE = sorted(name for name, one in REFUSALS.items() if "template" in signature(one).parameters)


SPOKEN = {
    file: ast.parse(file.read_text())
    for file in (*(file for layer in LAYERS for file in python_files(ROOT / layer)), *CODE)
}


def is_sentence(made: ast.expr) -> bool:
    """Whether an expression is a sentence already: a constant, or what a function that says so returns."""
    text = ast.unparse(made)
    return text in CONSTANTS or text.partition("(")[0] in CONSTANTS or f".{text}".endswith(PASSED_ON)


CONSTANTS = {
    ast.unparse(name)
    for tree in SPOKEN.values()
    for node in tree.body
    for name in (node.targets if isinstance(node, ast.Assign) else ())
    if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Sentence(")
} | {
    node.name
    for tree in SPOKEN.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef) and node.returns and ast.unparse(node.returns) == "Sentence"
}


def test_every_refusal_says_a_template_that_is_marked() -> None:
    assert {"InvalidCard", "Attention", "OutcomeUnknown", "PersonMissing"} <= set(TAKES_A_TEMPLATE)
    assert [name for name in TAKES_A_TEMPLATE if name not in KEYWORDS] == []
    unmarked = [
        f"{file.name}:{call.lineno}"
        for file, tree in SPOKEN.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in TAKES_A_TEMPLATE
        if call.args and not (isinstance(call.args[0], ast.Constant) or is_sentence(call.args[0]))
    ]
    assert unmarked == []


def test_every_reason_in_the_change_log_is_a_sentence_that_is_marked() -> None:
    """A literal, or one with values in it, would be said in English in every language."""
    told = [
        (file.name, each)
        for file, tree in SPOKEN.items()
        for node in ast.walk(tree)
        for value in reasons(node)
        for each in ([value.body, value.orelse] if isinstance(value, ast.IfExp) else [value])
    ]
    assert len(told) > 40
    unmarked = {
        name
        for name, each in told
        if isinstance(each, ast.JoinedStr) or (isinstance(each, ast.Constant) and each.value)
    }
    # What a grant says is read by the timeline, which knows whose name and which level it is.
    assert unmarked - {"grants.py"} == set()


def reasons(node: ast.AST) -> list[ast.expr]:
    """What is handed on as a reason, or called so before it is."""
    if isinstance(node, ast.Call):
        return [word.value for word in node.keywords if word.arg == "reason"]
    if isinstance(node, ast.Assign) and "reason" in map(ast.unparse, node.targets):
        return [node.value]
    return []


def test_what_a_page_says_at_the_end_is_marked() -> None:
    unmarked = [
        f"{file.name}:{call.lineno}"
        for file in CODE
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("done", "refused")
        if isinstance(call.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert unmarked == []


def test_every_kind_of_thing_that_is_missing_has_its_sentence() -> None:
    named = {
        kind
        for file in SPOKEN
        for kind in re.findall(r"""(?:NotFound\(|(?<!During\()what=)["'](\w[\w ]*)["']""", file.read_text())
    }
    assert {"contact", "open hold"} < named
    by_id_alone = {"act": "There is nothing here that you can undo."}  # nobody knows an act by its name
    for kind in (*named, "user", "Google group"):
        assert str(errors.NotFound(kind, "x")) == by_id_alone.get(kind, f"There is no {kind} “x”.")


def test_every_noun_that_is_counted_is_marked() -> None:
    counted = {
        (one, many or f"{one}s")
        for file in (*TEMPLATES, *CODE)
        for one, many in re.findall(r"""\bcount\([^"'\n]+, ["'](\w+)["'](?:, ["'](\w+)["'])?\)""", file.read_text())
    }
    assert ("contact", "contacts") in counted
    assert sorted(counted - set(terms.NOUNS)) == []


def test_a_table_that_is_spoken_holds_nothing_but_words() -> None:
    """The name of an icon or of a field would be translated with them, as soon as another page says a word like it."""
    tables = {
        f"{module.__name__}.{name}": table
        for module in (
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
            for file in CODE
            if file.stem != "__init__"
        )
        for name, table in vars(module).items()
        if isinstance(table, Spoken)
    }
    assert "web.pages.duplicates.REASONS" in tables
    said = marked()
    codes = [
        (name, word)
        for name, table in tables.items()
        for value in dict.values(table)
        for word in (value if isinstance(value, tuple) else [getattr(value, "word", value)])
        if word not in said
    ]
    assert codes == []


def test_every_box_of_a_card_is_marked() -> None:
    boxes = {box.label for some in card_form.BOXES.values() for box in some}
    assert boxes == set(fields.LABELS)


# --- Choosing --------------------------------------------------------------------------------------------------------


def language(text: str) -> str:
    found = re.search(r'<html lang="(\w+)"', text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("da", "da"), ("da-DK,da;q=0.9,en;q=0.8", "da"), ("no", "nb"), ("nn-NO, nb;q=0.5", "nb"), ("sv-SE", "sv"),
        ("de-DE, sv;q=0.5, en;q=0.1", "sv"), ("en-GB,en;q=0.9,da;q=0.1", "en"), ("fr", "en"), ("", "en"), ("*", "en"),
    ],
)  # fmt: skip
def test_the_browser_says_which_language(app: Flask, house: House, asked: str, code: str) -> None:
    assert language(app.test_client().get("/sign-in/", headers={"Accept-Language": asked}).text) == code


def test_who_chooses_a_language_keeps_it_in_this_browser(app: Flask, shared: House) -> None:
    bo = signed_in(app, shared, "bo")
    answer = bo.submit("/language/", {"language": "sv", "back": "/groups/"})
    assert (answer.status_code, answer.location) == (303, "/groups/")
    assert language(bo.get("/groups/", headers={"Accept-Language": "da"}).text) == "sv"
    bo.submit("/language/", {"language": "tlh"})
    assert language(bo.get("/groups/").text) == "sv"


def test_a_stranger_chooses_too(shared: House, tmp_path: Path) -> None:
    browser = door_of(shared, tmp_path).browser
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in/").text)
    assert token
    browser.post("/language/", data={"csrf_token": token[1], "language": "nb", "back": "/sign-in/"})
    assert "Logg inn med Google" in browser.get("/sign-in/").text


def test_no_choice_leads_to_another_site(app: Flask, shared: House) -> None:
    bo = signed_in(app, shared, "bo")
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "/\n//evil.example"):
        assert bo.submit("/language/", {"language": "sv", "back": back}).location == "/"


SAID = {
    "en": ("All 3 mailboxes are up to date", "3 contacts in 2 groups, shared with 3 people.", "added", "ago"),
    "da": ("Alle 3 postkasser er opdateret", "3 kontakter i 2 grupper, delt med 3 personer.", "føjede", "siden"),
    "nb": ("Alle 3 postkasser er oppdatert", "3 kontakter i 2 grupper, delt med 3 personer.", "la", "siden"),
    "sv": ("Alla 3 brevlådor är uppdaterade", "3 kontakter i 2 grupper, delas med 3 personer.", "lade till", "sedan"),
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_first_page_speaks_it(browser: Signed, shared: House, code: str) -> None:
    shared.wait(minutes=3)
    text = " ".join(browser.get("/", headers={"Accept-Language": code}).text.split())
    for said in SAID[code]:
        assert said in text


@pytest.mark.parametrize(
    ("code", "number", "date"),
    [
        ("en", "25,000", "10 December 1815"), ("da", "25.000", "10. december 1815"),
        ("nb", "25\xa0000", "10. desember 1815"), ("sv", "25\xa0000", "10 december 1815"),
    ],
)  # fmt: skip
def test_numbers_and_dates_are_written_as_there(app: Flask, house: House, code: str, number: str, date: str) -> None:
    from sharesync.model.card import Card
    from web.pages.cards import facts

    card = Card.parse({"birthdays": [{"date": {"day": 10, "month": 12, "year": 1815}}]})
    with app.test_request_context(headers={"Accept-Language": code}):
        assert terms.in_digits(25_000) == number
        assert facts(card)[0].facts[0].text == date


@pytest.mark.parametrize("code", OTHERS)
def test_a_line_of_the_log_without_its_group_keeps_no_word_for_it(code: str, app: Flask, house: House) -> None:
    from web.words.phrases import _NO_GROUP, PHRASES

    for _, phrase in PHRASES.values():
        said = str(next(message.string for message in catalogue(code) if message.id == phrase))
        if "{group}" in said:
            assert "{group}" not in _NO_GROUP.sub("", said), said
