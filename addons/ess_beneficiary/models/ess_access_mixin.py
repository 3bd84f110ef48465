from odoo import api, models

# What is written in words, or holds a document, is content of the file. The rest
# (dates, states, links) is what lists need to be lists.
CONTENT_TYPES = ("char", "text", "html", "binary", "image", "json", "properties")
ALWAYS_SAFE = {"id", "display_name"}


class EssAccessMixin(models.AbstractModel):
    """Records whose reading is a reading of somebody's file, told by the ledger.

    Inherited by the file and by everything that is written in a file. A call from
    outside that reads content leaves one line per file in `ess.access.log`; a list
    that stays within the list-safe fields leaves none. Superuser code leaves none:
    what it hands out to a user is told by `_record_access`.
    """

    _name = "ess.access.mixin"
    _description = "Read with a trace"
    # Fields that say something of the person although their type is a harmless one.
    _content_fields = frozenset()

    # === CRUD

    def read(self, fields=None, load="_classic_read"):
        """Tell the ledger, once the rights have been checked and the values read."""
        result = super().read(fields, load)
        self._trace_reading(fields)
        return result

    # Odoo gives these calls a read-only cursor unless told otherwise. Should a line
    # have to be written in another call, Odoo runs it again on a cursor that can.
    read._readonly = False

    def web_read(self, specification):
        """Read for the web client: `read` above leaves the line."""
        return super().web_read(specification)

    web_read._readonly = False

    @api.model
    def search_read(
        self, domain=None, fields=None, offset=0, limit=None, order=None, **read_kwargs
    ):
        """Tell the ledger what was read: this call does not go through `read`."""
        rows = super().search_read(domain, fields, offset, limit, order, **read_kwargs)
        self.browse([row["id"] for row in rows])._trace_reading(fields)
        return rows

    search_read._readonly = False

    def onchange(self, values, field_names, fields_spec):
        """Tell the ledger: the answer may hold what computes from the file."""
        result = super().onchange(values, field_names, fields_spec)
        self._origin._trace_reading(list(fields_spec))
        return result

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        """Tell the ledger when content is what the groups are made of."""
        self._trace_grouping([*groupby, *aggregates])
        return super()._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        """Tell the ledger when content is what the groups are made of."""
        specs = [spec for groupby in grouping_sets for spec in groupby]
        self._trace_grouping([*specs, *aggregates])
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    # === BUSINESS

    def _record_access(self, kind, reason=None):
        """Write in the ledger that the user accesses these files, whatever the fields.

        For what hands a file out otherwise than by reading it: a print, a share, an
        export, a page that reads as superuser.

        :param str kind: kind of `ess.access.log` (open, list, export, print, share…)
        :param str reason: why, in the words of the user; kept apart from the line
        """
        self.env["ess.access.log"]._collect(
            self._get_files_read(), kind, self._name, self.ids, reason
        )

    def _get_files_read(self):
        """Return the files that reading these records reads.

        :rtype: recordset of ess.beneficiary
        """
        # sudo: only ids, and the user has just read the records
        return self.sudo().beneficiary_id

    @api.model
    def _is_content(self, name):
        """Tell whether reading this field reads the file. See `_content_fields`.

        :param str name: name of a field
        :rtype: bool
        """
        field = self._fields.get(name)
        return name in self._content_fields or (
            bool(field) and name not in ALWAYS_SAFE and field.type in CONTENT_TYPES
        )

    def _trace_reading(self, names):
        """Remember for the ledger that the user read these fields.

        :param names: names of fields, all of them when empty
        """
        names = names or self._fields
        if self.env.su or not self or not any(map(self._is_content, names)):
            return
        files = self._get_files_read()
        kind = "open" if len(files) == 1 else "list"
        self.env["ess.access.log"]._collect(files, kind, self._name, self.ids)

    @api.model
    def _trace_grouping(self, specs):
        """Remember for the ledger that the user grouped content.

        :param list specs: groupby and aggregates of `_read_group`
        """
        if self.env.su:
            return
        names = {spec.split(":")[0].split(".")[0] for spec in specs}
        if any(map(self._is_content, names - {"__count"})):
            nobody = self.env["ess.beneficiary"]
            self.env["ess.access.log"]._collect(nobody, "group", self._name, [])
