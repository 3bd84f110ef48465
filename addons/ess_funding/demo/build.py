"""Runs the builders of the four rooms in order, once, and keeps what they counted."""

import json
import time

from odoo.addons.ess_beneficiary.demo import (
    homes,
    house,
    lives,
    meetings,
    own_side,
    people,
)
from odoo.addons.ess_beneficiary.demo.story import DEMO_PASSWORD, Story
from odoo.addons.ess_impact.demo import figures
from odoo.addons.ess_programmes.demo import activity, enrolments, programmes, volunteers

from . import grants, ledger, reports

#: system parameter that says that the database holds the demo, and what its build
#: counted
SUMMARY = "ess_demo.summary"
BUILDERS = (
    house,
    people,
    lives,
    homes,
    meetings,
    programmes,
    enrolments,
    volunteers,
    activity,
    own_side,
    figures,
    grants,
    ledger,
    reports,
)
#: what is measured rather than counted
AMOUNTS = ("volunteer_hours", "expenses", "income", "granted", "charged_to_grants")


class NotForDemo(Exception):
    """The database must not be filled, or was not."""


def run(env, today=None, say=print):
    """Build the demo association, unless it is there already.

    :param env: environment of the superuser
    :raises NotForDemo: when the database holds people who are not invented
    """
    if get_summary(env):
        say("La Maison des Deux Ponts est déjà dans cette base : rien à faire.")
        return
    check_empty(env)
    start = time.monotonic()
    story = Story(env, today=today, say=say)
    say(f"La Maison des Deux Ponts, semaine du lundi {story.monday:%d/%m/%Y}")
    for builder in BUILDERS:
        builder.build(story)
    for sentence, left, right, ties in story.checks:
        say(f"  {'=' if ties else '≠'} {sentence} : {left:g} / {right:g}")
    summary = _summarise(story, round(time.monotonic() - start, 1))
    story.env["ir.config_parameter"].set_param(
        SUMMARY, json.dumps(summary, ensure_ascii=False)
    )
    say(
        f"Fait en {summary['seconds']:.0f} s. Mot de passe de tous les "
        f"comptes : {DEMO_PASSWORD}"
    )


def _summarise(story, seconds):
    """Return what the run prints and keeps: numbers, details, logins, checks.

    :rtype: dict
    """
    numbers = {
        key: value
        for key, value in story.figures.items()
        if isinstance(value, (int, float))
    }
    amounts = {key: numbers.pop(key) for key in AMOUNTS if key in numbers}
    return {
        "association": "La Maison des Deux Ponts",
        "week_of": story.monday.isoformat(),
        "seconds": seconds,
        "counts": numbers,
        "figures": amounts,
        "details": {
            key: value
            for key, value in story.figures.items()
            if key not in numbers and key not in amounts
        },
        "logins": house.describe_logins(),
        "checks": [
            {"what": sentence, "left": left, "right": right, "ties": ties}
            for sentence, left, right, ties in story.checks
        ],
    }


def get_summary(env):
    """Return what the build counted, or an empty dict when the demo is not in this
    database.
    """
    return json.loads(env["ir.config_parameter"].get_param(SUMMARY) or "{}")


def check_built(env):
    """Make sure that the demo is there.

    :raises NotForDemo: when it is not
    """
    if not get_summary(env):
        raise NotForDemo(
            "the demo association is not in this database: build it first"
            " (odoo ess_demo -d DB)."
        )


def check_empty(env):
    """Make sure that no real association is hurt.

    :raises NotForDemo: when files of real people exist
    """
    count = (
        env["ess.beneficiary"]
        .with_context(active_test=False)
        .search_count([("is_demo", "=", False)])
    )
    if count:
        raise NotForDemo(
            f"this database holds {count} files of people who are not "
            f"invented. The demo is only for an empty "
            "database: create another one."
        )
    if env["ess.beneficiary"].with_context(active_test=False).search_count([]):
        raise NotForDemo(
            "a former build stopped half-way in this database: drop it and start again."
        )
