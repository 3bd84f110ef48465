from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.paid import paid_parts, paid_ratio

# What entries paid at once, leave to pay, and see settled by a date. Core reconciles in
# `account_partial_reconcile`, in company currency; `max_date` is the day on which both
# sides exist. A payment set back to draft keeps its reconciliation and pays nothing.
SETTLEMENTS = """
   WITH item AS (
       SELECT l.id, l.move_id, -l.balance AS amount,
              a.account_type IN ('asset_cash', 'liability_credit_card') AS cash
         FROM account_move_line l
         JOIN account_account a ON a.id = l.account_id
        WHERE l.move_id = ANY(%(moves)s)
          AND (a.reconcile
               OR a.account_type IN ('asset_cash', 'liability_credit_card'))
   ), settled AS (
       SELECT item.id, SUM(p.amount) AS amount, MAX(p.max_date) AS day
         FROM item
         JOIN account_partial_reconcile p ON p.credit_move_id = item.id
         JOIN account_move_line o ON o.id = p.debit_move_id
        WHERE p.max_date <= %(date)s AND o.parent_state = 'posted'
     GROUP BY item.id
    UNION ALL
       SELECT item.id, -SUM(p.amount), MAX(p.max_date)
         FROM item
         JOIN account_partial_reconcile p ON p.debit_move_id = item.id
         JOIN account_move_line o ON o.id = p.credit_move_id
        WHERE p.max_date <= %(date)s AND o.parent_state = 'posted'
     GROUP BY item.id
   )
   SELECT item.move_id,
          SUM(item.amount) FILTER (WHERE item.cash),
          SUM(item.amount) FILTER (WHERE NOT item.cash),
          SUM(s.amount) FILTER (WHERE NOT item.cash),
          MAX(s.day)
     FROM item
LEFT JOIN (SELECT id, SUM(amount) AS amount, MAX(day) AS day
             FROM settled GROUP BY id) s ON s.id = item.id
 GROUP BY item.move_id
"""


class EssGrant(models.Model):
    """Costs of a grant that are paid at a date (*dépenses acquittées*).

    A cost counts for the part of its entry that money or a settlement has covered by
    that date; depreciation and provisions never count. Read with the caller's own
    rights on entries.
    """

    _inherit = "ess.grant"

    def _get_paid_rows(self, date):
        """Each cost charged to the grant up to a date, and its part that is paid.

        :param date date: last day, inclusive, of costs and of payments
        :return: dicts ``line_id move_id date amount is_salary paid ratio paid_on``, by
            date; costs are positive, ``ratio`` is ``None`` for what moves no money
        :rtype: list[dict]
        """
        self.ensure_one()
        rows = self._get_charged_rows(date)
        moves = {row["move_id"] for row in rows}
        money = self._get_settlements(list(moves), date)
        by_move = {}
        for row in rows:
            by_move.setdefault(row["move_id"], []).append(row)
        for move_id, lines in by_move.items():
            cash, owed, settled, paid_on = money.get(move_id, (0, 0, 0, None))
            ratio = paid_ratio(cash, owed, settled)
            parts = paid_parts([line["amount"] for line in lines], ratio or 0)
            for line, part in zip(lines, parts, strict=True):
                day = paid_on or (line["date"] if cash else None)
                line.update(paid=part, ratio=ratio, paid_on=day if part else None)
        return rows

    def _get_charged_rows(self, date):
        """Costs charged to the grant up to a date, in one statement.

        :rtype: list[dict]
        """
        lines = self.env["account.analytic.line"]
        domain = Domain(self._get_cost_domain()) & Domain("date", "<=", date)
        own = lines._search(domain).subselect()
        # sudo: salaries that the caller does not read count too, as sums only
        salaries = Domain("ess_is_salary", "=", True)
        hidden = lines.sudo()._search(domain & salaries).subselect()
        found = self.env.execute_query(
            SQL(
                """
                SELECT line.id, item.move_id, line.date, -line.amount,
                       line.ess_is_salary
                  FROM account_analytic_line line
                  JOIN account_move_line item ON item.id = line.move_line_id
                 WHERE line.id IN %s OR line.id IN %s
              ORDER BY line.date, line.id
                """,
                own,
                hidden,
            )
        )
        names = ("line_id", "move_id", "date", "amount", "is_salary")
        rows = [dict(zip(names, row, strict=True)) for row in found]
        for row in rows:
            row["amount"] = round(float(row["amount"]), 2)
        return rows

    def _get_settlements(self, move_ids, date):
        """What entries paid at once, leave to pay, and see settled by a date.

        :return: ``{move id: (cash, owed, settled, last day)}``, purchases positive
        :rtype: dict
        """
        if not move_ids:
            return {}
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model()
        query = SQL(SETTLEMENTS, moves=list(move_ids), date=date)
        return {
            move_id: (float(cash or 0), float(owed or 0), float(settled or 0), day)
            for move_id, cash, owed, settled, day in self.env.execute_query(query)
        }

    def action_open_audit(self):
        """Open the audit file of the grant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_funding.ess_audit_file_action"
        )
        return action | {"context": {"default_grant_id": self.id}}

    def action_open_paid(self):
        """Open the statement of paid expenses of the grant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_funding.ess_paid_statement_action"
        )
        context = {"default_grant_id": self.id}
        if self.date_paid_until:
            context["default_date"] = self.date_paid_until
        return action | {"context": context}
