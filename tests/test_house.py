"""The house itself: what no tool checks, and would rot unnoticed."""

import ast
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from click import Group

from sharesync.settings import Settings
from tests.cli.conftest import every_command

ROOT = Path(__file__).parent.parent
CODE = ("sharesync", "web", "migrations", "tests")

# A module over 300 lines is a question; here stands the answer. An answer nobody asks for any more is refused too.
LONG_MODULES: dict[str, str] = {
    "sharesync/errors.py": "one tree: whoever catches an error sees what else may be raised, and what each asks for",
    "sharesync/model/card.py": "a value and its one canonical form; apart, one could be changed without the other",
    "sharesync/services/company_fields.py": "what is done to a field as a whole, and what becomes of its values then",
    "sharesync/services/undoing.py": "one table: what takes back each action, a few lines each",
    "sharesync/store/mailboxes/claims.py": "a mailbox's row: who passes over it and what makes it due, together",
    "sharesync/store/mailboxes/links.py": "what a pass knows of a mailbox, asked in one go, and what it writes there",
    "sharesync/store/records/contacts.py": "what everything asks for: writing, then reading, one query a function",
    "web/words/phrases.py": "one table: what each action of the log is called",
    "sharesync/store/database/tables.py": "the schema is read as a whole; a third of it says what the columns mean",
}

# A function of more than forty lines, or six parameters, does two things, or wants a value for its parameters.
LONG_FUNCTION, MANY_PARAMETERS = 40, 6
LONG_FUNCTIONS: dict[str, str] = {
    "sharesync/settings.py from_environment": "one line a setting",
}
MANY_PARAMETERS_BECAUSE: dict[str, str] = {
    "sharesync/google/workspace.py __init__": "made in one place, from settings, by name",
    "sharesync/google/workspace.py _line": "what that keeps, handed on",
    "sharesync/sandbox/front.py _operate": "one call as it came in, taken apart",
    "sharesync/sandbox/workspace.py __init__": "made in one place, from settings, by name",
    "sharesync/services/contacts.py create": "all that a new contact begins with",
    "sharesync/services/contacts.py change": "a version, both cards of it, and whose doing it was: all of an event",
    "sharesync/services/holds.py hold_back": "a reading and its circumstances, which no other function needs together",
    "sharesync/services/smart_groups.py begin": "all that a new smart group begins with",
    "sharesync/store/queries/timeline.py page": "each but the session is one condition, and left out if it is not",
}


def modules(*folders: str) -> list[Path]:
    found = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    assert found
    return found


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_no_module_is_named_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
    assert [named(file) for file in modules(*CODE) if nothing & set(file.relative_to(ROOT).with_suffix("").parts)] == []


def test_every_module_opens_with_one_line_that_says_what_lives_there() -> None:
    def opens(file: Path) -> bool:
        words = ast.get_docstring(ast.parse(file.read_text())) or ""
        first, _, rest = words.partition("\n")
        return len(first) > len("One line.") and not rest.partition("\n")[0]

    assert [named(file) for file in modules("sharesync", "web") if not opens(file)] == []


def test_a_module_over_300_lines_has_its_reason_and_a_reason_has_its_module() -> None:
    long = {named(file) for file in modules("sharesync", "web") if len(file.read_text().splitlines()) > 300}
    assert sorted(long - LONG_MODULES.keys()) == []
    assert sorted(LONG_MODULES.keys() - long) == []


