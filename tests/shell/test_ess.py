"""Tests of ./ess itself: what can be tested without installing anything."""

import importlib.machinery
import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(name, path):
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(name, loader)
    )
    sys.modules[name] = module
    loader.exec_module(module)
    return module


ess = load("ess", ROOT / "ess")
suite = load("suite", ROOT / "tests" / "suite.py")
STAMP = "2026-01-31 10:00:00,000 42"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(ess, "LOGS", tmp_path / "log")


def run_ess(*words, **env):
    return subprocess.run(
        [sys.executable, ROOT / "ess", *words],
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# --- the command line


@pytest.mark.parametrize("verb", ["demo", "test", "lint", "bench", "odoo"])
def test_every_verb_explains_itself(verb):
    done = run_ess(verb, "--help")
    assert done.returncode == 0
    assert "usage: ./ess" in done.stdout


def test_no_verb_names_the_verbs():
    done = run_ess()
    assert done.returncode == 2
    assert "VERB" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_odoo_is_one_clear_line(tmp_path):
    done = run_ess("odoo", "--version", ESS_ODOO=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "ESS_ODOO" in done.stderr


def test_cache_that_cannot_be_made_is_one_clear_line(tmp_path):
    (tmp_path / "file").touch()
    done = run_ess("lint", ESS_CACHE=str(tmp_path / "file" / "cache"))
    assert done.returncode == 1
    assert "ESS_CACHE" in done.stderr
    assert "Traceback" not in done.stderr


def test_older_odoo_is_refused(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0)")
    done = run_ess("odoo", "--version", ESS_ODOO=str(tmp_path))
    assert "is not Odoo 19.0" in done.stderr


# --- pieces


def test_ordinary_user_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(ess, "AS_ROOT", False)
    monkeypatch.setitem(ess.PACKAGES, "chromium", lambda: None)
    monkeypatch.setitem(ess.PACKAGES, "wkhtmltopdf", lambda: None)
    with pytest.raises(ess.Failure, match="apt-get install wkhtmltopdf chromium"):
        ess.need_packages(["wkhtmltopdf", "chromium"])


def test_failed_command_tells_its_last_words_and_its_log():
    with pytest.raises(ess.Failure) as caught:
        ess.run(["sh", "-c", "echo 'ERROR: no such thing'; exit 3"], "some", what="it")
    assert "it failed (exit 3): ERROR: no such thing" in str(caught.value)
    assert "some.log" in str(caught.value)


def test_missing_program_is_named():
    with pytest.raises(ess.Failure, match="no-such-program is missing"):
        ess.run(["no-such-program"], "some")


def test_free_port_gives_another_when_taken():
    with ess.socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert ess.free_port(port) != port


def test_write_whole_leaves_no_temporary(tmp_path):
    ess.write_whole(tmp_path / "file", "text", 0o600)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["file"]
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_lock_is_freed_when_its_holder_is_killed(tmp_path):
    code = (
        "import importlib.machinery as m, time;"
        f"ess = m.SourceFileLoader('ess', {str(ROOT / 'ess')!r}).load_module()\n"
        "with ess.locked('thing'):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-W", "ignore", "-c", code], stdout=-1)
    assert holder.stdout.readline() == b"held\n"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    start = time.monotonic()
    with ess.locked("thing"):
        assert time.monotonic() - start < 5


def test_code_key_ignores_tests_and_sees_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr(ess, "ROOT", tmp_path)
    addon = tmp_path / "addons" / "ess_x"
    (addon / "tests").mkdir(parents=True)
    (addon / "a.py").write_text("1")
    before = ess.code_key("ess_x")
    (addon / "tests" / "test_a.py").write_text("2")
    assert ess.code_key("ess_x") == before
    (addon / "a.py").write_text("3")
    assert ess.code_key("ess_x") != before


def test_locks_pin_every_package():
    for lock in ess.LOCKS["checks"]:
        for line in lock.read_text().splitlines():
            assert line.startswith("#") or line.partition(";")[0].count("==") == 1, line


# --- what a log of Odoo says


def test_log_counts_tests_and_failures():
    log = suite.OdooLog(
        f"{STAMP} INFO db odoo.tests.result: 1 failed, 2 error(s) of 30 tests when …\n"
        f"{STAMP} ERROR db odoo.addons.ess_x.tests.test_y: FAIL: TestY.test_z\n"
    )
    assert (log.tests, log.bad) == (30, 3)
    assert log.failures == ["FAIL: TestY.test_z"]
    assert not log.complaints


def test_log_failure_says_why():
    log = suite.OdooLog(
        f"{STAMP} ERROR db odoo.addons.ess_x.tests.test_y: ERROR: TestY.test_z\n"
        'Traceback (most recent call last):\n  File "y.py", line 1, in test_z\n'
        "KeyError: 'a'\n"
        f"{STAMP} ERROR db odoo.http: Exception during request handling.\n"
        "Traceback (most recent call last):\nodoo.exceptions.UserError: Not yours\n"
    )
    assert log.failures == ["ERROR: TestY.test_z\n        KeyError: 'a'"]
    (complaint,) = log.complaints
    assert complaint.endswith("odoo.exceptions.UserError: Not yours")


def test_log_warning_is_a_complaint_unless_allowed():
    text = f"{STAMP} WARNING db odoo.addons.base: built with unpatched qt\n"
    assert len(suite.OdooLog(text).complaints) == 1
    assert not suite.OdooLog(text, [suite.re.compile("unpatched qt")]).complaints


def test_log_skipped_test_is_seen():
    text = (
        f"{STAMP} INFO db odoo.addons.ess_x.tests.t: skipped TestY.test_z : no chrome\n"
    )
    assert suite.OdooLog(text).skipped


def test_warning_without_reason_is_refused(tmp_path):
    (tmp_path / "allowed.txt").write_text("some pattern\n")
    with pytest.raises(ess.Failure, match="reason"):
        suite.allowed_warnings(tmp_path / "allowed.txt")


def test_shipped_warnings_have_reasons():
    assert suite.allowed_warnings() is not None


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("ess_impact", ("ess_impact", "/ess_impact")),
        ("addons/ess_impact", ("ess_impact", "/ess_impact")),
        ("ess_impact:TestX.test_y", ("ess_impact", "/ess_impact:TestX.test_y")),
        (
            "addons/ess_impact/tests/test_x.py",
            ("ess_impact", "/ess_impact/tests/test_x.py"),
        ),
        (
            "tests/addons/test_ess/tests/test_x.py",
            ("test_ess", "/test_ess/tests/test_x.py"),
        ),
        ("tests/e2e", (None, None)),
        ("nowhere", (None, None)),
    ],
)
def test_names_become_tags(what, expected, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert suite.addon_and_tags(what) == expected


def test_snapshot_words_install_what_is_new_and_update_what_changed():
    codes = {"ess_beneficiary": "a", "ess_programmes": "b", "ess_impact": "c"}
    words = suite.Snapshots._words
    assert words(codes, {}) == ["-i", "ess_beneficiary,ess_programmes,ess_impact"]
    assert words(codes, {**codes, "ess_programmes": "old"}) == ["-u", "ess_programmes"]
    assert words(codes, {"ess_beneficiary": "old"}) == [
        "-i",
        "ess_programmes,ess_impact",
        "-u",
        "ess_beneficiary",
    ]
