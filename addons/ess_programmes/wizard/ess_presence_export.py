import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.ess_beneficiary.tools.safe_xlsx import SafeWorkbook, write_csv

#: lines of one file; more is several periods
MAX_LINES = 100_000


class EssPresenceExport(models.TransientModel):
    """One file of presences for three readers: who followed what and for how long (the
    learner), who was there (the funder), who led what (internal billing).

    Read with the rights of who exports; named as the programme's sheets are; told in
    the access log of each file.
    """

    _name = "ess.presence.export"
    _description = "Export of presences"

    programme_id = fields.Many2one("ess.programme", required=True)
    date_from = fields.Date(
        string="First day",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date(
        string="Last day", required=True, default=fields.Date.context_today
    )
    file_format = fields.Selection(
        [
            ("xlsx", "Spreadsheet of three sheets (XLSX)"),
            ("csv", "All presences (CSV)"),
        ],
        string="Kind of file",
        required=True,
        default="xlsx",
    )
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The last day comes before the first one."
    )

    # === ACTIONS
    def action_export(self):
        """Make the file and download it.

        :raises UserError: when there is nothing, or too much
        :rtype: dict
        """
        self.ensure_one()
        lines = self._search_lines()
        lines.beneficiary_id._record_access("export")
        name = (self.programme_id.code or self.programme_id.name).replace("/", "-")
        self.file = base64.b64encode(self._build(lines))
        self.file_name = f"{name}-{self.date_from}-{self.date_to}.{self.file_format}"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}"
            "?download=true",
            "target": "download",
        }

    # === BUSINESS
    def _search_lines(self):
        lines = self.env["ess.presence"].search(
            [
                ("programme_id", "=", self.programme_id.id),
                ("day", ">=", self.date_from),
                ("day", "<=", self.date_to),
                ("volunteer_id", "=", False),
                ("state", "!=", "expected"),
            ],
            order="day, session_id, id",
            limit=MAX_LINES + 1,
        )
        if not lines:
            raise UserError(
                self.env._("No presence between these two days. Choose others.")
            )
        if len(lines) > MAX_LINES:
            raise UserError(
                self.env._("More than %s lines: export a shorter time.", MAX_LINES)
            )
        return lines

    def _build(self, lines):
        """Return the bytes of the file."""
        rows = [self._prepare_row(line) for line in lines]
        headers = self._get_headers()
        if self.file_format == "csv":
            return write_csv(headers, rows)
        book = SafeWorkbook()
        book.add_sheet(self.env._("Presences"), headers, rows, [11, 7, 7, 30, 14, 24])
        book.add_sheet(
            self.env._("By person"),
            [
                self.env._("File no."),
                self.env._("Person"),
                self.env._("Sessions"),
                self.env._("Absences"),
                self.env._("Hours"),
            ],
            self._sum_by_person(lines),
            [14, 28],
        )
        book.add_sheet(
            self.env._("By session"),
            [
                self.env._("Day"),
                self.env._("Session"),
                self.env._("Led by"),
                self.env._("Hours of the session"),
                self.env._("People present"),
                self.env._("Hours of presence"),
            ],
            self._sum_by_session(lines),
            [11, 36, 22],
        )
        return book.close()

    @api.model
    def _get_headers(self):
        return [
            self.env._("Day"),
            self.env._("From (hour)"),
            self.env._("To (hour)"),
            self.env._("Session"),
            self.env._("File no."),
            self.env._("Person"),
            self.env._("People"),
            self.env._("Presence"),
            self.env._("Hours"),
            self.env._("Quantity"),
            self.env._("Unit"),
            self.env._("Place"),
            self.env._("Led by"),
        ]

    def _prepare_row(self, line):
        session = line.session_id
        states = dict(line._fields["state"]._description_selection(self.env))
        start, end = (
            format_datetime(
                self.env, moment, tz=self.programme_id.tz, dt_format="HH:mm"
            )
            for moment in (session.date_start, session.date_end)
        )
        return [
            line.day,
            start,
            end,
            session.with_context(ess_session_short_name=True).display_name,
            *self._get_who(line),
            line.people_count,
            states[line.state],
            round(line.minutes / 60, 2),
            line.quantity or None,
            line.unit_id.name,
            session.place,
            session.user_id.name,
        ]

    def _get_who(self, line):
        """Return the number and the name of a line, as the sheets name people."""
        if not line.beneficiary_id:
            return ["", line.display_name]
        # sudo: the number stands for whoever cannot be named
        return [line.beneficiary_id.sudo().ref, line._get_signature_name()]

    def _sum_by_person(self, lines):
        people = lines.filtered("beneficiary_id").grouped("beneficiary_id")
        return [
            [
                *self._get_who(own[0]),
                len(own.filtered("is_present")),
                len(own.filtered(lambda line: line.state == "absent")),
                round(sum(own.mapped("minutes")) / 60, 2),
            ]
            for own in people.values()
        ]

    def _sum_by_session(self, lines):
        return [
            [
                session.day,
                session.with_context(ess_session_short_name=True).display_name,
                session.user_id.name,
                round(
                    (session.date_end - session.date_start).total_seconds() / 3600, 2
                ),
                sum(own.mapped("people_count")),
                round(sum(line.minutes * line.people_count for line in own) / 60, 2),
            ]
            for session, own in lines.grouped("session_id").items()
        ]
