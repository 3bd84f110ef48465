import calendar
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .ess_beneficiary import FILE_GROUPS

# Majority: Code civil, art. 414.
MAJORITY = 18
# Age from which a minor alone agrees to a processing: RGPD art. 8 and French
# data-protection act, art. 45.
OWN_ACCESS_AGE = 15


class EssBeneficiary(models.Model):
    """Minors: who answers for them, what these people may be told, own access.

    The age of a minor who is alone is what the minor says: it is written as declared
    and nothing here assesses it.
    """

    _inherit = "ess.beneficiary"

    date_majority = fields.Date(
        string="18 years on",
        compute="_compute_majority",
        groups=FILE_GROUPS,
        help="With an uncertain birth date, the last day possible.",
    )
    is_minor = fields.Boolean(
        string="Under 18",
        compute="_compute_majority",
        search="_search_is_minor",
        groups=FILE_GROUPS,
    )
    is_unaccompanied = fields.Boolean(
        string="Minor without a legal representative in France",
        groups=FILE_GROUPS,
        help="The age is the one that the person declares.",
    )
    is_age_declared = fields.Boolean(
        string="Declared age",
        groups=FILE_GROUPS,
        help="The birth date is what the person says. It is taken as said: this tool "
        "keeps no assessment of age.",
    )
    age_words = fields.Char(
        string="Age in words", compute="_compute_majority", groups=FILE_GROUPS
    )
    guardian_ids = fields.One2many(
        comodel_name="ess.guardian",
        inverse_name="beneficiary_id",
        string="Who answers for this minor",
        groups=FILE_GROUPS,
    )
    own_access = fields.Selection(
        selection=[
            ("yes", "Reads their file alone"),
            ("no", "Not for now"),
        ],
        string="The minor's own access",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
        help="From 15 years, once the referent has checked that the minor understands "
        "and wishes it.",
    )
    own_access_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Checked by",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )
    date_own_access = fields.Date(
        string="Checked on", readonly=True, copy=False, groups=FILE_GROUPS
    )

    # === COMPUTE

    @api.depends(
        "birth_date", "birth_date_precision", "is_age_declared", "is_unaccompanied"
    )
    @api.depends_context("lang")
    def _compute_majority(self):
        today = fields.Date.context_today(self)
        for beneficiary in self:
            majority = beneficiary._get_birthday(MAJORITY)
            beneficiary.date_majority = majority
            beneficiary.is_minor = bool(majority) and today < majority
            beneficiary.age_words = beneficiary._say_age()

    def _say_age(self):
        """Return the age, said to be declared when it is."""
        if not self.birth_date:
            return False
        if self.is_age_declared or self.is_unaccompanied:
            return self.env._("%(age)s years old (declared age)", age=self.age)
        return self.env._("%(age)s years old", age=self.age)

    def _search_is_minor(self, operator, value):
        """Search on the birth date as written, by its precision."""
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        exact = Domain("birth_date_precision", "in", ("day", False))
        month = Domain("birth_date_precision", "=", "month")
        year = Domain("birth_date_precision", "in", ("year", "estimated"))
        limit = today - relativedelta(years=MAJORITY)
        # adults from the last day possible: the next day starts a month, or a year
        after = limit + relativedelta(days=1)
        return Domain("birth_date", "!=", False) & (
            (exact & Domain("birth_date", ">", limit))
            | (month & Domain("birth_date", ">=", after.replace(day=1)))
            | (year & Domain("birth_date", ">=", date(after.year, 1, 1)))
        )

    # === ACTIONS

    def action_give_own_access(self):
        """Let a minor of 15 or more read their file alone, checked by the referent.

        :raises UserError: under 15, once adult, or when the user is not the referent
        """
        for beneficiary in self:
            beneficiary._check_own_access()
            # sudo: read-only fields, after the check that the user is the referent
            beneficiary.sudo().write(
                {
                    "own_access": "yes",
                    "own_access_by_id": self.env.uid,
                    "date_own_access": fields.Date.context_today(self),
                }
            )

    def action_stop_own_access(self):
        """Take back the minor's own access, by the referent."""
        for beneficiary in self:
            beneficiary._check_is_referent()
            # sudo: as above
            beneficiary.sudo().write(
                {
                    "own_access": "no",
                    "own_access_by_id": self.env.uid,
                    "date_own_access": fields.Date.context_today(self),
                }
            )

    # === BUSINESS

    def _check_is_referent(self):
        self.ensure_one()
        self.check_access("write")
        if self.referent_id != self.env.user:
            raise UserError(
                self.env._("Only the referent of this file may do this check.")
            )

    def _check_own_access(self):
        self._check_is_referent()
        first = self._get_birthday(OWN_ACCESS_AGE)
        today = fields.Date.context_today(self)
        if not first or today < first:
            raise UserError(
                self.env._(
                    "A minor reads their file alone from 15 years. Before that, read "
                    "it together."
                )
            )
        if not self.is_minor:
            raise UserError(self.env._("This person is an adult: no check is needed."))

    def _may_read_own_file(self):
        """Tell whether the person may read their file alone, by age and check.

        The portal asks here. Nothing is needed from adults, nor when no age is known.

        :rtype: bool
        """
        self.ensure_one()
        person = self.sudo()  # one yes or no, for the person
        if not person.is_minor:
            return True
        first = person._get_birthday(OWN_ACCESS_AGE)
        return fields.Date.context_today(self) >= first and person.own_access == "yes"

    def _get_birthday(self, years):
        """Return the day on which the person is surely of that age.

        When the day of birth is not known, the last one possible: doubt is for the
        minor (Code civil, art. 388).

        :param int years: age in years
        :rtype: date | False
        """
        self.ensure_one()
        birth = self.birth_date
        if not birth:
            return False
        if self.birth_date_precision == "month":
            birth = birth.replace(day=calendar.monthrange(birth.year, birth.month)[1])
        elif self.birth_date_precision in ("year", "estimated"):
            birth = date(birth.year, 12, 31)
        if (birth.month, birth.day) == (2, 29) and not calendar.isleap(
            birth.year + years
        ):
            return date(birth.year + years, 3, 1)
        return birth + relativedelta(years=years)

    def _get_protected_links(self):
        """Return the protected files that a copy of this one could lead to.

        The file itself, the members of today of its households, and the people who
        answer for the minor.

        :rtype: recordset of ess.beneficiary, as superuser
        """
        self.ensure_one()
        person = self.sudo()  # to keep quiet about them: the caller tells no name
        members = person.env["ess.household.member"]
        homes = members.search(
            Domain("beneficiary_id", "=", person.id) & members._get_current_domain()
        ).household_id
        around = homes._get_sudo_composition().beneficiary_id
        linked = person | around | person.guardian_ids.holder_id
        return linked.filtered("is_protected")
