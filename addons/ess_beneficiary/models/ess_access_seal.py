from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from ..tools import append_only, seals
from .ess_access_log import SEALED_COLUMNS

# One seal covers at most this many lines, so that a seal is checked in little memory.
SEAL_SIZE = 20_000
# Any number: whoever seals holds this lock until the end of the transaction.
LOCK = 7_316_905
RETENTION = "ess_beneficiary.access_log_months"
# CNIL, recommendation on logging measures (14 October 2021): 6 months to 1 year, more
# when justified.
DEFAULT_MONTHS = 12
MINIMUM_MONTHS = 6


class EssAccessSeal(models.Model):
    """A hash over the lines of the access log written since the seal before.

    Made each minute by a job. Each seal holds the one before, so that a changed,
    removed or added line breaks the chain from there on. The newest one leaves the
    database every day by mail: what was sealed by then cannot be rewritten unseen.
    """

    _name = "ess.access.seal"
    _description = "Seal of the access log"
    _order = "number desc"
    _rec_name = "number"
    _log_access = False

    number = fields.Integer(required=True, readonly=True, aggregator=None)
    date = fields.Datetime(string="Sealed on", required=True, readonly=True)
    line_count = fields.Integer(string="Lines", required=True, readonly=True)
    value = fields.Char(string="Seal", required=True, readonly=True)
    log_ids = fields.One2many(
        comodel_name="ess.access.log", inverse_name="seal_id", string="Lines sealed"
    )

    _number_uniq = models.UniqueIndex("(number)", "Two seals bear the same number.")

    def init(self):
        """Have the database itself refuse changes to seals."""
        self.env.cr.execute(append_only.guard(self._table, delete=append_only.PRUNED))

    # === ACTIONS

    @api.model
    def action_check(self):
        """Check the whole chain now and tell what was found.

        :rtype: dict
        """
        self.check_access("read")
        problems = self._check_chain()
        if problems:
            raise UserError(
                self.env._(
                    "The access log was altered:\n%(problems)s",
                    problems="\n".join(f"• {problem}" for problem in problems[:20]),
                )
            )
        # sudo: two numbers for the message
        head = self.sudo().search([], limit=1)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "title": self.env._("The access log is intact"),
                "message": self.env._(
                    "Seal no. %(number)s: %(value)s. Compare it with the last one "
                    "that you received by mail.",
                    number=head.number,
                    value=head.value or "–",
                ),
            },
        }

    # === BUSINESS

    @api.model
    def _cron_seal(self):
        """Seal what was written since the last run; several seals after a rush."""
        while self._seal_next():
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _seal_next(self):
        """Make one seal over the oldest lines without one.

        :return: whether lines may be left
        :rtype: bool
        """
        lines = self._lock_unsealed()
        if not lines:
            return False
        head = self.search([], limit=1)
        number, date = head.number + 1, fields.Datetime.now()
        digests = list(lines._digests().values())
        value = seals.seal(head.value, [self._header(number, date, digests), *digests])
        seal = self.create(
            {
                "number": number,
                "date": date,
                "line_count": len(digests),
                "value": value,
            }
        )
        self.env.cr.execute(
            SQL(
                "UPDATE ess_access_log SET seal_id = %s WHERE id = ANY(%s)",
                seal.id,
                lines.ids,
            )
        )
        lines.invalidate_model(["seal_id"])
        return len(lines) == SEAL_SIZE

    @api.model
    def _lock_unsealed(self):
        """Return the oldest lines without a seal, for one seal.

        :return: nothing while another transaction seals
        :rtype: recordset of ess.access.log
        """
        lines = self.env["ess.access.log"]
        [(is_free,)] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s)", LOCK)
        )
        if not is_free:
            return lines
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM ess_access_log WHERE seal_id IS NULL"
                " ORDER BY id LIMIT %s",
                SEAL_SIZE,
            )
        )
        return lines.browse([row[0] for row in rows])

    @api.model
    def _header(self, number, date, digests):
        """Digest of what the seal says of itself, sealed with the lines."""
        return seals.digest([number, date, len(digests)])

    @api.model
    def _check_chain(self, kept_outside=()):
        """Look for any line or seal that was changed, removed or added.

        The oldest seal that is kept is the anchor: after a pruning its lines are gone
        on purpose, and only its value counts.

        :param kept_outside: pairs (number, value) received by mail, compared too
        :return: one sentence for each finding, empty when all is well
        :rtype: list of str
        """
        self.env.flush_all()
        problems = []
        # The whole chain, or a gap in it would not show; its lines come in parts.
        seals_kept = self.sudo()  # sudo: hashes, no reading
        chain = seals_kept.search([], order="number")  # pylint: disable=no-search-all
        previous = None
        for batch in chain._batches():
            rows = batch._get_lines()
            for seal in batch:
                problems += seal._check_one(previous, rows.get(seal.id, []))
                previous = seal
        values = {seal.number: seal.value for seal in chain}
        oldest = chain[:1].number
        problems += [
            self.env._(
                "Seal no. %(number)s is not the one sent by mail.", number=number
            )
            for number, value in kept_outside
            if number >= oldest and values.get(number) != value
        ]
        return problems + self._check_unsealed()

    def _batches(self):
        """Cut the chain so that the lines of a part fit in little memory."""
        batch, count = self.browse(), 0
        for seal in self:
            batch |= seal
            count += seal.line_count
            if count >= SEAL_SIZE or len(batch) >= 500:
                yield batch
                batch, count = self.browse(), 0
        if batch:
            yield batch

    def _get_lines(self):
        """Read the lines of these seals as they are in the table.

        :return: ``{seal id: [values of SEALED_COLUMNS, …]}``
        :rtype: dict
        """
        found = defaultdict(list)
        columns = SQL(", ").join(map(SQL.identifier, SEALED_COLUMNS))
        for seal_id, *values in self.env.execute_query(
            SQL(
                "SELECT seal_id, %s FROM ess_access_log WHERE seal_id = ANY(%s)"
                " ORDER BY id",
                columns,
                self.ids,
            )
        ):
            found[seal_id].append(values)
        return found

    def _check_one(self, previous, lines):
        """Check one seal against its lines and against the one before.

        :param previous: ess.access.seal, or None for the oldest one kept
        :param list lines: values of SEALED_COLUMNS of each line
        :rtype: list of str
        """
        self.ensure_one()
        if previous is None and self.number > 1:
            # the head kept after a pruning: its lines are gone on purpose
            return [self._tell_difference(len(lines))] if lines else []
        problems = []
        if previous and previous.number != self.number - 1:
            problems.append(
                self.env._(
                    "Seals between no. %(first)s and no. %(last)s are missing.",
                    first=previous.number,
                    last=self.number,
                )
            )
        digests = [seals.digest(values) for values in lines]
        header = self._header(self.number, self.date, digests)
        before = previous.value if previous else ""
        if seals.seal(before, [header, *digests]) != self.value:
            problems.append(self._tell_difference(len(lines)))
        elif any(values[1] < self.date - timedelta(days=1) for values in lines):
            problems.append(
                self.env._(
                    "Seal no. %(number)s of %(date)s covers a line dated long before: "
                    "it was added afterwards.",
                    number=self.number,
                    date=format_datetime(self.env, self.date),
                )
            )
        return problems

    def _tell_difference(self, count):
        """Say how the lines of a broken seal differ from what was sealed.

        :param int count: lines found today
        :rtype: str
        """
        words = {
            "number": self.number,
            "date": format_datetime(self.env, self.date),
            "sealed": self.line_count,
            "found": count,
        }
        if count < self.line_count:
            return self.env._(
                "Seal no. %(number)s of %(date)s: lines are missing, %(found)s of "
                "%(sealed)s are left.",
                **words,
            )
        if count > self.line_count:
            return self.env._(
                "Seal no. %(number)s of %(date)s: lines were added, %(found)s instead "
                "of %(sealed)s.",
                **words,
            )
        return self.env._(
            "Seal no. %(number)s of %(date)s: a line was changed.", **words
        )

    @api.model
    def _check_unsealed(self):
        """Tell when lines wait for a seal although the job ran after them."""
        rows = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM ess_access_log"
                " WHERE seal_id IS NULL AND date < %s",
                fields.Datetime.now() - timedelta(days=1),
            )
        )
        if not rows[0][0]:
            return []
        return [
            self.env._(
                "%(count)s lines older than a day have no seal: the job that seals "
                "does not run, or they were added by hand.",
                count=rows[0][0],
            )
        ]

    @api.model
    def _cron_prune(self):
        """Remove the whole months that are past the retention period.

        The last seal of what goes is kept: the chain hangs on it.
        """
        text = self.env["ir.config_parameter"].sudo().get_param(RETENTION) or ""
        months = int(text) if text.isdigit() else DEFAULT_MONTHS
        months = max(months, MINIMUM_MONTHS)
        first_kept = fields.Date.today().replace(day=1) - relativedelta(months=months)
        return self._prune_before(first_kept)

    @api.model
    def _prune_before(self, first_kept):
        """Remove the lines of the months before a date, with their seals.

        A seal goes when all its lines are older; so a seal across two months stays.

        :param date first_kept: first day of the oldest month to keep
        :return: how many lines went
        :rtype: int
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT seal.id FROM ess_access_seal seal
                WHERE seal.number < (
                    SELECT min(kept.number) FROM ess_access_log line
                    JOIN ess_access_seal kept ON kept.id = line.seal_id
                    WHERE line.date >= %s)
                ORDER BY seal.number
                """,
                first_kept,
            )
        )
        seal_ids = [row[0] for row in rows]
        if not seal_ids:
            return 0
        cr = self.env.cr
        cr.execute("SELECT set_config('ess.access_prune', 'on', true)")
        cr.execute(SQL("DELETE FROM ess_access_log WHERE seal_id = ANY(%s)", seal_ids))
        count = cr.rowcount
        cr.execute(SQL("DELETE FROM ess_access_seal WHERE id = ANY(%s)", seal_ids[:-1]))
        cr.execute("SELECT set_config('ess.access_prune', 'off', true)")
        self.env.invalidate_all()
        return count
