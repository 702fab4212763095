"""Set-up on a stranger's machine, tomorrow: an old pip, and an index on which everything has a newer release."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")

# Builds nothing, so that the test's project needs no build backend from the index: a wheel without any file.
BACKEND = """
import zipfile

def get_requires_for_build_editable(config_settings=None):
    return []

def build_editable(folder, config_settings=None, metadata_directory=None):
    info = "project-1.dist-info"
    with zipfile.ZipFile(f"{folder}/project-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: project\\nVersion: 1\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return "project-1-py3-none-any.whl"
"""
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


def locked(lock: str) -> dict[str, str]:
    """What a lock file names: package to version."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+) ", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_every_package_that_a_locked_one_needs(lock: str) -> None:
    """pip installs what the lock names and looks for nothing else: extras are no exception."""
    versions = locked(lock)
    project = distribution("sharesync")
    asked = [Requirement(line) for line in project.requires or []]
    extra = "dev" if "dev" in lock else ""
    waiting = [one for one in asked if not one.marker or one.marker.evaluate({"extra": extra})]
    looked_at, missing = set(), []
    while waiting:
        need = waiting.pop()
        name = canonicalize_name(need.name)
        if name not in versions or versions[name] not in need.specifier:
            missing.append(str(need))
        for given in ("", *need.extras):
            if name in versions and (name, given) not in looked_at:
                looked_at.add((name, given))
                needs = map(Requirement, distribution(name).requires or [])
                waiting += [one for one in needs if not one.marker or one.marker.evaluate({"extra": given})]
    assert missing == []
    assert len(looked_at) > 30


def test_what_the_locks_share_has_one_version() -> None:
    everything = locked("requirements-dev.lock")
    for lock in ("requirements.lock", ".ci/pip.lock"):
        assert locked(lock)
        assert {name: version for name, version in locked(lock).items() if everything.get(name) != version} == {}


def test_the_locks_name_no_place_to_fetch_from() -> None:
    for lock in LOCKS:
        assert not re.search(r"://|^-", (ROOT / lock).read_text(), re.MULTILINE)


def test_the_locks_hold_what_builds_the_project() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert [name for one in build if (name := Requirement(one).name) not in locked("requirements.lock")] == []


def test_set_up_needs_no_new_pip_no_old_index_and_no_whole_environment(tmp_path: Path) -> None:
    index, house = Index(tmp_path / "simple"), tmp_path / "house"
    versions = locked("requirements-dev.lock")
    pip = distribution("pip")
    (house / ".ci").mkdir(parents=True)
    (house / "pyproject.toml").write_text(PROJECT)
    (house / "backend.py").write_text(BACKEND)
    shutil.copy(ROOT / ".ci/virtualenv", house / ".ci")
    (house / ".ci/pip.lock").write_text(index.keep("pip", pip.version, everything_of(pip)))
    lines = [index.keep(name, versions[name], described(name)) for name in versions if name != "pip"]
    newer = [index.keep(name, f"{versions[name]}.1", described(name, f"{versions[name]}.1")) for name in versions]
    (house / "some.lock").write_text("".join(lines))

    # Somebody pressed Ctrl-C while pip was being put in: it can be imported, and no more.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", house / ".venv"], check=True)
    (packages,) = (house / ".venv/lib").glob("python3*/site-packages")
    (packages / "pip").mkdir()
    (packages / "pip/__init__.py").touch()

    set_up(house, index)
    assert installed(packages) == versions | {"project": "1"}

    # The lock changed: one package has a newer version there.
    (house / "some.lock").write_text("".join([*lines[:-1], newer[-1]]))
    set_up(house, index)
    *_, last = versions
    assert installed(packages)[last] == f"{versions[last]}.1"


def set_up(house: Path, index: "Index") -> None:
    """As `make install`, for a stranger: nothing of this machine's settings of pip."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    pip = {"PIP_INDEX_URL": index.folder.as_uri(), "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    env = {**ours, **pip, "PYTHON": sys.executable}
    done = subprocess.run(
        [".ci/virtualenv", "some.lock"], check=False, cwd=house, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def installed(packages: Path) -> dict[str, str]:
    found = (folder.name.removesuffix(".dist-info").split("-") for folder in packages.glob("*.dist-info"))
    return {canonicalize_name(name): version for name, version in found}


class Index:
    """Packages in a folder, laid out as pip looks for them (PEP 503)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, name: str, version: str, files: Mapping[str, bytes]) -> str:
        """Put a release there; its line for a lock file."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        wheel = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as into:
            for place, content in files.items():
                into.writestr(place, content)
        with (folder / "index.html").open("a") as page:
            page.write(f'<a href="{wheel.name}">{wheel.name}</a>\n')
        return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def described(name: str, version: str = "") -> dict[str, bytes]:
    """A release that says what the real one needs, and holds nothing else."""
    real = distribution(name)
    about = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version or real.version}"]
    about += [f"Provides-Extra: {extra}" for extra in real.metadata.get_all("Provides-Extra") or ()]
    about += [f"Requires-Dist: {need}" for need in real.requires or ()]
    info = f"{name.replace('-', '_')}-{version or real.version}.dist-info"
    return {
        f"{info}/METADATA": "\n".join([*about, ""]).encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": b"",
    }


def everything_of(real: Distribution) -> dict[str, bytes]:
    """A release that works, made of what is installed here."""
    files = [file for file in real.files or () if file.parts[0] != ".." and "__pycache__" not in file.parts]
    return {str(file): file.read_binary() for file in files}
