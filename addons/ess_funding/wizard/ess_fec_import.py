import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.ess_beneficiary.tools.table_reader import TableError

from ..tools import fec

#: entries written together; one that Odoo refuses is then tried alone
BATCH = 100
#: entries taken by one press of the button: the next press goes on
PRESS = 2000
#: remarks shown; the others are counted
SHOWN = 300


class EssFecImport(models.TransientModel):
    """The entries of the accounting firm, on their way into the ledger.

    The accountant gives the firm's file (FEC) with its column of analytic codes, reads
    what would happen, says what unknown codes mean, and imports. The same file, or a
    longer one, may be given again: an entry is taken once. Nothing is written before
    the button, and an entry is taken whole or not at all.
    """

    _name = "ess.fec.import"
    _description = "Entries of the accounting firm"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    file = fields.Binary(string="FEC file", attachment=False)
    file_name = fields.Char()
    state = fields.Selection(
        [("file", "File to read"), ("read", "File read")], required=True, default="file"
    )
    code_titles = fields.Char(
        string="Columns of codes",
        readonly=True,
        help="Columns of the file that name actions and grants.",
    )
    line_ids = fields.One2many("ess.fec.import.line", "import_id", string="Remarks")
    need_ids = fields.One2many(
        "ess.fec.import.need", "import_id", string="Unknown here"
    )
    new_count = fields.Integer(string="New entries", readonly=True)
    known_count = fields.Integer(string="Imported already", readonly=True)
    changed_count = fields.Integer(string="Changed by the firm", readonly=True)
    refused_count = fields.Integer(string="Entries not taken", readonly=True)
    done_count = fields.Integer(string="Imported now", readonly=True)
    hidden_count = fields.Integer(string="Remarks not shown", readonly=True)
    move_ids = fields.Many2many(comodel_name="account.move", string="Imported entries")

    # === ACTIONS

    def action_read(self):
        """Read the file and say what would happen; nothing is written."""
        self.ensure_one()
        self._check_rights()
        self._show(self._make_plan())
        return self._get_window_action()

    def action_import(self):
        """Make what is ticked, then take the entries that are new or to replace.

        :raises UserError: when nothing can be taken
        """
        self.ensure_one()
        self._check_rights()
        wanted = self.line_ids.filtered("is_wanted").move_id
        self.need_ids._settle()
        plan = self._make_plan()
        todo = [
            one
            for one in plan
            if one["state"] == "new"
            or (one["state"] == "changed" and one["move"] in wanted)
        ]
        if not todo:
            self._show(plan)
            return self._get_window_action()
        refused = self._write_entries(todo[:PRESS])
        again = self._make_plan()
        for one in again:
            if one["key"] in refused:
                one["state"] = "refused"
                one["remarks"] = [(one["entry"].lines[0].row, refused[one["key"]])]
        self._show(again)
        return self._get_window_action()

    def action_open_entries(self):
        """Open the entries that this screen took, with the reader's own rights."""
        self.ensure_one()
        return self.move_ids._ess_get_window_action()

    # === BUSINESS

    def _check_rights(self):
        """Only those who may write entries here read the firm's file.

        :raises AccessError: for the others
        """
        self.env["account.move"].check_access("create")

    def _read_file(self):
        """Entries of the file; keeps the titles of the columns of codes.

        :raises UserError: when it is no FEC
        :rtype: list[fec.FecEntry]
        """
        if not self.file:
            raise UserError(self.env._("Choose the file of the accounting firm first."))
        try:
            lines, titles = fec.read_fec(
                base64.b64decode(self.file), self.file_name or ""
            )
        except (fec.FecError, TableError) as error:
            raise UserError(self._get_file_words(error)) from error
        self.code_titles = ", ".join(titles)
        return fec.group_entries(lines)

    def _show(self, plan):
        """Write what the accountant sees of a plan."""
        count = dict.fromkeys(("new", "known", "changed", "refused", "gone"), 0)
        commands = []
        for one in plan:
            count[one["state"]] += 1
            for row, message in one["remarks"]:
                commands.append(
                    Command.create(
                        {
                            "row": row,
                            "result": one["state"],
                            "entry": one["label"],
                            "date": one["day"],
                            "message": message,
                            "move_id": one["move"].id,
                        }
                    )
                )
        self.write(
            {
                "state": "read",
                "new_count": count["new"],
                "known_count": count["known"],
                "changed_count": count["changed"],
                "refused_count": count["refused"],
                "hidden_count": max(len(commands) - SHOWN, 0),
                "line_ids": [Command.clear(), *commands[:SHOWN]],
            }
        )

    def _write_entries(self, todo):
        """Take entries, whole or not at all.

        :param list todo: parts of the plan
        :return: ``{key: why Odoo refused it}``
        :rtype: dict
        """
        refused, moves = {}, self.env["account.move"]
        for start in range(0, len(todo), BATCH):
            part = todo[start : start + BATCH]
            try:
                with self.env.cr.savepoint():
                    moves |= self._write_batch(part)
            except UserError:
                for one in part:
                    try:
                        with self.env.cr.savepoint():
                            moves |= self._write_batch([one])
                    except UserError as error:
                        refused[one["key"]] = str(error)
        self.write(
            {
                "move_ids": [Command.link(move.id) for move in moves],
                "done_count": self.done_count + len(moves),
            }
        )
        return refused

    def _write_batch(self, part):
        """Write and post a few entries.

        :rtype: account.move
        """
        values = [self._prepare_move(one) for one in part]
        moves = self.env["account.move"].with_company(self.company_id)
        made = moves.create(
            [
                vals
                for vals, one in zip(values, part, strict=True)
                if one["state"] == "new"
            ]
        )
        for vals, one in zip(values, part, strict=True):
            if one["state"] == "changed":
                move = one["move"].with_company(self.company_id)
                if move.state != "draft":
                    move.button_draft()
                vals["line_ids"] = [Command.clear(), *vals["line_ids"]]
                for name in ("journal_id", "move_type", "company_id"):
                    vals.pop(name)
                move.write(vals)
                made |= move
        made.action_post()
        return made

    def _prepare_move(self, one):
        """Values of an entry."""
        entry = one["entry"]
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": one["journal"].id,
            "date": entry.day,
            "ref": " – ".join(
                part for part in (one["label"], entry.lines[0].ref) if part
            ),
            "ess_fec_key": one["key"],
            "ess_fec_lines": entry.snapshot(),
            "line_ids": [Command.create(vals) for vals in one["values"]],
        }

    def _get_window_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of the accounting firm"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
