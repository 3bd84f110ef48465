"""The quick checks of `./ess lint`: no database, under a minute.

Each check is a generator function of a module beside this one: the first line of its
docstring is its label, and it yields one text for each problem, `path:line: what`. To
add a check, write such a function and name it in CHECKS.

    python tests/lint/run.py                 all of them
    python tests/lint/run.py old_words       one of them
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import addons_checks
import code_checks
import tool_checks

CHECKS = {
    check.__name__: check
    for check in (
        tool_checks.ruff_check,
        tool_checks.ruff_format,
        tool_checks.pylint_odoo,
        tool_checks.dockerfile,
        tool_checks.shell_scripts,
        code_checks.shape,
        code_checks.test_tags,
        code_checks.unfinished,
        code_checks.hosts,
        addons_checks.old_words,
        addons_checks.old_calls,
        addons_checks.xml_files,
        addons_checks.manifests,
        addons_checks.rooms,
        addons_checks.translations,
    )
}


def run(check):
    start = time.monotonic()
    try:
        problems = list(check())
    except Exception as error:  # a broken check is a failed check, not a traceback
        problems = [f"the check itself broke: {type(error).__name__}: {error}"]
    return problems, time.monotonic() - start


def main(names):
    """Run checks, print a line for each; the exit code."""
    if unknown := [name for name in names if name not in CHECKS]:
        print(f"✗ no check {unknown[0]}; there are: {', '.join(CHECKS)}")
        return 2
    chosen = [CHECKS[name] for name in names or CHECKS]
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for check, (problems, seconds) in zip(
            chosen, pool.map(run, chosen), strict=True
        ):
            label = check.__doc__.split("\n")[0].rstrip(".")
            print(f"{'✗' if problems else '✓'} {label} ({seconds:.1f} s)", flush=True)
            for problem in problems:
                print(f"    {check.__name__}: {problem}")
            failed += bool(problems)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
