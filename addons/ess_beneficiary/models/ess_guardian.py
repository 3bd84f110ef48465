from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .ess_beneficiary import FILE_GROUPS
from .ess_beneficiary_minor import MAJORITY

# What would say where the minor is: never in a copy for a holder.
WHEREABOUTS_FIELDS = (
    "email",
    "street",
    "street2",
    "zip",
    "city",
    "commune_code",
    "came_through",
)
WHEREABOUTS_DOMAINS = ("housing", "stay")


class EssGuardian(models.Model):
    """Someone who answers for a minor, and what this person may be told.

    Written by a worker of the minor: a parent, a guardian, the child-welfare service,
    someone the parents delegate. It says by which text, never why. It ends with its
    dates, and by itself on the day the minor turns 18. What a holder may be told waits
    for the check of the team again whenever the safety of the minor changes.
    """

    _name = "ess.guardian"
    _description = "Holder of parental authority"
    _inherit = "ess.beneficiary.fact"
    _file_access = "write"
    # read by `ir.rule`: a holder whose file is hidden does not exist
    _linked_file_fields = ("holder_id",)
    _order = "date_to nulls first, id"

    holder_id = fields.Many2one(
        comodel_name="ess.beneficiary",
        string="Holder with a file",
        index="btree_not_null",
        ondelete="cascade",
        help="When the association follows this person too.",
    )
    name = fields.Char(
        string="Holder without a file", help="Name of the person or of the service."
    )
    quality = fields.Selection(
        selection=[
            ("parent", "Parent"),
            ("guardian", "Guardian (tutelle)"),
            ("child_welfare", "Child-welfare service (ASE)"),
            ("third_party", "Third party by delegation"),
            ("ad_hoc", "Ad hoc administrator"),
            ("delegate", "Person chosen by the parents"),
        ],
        required=True,
        default="parent",
    )
    may_see = fields.Selection(
        selection=[
            ("nothing", "Nothing"),
            ("practical", "Practical information"),
            ("file", "The file to read"),
        ],
        string="May be told",
        required=True,
        default="nothing",
        help="Practical information: that the minor comes, and whom to call here. "
        "Never where the minor lives. The file to read is the copy without other "
        "people.",
    )
    basis = fields.Selection(
        selection=[
            ("law", "The law (parents)"),
            ("decision", "Decision of a judge"),
            ("administrative", "Administrative measure"),
            ("agreement", "Written agreement of the parents"),
            ("declared", "As declared"),
        ],
        string="Legal basis",
        required=True,
        default="declared",
    )
    basis_ref = fields.Char(
        string="Reference of the text",
        help="Court or service, date and number. No reason, no offence, no health.",
    )
    date_from = fields.Date(string="Since", required=True, default=fields.Date.today)
    date_to = fields.Date(string="Until", help="Last day, included.")
    end_reason = fields.Selection(
        selection=[
            ("majority", "The minor turned 18"),
            ("decision", "New decision"),
            ("withdrawn", "Taken back"),
            ("error", "Entered by mistake"),
        ],
        string="Why it ended",
    )
    checked_by_id = fields.Many2one(
        comodel_name="res.users", string="Checked by", readonly=True, copy=False
    )
    date_checked = fields.Datetime(string="Checked on", readonly=True, copy=False)
    is_in_force = fields.Boolean(string="In force", compute="_compute_told")
    told_now = fields.Selection(
        selection=[
            ("ended", "Nothing: no longer in force"),
            ("check", "Nothing before the referent has checked"),
            ("nothing", "Nothing"),
            ("practical", "Practical information"),
            ("file", "The file to read"),
        ],
        string="May be told today",
        compute="_compute_told",
    )

    _who = models.Constraint(
        "CHECK ((holder_id IS NULL) <> (btrim(COALESCE(name, '')) = ''))",
        "Choose a file or write a name, not both.",
    )
    _not_oneself = models.Constraint(
        "CHECK (holder_id IS NULL OR holder_id <> beneficiary_id)",
        "A minor does not hold their own parental authority.",
    )
    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "An authority cannot end before it starts."
    )

    # === COMPUTE

    @api.depends("holder_id", "name", "quality")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_display_name(self):
        labels = dict(self._fields["quality"]._description_selection(self.env))
        for guardian in self:
            who = guardian.holder_id.display_name or guardian.name or ""
            guardian.display_name = f"{who} ({labels.get(guardian.quality, '')})"

    @api.depends(
        "may_see",
        "date_from",
        "date_to",
        "date_checked",
        "beneficiary_id.birth_date",
        "beneficiary_id.birth_date_precision",
    )
    def _compute_told(self):
        """Say what may be told today; by dates, so that no job can be late."""
        today = fields.Date.context_today(self)
        for guardian in self:
            guardian.is_in_force = guardian._is_in_force_on(today)
            guardian.told_now = guardian._get_told()

    def _get_told(self):
        """Return what may be told today: key of `told_now`."""
        self.ensure_one()
        if not self.is_in_force:
            return "ended"
        if self.may_see == "nothing":
            return "nothing"
        return self.may_see if self._is_check_valid() else "check"

    def _is_check_valid(self):
        """Tell whether the last check still holds.

        It was done after every protected file that a copy could lead to was
        protected, and by somebody who knows of them all. Who does not is asked for
        another check, in the words of any check that is due.

        :rtype: bool
        """
        self.ensure_one()
        guardian = self.sudo()  # one yes or no, the same words for every reason
        if not guardian.date_checked:
            return False
        checker = guardian.checked_by_id
        return all(
            checker in file.team_user_ids
            and (not file.date_protected or file.date_protected < guardian.date_checked)
            for file in guardian.beneficiary_id._get_protected_links()
        )

    @api.constrains("date_to", "end_reason")
    def _check_end_reason(self):
        for guardian in self:
            if guardian.date_to and not guardian.end_reason:
                raise ValidationError(
                    self.env._("Say why the authority ends before you date its end.")
                )

    @api.constrains("beneficiary_id", "holder_id")
    def _check_company(self):
        # sudo: both associations, of files that the user may read
        for guardian in self.sudo().filtered("holder_id"):
            if guardian.holder_id.company_id != guardian.company_id:
                raise ValidationError(
                    self.env._("Both files must be of the same association.")
                )

    # === CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Check the file of the holder before the database could answer about it."""
        self._check_holders(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """What a holder may be told is checked again after each change of it."""
        self._check_holders([vals])
        if vals.keys() & {"may_see", "holder_id", "name"}:
            vals = {"checked_by_id": False, "date_checked": False, **vals}
        return super().write(vals)

    def _check_holders(self, vals_list):
        ids = {vals["holder_id"] for vals in vals_list if vals.get("holder_id")}
        self.env["ess.beneficiary"].browse(ids).check_access("read")

    # === ACTIONS

    def action_check(self):
        """Say that this holder may be told what is chosen, by the minor's referent."""
        for guardian in self:
            guardian.beneficiary_id._check_is_referent()
        # sudo: read-only fields, after the check that the user is the referent
        self.sudo().write(
            {"checked_by_id": self.env.uid, "date_checked": fields.Datetime.now()}
        )

    def action_download_readable_file(self):
        """Download the copy that this holder may read.

        :rtype: dict
        :raises UserError: when nothing may be told
        """
        self.ensure_one()
        self._check_may_read()
        return {
            "type": "ir.actions.act_url",
            "url": f"/ess/guardian/{self.id}/person-file.json",
            "target": "download",
        }

    # === BUSINESS

    def _is_in_force_on(self, day):
        """Tell whether this authority holds on a day: its dates, and before 18.

        :param date day: both ends included
        :rtype: bool
        """
        self.ensure_one()
        child = self.beneficiary_id  # none yet in a new form
        majority = child and child._get_birthday(MAJORITY)
        return bool(
            self.date_from
            and self.date_from <= day
            and (not self.date_to or day <= self.date_to)
            and (not majority or day < majority)
        )

    def _check_may_read(self):
        self.ensure_one()
        self.check_access("read")
        self.beneficiary_id.check_access("read")
        if not self.env.user.has_groups(FILE_GROUPS) or self.told_now != "file":
            raise UserError(
                self.env._(
                    "This person may not be given the file now. You can answer: “We "
                    "cannot answer this request here. Please write to the "
                    "association, which will answer you within a month.”"
                )
            )

    def _get_readable_file(self):
        """Return the minor's file as this holder may read it.

        Without how to reach the minor or where: a copy for a parent never says where
        the child sleeps, goes or is expected.

        :rtype: dict
        """
        self._check_may_read()
        content = self.beneficiary_id._get_readable_file()
        allowed = self._get_allowed_sections()
        content = {name: part for name, part in content.items() if name in allowed}
        content["people_around"] = []
        content["situations"] = [
            situation
            for situation in content["situations"]
            if situation["domain_code"] not in WHEREABOUTS_DOMAINS
        ]
        # the same words whatever there is: no line here counts what is left out
        content["left_out"] = [
            {
                "section": "others",
                "count": 1,
                "reason": self.env._(
                    "This copy says neither where the minor lives or goes, nor what "
                    "concerns other people."
                ),
            }
        ]
        person = content["person"]
        person.update(dict.fromkeys(WHEREABOUTS_FIELDS))
        person.update(phones=[], extra_fields=[])
        return content

    @api.model
    def _get_allowed_sections(self):
        """Sections that a holder may read; a new one is left out until named here.

        :rtype: set of str
        """
        return {
            "format",
            "version",
            "generated_at",
            "association",
            "person",
            "life_projects",
            "situations",
            "left_out",
        }

    # === JOBS

    @api.model
    def _cron_end_at_majority(self):
        """Write the end on the authorities of those who turned 18."""
        today = fields.Date.context_today(self)
        for guardian in self.search([("date_to", "=", False)]):
            majority = guardian.beneficiary_id._get_birthday(MAJORITY)
            if majority and majority <= today:
                guardian.write(
                    {
                        "date_to": max(
                            fields.Date.subtract(majority, days=1), guardian.date_from
                        ),
                        "end_reason": "majority",
                    }
                )
