from odoo import models


class EssBeneficiary(models.Model):
    """What the person did here, in the copy to take away."""

    _inherit = "ess.beneficiary"

    def _get_copy_sections(self, data):
        """Add programmes, presences and requests, before who read the file."""
        _ = self.env._
        stays = [self._print_stay(stay) for stay in data.get("enrolments", ())]
        seen = [self._print_presence(line) for line in data.get("presences", ())]
        asked = [self._print_request(line) for line in data.get("requests", ())]
        sections = super()._get_copy_sections(data)
        sections[-1:-1] = [
            self._section(_("My programmes"), stays),
            self._section(_("When I came"), seen),
            self._section(_("What I asked for"), asked),
        ]
        return sections

    def _print_stay(self, stay):
        _ = self.env._
        return self._item(
            stay["programme"],
            (_("Stage"), stay["stage"]),
            (_("Asked on"), self._print_date(stay["date_request"])),
            (_("From"), self._print_date(stay["date_start"])),
            (_("Until"), self._print_date(stay["date_end"])),
            (_("Why it ended"), stay["exit_reason"]),
            (_("Why it was refused"), stay["refusal_reason"]),
        )

    def _print_presence(self, line):
        head = [self._print_date(line["date"]), line["session"]]
        return self._item(" · ".join(filter(None, head)), ("", line["state"]))

    def _print_request(self, line):
        return self._item(
            f"{self._print_date(line['date'])} · {line['asked']}",
            (self.env._("Answer"), line["answer"]),
            (self.env._("Reason"), line["reason"]),
            text=line["words"],
        )