def functions() -> dict[str, ast.FunctionDef]:
    """By file and name."""
    return {
        f"{named(file)} {node.name}": node
        for file in modules("sharesync", "web")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


def test_a_function_over_forty_lines_has_its_reason_and_a_reason_has_its_function() -> None:
    def lines(node: ast.FunctionDef) -> int:
        """Those of the function without its docstring: reasons may be as long as they must."""
        first = node.body[0]
        told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        return (node.end_lineno or 0) - node.lineno + 1 - ((first.end_lineno or 0) - first.lineno + 1 if told else 0)

    assert {name for name, node in functions().items() if lines(node) > LONG_FUNCTION} == LONG_FUNCTIONS.keys()


def test_a_function_over_six_parameters_has_its_reason_and_a_reason_has_its_function() -> None:
    def parameters(node: ast.FunctionDef) -> int:
        names = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        return len(names) - (names[:1] in (["self"], ["cls"]))

    many = {name for name, node in functions().items() if parameters(node) > MANY_PARAMETERS}
    assert many == MANY_PARAMETERS_BECAUSE.keys()


def test_no_two_classes_of_ours_share_a_name() -> None:
    """Nor a class and an alias of a type. The sandbox is Google's side of the wire: there, Google's words count."""
    classes: dict[str, list[str]] = {}
    aliases: dict[str, list[str]] = {}
    for file in modules("sharesync", "web"):
        if not named(file).startswith("sharesync/sandbox/"):
            tree = ast.parse(file.read_text())
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    classes.setdefault(node.name, []).append(named(file))
            for node in tree.body:
                type_of_any = isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("TypeVar(")
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and not type_of_any:
                    aliases.setdefault(node.targets[0].id, []).append(named(file))
    assert {name: files for name, files in classes.items() if len(files) > 1} == {}
    assert {name: classes[name] + aliases[name] for name in classes.keys() & aliases.keys()} == {}


def test_model_and_sync_import_only_the_standard_library_each_other_and_two_judges() -> None:
    ours = ("sharesync.errors", "sharesync.model", "sharesync.sync")
    # What reads a clock, a die, a file or a wire is not for them, standard or not.
    impure = {"io", "logging", "os", "pathlib", "random", "secrets", "socket", "sqlite3", "subprocess", "tempfile"}
    impure |= {"threading", "time", "urllib", "http"}

    def imported(file: Path) -> set[str]:
        nodes = list(ast.walk(ast.parse(file.read_text())))
        return {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names} | {
            node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module
        }

    def allowed(name: str) -> bool:
        if name == "urllib.parse":  # addresses as text
            return True
        top = name.partition(".")[0]
        return name.startswith(ours) or (top in sys.stdlib_module_names and top not in impure)

    pure = modules("sharesync/model", "sharesync/sync")
    outside = {(named(file), name) for file in pure for name in imported(file) if not allowed(name)}
    assert outside == {("sharesync/model/plausible.py", name) for name in ("email_validator", "phonenumbers")}


def test_model_and_sync_have_no_clock_and_print_nothing() -> None:
    forbidden = {"now", "utcnow", "today", "open", "print", "input"}

    def called(file: Path) -> set[str]:
        calls = [node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        return {func.attr for func in calls if isinstance(func, ast.Attribute)} | {
            func.id for func in calls if isinstance(func, ast.Name)
        }

    pure = modules("sharesync/model", "sharesync/sync")
    assert [(named(file), name) for file in pure for name in sorted(called(file) & forbidden)] == []


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    machine = re.compile(r"(?<![\w.~*}])/(?:work|root|tmp|Users|opt/py\w+)/")
    texts = [file for file in ROOT.iterdir() if file.is_file() and file.name not in {".git", ".env"}]
    texts += [file for folder in (*CODE, ".ci", ".github") for file in (ROOT / folder).rglob("*") if file.is_file()]
    spoken = [
        (named(file), number)
        for file in texts
        if "__pycache__" not in file.parts and b"\0" not in (content := file.read_bytes())
        for number, line in enumerate(content.decode(errors="replace").splitlines(), 1)
        if machine.search(line)
    ]
    assert spoken == []


def test_the_readme_explains_every_setting_and_no_other() -> None:
    explained = set(re.findall(r"`(SHARESYNC_\w+)`", (ROOT / "README.md").read_text()))
    assert explained == {f"SHARESYNC_{field.upper()}" for field in Settings.__dataclass_fields__}


def test_the_readme_names_every_command_and_no_other() -> None:
    section = (ROOT / "README.md").read_text().partition("## Commands\n")[2].partition("\n## ")[0]
    named = set()
    for cell in re.findall(r"^\| (`.+?`) \|", section, re.MULTILINE):
        family = ""  # `groups create` · `list`: the family is said once a row
        for words in re.findall(r"`([a-z -]+)`", cell):
            first, _, name = words.rpartition(" ")
            family = first or family
            named.add(f"{family} {name}".strip())
    assert named == {" ".join(words) for words, command in every_command() if not isinstance(command, Group)}


def test_what_the_documents_point_to_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    documents = [ROOT / "README.md", *(ROOT / ".github").glob("*.md")]
    documents += [file for folder in ("sharesync", "web", "tests") for file in (ROOT / folder).rglob("README.md")]
    assert len(documents) > 15
    for document in documents:
        text = document.read_text()
        assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets
        links = [link for link in re.findall(r"\]\(([^)#]+)[)#]", text) if "://" not in link]
        assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_pages_of_the_rooms_name_modules_and_functions_that_are_there() -> None:
    for document in [file for folder in ("sharesync", "web", "tests") for file in (ROOT / folder).rglob("README.md")]:
        text = document.read_text()
        rooms = [ROOT, ROOT / "sharesync", document.parent, *(one for one in document.parent.iterdir() if one.is_dir())]
        named = re.findall(r"`([a-z_/]+\.py)`", text)
        assert [name for name in named if not any((room / name).exists() for room in rooms)] == [], document
        for file, name in re.findall(r"\| `([a-z_/]+\.py)` \| `(\w+)` \|", text):
            defined = {
                one.name for one in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(one, ast.FunctionDef)
            }
            assert name in defined, (document, file, name)


@pytest.mark.parametrize("room", ["endpoints", "google", "jobs", "mailbox_pass", "services", "sync"])
def test_the_page_of_a_room_names_each_of_its_modules(room: str) -> None:
    text = (ROOT / "sharesync" / room / "README.md").read_text()
    files = {file.name for file in modules(f"sharesync/{room}")} - {"__init__.py"}
    assert sorted(files - set(re.findall(r"`(?:[a-z_/]+/)?([a-z_]+\.py)`", text))) == []


def test_a_page_is_one_file_and_one_blueprint_and_one_folder_of_templates_of_the_same_name() -> None:
    pages = {file.stem: file.read_text() for file in modules("web/pages")}
    named = {stem: found for stem, text in pages.items() if (found := re.findall(r'= Pages\("(\w+)"', text))}
    assert named
    assert {stem: found for stem, found in named.items() if found != [stem]} == {}
    folders = {folder.name for folder in (ROOT / "web/templates").iterdir() if folder.is_dir()}
    assert sorted(folders - named.keys() - {"parts", "errors", "api"}) == []


def test_every_room_has_its_page() -> None:
    rooms = [folder for folder in (ROOT / "sharesync").iterdir() if (folder / "__init__.py").exists()]
    assert [named(room) for room in rooms if not (room / "README.md").exists()] == []


def test_the_lines_of_the_procfile_start_commands_of_ours() -> None:
    processes = dict(re.findall(r"^(\w+): (.+)$", (ROOT / "Procfile").read_text(), re.MULTILINE))
    assert processes == {
        "release": "sharesync init",
        "web": "sharesync web",
        "clock": "sharesync clock",
        "worker": "sharesync worker",
    }


def test_a_class_of_the_style_sheet_means_one_thing() -> None:
    """A second rule of the same name, written for another page, changes every page that had the first."""
    sheet = (ROOT / "web/static/sharesync.css").read_text(encoding="utf-8")
    named = re.findall(r"^(\.[\w-]+) \{", sheet, re.MULTILINE)
    assert named
    assert [name for name, number in Counter(named).items() if number > 1] == []
