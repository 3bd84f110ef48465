"""The stages of `./ess test` and `./ess bench`, on top of the shell's `Suite`.

A full run does two stages at a time, the longest first; each prints one line:

1. lint, and the unit tests of ./ess itself;
2. each room, installed on a copy of a template database that holds the room below and
   nothing above, then all its tests there;
3. all rooms with `tests/addons/test_ess` (rights, leaks, main story in a browser) and
   the JavaScript unit tests;
4. update of every room, twice, and the upgrade from the previous release;
5. Odoo's own linter (`test_lint`);
6. the demo association built in a fresh database and served, with the end-to-end and
   conformance tests on it;
7. the entry script of the containers, run on this machine.

Naming an addon, a file or a test runs only that, on a copy of a *snapshot*: a database
with the addon installed, kept in the cache under a key of the code that it was made of.

Every line of level WARNING or worse in Odoo's log is a failure, unless a line of
tests/allowed_warnings.txt names it with its reason; so is a skipped test.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ess

ALL_ROOMS = "test_ess"  # the addon whose tests span the rooms
# Its longest tests, each group run beside the others on a database of its own.
SWEEPS = {
    "all rooms: no word of a hidden file": ("leaks", ["TestCanary"]),
    "all rooms: every right, role by role": ("rights", ["TestAccessTable"]),
    "all rooms: no word of a hidden file over HTTP": ("http", ["TestCanaryHttp"]),
    "all rooms: each way to read gives the same": ("paths", ["TestReadPaths"]),
}
# Rooms from the one whose tests take longest.
BY_LENGTH = ["ess_beneficiary", "ess_programmes", "ess_funding", "ess_impact"]
LINTERS = [
    "ManifestLinter",
    "TestIndex",
    "TestTestHoles",
    "TestNaming",
    "TestOnchangeDomains",
    "TestOverrideSignatures",
]
# What the upgrade starts from until a version is tagged.
UPGRADE_FROM = "fabf9e9"
BUNDLES = ["web.assets_web", "web.assets_frontend", "web.assets_tests"]
LOG_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+"
    r" (?P<logger>[\w.-]+): (?P<text>.*)"
)
EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Warning|Failure)\b")
SUMMARY = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


# === WHAT A LOG SAYS


class OdooLog:
    """What one run of Odoo said: tests, failures, skips, and complaints.

    :param str text: the log of one run.
    :param list allowed: compiled patterns of messages that may appear.
    """

    def __init__(self, text, allowed=()):
        self.tests = self.bad = 0
        self.failures, self.skipped, self.complaints = [], [], []
        entries = []  # (what the line says, the lines of traceback below it)
        for line in text.splitlines():
            if match := LOG_LINE.match(line):
                entries.append((match, []))
            elif entries:
                entries[-1][1].append(line)
        for match, below in entries:
            said = match["level"], match["logger"], match["text"]
            self._read(*said, reason(below), allowed)

    def _read(self, level, logger, text, why, allowed):
        if counts := SUMMARY.search(text):
            if logger.endswith("odoo.tests.result"):
                failed, errors, tests = map(int, counts.groups())
                self.tests += tests
                self.bad += failed + errors
        elif text.startswith("skipped ") and ".tests" in logger:
            self.skipped.append(text)
        elif level == "ERROR" and re.match(r"(FAIL|ERROR): ", text):
            self.failures.append(text + why)
        elif level in ("WARNING", "ERROR", "CRITICAL"):
            message = f"{logger}: {text}"
            if not any(pattern.search(message) for pattern in allowed):
                self.complaints.append(f"{level} {message}{why}")


def reason(lines, kept=12):
    """What a traceback ends with: the exception and its message, one below the other.

    A machine that only shows what a run printed has no log to open.

    >>> reason(["Traceback (most recent call last):", "  File …", "KeyError: 'a'"])
    "\\n        KeyError: 'a'"
    """
    starts = [n for n, line in enumerate(lines) if EXCEPTION.match(line)]
    said = (
        [line[:300] for line in lines[starts[-1] :] if line.strip()] if starts else []
    )
    return "".join(f"\n        {line}" for line in said[:kept])


def allowed_warnings(path=None):
    """Patterns of tests/allowed_warnings.txt: `pattern  ## reason`, one a line."""
    patterns = []
    path = path or ess.ROOT / "tests" / "allowed_warnings.txt"
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        pattern, separator, reason = line.partition(" ## ")
        if not (separator and reason.strip()):
            raise ess.Failure(
                f"{path.name}:{number}: a warning is allowed with a reason"
            )
        patterns.append(re.compile(pattern.strip()))
    return patterns


# === ONE RUN


class Run:
    """One `./ess test`: its databases, its stages and its counts."""

    def __init__(self, suite):
        self.suite = suite
        self.passed = self.failed = 0
        self._counting = threading.Lock()
        self.is_over = False  # set when the run is cut short: no other stage begins
        self.allowed = allowed_warnings()
        self.prefix = f"run{os.getpid()}_"

    # --- counting

    @contextlib.contextmanager
    def stage(self, label):
        """A stage: one line with its counts, then what went wrong, if anything."""
        if self.is_over:
            raise ess.Failure("the run was cut short")
        outcome = Outcome()
        with ess.Step(label) as step:
            try:
                yield outcome
            except ess.Failure as failure:
                outcome.fail(str(failure))
            step.note = f"{outcome.passed} passed, {outcome.failed} failed"
            step.is_bad = bool(outcome.failed)
        with self._counting:
            self.passed += outcome.passed
            self.failed += outcome.failed
            for problem in outcome.problems[:15]:
                ess.say(f"    ✗ {problem}")
            if len(outcome.problems) > 15:
                ess.say(f"    … and {len(outcome.problems) - 15} more")
            if outcome.problems and outcome.log:
                ess.say(f"    see {ess.shown(outcome.log)}")

    def odoo(self, outcome, database, *words, log, tests_expected=True):
        """Run Odoo on a database and add up what its log says.

        :return: whether Odoo itself ended well (its tests may still have failed).
        """
        path = ess.log_path(log)
        start = path.stat().st_size if path.exists() else 0
        port = ess.free_port()
        words = [f"--stop-after-init --http-port {port} -d", database, *words]
        crash = None
        try:
            self.suite.odoo(*words, log=log, what="Odoo")
        except ess.Failure as failure:
            crash = str(failure)
        with open(path, errors="replace") as handle:
            handle.seek(start)
            said = OdooLog(handle.read(), self.allowed)
        outcome.log = path
        outcome.passed += said.tests - said.bad - len(said.skipped)
        outcome.failed += said.bad
        outcome.problems += said.failures
        for text in said.skipped + said.complaints:
            outcome.fail(text)
        if crash and not said.bad and not said.complaints:
            outcome.fail(crash)
        if tests_expected and not said.tests:
            outcome.fail(
                "no test ran: is it imported in tests/__init__.py, and post_install?"
            )
        return not crash or bool(said.bad)

    def pytest(self, outcome, folders, log, **environment):
        """Run pytest on folders of tests and add up its report."""
        report = ess.LOGS / f"{log}.xml"
        report.unlink(missing_ok=True)
        env = {
            **self.suite.environment,
            **{key: str(value) for key, value in environment.items()},
        }
        env["PYTHONPATH"] = os.pathsep.join([str(ess.ROOT), env["PYTHONPATH"]])
        command = [
            self.suite.python,
            "-m",
            "pytest",
            f"--junitxml={report}",
            "-o",
            "junit_family=xunit1",
            *folders,
        ]
        with open(ess.log_path(log), "wb") as output:
            subprocess.run(
                list(map(str, command)),
                cwd=ess.ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
            )
        outcome.log = ess.log_path(log)
        if not report.exists():
            return outcome.fail(f"pytest: {ess.last_words(outcome.log)}")
        cases = list(ET.parse(report).iter("testcase"))
        for case in cases:
            bad = [part for part in case if part.tag in ("failure", "error", "skipped")]
            if bad:
                name = f"{case.get('classname')}.{case.get('name')}"
                outcome.fail(f"{bad[0].tag}: {name}: {bad[0].get('message')}"[:300])
            else:
                outcome.passed += 1
        if not cases:
            outcome.fail(f"no test ran in {', '.join(map(str, folders))}")
        return None

    # --- databases

    def scratch(self, source, name):
        """A copy of a database that lasts as long as this run."""
        database = self.prefix + name
        self.suite.duplicate(source, database)
        return database

    def clean_up(self):
        """Drop the databases of this run, and of runs that were killed."""
        for database in sorted(self.suite.databases()):
            owner = re.match(r"run(\d+)_", database)
            if owner and (
                database.startswith(self.prefix)
                or not Path(f"/proc/{owner[1]}").exists()
            ):
                self.suite.drop(database)


class Outcome:
    """What one stage found."""

    def __init__(self):
        self.passed = self.failed = 0
        self.problems, self.log = [], None

    def check(self, good, what):
        """Count one condition."""
        if good:
            self.passed += 1
        else:
            self.fail(what)

    def fail(self, problem):
        self.failed += 1
        self.problems.append(problem)


# === SNAPSHOTS


def chain(addon):
    """An addon of ours with everything of ours that it stands on, lowest first."""
    ours = [*ess.ROOMS, ALL_ROOMS]
    return ours[: ours.index(addon) + 1]


class Snapshots:
    """Databases with an addon and the rooms below it installed, kept."""

    KEPT = 2

    def __init__(self, suite):
        self.suite = suite

    def get(self, addon):
        """The name of a snapshot of the code that is here; made when missing."""
        codes = {room: ess.code_key(room) for room in chain(addon)}
        template = self.suite.template("en_US")
        name = f"snap_{addon}_{ess.digest(template, *codes.values())}"
        with ess.locked(f"snapshot-{self.suite.state.name}"):
            if not self.suite.is_ready(name):
                with ess.Step(f"database with {addon} installed") as step:
                    step.note = self._make(name, addon, codes, template)
                self._prune(addon)
        return name

    def _make(self, name, addon, codes, template):
        """Update the newest snapshot of the addon, or install on what lies below."""
        making = f"making_{addon}"
        source, known = self._nearest(addon, codes, template)
        for base, base_codes in ((source, known), (template, {})):
            words = self._words(codes, base_codes)
            try:
                self.suite.duplicate(base, making)
                install = ["--stop-after-init --no-http -d", making, *words]
                what = f"installing {addon}"
                self.suite.odoo(*install, log=f"snapshot-{addon}", what=what)
                break
            except ess.Failure:
                if base == template:
                    raise
        self.suite.warm(making, BUNDLES)
        self.suite.rename(making, name)
        self.suite.mark_ready(name, json.dumps({"template": template, "codes": codes}))
        return " ".join(words)

    @staticmethod
    def _words(codes, known):
        """Which rooms to install and which to update, given those in the base."""
        new = [room for room in codes if room not in known]
        changed = [
            room for room in codes if room in known and codes[room] != known[room]
        ]
        return [
            *(["-i", ",".join(new)] if new else []),
            *(["-u", changed[0]] if changed else []),
        ]

    def _nearest(self, addon, codes, template):
        """The base that leaves the least to do: (database, {room: key of its code})."""
        best = (template, {})
        for path in sorted(
            (self.suite.state / "ready").glob("snap_*"),
            key=lambda path: path.stat().st_mtime,
        ):
            made = json.loads(path.read_text())
            fits = made["template"] == template and set(made["codes"]) <= set(codes)
            if (
                fits
                and self.suite.is_ready(path.name)
                and len(made["codes"]) >= len(best[1])
            ):
                best = (path.name, made["codes"])
        return best

    def _prune(self, addon):
        """Keep the newest few: older ones are unlikely to be the code of tomorrow."""
        stamps = sorted(
            (self.suite.state / "ready").glob(f"snap_{addon}_*"),
            key=lambda path: path.stat().st_mtime,
        )
        for path in stamps[: -self.KEPT]:
            self.suite.drop(path.name)


# === STAGES OF A FULL RUN


def stage_lint(run):
    with run.stage("lint") as outcome:
        outcome.log = ess.log_path("lint")
        command = [run.suite.python, ess.ROOT / "tests" / "lint" / "run.py"]
        done = subprocess.run(
            command,
            cwd=ess.ROOT,
            env=ess.tool_environment(run.suite.python),
            capture_output=True,
            text=True,
            check=False,
        )
        outcome.log.write_text(done.stdout + done.stderr)
        counts = re.search(r"(\d+) passed, (\d+) failed", done.stdout)
        if not counts:
            return outcome.fail(f"lint broke down: {done.stderr.strip()[-200:]}")
        outcome.passed, outcome.failed = map(int, counts.groups())
        outcome.problems += [
            line.strip() for line in done.stdout.splitlines() if line.startswith("    ")
        ]
        return None


def stage_shell(run):
    with run.stage("./ess itself") as outcome:
        run.pytest(outcome, [ess.ROOT / "tests" / "shell"], "shell")


def stage_rooms(run):
    """Install each room on the one below, with nothing above it.

    :return: {room: database}, as far as the installations went
    """
    databases, database = {}, run.suite.template("en_US")
    for room in ess.ROOMS:
        with run.stage(f"{room}: installed on what lies below") as outcome:
            database = run.scratch(database, room)
            words = ["-i", room]
            if not run.odoo(
                outcome, database, *words, log=f"install-{room}", tests_expected=False
            ):
                break
            outcome.passed += 1
            databases[room] = database
    return databases


def stage_room(run, room, database):
    with run.stage(f"{room}: tested alone") as outcome:
        run.odoo(outcome, database, "--test-tags", f"/{room}", log=f"test-{room}")


def stage_join(run, database):
    """Install what tests all rooms together, on a copy of the highest room.

    :return: the database, with the copies that parts of the tests work on
    """
    with run.stage("all rooms together: installation") as outcome:
        database = run.scratch(database, "together")
        words = ["-i", ALL_ROOMS]
        if run.odoo(outcome, database, *words, log="test-join", tests_expected=False):
            outcome.passed += 1
            parts = ["story", *(name for name, _tests in SWEEPS.values())]
            return [database, *(run.scratch(database, name) for name in parts)]
    return None


def stage_sweep(run, label, database):
    name, tests = SWEEPS[label]
    with run.stage(label) as outcome:
        tags = ",".join(f"/{ALL_ROOMS}:{test}" for test in tests)
        run.odoo(outcome, database, "--test-tags", tags, log=f"test-{name}")


def stage_story(run, database):
    with run.stage("all rooms together: main story in a browser, fuzz") as outcome:
        elsewhere = [test for _name, tests in SWEEPS.values() for test in tests]
        tags = [f"/{ALL_ROOMS}", *(f"-/{ALL_ROOMS}:{test}" for test in elsewhere)]
        run.odoo(outcome, database, "--test-tags", ",".join(tags), log="test-together")


def stage_javascript(run, database):
    suites = [
        room
        for room in ess.ROOMS
        if list((ess.ROOT / "addons" / room / "static" / "tests").rglob("*.test.js"))
    ]
    tags = ",".join(f"/web:WebSuite.test_unit_desktop[@{room}]" for room in suites)
    with run.stage("JavaScript unit tests") as outcome:
        run.odoo(outcome, database, "--test-tags", tags, log="test-javascript")


def stage_upgrade(run, database):
    with run.stage("update of every room, twice") as outcome:
        for _ in range(2):
            if run.odoo(
                outcome,
                database,
                "-u",
                ",".join(ess.ROOMS),
                log="test-update",
                tests_expected=False,
            ):
                outcome.passed += 1
    if tag := previous_release():
        with run.stage(f"upgrade from {tag}") as outcome:
            source, rooms = old_database(run.suite, tag)
            if run.odoo(
                outcome,
                run.scratch(source, "upgrade"),
                "-i",
                ",".join(ess.ROOMS),
                "-u",
                rooms,
                log="test-upgrade",
                tests_expected=False,
            ):
                outcome.passed += 1


def old_database(suite, tag):
    """A database with the rooms as they were at a tag: kept, since they never change.

    :return: its name, and the rooms, as Odoo's command line takes them
    """
    template = suite.template("en_US")
    name = f"old_{ess.digest(tag, template)}"
    with ess.locked(f"old-{suite.state.name}"):
        if not suite.is_ready(name):
            for other in suite.databases():
                if other.startswith("old_"):
                    suite.drop(other)
            with old_addons(tag) as folder:
                rooms = ",".join(
                    room for room in ess.ROOMS if (folder / "addons" / room).exists()
                )
                paths = [folder / "addons", *suite.odoo_source.addons]
                suite.duplicate(template, "making_old")
                words = ["--stop-after-init --no-http -d", "making_old", "-i", rooms]
                words += ["--addons-path", ",".join(map(str, paths))]
                suite.odoo(*words, log="test-upgrade", what=f"installing {tag}")
            suite.rename("making_old", name)
            suite.mark_ready(name, rooms)
    return name, (suite.state / "ready" / name).read_text()


def previous_release():
    """The newest git tag of a version before the commit that is here, else the commit
    that stands for it, else None: a copy without history has nothing to upgrade from.
    """
    git = ["git", "-C", str(ess.ROOT)]
    newest_tag = [*git, "describe", "--tags", "--abbrev=0", "--match", "*19.0*"]
    known = [*git, "rev-parse", "--verify", "--quiet", f"{UPGRADE_FROM}^{{commit}}"]
    with contextlib.suppress(OSError):
        for command in ([*newest_tag, "HEAD^"], known):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if found := done.stdout.strip():
                return found[:20]
    return None


@contextlib.contextmanager
def old_addons(tag):
    """The addons as they were at a tag, in a folder of the cache."""
    folder = ess.cache() / "upgrade" / f"{tag}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        archive = subprocess.run(
            ["git", "-C", str(ess.ROOT), "archive", tag, "addons"],
            capture_output=True,
            check=True,
        )
        subprocess.run(
            ["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True
        )
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stage_odoo_lint(run, database):
    with run.stage("Odoo's own linter") as outcome:
        tags = ",".join(f"/test_lint:{name}" for name in LINTERS)
        run.odoo(
            outcome, database, "-i", "test_lint", "--test-tags", tags, log="test-lint"
        )


def stage_demo(run):
    """Build the demo association anew, serve it, and look at it from outside."""
    output = ess.ROOT / "var" / "test-demo"
    shutil.rmtree(output, ignore_errors=True)
    demo = ess.Demo(run.suite, f"{run.prefix}demo", output)
    with contextlib.ExitStack() as stack:
        with run.stage("demo association from nothing") as outcome:
            demo.install(fresh=True)
            _process, url = stack.enter_context(demo.serving(log="test-demo-server"))
            demo.build()
            outcome.passed += 1
        if not (output / "summary.json").exists():
            return
        world = {"ESS_URL": url, "ESS_DB": demo.database, "ESS_DEMO_DIR": output}
        for folder, label in (
            ("conformance", "conformance with outside standards"),
            ("e2e", "the demo in a real browser"),
        ):
            if list((ess.ROOT / "tests" / folder).glob("test_*.py")):
                with run.stage(label) as outcome:
                    run.pytest(outcome, [ess.ROOT / "tests" / folder], folder, **world)
        stage_demo_log(run)


def stage_demo_log(run):
    with run.stage("log of the demo's server") as outcome:
        outcome.log = ess.log_path("test-demo-server")
        written = outcome.log.read_text(errors="replace")
        complaints = OdooLog(written, run.allowed).complaints
        outcome.passed += not complaints
        for text in complaints:
            outcome.fail(text)


def stage_docker(run):
    """Run the containers' entry script on this machine, with one room to save time.

    No container engine is needed: the script, its refusals and what it makes are
    checked with the Odoo and the cluster that are here.
    """
    script, database = ess.ROOT / "docker" / "entrypoint.sh", f"{run.prefix}docker"
    folder = run.suite.state / database
    port, server = ess.free_port(), run.suite.cluster.environment
    settings = {
        **run.suite.environment,
        "DB_HOST": server["PGHOST"],
        "DB_PORT": server["PGPORT"],
        "DB_USER": server["PGUSER"],
        "DB_PASSWORD": server["PGPASSWORD"],
        "ESS_DATABASE": database,
        "ESS_MODULES": ess.ROOMS[0],
        "ESS_ADDONS": str(ess.ROOT / "addons"),
        "ESS_DATA": str(folder),
        "ESS_ODOO_COMMAND": f"{run.suite.python} -m odoo",
        "ESS_HTTP_INTERFACE": "127.0.0.1",
        "ESS_HTTP_PORT": str(port),
    }
    with run.stage("the containers' entry script") as outcome:
        outcome.log = ess.log_path("test-docker")
        for password in ("", "admin"):
            refused = {**settings, "DB_PASSWORD": password}
            done = subprocess.run([script], env=refused, capture_output=True, text=True)
            outcome.check(done.returncode and "DB_PASSWORD" in done.stderr, "refusal")
        first = {**settings, "ADMIN_PASSWORD": "a-password-of-ours"}
        for env, label in ((first, "first start"), (settings, "second start")):
            with ess.served([script], env, "test-docker", port):
                good = _can_log_in(port, database, "a-password-of-ours")
                outcome.check(good, f"{label}: admin logs in with its own password")
                bad = _can_log_in(port, database, "admin")
                outcome.check(not bad, f"{label}: no default password")
        allowed = [*run.allowed, re.compile("Access Denied")]  # the wrong password
        said = OdooLog(outcome.log.read_text(errors="replace"), allowed)
        for text in said.complaints:
            outcome.fail(text)
    shutil.rmtree(folder, ignore_errors=True)


def _can_log_in(port, database, password):
    """Whether the first user logs in over HTTP with a password."""
    params = {"db": database, "login": "admin", "password": password}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/web/session/authenticate",
        json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bool(json.load(answer).get("result", {}).get("uid"))


def end_children():
    """Ask every process that this one started to end."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = path.read_text().rpartition(")")[2].split()[1]
            if parent == str(os.getpid()):
                os.kill(int(path.parent.name), signal.SIGTERM)


