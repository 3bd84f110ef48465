import uuid

from odoo.fields import Command
from odoo.tests import new_test_user

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
        cls.reception = cls._make_user("reception", f"{room}viewer")
        cls.worker = cls._make_user("worker", f"{room}officer")
        cls.worker2 = cls._make_user("worker2", f"{room}officer")
        cls.importer = cls._make_user("importer", f"{room}import")
        cls.coordinator = cls._make_user("coordinator", f"{room}manager")
        cls.dpo = cls._make_user("dpo", f"{room}dpo")
        cls.contact_user = cls._make_user("contact_user", "base.group_partner_manager")
        cls.internal_user = cls._make_user("internal_user", "base.group_user")
        cls.portal_user = cls._make_user("portal_user", "base.group_portal")
        cls.other_company_user = new_test_user(
            cls.env,
            login="ess_other_company",
            groups=f"{room}manager",
            company_id=cls.company_2.id,
            company_ids=[Command.set(cls.company_2.ids)],
        )

    @classmethod
    def _make_user(cls, name, groups):
        """Create a user of the first company, login ``ess_<name>``."""
        if groups != "base.group_portal":
            groups = f"base.group_user,{groups}"
        return new_test_user(
            cls.env,
            login=f"ess_{name}",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

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
