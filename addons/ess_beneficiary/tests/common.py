import uuid
from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.base.tests.common import BaseCommon


class EssBeneficiaryCommon(BaseCommon):
    """One user per role, two companies and makers of invented people.

    Upper rooms inherit from it and add their own roles.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company_2 = cls.env["res.company"].create({"name": "Other association"})
        room = "ess_beneficiary.group_beneficiary_"
        cls._make_users(
            {
                "reception": f"{room}viewer",
                "worker": f"{room}officer",
                "worker2": f"{room}officer",
                "importer": f"{room}import",
                "coordinator": f"{room}manager",
                "dpo": f"{room}dpo",
                "contact_user": "base.group_partner_manager",
                "internal_user": "base.group_user",
                "portal_user": "base.group_portal",
            }
        )
        cls._make_users({"other_company_user": f"{room}manager"}, cls.company_2)

    @classmethod
    def _make_users(cls, groups_by_name, company=None):
        """Create users and keep each as an attribute of the class.

        Logins are ``ess_<name>``. They have no password (hashing takes long):
        `HttpCase.authenticate` and `start_tour` need none.

        :param dict groups_by_name: {name: comma-separated xmlids of groups}
        :param company: res.company, the one of the tests by default
        """
        company = company or cls.company
        makers = cls.env["res.users"].with_context(no_reset_password=True)
        # Nobody is told that test users get strong rights, and nobody draws their
        # portraits: both take long.
        registry = cls.env.registry
        with (
            patch.object(registry["ess.security.event"], "_tell"),
            patch.object(
                registry["res.partner"], "_avatar_generate_svg", lambda partner: False
            ),
        ):
            users = makers.create(
                [
                    {
                        "name": f"Test {name}",
                        "login": f"ess_{name}",
                        "email": f"ess_{name}@example.com",
                        "company_id": company.id,
                        "company_ids": [Command.set(company.ids)],
                        "group_ids": [
                            Command.set(cls._get_groups(groups).ids),
                        ],
                    }
                    for name, groups in groups_by_name.items()
                ]
            )
        for name, user in zip(groups_by_name, users, strict=True):
            setattr(cls, name, user)

    @classmethod
    def _get_groups(cls, xmlids):
        groups = cls.env["res.groups"].concat(
            *[cls.env.ref(xmlid.strip()) for xmlid in xmlids.split(",")]
        )
        if cls.env.ref("base.group_portal") not in groups:
            groups |= cls.env.ref("base.group_user")
        return groups

    @classmethod
    def _make_beneficiary(cls, team=None, **vals):
        """Create an invented person, followed by the users of `team`.

        :param team: recordset of res.users, the first one is the referent
        :param vals: values of the file; a last name is made up without any name
        """
        if not {"last_name", "first_name", "pseudonym"} & vals.keys():
            vals["last_name"] = cls.canary("Name")
        users = team if team is not None else cls.env["res.users"]
        vals["followup_ids"] = [
            Command.create(
                {
                    "user_id": user.id,
                    "is_referent": user == users[0],
                    "role": "referent" if user == users[0] else "social_worker",
                }
            )
            for user in users
        ]
        vals.setdefault("company_id", cls.company.id)
        return cls.env["ess.beneficiary"].sudo().create(vals).sudo(False)

    @classmethod
    def canary(cls, prefix="canary"):
        """Return a text found nowhere else, to look for where it must not be."""
        return f"{prefix}{uuid.uuid4().hex[:12]}"