def run_everything(run):
    """All stages, two at a time: one of them seldom fills two cores.

    The rooms are installed while the demo is built and looked at; then every test has
    its database, and the longest begin, so that both lanes end together.
    """
    ess.Step.is_alone = False
    lanes = ThreadPoolExecutor(max_workers=2)
    try:
        installing = lanes.submit(installed, run)
        jobs = [lanes.submit(stage_demo, run)]
        rooms, together = installing.result()
        jobs += [lanes.submit(*job) for job in longest_first(run, rooms, together)]
        for job in jobs:
            job.result()
    except BaseException:
        run.is_over = True
        lanes.shutdown(wait=False, cancel_futures=True)
        end_children()  # what the lanes still wait for
        raise
    lanes.shutdown()


def installed(run):
    """The databases of the tests: {room: database}, and those with all rooms."""
    rooms = stage_rooms(run)
    complete = len(rooms) == len(ess.ROOMS)
    return rooms, stage_join(run, rooms[ess.ROOMS[-1]]) if complete else None


def longest_first(run, rooms, together):
    """What is left to do once all is installed: (function, its arguments…)."""

    def upkeep(database):
        stage_javascript(run, database)
        stage_upgrade(run, database)
        stage_odoo_lint(run, database)

    def quick():
        stage_lint(run)
        stage_shell(run)

    jobs = [(stage_room, run, room, rooms[room]) for room in BY_LENGTH if room in rooms]
    if together:
        database, story, *parts = together
        sweeps = [(stage_sweep, run, *part) for part in zip(SWEEPS, parts)]
        jobs[1:1] = [sweeps[0], (upkeep, database), (stage_story, run, story)]
        jobs[-1:-1] = sweeps[1:]
    return [*jobs, (stage_docker, run), (quick,)]


