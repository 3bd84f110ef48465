from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .ess_beneficiary import FILE_GROUPS


class EssBeneficiary(models.Model):
    """Who the person lives with and is related to, as the user may know."""

    _inherit = "ess.beneficiary"

    household_member_ids = fields.One2many(
        comodel_name="ess.household.member",
        inverse_name="beneficiary_id",
        string="Households of the person",
        groups=FILE_GROUPS,
    )
    household_id = fields.Many2one(
        comodel_name="ess.household",
        compute="_compute_household",
        groups=FILE_GROUPS,
        help="Where the person lives today; the last one entered when there are two.",
    )
    household_mate_ids = fields.Many2many(
        comodel_name="ess.household.member",
        string="Lives with",
        compute="_compute_household",
        groups=FILE_GROUPS,
        help="Members whose file you may read.",
    )
    household_size = fields.Integer(
        string="People in the household",
        compute="_compute_household",
        groups=FILE_GROUPS,
        help="Members whose file you may read, and those without a file.",
    )
    relation_ids = fields.Many2many(
        comodel_name="ess.relation",
        string="Relations",
        compute="_compute_relation_ids",
        groups=FILE_GROUPS,
    )

    # === COMPUTE

    @api.depends("household_member_ids.date_from", "household_member_ids.date_to")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_household(self):
        """Search under the rules of the user, once for the whole batch."""
        members = self.env["ess.household.member"].sudo(False)
        own = members.search(
            [("beneficiary_id", "in", self.ids)] + list(members._get_current_domain()),
            order="date_from desc, id desc",
        )
        households = own.household_id.sudo(False)._filtered_access("read")
        around = households._get_composition().grouped("household_id")
        sizes = {household: household.size for household in households}
        for beneficiary in self:
            mine = own.filtered(
                lambda m, b=beneficiary: (
                    m.beneficiary_id == b._origin and m.household_id in households
                )
            )
            homes = mine.household_id
            beneficiary.household_id = homes[:1]
            mates = members.union(*(around.get(home, members) for home in homes))
            beneficiary.household_mate_ids = mates - mine
            beneficiary.household_size = sizes.get(homes[:1], 0)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_relation_ids(self):
        """Search under the rules of the user: both files must be readable."""
        relations = self.env["ess.relation"].sudo(False)
        found = relations.search(relations._get_file_domain(self.ids))
        for beneficiary in self:
            beneficiary.relation_ids = found.filtered(
                lambda relation, b=beneficiary: (
                    b._origin in relation.beneficiary_id | relation.other_id
                )
            )

    # === ACTIONS

    def action_open_household_add(self):
        """Search someone, then add them to the household of this person.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add someone to the household"),
            "res_model": "ess.household.add",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_beneficiary_id": self.id,
                "default_household_id": self.household_id.id,
            },
        }

    def action_open_household(self):
        """Open the household of this person.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ess.household",
            "res_id": self.household_id.id,
            "view_mode": "form",
        }

    def action_open_household_move(self):
        """Say that someone leaves the household of this person.

        :rtype: dict
        :raise UserError: nobody else is known to live there
        """
        self.ensure_one()
        if not self.household_id:
            raise UserError(
                self.env._("No household is known for this person: add someone first.")
            )
        return self.household_id.action_open_move() | {
            "context": {"default_household_id": self.household_id.id}
        }

    def action_open_relation_add(self):
        """Write how this person is linked to another one.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New relation"),
            "res_model": "ess.relation",
            "view_mode": "form",
            "target": "new",
            "context": {"default_beneficiary_id": self.id},
        }

    # === BUSINESS

    def _enter_household(self, household, role=None, date_from=None):
        """Put this person in a household; without one, a household starts with them.

        :param household: ess.household, may be empty
        :param str role: key of `ess.household.member.role`, by age by default
        :param date date_from: first day, today by default
        :return: the household
        :rtype: recordset of ess.household
        """
        self.ensure_one()
        if not household:
            household = self.env["ess.household"].create(
                # sudo: the association of a file in which the user may write
                {"company_id": self.sudo().company_id.id}
            )
        self.env["ess.household.member"].create(
            {
                "household_id": household.id,
                "beneficiary_id": self.id,
                "role": role or ("child" if self.is_minor else "adult"),
                "date_from": date_from or fields.Date.context_today(self),
            }
        )
        return household

    def _get_readable_households(self):
        """Return the households of the person; the other members are masked.

        :rtype: list of dict
        """
        return [
            self._get_readable_household(member)
            for member in self._search_facts("ess.household.member").sorted("date_from")
        ]

    def _get_readable_household(self, member):
        """Return one stay of the person in a household, others by role only.

        No name, number, address or phone of anybody else; and nobody whose file is
        protected, whoever asks for this copy: it may be read by a parent.

        :param member: one ess.household.member of this person
        :rtype: dict
        """
        others = self.env["ess.household.member"].search(
            Domain("household_id", "=", member.household_id.id)
            & Domain("beneficiary_id", "!=", self.id)
            & Domain("beneficiary_id.is_protected", "=", False)
        )
        return {
            "role": self._readable_choice(member, "role"),
            "date_from": self._readable_date(member.date_from),
            "date_to": self._readable_date(member.date_to),
            "others": [
                {
                    "who": self.env._("another person of the household"),
                    "role": self._readable_choice(other, "role"),
                    "date_from": self._readable_date(other.date_from),
                    "date_to": self._readable_date(other.date_to),
                }
                for other in others.sorted(lambda m: (m.date_from, m.id))
            ],
        }
