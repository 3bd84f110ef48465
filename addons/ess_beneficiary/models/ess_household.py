from odoo import api, fields, models
from odoo.exceptions import UserError


class EssHousehold(models.Model):
    """People who live together, as the social services say (ménage).

    Made from the file of its first member by a worker; members come and go with
    dates. It has no name, no address and no phone: these belong to each person. A
    user sees it through the members of today whose file they may read, and sees no
    other member, not even in a count. A couple who separates is two households, which
    do not know each other.
    """

    _name = "ess.household"
    _description = "Household"
    _order = "id desc"
    _rec_name = "ref"
    _rec_names_search = ["ref"]

    ref = fields.Char(
        string="Household no.", readonly=True, copy=False, index="trigram"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        string="Association",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    member_ids = fields.One2many(
        comodel_name="ess.household.member",
        inverse_name="household_id",
        string="Members",
    )
    declared_adults = fields.Integer(
        string="Adults without a file",
        help="Adults who live here and have no file: what the household says.",
    )
    declared_children = fields.Integer(
        string="Children without a file",
        help="Children who live here and have no file: what the household says.",
    )
    adult_count = fields.Integer(string="Adults", compute="_compute_counts")
    child_count = fields.Integer(string="Children", compute="_compute_counts")
    size = fields.Integer(
        string="People",
        compute="_compute_counts",
        help="Members whose file you may read, and those without a file.",
    )
    member_names = fields.Char(string="Who", compute="_compute_counts")

    _declared = models.Constraint(
        "CHECK (COALESCE(declared_adults, 0) BETWEEN 0 AND 50"
        " AND COALESCE(declared_children, 0) BETWEEN 0 AND 50)",
        "The number of people without a file goes from 0 to 50.",
    )

    # === COMPUTE

    @api.depends(
        "declared_adults",
        "declared_children",
        "member_ids.role",
        "member_ids.date_from",
        "member_ids.date_to",
    )
    @api.depends_context("uid", "allowed_company_ids", "ess_household_date", "lang")
    def _compute_counts(self):
        """Count the members of the day that this user may read, and those declared.

        The day is today, or the one in the context (`ess_household_date`).
        """
        day = fields.Date.to_date(self.env.context.get("ess_household_date"))
        members = self._get_composition(day).grouped("household_id")
        none = self.env["ess.household.member"]
        for household in self:
            present = members.get(household._origin, none)
            children = present.filtered(lambda member: member.role == "child")
            household.child_count = len(children) + household.declared_children
            household.adult_count = len(present - children) + household.declared_adults
            household.size = household.adult_count + household.child_count
            household.member_names = ", ".join(
                present.beneficiary_id.mapped("display_name")
            )

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Number the households."""
        for vals in vals_list:
            vals["ref"] = self.env["ir.sequence"].next_by_code("ess.household")
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_inhabited(self):
        """Members leave a household, with a date: it is not erased over their heads."""
        # sudo: whoever lives there, seen by this user or not
        if self.sudo().member_ids:
            raise UserError(
                self.env._(
                    "A household is not deleted: its members leave it, with a date."
                )
            )

    # === ACTIONS

    def action_open_add(self):
        """Search a person, then add them to this household.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add someone to the household"),
            "res_model": "ess.household.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_household_id": self.id},
        }

    def action_open_move(self):
        """Say who leaves this household, when and why.

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Someone leaves the household"),
            "res_model": "ess.household.move",
            "view_mode": "form",
            "target": "new",
            "context": {"default_household_id": self.id, "ess_from_household": True},
        }

    # === BUSINESS

    def _get_composition(self, date=None):
        """Return who lived in these households on a day, as this user may know.

        :param date date: the day, today by default
        :rtype: recordset of ess.household.member
        """
        members = self.env["ess.household.member"].sudo(False)
        return members.search(
            [("household_id", "in", self.ids)]
            + list(members._get_current_domain(date)),
            order="household_id, role, date_from, id",
        )

    def _get_sudo_composition(self):
        """Return everybody of today, whoever asks: for superuser code that keeps quiet.

        :rtype: recordset of ess.household.member
        """
        members = self.env["ess.household.member"].sudo()
        return members.search(
            [("household_id", "in", self.ids)] + list(members._get_current_domain())
        )