# === ONE ADDON, ONE FILE, ONE TEST


def run_named(run, what):
    """Run what a person named (see `./ess test --help`)."""
    addon, tags = addon_and_tags(what)
    if addon:
        snapshot = Snapshots(run.suite).get(addon)
        with run.stage(what) as outcome:
            database = run.scratch(snapshot, addon)
            # Tests marked at_install run only while their addon is loaded anew.
            update = ["-u", addon] if tags == f"/{addon}" else []
            run.odoo(
                outcome, database, *update, "--test-tags", tags, log=f"test-{addon}"
            )
        return None
    path = Path(what.split("::")[0]).resolve()
    if not path.exists():
        raise ess.Failure(
            f"{what}: no such addon, file or folder."
            f" Addons: {', '.join([*ess.ROOMS, ALL_ROOMS])}"
        )
    if path.is_relative_to(ess.ROOT / "tests" / "lint"):
        return stage_lint(run)
    if path.is_relative_to(ess.ROOT / "docker"):
        return stage_docker(run)
    if path.is_relative_to(ess.ROOT / "tests" / "shell"):
        with run.stage(what) as outcome:
            run.pytest(outcome, [what], "shell")
        return None
    return run_on_demo(run, what)


def run_on_demo(run, what):
    """Tests that look at the demo from outside: on the one of `./ess demo`."""
    demo = ess.Demo(run.suite)
    must_build = demo.install()
    with demo.serving(log="test-demo-server") as (_process, url):
        if must_build:
            demo.build()
        with run.stage(what) as outcome:
            run.pytest(
                outcome,
                [what],
                "named",
                ESS_URL=url,
                ESS_DB=demo.database,
                ESS_DEMO_DIR=demo.output,
            )
        stage_demo_log(run)


