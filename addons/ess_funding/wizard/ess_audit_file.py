import re
import tempfile
import zipfile
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, formatLang

from odoo.addons.ess_beneficiary.models.ess_access_reason import REASON_LENGTH
from odoo.addons.ess_beneficiary.tools.safe_xlsx import write_csv

from ..tools.stamp import stamp

NAMES_GROUP = "ess_funding.group_funding_audit_names"


class EssAuditFile(models.TransientModel):
    """Everything an auditor asks about one grant, in one zip.

    Each charged line leads to its entry, its payments and its papers, with a stamped
    copy "funded by…, share…"; people of the action are there by pseudonym. Opened by
    the accountant. Names need a right of their own, a reason, and leave one line in
    the ledger of each person.
    """

    _name = "ess.audit.file"
    _description = "Audit file of a grant"
    _check_company_auto = True

    grant_id = fields.Many2one(
        comodel_name="ess.grant", required=True, check_company=True
    )
    company_id = fields.Many2one(related="grant_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_to = fields.Date(
        string="To",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    has_people = fields.Boolean(
        string="Attendance, by pseudonym",
        default=True,
        help="Presences in the programmes of the actions; nobody is named.",
    )
    has_names = fields.Boolean(
        string="With names",
        help="For a legal control only: each person learns of it in their ledger.",
    )
    reason = fields.Char(
        help="Who asks for the names, and by which text. Kept in the access log."
    )
    line_count = fields.Integer(string="Charged lines", compute="_compute_counts")
    paper_count = fields.Integer(string="Papers", compute="_compute_counts")

    # === COMPUTE
    @api.depends("grant_id")
    def _compute_dates(self):
        for audit in self:
            audit.date_from = audit.grant_id.date_from
            audit.date_to = audit.grant_id.date_to

    @api.depends("grant_id", "date_from", "date_to")
    def _compute_counts(self):
        for audit in self:
            lines = audit._get_lines()
            audit.line_count = len(lines)
            audit.paper_count = len(audit._get_papers(lines.move_line_id.move_id))

    # === ACTIONS
    def action_download(self):
        """Download the zip.

        :raises UserError: when there is nothing to audit, or names are not allowed
        """
        self.ensure_one()
        self._check_names()
        if not self._get_lines():
            raise UserError(
                self.env._(
                    "Nothing is charged to “%(grant)s” in this period.",
                    grant=self.grant_id.name,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/ess_funding/audit/{self.id}",
            "target": "self",
        }

    # === BUSINESS
    def _check_names(self):
        """Refuse names without the right, or without a reason.

        :raises UserError: what is missing
        """
        if not self.has_names:
            return
        if not self.env.user.has_group(NAMES_GROUP):
            raise UserError(
                self.env._(
                    "Names leave the association for a legal control only, by somebody "
                    "with the right “Audit file with names”. Pseudonyms are enough "
                    "for a funder."
                )
            )
        if len((self.reason or "").strip()) < REASON_LENGTH:
            raise UserError(
                self.env._("Say who asks for the names, and by which text.")
            )

    def _get_lines(self):
        """Charged lines of the period, with the reader's own rights.

        :rtype: account.analytic.line
        """
        self.ensure_one()
        lines = self.env["account.analytic.line"]
        if not (self.grant_id and self.date_from and self.date_to):
            return lines
        domain = [
            *self.grant_id._get_cost_domain(),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
        ]
        return lines.search(domain, order="date, id")

    def _get_papers(self, moves):
        """Papers attached to entries; their content is not read yet.

        :rtype: ir.attachment
        """
        domain = [("res_model", "=", "account.move"), ("res_id", "in", moves.ids)]
        domain += [("res_field", "=", False), ("type", "=", "binary")]
        return self.env["ir.attachment"].search(domain, order="res_id, id")

    def _open_zip(self):
        """Write the zip to a temporary file: memory stays flat whatever its size.

        :return: the open file, at its beginning
        """
        self.ensure_one()
        self._check_names()
        file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            lines = self._get_lines()
            paths = self._write_papers(archive, lines)
            archive.writestr("index.csv", self._get_index(lines, paths))
            if self.has_people:
                archive.writestr("people.csv", self._get_people())
            archive.writestr("README.txt", self._get_readme())
        file.seek(0)
        return file

    def _write_papers(self, archive, lines):
        """Put each paper, and its stamped copy, into the zip.

        :return: ``{move id: paths}``
        :rtype: dict
        """
        stamps = self._get_stamps(lines)
        moves = lines.move_line_id.move_id
        names = {move.id: self._safe_name(move.name) for move in moves}
        papers = self._get_papers(moves)
        paths = defaultdict(list)
        papers.fetch(["name", "mimetype", "res_id"])
        for paper in papers:
            folder = f"{names[paper.res_id]}/{paper.id}-"
            path = f"papers/{folder}{self._safe_name(paper.name)}"
            # alone: reading one content would read that of all other papers
            content = paper.with_prefetch().raw or b""
            archive.writestr(path, content)
            paths[paper.res_id].append(path)
            copy = stamp(content, paper.mimetype, stamps[paper.res_id])
            if copy:
                archive.writestr(
                    f"stamped/{folder}{self._safe_name(paper.name, '.pdf')}", copy
                )
            paper.invalidate_recordset(["raw", "datas"])
        return paths

    @staticmethod
    def _safe_name(name, extension=""):
        """A name that every system takes, and that leads out of no folder.

        >>> EssAuditFile._safe_name("../BILL/2026/1")
        'BILL-2026-1'
        """
        text = re.sub(r"[^\w.() -]", "-", name or "").strip(".- ")[:80] or "paper"
        return text if text.lower().endswith(extension) else text + extension

    def _get_stamps(self, lines):
        """Lines of the stamp of each entry.

        :return: ``{move id: texts}``
        :rtype: dict
        """
        charged = defaultdict(float)
        for line in lines:
            charged[line.move_line_id.move_id] -= line.amount
        grant = self.grant_id
        who = self.env._(
            "Funded by %(funder)s, %(grant)s",
            funder=grant.funder_id.name,
            grant=grant.name,
        )
        who += f" ({grant.ref})" if grant.ref else ""
        return {
            move.id: [
                who,
                self.env._(
                    "Share: %(amount)s. Entry %(entry)s of %(date)s",
                    amount=formatLang(self.env, amount, currency_obj=self.currency_id),
                    entry=move.name,
                    date=format_date(self.env, move.date),
                ),
            ]
            for move, amount in charged.items()
        }

    # === INDEX
    def _get_index(self, lines, paths):
        """The list of charged lines, with the way to entry, payment and papers.

        :param dict paths: ``{move id: paths of its papers}``
        :rtype: bytes
        """
        lines.fetch(["date", "name", "amount", "partner_id", "move_line_id"])
        items = lines.move_line_id
        items.fetch(["balance", "account_id", "move_id"])
        payments = self._get_payments(items.move_id)
        column = self.env["account.analytic.plan"]._ess_column("action")
        rows = []
        for number, line in enumerate(lines, 1):
            item, move = line.move_line_id, line.move_line_id.move_id
            account = item.account_id.with_company(self.company_id)
            share = -line.amount / item.balance * 100 if item.balance else 0
            rows.append(
                [
                    number,
                    line.date,
                    move.name,
                    move.ref or "",
                    line.partner_id.name or "",
                    account.code,
                    line.name,
                    # sudo: the name of the action that the reader's own line names
                    line[column].sudo().name or "",
                    round(item.balance, 2),
                    round(-line.amount, 2),
                    round(share, 2),
                    " | ".join(payments.get(move.id, [])),
                    " | ".join(paths.get(move.id, [])),
                ]
            )
        rows += self._get_salary_rows(lines, len(rows))
        return write_csv(self._get_index_heads(), rows)

    def _get_salary_rows(self, lines, number):
        """Sums of the salaries that the reader does not read, by entry and account.

        :param lines: account.analytic.line that are listed one by one
        :rtype: list[list]
        """
        # sudo: sums only; who earns what stays with the payroll group
        salaries = self.env["account.analytic.line"].sudo()
        domain = [
            *self.grant_id._get_cost_domain(),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
            ("ess_is_salary", "=", True),
            ("id", "not in", lines.ids),
        ]
        groups = salaries._read_group(
            domain,
            ["date:day", "move_line_id", "general_account_id"],
            ["amount:sum"],
        )
        sums = defaultdict(float)
        for day, item, account, amount in groups:
            code = account.with_company(self.company_id).code
            sums[day, item.move_id.name, code] -= amount
        return [
            [index, day, entry, "", "", code, self.env._("Salaries, sum"), "", ""]
            + [round(amount, 2), "", "", ""]
            for index, ((day, entry, code), amount) in enumerate(
                sums.items(), number + 1
            )
        ]

    def _get_index_heads(self):
        return [
            self.env._("No."),
            self.env._("Date"),
            self.env._("Entry"),
            self.env._("Reference"),
            self.env._("Supplier"),
            self.env._("Account"),
            self.env._("Label"),
            self.env._("Action"),
            self.env._("Amount of the line"),
            self.env._("Charged to the grant"),
            self.env._("Share (%)"),
            self.env._("Payments"),
            self.env._("Papers"),
        ]

    def _get_payments(self, moves):
        """What settled each entry: day, entry and amount.

        :return: ``{move id: texts}``
        :rtype: dict
        """
        if not moves:
            return {}
        self.env["account.partial.reconcile"].flush_model()
        found = self.env.execute_query(
            SQL(
                """
                SELECT own.move_id, other.name, p.max_date, p.amount
                  FROM account_partial_reconcile p
                  JOIN account_move_line own ON own.id = p.credit_move_id
                  JOIN account_move_line side ON side.id = p.debit_move_id
                  JOIN account_move other ON other.id = side.move_id
                 WHERE own.move_id = ANY(%(moves)s)
             UNION ALL
                SELECT own.move_id, other.name, p.max_date, p.amount
                  FROM account_partial_reconcile p
                  JOIN account_move_line own ON own.id = p.debit_move_id
                  JOIN account_move_line side ON side.id = p.credit_move_id
                  JOIN account_move other ON other.id = side.move_id
                 WHERE own.move_id = ANY(%(moves)s)
              ORDER BY 3, 2
                """,
                moves=moves.ids,
            )
        )
        payments = defaultdict(list)
        for move_id, name, day, amount in found:
            payments[move_id].append(f"{day} {name} {amount:.2f}")
        return payments

    def _get_readme(self):
        """What is in the zip, for whoever opens it.

        :rtype: str
        """
        return self.env._(
            "%(grant)s, %(funder)s: costs charged from %(start)s to %(end)s.\n\n"
            "index.csv: each charged line, its entry, its payments, its papers.\n"
            "papers/: the papers as they were received.\n"
            "stamped/: a copy with the words “funded by”, for PDF and pictures.\n"
            "people.csv: presences in the programmes of the actions. A pseudonym is "
            "the same in all files of this grant.\n",
            grant=self.grant_id.name,
            funder=self.grant_id.funder_id.name,
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
        )
