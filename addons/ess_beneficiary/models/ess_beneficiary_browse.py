import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning
from odoo.tools import SQL

# A list longer than that is looked through, a shorter one was searched for.
BROWSE_LIMIT = 20
# "Last opened" is what one comes back to, not a second list of everybody.
RECENT_FILES = 20
RECENT_DAYS = 30


class EssBeneficiary(models.Model):
    """Search first: lists hold one's own and last opened files, never everybody.

    Whoever may read more (coordination, the data-protection officer, the names that
    reception may find) narrows the search or says why, once a day. This guards the
    screens, whoever calls them; rights do not depend on it.
    """

    _inherit = "ess.beneficiary"

    is_recently_opened = fields.Boolean(
        string="Last opened",
        compute="_compute_is_recently_opened",
        search="_search_is_recently_opened",
        help="The files that you opened last, according to the access log.",
    )

    @api.depends_context("uid")
    def _compute_is_recently_opened(self):
        recent = self._filter_by_queries([self._get_recent_query()])
        for beneficiary in self:
            beneficiary.is_recently_opened = beneficiary._origin.id in recent

    @api.model
    def _search_is_recently_opened(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_queries_domain([self._get_recent_query()])

    @api.model
    def _get_recent_query(self):
        """Select the files that the user opened last.

        :rtype: SQL
        """
        return SQL(
            "(SELECT beneficiary_id FROM ess_access_log WHERE user_id = %s"
            " AND date > %s AND kind = 'open' AND beneficiary_id IS NOT NULL"
            " GROUP BY beneficiary_id ORDER BY max(id) DESC LIMIT %s)",
            self.env.uid,
            fields.Datetime.now() - timedelta(days=RECENT_DAYS),
            RECENT_FILES,
        )

    # === CRUD

    @api.model
    def web_search_read(
        self,
        domain,
        specification,
        offset=0,
        limit=None,
        order=None,
        count_limit=None,
    ):
        """Refuse a long list of other people's files without a reason."""
        result = super().web_search_read(
            domain, specification, offset, limit, order, count_limit
        )
        ids = [row["id"] for row in result["records"]]
        self._check_browsing(ids, result["length"])
        return result

    @api.model
    def web_read_group(
        self,
        domain,
        groupby,
        aggregates=(),
        limit=None,
        offset=0,
        order=None,
        **options,
    ):
        """Refuse long groups of other people's files without a reason."""
        result = super().web_read_group(
            domain, groupby, aggregates, limit, offset, order, **options
        )
        shown = [group for group in self._walk_groups(result) if "__records" in group]
        ids = [row["id"] for group in shown for row in group["__records"]]
        self._check_browsing(ids, sum(group["__count"] for group in shown))
        return result

    # === ACTIONS

    @api.model
    def action_browse_all(self, *_selected):
        """Open all files, after asking why when it was not said today.

        :param _selected: ids that the button of a list sends, not used
        :rtype: dict
        """
        self.browse().check_access("read")
        return self._ask_to_browse(self._open_all_files(), "all")

    @api.model
    def action_browse_without_referent(self):
        """Open the files without referent; a long list asks why, once a day.

        The list itself would refuse while it is being drawn, and the screen be lost.

        :rtype: dict
        """
        self.browse().check_access("read")
        action = self._open_files_without_referent()
        domain = [("referent_id", "=", False)]
        if self.search_count(domain, limit=BROWSE_LIMIT + 1) <= BROWSE_LIMIT:
            return action
        return self._ask_to_browse(action, "no_referent")

    # === BUSINESS

    @api.model
    def _ask_to_browse(self, action, then):
        """Return a list of files, or the window that asks why it is opened.

        :param dict action: the list
        :param str then: value of `ess.access.browse.then` for the same list
        :rtype: dict
        """
        if self.env["ess.access.reason"]._is_in_force("search"):
            return action
        window = self.env["ir.actions.actions"]._for_xml_id(
            "ess_beneficiary.ess_access_browse_action"
        )
        return window | {"context": {"default_then": then}}

    @api.model
    def _open_files_without_referent(self):
        """Return the list of the files that nobody answers for.

        :rtype: dict
        """
        return self.env["ir.actions.actions"]._for_xml_id(
            "ess_beneficiary.ess_beneficiary_action_no_referent"
        )

    @api.model
    def _open_all_files(self):
        """Return the list of all files that the user may read.

        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Files"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "target": "current",
        }

    @api.model
    def _walk_groups(self, result):
        """Yield the groups of all levels of an answer of `web_read_group`."""
        for group in result["groups"]:
            yield group
            if "__groups" in group:
                yield from self._walk_groups(group["__groups"])

    @api.model
    def _check_browsing(self, file_ids, length):
        """Refuse to show a long list with files that are not the user's own.

        :param list file_ids: files that are about to be shown
        :param int length: how many files the whole list has
        :raises RedirectWarning: with a button to say why
        """
        if self.env.su or length <= BROWSE_LIMIT or not self._may_read_beyond():
            return
        queries = [*self._get_my_files_queries(), self._get_recent_query()]
        own = self.browse(file_ids)._filter_by_queries(queries)
        if own.issuperset(file_ids):
            return
        if self.env["ess.access.reason"]._is_in_force("search"):
            return
        refusal = RedirectWarning(
            self.env._(
                "This list goes beyond your own files. Search for a name or a file "
                "number, or say why you need to look through all files: you will be "
                "asked once today, and the access log keeps it."
            ),
            self.env.ref("ess_beneficiary.ess_access_browse_action").id,
            self.env._("Say why"),
        )
        refusal.loglevel = logging.INFO  # a question, which Odoo logs as a crash
        raise refusal

    @api.model
    def _may_read_beyond(self):
        """Tell whether the user may read more than their own files at all.

        :rtype: bool
        """
        user = self.env.user
        room = "ess_beneficiary.group_beneficiary_"
        return (
            user.has_group(f"{room}manager")
            or user.has_group(f"{room}dpo")
            or not user.has_group(f"{room}officer")
        )