def addon_and_tags(what):
    """(addon, Odoo's --test-tags) of what a person named, or (None, None).

    >>> addon_and_tags("ess_impact:TestIndicator.test_sum")
    ('ess_impact', '/ess_impact:TestIndicator.test_sum')
    """
    ours = [*ess.ROOMS, ALL_ROOMS]
    path = Path(what)
    addon = next((part for part in path.parts if part in ours), None)
    if what.split(":")[0] in ours:
        return what.split(":")[0], f"/{what}"
    if addon and path.suffix == ".py":
        return addon, f"/{'/'.join(path.parts[path.parts.index(addon) :])}"
    if addon and path.exists():
        return addon, f"/{addon}"
    return None, None


# === WHAT ./ess CALLS


def run_tests(_shell, names):
    """Run everything, or what was named; the exit code of `./ess test`."""
    suite = ess.Suite("checks", ess.TO_TEST)
    with suite.up():
        run = Run(suite)
        run.clean_up()
        try:
            for name in names:
                run_named(run, name)
            if not names:
                run_everything(run)
        finally:
            run.clean_up()
    ess.say(f"{run.passed} passed, {run.failed} failed")
    return 1 if run.failed or not run.passed else 0


def run_benchmarks(_shell, names):
    """Run the named benchmarks, or all; each on a database of its own."""
    frame = ess.ROOT / "tests" / "bench" / "frame.py"
    here = sorted(
        path.stem
        for path in frame.parent.glob("*.py")
        if path.stem != "frame" and not path.stem.startswith("_")
    )
    if unknown := [name for name in names if name not in here]:
        raise ess.Failure(
            f"no benchmark {unknown[0]}; there are: {', '.join(here) or 'none'}"
        )
    suite = ess.Suite("checks", ess.TO_RUN)
    failed = []
    with suite.up(durable=False):
        for name in names or here:
            room = re.search(
                r'^ROOM = "(\w+)"', (frame.parent / f"{name}.py").read_text(), re.M
            )
            snapshot = Snapshots(suite).get(room[1] if room else ess.ROOMS[-1])
            database = f"bench_{name}"
            suite.duplicate(snapshot, database)
            suite.cluster.set_durable(True)
            command = [str(suite.python), str(frame), name, "--database", database]
            try:
                if subprocess.run(
                    command, env=suite.environment, cwd=ess.ROOT, check=False
                ).returncode:
                    failed.append(name)
            finally:
                suite.cluster.set_durable(False)
                suite.drop(database)
    done = len(names or here)
    ess.say(f"{done - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit("run ./ess test")
