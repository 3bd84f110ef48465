from odoo import models
from odoo.tools import format_date, format_datetime, formatLang


class EssFunderReport(models.Model):
    """The report as printed: frozen content as texts of the reader's language."""

    _inherit = "ess.funder.report"

    def _get_print_values(self):
        """Texts for the QWeb template.

        :rtype: dict
        """
        self.ensure_one()
        content = self._get_content()
        lines = [self._prepare_print_line(line) for line in content["lines"]]
        return {
            "name": content["name"],
            "story": content["story"],
            "variances": content["variances"],
            "limits": content["limits"],
            "card": self._get_print_card(content),
            "sections": {
                section: [line for line in lines if line["section"] == section]
                for section in ("who", "what", "effect")
            },
            "money": self._get_print_money(lines),
            "seal": self.seal if self.state == "final" else "",
            "finalised": format_datetime(self.env, self.finalised_at),
        }

    def _get_print_card(self, content):
        """Label and text of each line of the first table; empty ones are left out."""
        amount = formatLang(self.env, content["amount"], currency_obj=self.currency_id)
        rows = [
            (self.env._("Association"), content["association"]),
            (self.env._("Funder"), content["funder"]),
            (self.env._("Grant"), content["grant"]),
            (self.env._("Agreement no."), content["ref"]),
            (self.env._("Amount"), amount),
            (
                self.env._("Period of the grant"),
                self._get_print_period(content["grant_from"], content["grant_to"]),
            ),
            (
                self.env._("Period of the report"),
                self._get_print_period(content["date_from"], content["date_to"]),
            ),
            (self.env._("Actions"), ", ".join(content["actions"])),
            (self.env._("Programmes"), ", ".join(content["programmes"])),
        ]
        return [row for row in rows if row[1]]

    def _get_print_period(self, date_from, date_to):
        return self.env._(
            "from %(start)s to %(end)s",
            start=format_date(self.env, date_from),
            end=format_date(self.env, date_to),
        )

    def _prepare_print_line(self, line):
        """A line of the content with its figures as texts."""
        money = line["is_money"]
        texts = {"text": self._get_figure_text(line, line["value"])}
        for name in ("planned", "share"):
            texts[f"{name}_text"] = self._get_money_text(line[name]) if money else ""
        has_plan = line["planned"] and money
        texts["rate_text"] = (
            f"{formatLang(self.env, line['rate'], digits=2)} %" if has_plan else "–"
        )
        return line | texts

    def _get_figure_text(self, line, value):
        """A figure as it is read, or the mark of secrecy."""
        if line["is_suppressed"]:
            return self.env._("s (statistical secrecy)")
        if line["is_undefined"]:
            return "–"
        if line["is_money"]:
            return self._get_money_text(value)
        digits = 0 if value == round(value) else 2
        text = formatLang(self.env, value, digits=digits)
        return f"{text} {line['unit']}" if line["unit"] else text

    def _get_money_text(self, value):
        return formatLang(self.env, value, currency_obj=self.currency_id)

    def _get_print_money(self, lines):
        """Blocks of the money part: a title, its table or its few figures.

        :rtype: list[dict]
        """
        blocks = {}
        for line in lines:
            if line["section"] != "money":
                continue
            block = blocks.setdefault(
                line["group"], {"title": line["group"], "table": [], "figures": []}
            )
            block["table" if line["side"] else "figures"].append(line | {"group": ""})
        return list(blocks.values())
