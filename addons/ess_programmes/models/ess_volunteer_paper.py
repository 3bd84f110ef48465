from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class EssVolunteerPaper(models.Model):
    """A paper that a volunteer has shown: when, which number, until when it is good.

    Noted by the volunteer manager; a newer paper of the same kind archives the older
    one. A reminder goes to the referent before it expires, once.
    """

    _name = "ess.volunteer.paper"
    _description = "Paper of a volunteer"
    _order = "date_shown desc, id desc"

    volunteer_id = fields.Many2one(
        "ess.volunteer", required=True, index=True, ondelete="cascade"
    )
    type_id = fields.Many2one(
        "ess.paper.type", string="Paper", required=True, ondelete="restrict"
    )
    date_shown = fields.Date(
        string="Shown on", required=True, default=fields.Date.context_today
    )
    date_issued = fields.Date(string="Date on the paper")
    reference = fields.Char(help="Number of the paper. The paper itself is not kept.")
    date_expiry = fields.Date(
        string="Good until",
        compute="_compute_date_expiry",
        store=True,
        readonly=False,
        precompute=True,
        help="Last day, included. Empty: for good.",
    )
    # Not for people: the reminder goes out once.
    is_reminded = fields.Boolean(readonly=True, copy=False)
    active = fields.Boolean(default=True)
    # Stored: scope key of the row, read by the company rule.
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, precompute=True
    )

    _current_uniq = models.UniqueIndex(
        "(volunteer_id, type_id) WHERE active",
        "This volunteer already has this paper: archive the older one first.",
    )

    @api.depends("type_id", "date_shown")
    def _compute_date_expiry(self):
        for paper in self:
            months = paper.type_id.validity_months
            if months and paper.date_shown:
                paper.date_expiry = paper.date_shown + relativedelta(months=months)
            else:
                paper.date_expiry = paper.date_expiry

    @api.depends("type_id.name")
    def _compute_display_name(self):
        for paper in self:
            paper.display_name = paper.type_id.name

    @api.constrains("type_id", "date_issued", "date_shown")
    def _check_age(self):
        for paper in self:
            limit = paper.type_id.max_age_months
            if not limit:
                continue
            if not paper.date_issued:
                raise ValidationError(
                    self.env._(
                        "“%(paper)s” must be under %(limit)s months old when it is "
                        "shown: note the date written on it.",
                        paper=paper.type_id.name,
                        limit=limit,
                    )
                )
            if paper.date_shown >= paper.date_issued + relativedelta(months=limit):
                raise ValidationError(
                    self.env._(
                        "“%(paper)s” was already %(limit)s months old when it was "
                        "shown. Ask for a newer one.",
                        paper=paper.type_id.name,
                        limit=limit,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create papers; a newer one takes the place of the older one."""
        news = {
            (vals.get("volunteer_id"), vals.get("type_id"))
            for vals in vals_list
            if vals.get("active", True)
        }
        older = self.search(
            [("volunteer_id", "in", list({volunteer for volunteer, _type in news}))]
        ).filtered(lambda paper: (paper.volunteer_id.id, paper.type_id.id) in news)
        older.active = False
        older.flush_recordset(["active"])
        return super().create(vals_list)

    @api.model
    def _cron_remind(self):
        """Ask the referent, once, to renew the papers that will soon expire."""
        today = fields.Date.today()
        last = max(
            self.env["ess.paper.type"]
            .search([("reminder_days", ">", 0)])
            .mapped("reminder_days"),
            default=0,
        )
        papers = self.search(
            [
                ("is_reminded", "=", False),
                ("date_expiry", "<=", today + relativedelta(days=last)),
                ("volunteer_id.is_current", "=", True),
            ]
        ).filtered(
            lambda paper: (
                paper.date_expiry
                <= today + relativedelta(days=paper.type_id.reminder_days)
            )
        )
        for paper in papers:
            paper.volunteer_id._plan_activity(
                self.env._("Paper to renew: %(paper)s", paper=paper.type_id.name),
                paper.date_expiry,
            )
        papers.is_reminded = True
