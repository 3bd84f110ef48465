from odoo import api, fields, models
from odoo.exceptions import UserError


class EssHouseholdAdd(models.TransientModel):
    """Add someone to a household: search first, open a file only when there is none.

    Opened from the file of a person or from a household by a worker.
    """

    _name = "ess.household.add"
    _description = "Add someone to the household"

    beneficiary_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Lives with",
        readonly=True,
        help="The file from which the household starts.",
    )
    household_id = fields.Many2one(comodel_name="ess.household", readonly=True)
    name = fields.Char(
        string="Name, pseudonym or file no.",
        help="In any order, without accents or capitals if you like.",
    )
    found_ids = fields.Many2many(
        comodel_name="ess.beneficiary", compute="_compute_found_ids"
    )
    found_count = fields.Integer(compute="_compute_found_ids")
    person_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Person found",
        domain="[('id', 'in', found_ids)]",
        compute="_compute_person_id",
        compute_sudo=False,  # never a file that the user does not find
        store=True,
        readonly=False,
    )
    role = fields.Selection(
        selection=lambda self: self.env["ess.household.member"]
        ._fields["role"]
        ._description_selection(self.env),
        required=True,
        default="adult",
    )
    date_from = fields.Date(
        string="Since", required=True, default=fields.Date.context_today
    )

    @api.depends("name", "beneficiary_id")
    @api.depends_context("uid")
    def _compute_found_ids(self):
        """Search as “Search or create” does, among the files in which one may write."""
        for wizard in self:
            search = self.env["ess.beneficiary.search"].new({"name": wizard.name})
            found = search._find()._filtered_access("write")
            wizard.found_ids = found - wizard.beneficiary_id._origin
            wizard.found_count = len(wizard.found_ids)

    @api.depends("found_ids")
    def _compute_person_id(self):
        for wizard in self:
            found = wizard.found_ids._origin
            chosen = wizard.person_id._origin
            wizard.person_id = found if len(found) == 1 else chosen & found

    # === ACTIONS

    def action_add(self):
        """Add the person found.

        :rtype: dict
        """
        self.ensure_one()
        if not self.person_id:
            raise UserError(
                self.env._("Choose one of the people found, or open a new file.")
            )
        return self._add(self.person_id)

    def action_add_new(self):
        """Open a file with the name typed, and add that person.

        :rtype: dict
        """
        self.ensure_one()
        if not (self.name or "").strip():
            raise UserError(self.env._("Type a name or a pseudonym first."))
        search = self.env["ess.beneficiary.search"].new({"name": self.name})
        # sudo: the association of a file or household that the user reads
        company = (self.beneficiary_id or self.household_id).sudo().company_id
        person = self.env["ess.beneficiary"].create(
            {**search._split_name(), "company_id": company.id}
        )
        return self._add(person)

    # === BUSINESS

    def _add(self, person):
        """Put both persons in the household; it starts now when there is none.

        :param person: one ess.beneficiary
        :rtype: dict
        """
        household = self.household_id
        if not household:
            household = self.beneficiary_id._enter_household(
                household, date_from=self.date_from
            )
        person._enter_household(household, self.role, self.date_from)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
