from odoo import models
from odoo.tools import format_date, formatLang

from ..tools.statement import CHARGE, IN_KIND_CHARGE, IN_KIND_PRODUCT, PRODUCT

#: what the form shows of a table, in its order
PARTS = ("direct", "indirect", "charge_end", "product", "in_kind", "grand")


class EssFunderReport(models.Model):
    """The financial report of a grant, laid out as the form Cerfa 15059."""

    _inherit = "ess.funder.report"

    def _get_cerfa_values(self):
        """Texts for the QWeb template of the form.

        :rtype: dict
        """
        self.ensure_one()
        content = self._get_content()
        lines = [self._prepare_print_line(line) for line in content["lines"]]
        names = ("objectives", "places", "allocation_rule", "in_kind_note")
        names += ("signatory", "signatory_title", "sign_place", "story", "variances")
        return {
            **{name: content.get(name, "") for name in (*names, "limits")},
            "name": content["name"],
            "card": self._get_cerfa_card(content),
            "enclosures": content.get("enclosures", "").splitlines(),
            "date_signed": format_date(self.env, content.get("date_signed")),
            "who": [line for line in lines if line["section"] == "who"],
            "figures": [
                line for line in lines if line["section"] in ("what", "effect")
            ],
            "tables": self._get_cerfa_tables(content, lines),
            "gaps": [gap for gap in content.get("gaps", []) if gap["explanation"]],
            "seal": self.seal if self.state == "final" else "",
            "finalised": format_date(self.env, self.finalised_at),
        }

    def _get_cerfa_card(self, content):
        """Label and text of who reports to whom; empty ones are left out."""
        rows = self._get_print_card(content)
        extra = [
            (self.env._("SIRET"), content["siret"]),
            (self.env._("Address"), content.get("address", "")),
        ]
        return rows[:1] + [row for row in extra if row[1]] + rows[1:]

    def _get_cerfa_tables(self, content, lines):
        """One table per action, its lines sorted into the parts of the form.

        :rtype: list[dict]
        """
        tables = {}
        for line in lines:
            if line["section"] != "money" or not line["side"]:
                continue
            table = tables.setdefault(
                line["group"], {"title": line["group"], **{part: [] for part in PARTS}}
            )
            part = self._get_cerfa_part(line, content.get("indirect", []))
            table[part].append(line | self._get_difference_text(line))
        for line in lines:
            if line["key"].endswith("/part") and line["group"] in tables:
                tables[line["group"]]["sentence"] = self._get_cerfa_sentence(
                    content, line, lines
                )
        for table in tables.values():
            self._add_subtotals(table)
        return list(tables.values())

    def _get_cerfa_part(self, line, indirect):
        """Part of the form where a line is shown."""
        side, kind = line["side"], line["kind"]
        if kind == "grand_total":
            return "grand"
        if side in (IN_KIND_CHARGE, IN_KIND_PRODUCT):
            return "in_kind"
        if side == PRODUCT:
            return "product"
        if side == CHARGE and line["chapter"] in indirect:
            return "indirect"
        is_end = kind in ("total", "balance") or side != CHARGE
        return "charge_end" if is_end else "direct"

    def _get_difference_text(self, line):
        """The difference in euros, with its sign."""
        return {"difference_text": self._get_money_text(line["difference"])}

    def _add_subtotals(self, table):
        """Direct and indirect costs, each with its sum, as the form shows them."""
        for part, label in (
            ("direct", self.env._("Direct costs, total")),
            ("indirect", self.env._("Indirect costs, total")),
        ):
            rows = [line for line in table[part] if line["kind"] != "heading"]
            sums = {
                name: round(sum(line[name] for line in rows), 2)
                for name in ("planned", "value", "share", "difference")
            }
            rate = sums["value"] / sums["planned"] * 100 if sums["planned"] else 0
            line = {"label": label, "kind": "total", "is_money": True, "rate": rate}
            line |= {"is_suppressed": False, "is_undefined": False, **sums}
            table[f"{part}_total"] = self._prepare_print_line(
                line
            ) | self._get_difference_text(line)

    def _get_cerfa_sentence(self, content, part, lines):
        """ "The grant of … is … % of all income", planned and actual alike."""
        income = next(
            line
            for line in lines
            if line["group"] == part["group"]
            and line["side"] == PRODUCT
            and line["kind"] == "total"
        )
        return self.env._(
            "The grant of %(amount)s, of which %(share)s is the income of the period "
            "for this action, is %(rate)s %% of the total income of the action "
            "(amount / total income × 100).",
            amount=self._get_money_text(content["amount"]),
            share=income["share_text"],
            rate=formatLang(self.env, part["value"], digits=2),
        )
