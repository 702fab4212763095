"""Settings: what is read from where, what each variable may be, and the sentence for what it may not."""

import dataclasses
import stat
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import SettingsError
from sharesync.settings import LineFormat, QueueKind, Settings, Sharers


def settings(cwd: Path, **environ: str) -> Settings:
    return Settings.from_environment({f"SHARESYNC_{name}": value for name, value in environ.items()}, cwd)


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def sentence(cwd: Path, variable: str, value: str) -> str:
    """What a person reads when `variable` is `value`; it must name the variable and end like a sentence."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({variable: value}, cwd)
    assert caught.value.variable == variable
    assert variable in caught.value.sentence
    assert caught.value.sentence.endswith(".")
    assert "\n" not in caught.value.sentence
    return str(caught.value)


def test_with_nothing_set_everything_has_the_promised_default(tmp_path: Path) -> None:
    assert settings(tmp_path) == Settings(
        data_dir=tmp_path / "var",
        database_url=f"sqlite:///{tmp_path}/var/sharesync.db",
        secret_key=None,
        domain=(),
        admins=(),
        google_key_file=None,
        google_service_account=None,
        iam_endpoint="https://iamcredentials.googleapis.com",
        google_admin=None,
        log_key_file=None,
        checkpoints_to=None,
        checkpoint_interval=86400,
        endpoint_networks=(),
        smtp_url=None,
        mail_from=None,
        people_endpoint="https://people.googleapis.com",
        directory_endpoint="https://admin.googleapis.com",
        oidc_issuer="https://accounts.google.com",
        oidc_client_id=None,
        oidc_client_secret=None,
        public_url=None,
        metrics_token=None,
        sync_interval=300,
        sync_interval_max=300,
        settle_seconds=900,
        lease_seconds=60,
        host="127.0.0.1",
        port=8000,
        trash_days=30,
        label_sharing=Sharers.ADMINISTRATORS,
        time_zone=None,
        queue=QueueKind.LOCAL,
        workers=4,
        log_format=LineFormat.TEXT,
        hold_count=5,
        hold_share=0.10,
        reads_per_minute=90,
        writes_per_minute=90,
    )


def test_reading_settings_touches_no_file(tmp_path: Path) -> None:
    settings(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_variable_of_the_environment_is_read(tmp_path: Path) -> None:
    read = settings(
        tmp_path,
        DATA_DIR="/srv/data",
        DATABASE_URL="postgresql+psycopg://me:word@db.test/contacts",
        SECRET_KEY="s" * 32,
        DOMAIN="X.test",
        ADMINS="Ada@x.test, bob@x.test",
        GOOGLE_KEY_FILE="/srv/key.json",
        IAM_ENDPOINT="http://127.0.0.1:9000/",
        GOOGLE_ADMIN="Admin@x.test",
        LOG_KEY_FILE="/srv/log.pem",
        CHECKPOINTS_TO="https://auditor.test/in?token=a",
        CHECKPOINT_INTERVAL="3600",
        ENDPOINT_NETWORKS="10.1.0.0/16, fd00::/8",
        SMTP_URL="smtp://us:p%40ss@mail.north.test:587",
        MAIL_FROM="sharesync <contacts@north.test>",
        PEOPLE_ENDPOINT="http://127.0.0.1:9000/people/",
        DIRECTORY_ENDPOINT="http://127.0.0.1:9000",
        OIDC_ISSUER="https://login.x.test/",
        OIDC_CLIENT_ID="client",
        OIDC_CLIENT_SECRET="hush",
        PUBLIC_URL="https://contacts.x.test/",
        METRICS_TOKEN="m" * 32,
        SYNC_INTERVAL="1.5",
        SYNC_INTERVAL_MAX="60",
        SETTLE_SECONDS="0",
        LEASE_SECONDS="20",
        HOST="0.0.0.0",
        PORT="0",
        TRASH_DAYS="7",
        LABEL_SHARING="everyone",
        TIME_ZONE="Europe/Copenhagen",
        QUEUE="procrastinate",
        WORKERS="8",
        LOG_FORMAT="JSON",
        HOLD_COUNT="0",
        HOLD_SHARE="1",
        READS_PER_MINUTE="60",
        WRITES_PER_MINUTE="30",
    )
    assert read == Settings(
        data_dir=Path("/srv/data"),
        database_url="postgresql+psycopg://me:word@db.test/contacts",
        secret_key="s" * 32,
        domain=("x.test",),
        admins=("ada@x.test", "bob@x.test"),
        google_key_file=Path("/srv/key.json"),
        google_service_account=None,
        iam_endpoint="http://127.0.0.1:9000",
        google_admin="admin@x.test",
        log_key_file=Path("/srv/log.pem"),
        checkpoints_to="https://auditor.test/in?token=a",
        checkpoint_interval=3600,
        endpoint_networks=(ip_network("10.1.0.0/16"), ip_network("fd00::/8")),
        smtp_url="smtp://us:p%40ss@mail.north.test:587",
        mail_from="sharesync <contacts@north.test>",
        people_endpoint="http://127.0.0.1:9000/people",
        directory_endpoint="http://127.0.0.1:9000",
        oidc_issuer="https://login.x.test/",
        oidc_client_id="client",
        oidc_client_secret="hush",
        public_url="https://contacts.x.test",
        metrics_token="m" * 32,
        sync_interval=1.5,
        sync_interval_max=60,
        settle_seconds=0,
        lease_seconds=20,
        host="0.0.0.0",
        port=0,
        trash_days=7,
        label_sharing=Sharers.EVERYONE,
        time_zone=ZoneInfo("Europe/Copenhagen"),
        queue=QueueKind.PROCRASTINATE,
        workers=8,
        log_format=LineFormat.JSON,
        hold_count=0,
        hold_share=1,
        reads_per_minute=60,
        writes_per_minute=30,
    )


class TestSources:
    def test_a_dotenv_file_in_the_working_directory_is_read(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text('# ours\nexport SHARESYNC_DOMAIN="x.test"\nSHARESYNC_WORKERS=2\n')
        read = settings(tmp_path)
        assert (read.domain, read.workers) == (("x.test",), 2)

    def test_the_environment_wins_over_the_dotenv_file(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("SHARESYNC_WORKERS=2\nSHARESYNC_TRASH_DAYS=9\n")
        read = settings(tmp_path, WORKERS="3")
        assert (read.workers, read.trash_days) == (3, 9)

    def test_an_empty_value_is_no_value(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("SHARESYNC_DOMAIN=\nSHARESYNC_ADMINS\n")
        assert settings(tmp_path, WORKERS="", QUEUE=" ", DATABASE_URL="", HOST="") == settings(
            tmp_path / "elsewhere", DATA_DIR=str(tmp_path / "var")
        )

    def test_a_password_in_a_dotenv_file_may_look_like_a_variable(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("SHARESYNC_OIDC_CLIENT_SECRET='a${HOME}b$'\n")
        assert settings(tmp_path).oidc_client_secret == "a${HOME}b$"

    def test_a_dotenv_file_that_an_editor_gave_a_byte_order_mark_is_read(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_bytes("\ufeffSHARESYNC_DOMAIN=x.test\r\n".encode())
        assert settings(tmp_path).domain == ("x.test",)

    def test_a_dotenv_file_that_is_no_text_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_bytes(b"SHARESYNC_DOMAIN=\xff\xfe")
        with pytest.raises(SettingsError, match="cannot be read as UTF-8 text") as caught:
            settings(tmp_path)
        assert caught.value.variable == ".env"

    def test_a_misspelt_name_in_a_dotenv_file_is_refused_with_the_right_one(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("SHARESYNC_ADMIN=ada@x.test\n")
        with pytest.raises(SettingsError, match=r"did you mean SHARESYNC_ADMINS\?") as caught:
            settings(tmp_path)
        assert caught.value.variable == "SHARESYNC_ADMIN"

    def test_a_name_like_none_of_ours_is_to_be_removed(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("SHARESYNC_=1\n")
        with pytest.raises(SettingsError, match=r"SHARESYNC_ in .* is no setting of sharesync; remove it\."):
            settings(tmp_path)

    def test_a_name_of_another_program_in_a_dotenv_file_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=x\n")
        assert settings(tmp_path).workers == 4

    def test_port_is_honoured_and_our_own_name_wins(self, tmp_path: Path) -> None:
        assert Settings.from_environment({"PORT": "5000"}, tmp_path).port == 5000
        assert Settings.from_environment({"PORT": "5000", "SHARESYNC_PORT": "0"}, tmp_path).port == 0


class TestPaths:
    def test_relative_paths_start_from_the_working_directory(self, tmp_path: Path) -> None:
        read = settings(tmp_path, DATA_DIR="data", GOOGLE_KEY_FILE="key.json")
        assert read.data_dir == tmp_path / "data"
        assert read.google_key_file == tmp_path / "key.json"
        assert read.database_url == f"sqlite:///{tmp_path}/data/sharesync.db"

    def test_a_path_may_start_at_home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", "/home/ada")
        assert settings(tmp_path, DATA_DIR="~/data").data_dir == Path("/home/ada/data")

    def test_the_home_of_nobody_is_refused(self, tmp_path: Path) -> None:
        assert "~no-such-user/x" in sentence(tmp_path, "SHARESYNC_DATA_DIR", "~no-such-user/x")


class TestCheckpointsTo:
    def test_a_relative_folder_lies_in_the_working_directory(self, tmp_path: Path) -> None:
        assert settings(tmp_path, CHECKPOINTS_TO="kept").checkpoints_to == tmp_path / "kept"

    @pytest.mark.parametrize("value", ["ftp://auditor.test", "https://", "https://me:word@auditor.test"])
    def test_what_is_neither_folder_nor_address_is_refused_without_repeating_it(
        self, tmp_path: Path, value: str
    ) -> None:
        assert f"“{value}”" not in sentence(tmp_path, "SHARESYNC_CHECKPOINTS_TO", value)

    def test_an_address_that_may_hold_a_secret_is_in_no_repr(self, tmp_path: Path) -> None:
        assert "token" not in repr(settings(tmp_path, CHECKPOINTS_TO="https://auditor.test/in?token=a"))


class TestDatabaseUrl:
    @pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
    def test_every_spelling_of_postgresql_means_the_driver_we_ship(self, tmp_path: Path, scheme: str) -> None:
        read = settings(tmp_path, DATABASE_URL=f"{scheme}://me@db.test/x?sslmode=require")
        assert read.database_url == "postgresql+psycopg://me@db.test/x?sslmode=require"

    def test_a_password_may_hold_anything_that_an_address_may(self, tmp_path: Path) -> None:
        read = settings(tmp_path, DATABASE_URL="postgresql://me:a://b@db.test/x")
        assert read.database_url == "postgresql+psycopg://me:a://b@db.test/x"

    def test_a_relative_sqlite_file_lies_in_the_working_directory(self, tmp_path: Path) -> None:
        assert settings(tmp_path, DATABASE_URL="sqlite:///x.db").database_url == f"sqlite:///{tmp_path}/x.db"

    def test_an_absolute_sqlite_file_stays_where_it_is(self, tmp_path: Path) -> None:
        assert settings(tmp_path, DATABASE_URL="sqlite:////srv/x.db").database_url == "sqlite:////srv/x.db"

    @pytest.mark.parametrize(
        "url",
        [
            "sqlite://",
            "sqlite:///:memory:",
            "sqlite://x.db",
            "mysql://me:word@db/x",
            "x.db",
            "postgresql+asyncpg://a/b",
        ],
    )
    def test_a_database_we_cannot_use_is_refused_without_repeating_its_password(self, tmp_path: Path, url: str) -> None:
        assert "word@" not in sentence(tmp_path, "SHARESYNC_DATABASE_URL", url).replace("user:password@", "")

    @pytest.mark.parametrize(
        "url", ["mail.test:587", "http://us:word@mail.test", "smtp://us:word@mail.test/x", "smtp://"]
    )
    def test_neither_does_a_mail_server_that_is_none(self, tmp_path: Path, url: str) -> None:
        assert "word@" not in sentence(tmp_path, "SHARESYNC_SMTP_URL", url).replace("user:password@", "")

    def test_a_mail_server_takes_a_sender(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="SHARESYNC_MAIL_FROM"):
            settings(tmp_path, SMTP_URL="smtp://mail.test")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SHARESYNC_SYNC_INTERVAL", "0"),
        ("SHARESYNC_SYNC_INTERVAL_MAX", "299"),
        ("SHARESYNC_SYNC_INTERVAL", "nan"),
        ("SHARESYNC_SYNC_INTERVAL", "inf"),
        ("SHARESYNC_SYNC_INTERVAL", "5 min"),
        ("SHARESYNC_SETTLE_SECONDS", "-1"),
        ("SHARESYNC_LEASE_SECONDS", "0"),
        ("SHARESYNC_PORT", "65536"),
        ("SHARESYNC_PORT", "-1"),
        ("SHARESYNC_PORT", "tcp://10.0.0.1:80"),
        ("PORT", "http"),
        ("SHARESYNC_TRASH_DAYS", "0"),
        ("SHARESYNC_LABEL_SHARING", "managers"),
        ("SHARESYNC_TIME_ZONE", "Copenhagen"),
        ("SHARESYNC_TIME_ZONE", "../../etc/passwd"),
        ("SHARESYNC_TRASH_DAYS", "1.5"),
        ("SHARESYNC_WORKERS", "0"),
        ("SHARESYNC_HOLD_COUNT", "-1"),
        ("SHARESYNC_HOLD_SHARE", "10"),
        ("SHARESYNC_HOLD_SHARE", "10%"),
        ("SHARESYNC_READS_PER_MINUTE", "5"),
        ("SHARESYNC_WRITES_PER_MINUTE", "5"),
        ("SHARESYNC_QUEUE", "redis"),
        ("SHARESYNC_CHECKPOINT_INTERVAL", "1"),
        ("SHARESYNC_ENDPOINT_NETWORKS", "10.0.0.1/8"),
        ("SHARESYNC_ENDPOINT_NETWORKS", "n8n.internal"),
        ("SHARESYNC_MAIL_FROM", "sharesync"),
        ("SHARESYNC_DOMAIN", "ada@x.test"),
        ("SHARESYNC_DOMAIN", "https://x.test"),
        ("SHARESYNC_DOMAIN", "localhost"),
        ("SHARESYNC_DOMAIN", "x.test, y"),
        ("SHARESYNC_DOMAIN", "x.test y.test"),
        ("SHARESYNC_ADMINS", "ada"),
        ("SHARESYNC_ADMINS", "ada@x.test bob@x.test"),
        ("SHARESYNC_ADMINS", "ada @x.test"),
        ("SHARESYNC_GOOGLE_ADMIN", "ada@bob@x.test"),
        ("SHARESYNC_GOOGLE_ADMIN", "ada@"),
        ("SHARESYNC_PEOPLE_ENDPOINT", "localhost:9000"),
        ("SHARESYNC_PEOPLE_ENDPOINT", "http://"),
        ("SHARESYNC_PEOPLE_ENDPOINT", "http://x.test:port"),
        ("SHARESYNC_DIRECTORY_ENDPOINT", "http://x.test/?a=b"),
        ("SHARESYNC_DIRECTORY_ENDPOINT", "ftp://x.test"),
        ("SHARESYNC_OIDC_ISSUER", "accounts.google.com"),
        ("SHARESYNC_OIDC_ISSUER", "http://accounts.x.test"),
        ("SHARESYNC_PEOPLE_ENDPOINT", "http://people.x.test"),
        ("SHARESYNC_DIRECTORY_ENDPOINT", "http://10.0.0.7:8001"),
        ("SHARESYNC_DIRECTORY_ENDPOINT", "http://localhost.x.test"),
    ],
)
def test_a_value_of_the_wrong_kind_is_one_sentence_that_repeats_it(tmp_path: Path, variable: str, value: str) -> None:
    assert f"“{value}”" in sentence(tmp_path, variable, value)


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("SHARESYNC_PORT", "x", "set it to a whole number from 0 to 65535."),
        ("SHARESYNC_WORKERS", "x", "set it to a whole number of at least 1."),
        ("SHARESYNC_HOLD_SHARE", "x", "set it to a number from 0 to 1."),
        ("SHARESYNC_SETTLE_SECONDS", "x", "set it to a number of at least 0."),
        ("SHARESYNC_QUEUE", "x", "set it to local or procrastinate."),
        ("SHARESYNC_DOMAIN", "x", "set it to a domain such as example.com, several with commas between them."),
        ("SHARESYNC_ADMINS", "x", "write e-mail addresses such as someone@example.com."),
        ("SHARESYNC_OIDC_ISSUER", "x", "set it to an address such as https://example.com."),
        ("SHARESYNC_SECRET_KEY", "x", "use a long random one, or leave it unset."),
        ("SHARESYNC_DATA_DIR", "~no-such-user", "write the path out."),
    ],
)
def test_the_sentence_ends_with_what_to_do(tmp_path: Path, variable: str, value: str, remedy: str) -> None:
    assert sentence(tmp_path, variable, value).endswith(f"; {remedy}")


def test_a_workspace_has_one_domain_or_several_the_primary_one_first(tmp_path: Path) -> None:
    assert settings(tmp_path, DOMAIN="X.test").domain == ("x.test",)
    several = settings(tmp_path, DOMAIN=" x.test, Sub.Y.test,,x.test ")
    assert (several.domain, several.primary_domain) == (("x.test", "sub.y.test"), "x.test")
    assert settings(tmp_path).primary_domain is None


def test_the_ends_of_a_range_belong_to_it(tmp_path: Path) -> None:
    read = settings(tmp_path, PORT="65535", HOLD_SHARE="0", READS_PER_MINUTE="6", SYNC_INTERVAL="0.1")
    assert (read.port, read.hold_share, read.reads_per_minute, read.sync_interval) == (65535, 0, 6, 0.1)


def said(variable: str, value: str) -> str:
    try:
        return f"{variable} is read: {Settings.from_environment({variable: value}, Path('/nowhere'))}"
    except SettingsError as error:
        return error.sentence


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_no_value_of_any_variable_ends_in_anything_but_settings_or_a_sentence(value: str) -> None:
    for field in dataclasses.fields(Settings):
        variable = f"SHARESYNC_{field.name.upper()}"
        assert variable in said(variable, value)


def test_the_procrastinate_queue_needs_postgresql(tmp_path: Path) -> None:
    assert "PostgreSQL" in sentence(tmp_path, "SHARESYNC_QUEUE", "procrastinate")


def test_an_administrator_named_twice_is_one(tmp_path: Path) -> None:
    assert settings(tmp_path, ADMINS=" ada@x.test,, ADA@x.test ").admins == ("ada@x.test",)


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    read = settings(
        tmp_path, SECRET_KEY="hush-" * 8, OIDC_CLIENT_SECRET="hush-2", DATABASE_URL="postgresql://me:hush-3@db.test/x"
    )
    assert "hush" not in repr(read)
    assert "hush" not in sentence(tmp_path, "SHARESYNC_SECRET_KEY", "hush")


class TestWhatOnlySomeCommandsNeed:
    def test_the_administrator_is_given_when_set_and_named_when_missing(self, tmp_path: Path) -> None:
        assert settings(tmp_path, GOOGLE_ADMIN="a@x.test").google_admin_required() == "a@x.test"
        with pytest.raises(SettingsError, match="SHARESYNC_GOOGLE_ADMIN is not set"):
            settings(tmp_path).google_admin_required()


class TestSigningKey:
    def test_a_given_key_is_used_and_nothing_is_kept(self, tmp_path: Path) -> None:
        assert settings(tmp_path, SECRET_KEY="k" * 40).session_key() == "k" * 40
        assert list(tmp_path.iterdir()) == []

    def test_it_is_made_once_and_only_its_owner_may_read_it(self, tmp_path: Path) -> None:
        first = settings(tmp_path).session_key()
        assert len(first) >= 32
        assert settings(tmp_path).session_key() == first
        (kept,) = (tmp_path / "var").iterdir()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700

    def test_two_installations_have_two_keys(self, tmp_path: Path) -> None:
        assert settings(tmp_path / "a").session_key() != settings(tmp_path / "b").session_key()

    def test_many_that_start_at_once_agree_on_one_key(self, tmp_path: Path) -> None:
        read = settings(tmp_path)
        with ThreadPoolExecutor(16) as pool:
            keys = {future.result() for future in [pool.submit(read.session_key) for _ in range(64)]}
        assert len(keys) == 1
        assert names_in(read.data_dir) == ["secret-key"]

    def test_who_comes_second_takes_the_key_of_the_first(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        read = settings(tmp_path)
        link = Path.hardlink_to

        def after_another(self: Path, target: Path) -> None:
            self.write_text("another process's key, long enough to use")
            link(self, target)

        monkeypatch.setattr(Path, "hardlink_to", after_another)
        assert read.session_key() == "another process's key, long enough to use"
        assert names_in(read.data_dir) == ["secret-key"]

    def test_an_emptied_file_is_refused_rather_than_signed_with(self, tmp_path: Path) -> None:
        (tmp_path / "var").mkdir()
        (tmp_path / "var/secret-key").write_text("\n")
        with pytest.raises(SettingsError, match="secret-key holds no key; remove that file"):
            settings(tmp_path).session_key()

    def test_a_data_dir_that_cannot_be_written_is_one_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(SettingsError, match=r"SHARESYNC_DATA_DIR names .* cannot be kept") as caught:
            settings(tmp_path, DATA_DIR="file").session_key()
        assert caught.value.variable == "SHARESYNC_DATA_DIR"
