from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

OFFICER = "ess_programmes.group_programmes_officer"

#: empty lines at the foot of a printed sheet, for those who were not expected
BLANK_LINES = 4


class EssSession(models.Model):
    """The sheet that people sign: printed, then kept as a scan."""

    _inherit = "ess.session"

    signed_sheet_ids = fields.One2many(
        "ess.session.sheet", "session_id", string="Signed sheets", groups=OFFICER
    )
    is_signature_missing = fields.Boolean(
        string="Signed sheet missing",
        compute="_compute_is_signature_missing",
        search="_search_is_signature_missing",
        groups=OFFICER,
        help="Somebody came, the programme asks for signatures, and no signed sheet "
        "is there.",
    )

    @api.depends("state", "signed_sheet_ids", "programme_id.needs_signed_sheet")
    def _compute_is_signature_missing(self):
        missing = self.search(
            Domain("id", "in", self._origin.ids) & self._get_missing_signature_domain()
        )
        for session in self:
            session.is_signature_missing = session._origin in missing

    @api.model
    def _search_is_signature_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_missing_signature_domain()

    @api.model
    def _get_missing_signature_domain(self):
        """Return the sessions held whose signed sheet is still to be kept.

        :rtype: Domain
        """
        return Domain(
            [
                ("state", "=", "done"),
                ("programme_id.needs_signed_sheet", "=", True),
                ("presence_ids", "any", [("is_present", "=", True)]),
                ("signed_sheet_ids", "=", False),
            ]
        )

    # === ACTIONS
    def action_print_sheet(self):
        """Print the sheets to sign.

        :raises UserError: when nobody is on one of them
        """
        empty = self.filtered(lambda session: not session._get_signature_lines())
        if empty:
            raise UserError(
                self.env._(
                    "Nobody is on the sheet of “%s” yet. Add the people enrolled, then "
                    "print it.",
                    empty[0].display_name,
                )
            )
        report = self.env.ref("ess_programmes.ess_session_sheet_report")
        return report.report_action(self)

    # === BUSINESS
    def _get_signature_lines(self):
        """Return the lines of people that this user may print, in order of names.

        With the rights of who prints: the lines of protected files are printed by
        their own team alone.
        """
        self.ensure_one()
        lines = self.env["ess.presence"].search(
            [
                ("session_id", "=", self.id),
                ("beneficiary_id", "!=", False),
                ("state", "!=", "cancelled"),
            ]
        )
        return lines.sorted(lambda line: line._get_signature_name().casefold())

    def _split_signature_lines(self):
        """Return the lines of the common sheet, and those on a slip of their own.

        A discreet programme has slips only; a protected file always has its own.

        :rtype: tuple(ess.presence, ess.presence)
        """
        lines = self._get_signature_lines()
        if self.programme_id.is_discreet:
            return lines.browse(), lines
        # sudo: whether the file is protected, of lines that the user has just read
        slips = lines.filtered(lambda line: line.sudo().beneficiary_id.is_protected)
        return lines - slips, slips

    def _get_signature_header(self):
        """Return when the session was, on the wall clock of the programme.

        :rtype: dict
        """
        self.ensure_one()
        tz = self.programme_id.tz
        start, end = (
            format_datetime(self.env, moment, tz=tz, dt_format="HH:mm")
            for moment in (self.date_start, self.date_end)
        )
        return {"day": format_date(self.env, self.day), "start": start, "end": end}

    def _get_blank_lines(self):
        return range(BLANK_LINES)
