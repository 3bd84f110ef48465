from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class EssHouseholdMember(models.Model):
    """One person in one household, from a day to a day.

    Written by a worker of the person. It belongs to the file of the person: whoever
    may not read that file does not know of it. A child of separated parents may
    live in two households at once; a household ends by the dates of its members.
    """

    _name = "ess.household.member"
    _description = "Member of a household"
    _inherit = "ess.beneficiary.fact"
    _file_access = "write"
    _order = "date_to nulls first, date_from desc, id desc"
    _rec_name = "beneficiary_id"

    household_id = fields.Many2one(
        comodel_name="ess.household", required=True, index=True, ondelete="restrict"
    )
    role = fields.Selection(
        selection=[
            ("adult", "Adult"),
            ("child", "Child"),
            ("relative", "Other relative"),
            ("other", "Someone else who lives there"),
        ],
        required=True,
        default="adult",
    )
    date_from = fields.Date(string="Since", required=True, default=fields.Date.today)
    date_to = fields.Date(string="Until", help="Last day, included.")
    end_reason = fields.Selection(
        selection=[
            ("moved", "Moved out"),
            ("own_home", "Has a home of their own"),
            ("separation", "Separation"),
            ("joined", "The household came back together"),
            ("death", "Died"),
            ("error", "Entered by mistake"),
        ],
        string="Why they left",
    )
    is_current = fields.Boolean(
        string="Lives there today",
        compute="_compute_is_current",
        search="_search_is_current",
    )

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (household_id WITH =, beneficiary_id WITH =,"
        " daterange(date_from, date_to, '[]') WITH &&) DEFERRABLE INITIALLY IMMEDIATE",
        "This person is already in this household on these days. Change the dates of "
        "the line that is there.",
    )
    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "Nobody leaves before they came."
    )

    # === COMPUTE

    @api.depends("date_from", "date_to")
    def _compute_is_current(self):
        current = self.filtered_domain(self._get_current_domain())
        for member in self:
            member.is_current = member in current

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_current_domain()

    @api.constrains("beneficiary_id", "household_id")
    def _check_company(self):
        # sudo: both associations, of a file and a household that the user may read
        for member in self.sudo():
            if member.household_id.company_id != member.company_id:
                raise ValidationError(
                    self.env._("The household belongs to another association.")
                )

    @api.constrains("date_to", "end_reason")
    def _check_end_reason(self):
        for member in self:
            if member.date_to and not member.end_reason:
                raise ValidationError(
                    self.env._("Say why the person leaves before you date it.")
                )

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Let people into households that the user sees only.

        Otherwise a guessed number would open a household through one's own member.
        """
        ids = {vals["household_id"] for vals in vals_list if vals.get("household_id")}
        self.env["ess.household"].browse(ids).check_access("read")
        self.flush_model(["date_from", "date_to"])  # for the constraint of overlaps
        return super().create(vals_list)

    def write(self, vals):
        """A line never moves to another household: people leave one and enter one."""
        if "household_id" in vals and any(
            member.household_id.id != vals["household_id"] for member in self.sudo()
        ):
            raise UserError(
                self.env._(
                    "End this line with a date, then add the person to the other "
                    "household."
                )
            )
        return super().write(vals)

    # === BUSINESS

    @api.model
    def _get_current_domain(self, date=None):
        """Return the members of a day; of today, whatever day it is when read.

        :param date date: the day, today by default
        :rtype: Domain
        """
        day = date or "today"
        return Domain("date_from", "<=", day) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        )

    def _leave(self, date, reason):
        """Close these lines. Those who had not come yet by that day never came.

        :param date date: last day in the household
        :param str reason: key of `end_reason`
        """
        self.write({"date_to": date, "end_reason": reason})
