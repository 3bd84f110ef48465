"""What the cross-room tests share: one user per role, and a world with one record per
model and class.
"""

import logging
from contextlib import contextmanager, suppress

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

from .static import ROOMS
from .world import World

_logger = logging.getLogger(__name__)

# loggers that report each refusal that the tests provoke on purpose
QUIET = (
    "odoo.sql_db",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
)

# role → groups. One role per group of the rooms, and the outsiders who must not learn
# anything.
OUTSIDERS = {
    "portal": ("base.group_portal",),
    "internal": ("base.group_user",),
    "contacts": ("base.group_user", "base.group_partner_manager"),
    "accounting": ("base.group_user", "account.group_account_user"),
    "system": ("base.group_user", "base.group_system"),
}
# users of these roles hold no right of ours at all
STRANGERS = (
    "portal",
    "internal",
    "contacts",
    "system",
    "beneficiary_person",
    "funding_funder",
)
# logins of people outside the house
EXTERNAL = ("portal", "beneficiary_person", "funding_funder")


def role_groups(env):
    """Role → xmlids of its groups: outsiders, every group of the rooms, profiles."""
    data = (
        env["ir.model.data"]
        .sudo()
        .search([("model", "=", "res.groups"), ("module", "in", ROOMS)])
    )
    ours = {
        row.name.removeprefix("group_"): (row.complete_name,)
        for row in data.sorted(lambda row: (ROOMS.index(row.module), row.res_id))
    }
    profiles = {
        row.name: tuple(
            env["ess.profile"].browse(row.res_id).group_ids.get_external_id().values()
        )
        for row in env["ir.model.data"].search([("model", "=", "ess.profile")])
    }
    return OUTSIDERS | ours | profiles


# roles that between them hold every combination of rights that a leak could slip
# through; what asks a great many questions asks them as these only
WATCHED = (
    "beneficiary_person",
    "funding_funder",
    "internal",
    "contacts",
    "accounting",
    "beneficiary_viewer",
    "beneficiary_officer",
    "beneficiary_dpo",
    "programmes_officer",
    "volunteers_officer",
    "impact_officer",
    "funding_officer",
    "profile_field_worker",
    "profile_coordinator",
    "profile_director",
)


# what every question reads again: who asks, with which groups, in which company; and
# which charts of accounts each module brings (found by looking at all its code)
KEPT_MODELS = ("res.users", "res.groups", "res.company", "ir.module.module")


class Undo(Exception):
    """Raised on purpose to roll back what a test tried."""


class EssSuiteCommon(BaseCommon):
    """One user per role and a :class:`World` of records, all invented."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = role_groups(cls.env)
        cls.company_2 = cls.env["res.company"].create({"name": "Association voisine"})
        cls.users = {role: cls._make_role_user(role) for role in cls.roles}
        cls.stranger = new_test_user(
            cls.env,
            login="autre_equipe",
            name="Ursule Devigne",
            groups=",".join(cls._top_groups()),
            company_id=cls.company.id,
        )
        cls.stranger_2 = new_test_user(
            cls.env,
            login="autre_association",
            name="Anselme Vautrin",
            groups=",".join(cls._top_groups()),
            company_id=cls.company_2.id,
            company_ids=[Command.set(cls.company_2.ids)],
        )
        cls.world = World(
            cls.env(su=True),
            cls.company,
            cls.company_2,
            team=cls._team(),
            stranger=cls.stranger,
            stranger_2=cls.stranger_2,
        )
        cls.env.flush_all()

    @classmethod
    def _make_role_user(cls, role):
        groups = list(cls.roles[role])
        if role not in EXTERNAL:
            groups += ["base.group_user", "base.group_allow_export"]
        return new_test_user(
            cls.env,
            login=f"role_{role}",
            name=f"Rôle {role}",
            groups=",".join(groups),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _top_groups(cls):
        return [
            "base.group_user",
            "ess_beneficiary.group_beneficiary_manager",
            "ess_programmes.group_programmes_manager",
        ]

    @classmethod
    def _team(cls):
        """Users who are in the team of what the table calls *own*."""
        users = cls.env["res.users"]
        for role, user in cls.users.items():
            if role not in STRANGERS:
                users |= user
        return users

    @classmethod
    def as_user(cls, records, role):
        """Same records as seen by a role, in its own company only."""
        user = cls.users[role]
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids,
            tracking_disable=True,
            active_test=False,
        )

    @contextmanager
    def undone(self):
        """Roll back what happens inside, whatever happens, and forget what was read.

        What was known of users, groups and companies before is true again, so it is
        kept: thousands of questions need not read it each time.
        """
        self.env.flush_all()
        known = self._known()
        try:
            with suppress(Undo), mute_logger(*QUIET), self.env.cr.savepoint():
                yield
                raise Undo
        finally:
            self.env.transaction.field_data.update(known)

    def _known(self):
        """What the cache holds of the kept models, as ``{field: values}``."""
        cache, known = self.env.transaction.field_data, {}
        by_context = self.env.registry.field_depends_context
        for name in KEPT_MODELS:
            for field in self.env[name]._fields.values():
                if not (values := cache.get(field)):
                    continue
                known[field] = (
                    {key: dict(some) for key, some in values.items()}
                    if field in by_context
                    else dict(values)
                )
        return known

    @classmethod
    def refuse_plainly(cls, but_to=()):
        """Let refusals be without words, for tests that do not read them.

        Finding the words (rules, companies) takes longer than refusing. TestCanary
        reads them all.

        :param but_to: roles who are still refused in full
        """
        heard = {cls.users[role].id for role in but_to}
        for name in ("ir.rule", "ir.model.access"):
            model = cls.registry[name]

            def refuse(self, *what, in_full=model._make_access_error):
                full = self.env.uid in heard
                return in_full(self, *what) if full else AccessError("refused")

            cls.classPatch(model, "_make_access_error", refuse)

    def is_allowed(self, operation, strict=False):
        """Do it, undo it, and tell whether access was given.

        A refusal by a business rule or by a constraint of the database comes after
        access, so it
        counts as access given, unless ``strict``: then it is an error of the test
        itself.
        """
        try:
            with self.undone():
                operation()
                self.env.flush_all()
        except (AccessError, MissingError):
            return False
        except (UserError, psycopg2.Error):
            if strict:
                raise
        return True
