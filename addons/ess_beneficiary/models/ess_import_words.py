from odoo import models


class EssImport(models.Model):
    """What is said about a file and its rows, in the language of the importer."""

    _inherit = "ess.import"

    def _table_error(self, error):
        """Say why a file cannot be read and what to do.

        :param TableError error: from the reader
        :rtype: str
        """
        _ = self.env._
        figures = error.figures
        words = {
            "empty": _("The file is empty."),
            "no_rows": _("The file has titles but no row below them."),
            "no_headers": _(
                "The first row has no titles. Put the title of each column (last name, "
                "first name, birth date…) in the first row."
            ),
            "pdf": _("This is a PDF. Send the list as CSV or XLSX."),
            "image": _("This is a picture. Send the list as CSV or XLSX."),
            "old_excel": _(
                "This is a workbook of the old format (.xls) or one with a password. "
                "Open it and save it as XLSX, without a password."
            ),
            "not_xlsx": _(
                "This is not an Excel workbook (XLSX). Open it in your spreadsheet "
                "program and save it as XLSX or CSV."
            ),
            "broken_xlsx": _(
                "This workbook is damaged and cannot be read. Open it, save it again "
                "as XLSX, and upload that."
            ),
            "password": _("The workbook has a password. Save it without one."),
            "bomb": _(
                "This workbook unpacks to %(size)s MB, far more than a list of persons "
                "needs: it is refused. Copy the rows to a new workbook.",
                size=figures.get("size"),
            ),
            "too_big": _(
                "The file has %(size)s MB, the limit is %(limit)s MB. Cut the list "
                "in parts.",
                size=figures.get("size"),
                limit=figures.get("limit"),
            ),
            "too_many_rows": _(
                "The list has more than %(limit)s rows. Cut it in parts.",
                limit=figures.get("limit"),
            ),
            "too_many_columns": _(
                "The list has %(columns)s columns, the limit is %(limit)s. Keep the "
                "columns that matter.",
                columns=figures.get("columns"),
                limit=figures.get("limit"),
            ),
            "encoding": _(
                "The letters of this file cannot be read. Save it as “CSV UTF-8” or as "
                "XLSX."
            ),
            "csv": _(
                "Line %(line)s of the file cannot be read: look for a quotation mark "
                "that is never closed.",
                line=figures.get("line"),
            ),
        }
        return words[error.code]

    def _table_notes(self, table):
        """Say what is odd about a file that can be read.

        :rtype: list of str
        """
        _ = self.env._
        notes = []
        for code, value in table.notes:
            if code == "no_title":
                notes.append(_("Column %(number)s has no title.", number=value))
            elif code == "doubled":
                notes.append(
                    _(
                        "Two columns have the title “%(title)s”: choose which one "
                        "to use.",
                        title=value,
                    )
                )
            elif code == "other_sheets":
                notes.append(
                    _(
                        "Only the sheet “%(sheet)s” is read; the others are not.",
                        sheet=value,
                    )
                )
        return notes

    def _remark_words(self, code, figures):
        """Say what is wrong or odd about a row.

        :param str code: code of the reader or of the conversion
        :param dict figures: values to show
        :rtype: str
        """
        _ = self.env._
        value = figures.get("value")
        if code == "name":
            return _("No name: a last name, a first name or a pseudonym is needed.")
        if code == "extra":
            return _("More cells than titles: a separator is in the text of a cell.")
        if code == "long":
            return _(
                "Column “%(column)s” holds %(length)s characters: too long for a list.",
                column=figures["column"],
                length=figures["length"],
            )
        if code == "control":
            return _("Control characters were taken out.")
        if code == "formula":
            return _("A cell holds a formula: its text is kept, not its result.")
        if code == "date":
            return _(
                "“%(value)s” is not a possible birth date: kept as text.", value=value
            )
        if code == "email":
            return _(
                "“%(value)s” is not an e-mail address: kept as it is.", value=value
            )
        if code == "phone":
            return _("“%(value)s” is not a phone number: kept as it is.", value=value)
        return _(
            "“%(value)s” is not in the list of “%(field)s”: left out.",
            value=value,
            field=figures["field"],
        )

    def _skipped_words(self, skipped):
        """Say which comparisons were left out because a key is too common.

        :param dict skipped: ``{block: number of rows}``
        :rtype: str
        """
        _ = self.env._
        words = {
            "birth": _("birth date"),
            "birth_swapped": _("birth date"),
            "phone": _("phone"),
            "phone2": _("phone"),
            "email": _("e-mail"),
            "address": _("address"),
            "address_inverted": _("address"),
        }
        totals = {}
        for block, count in skipped.items():
            label = words.get(block, _("name"))
            totals[label] = max(totals.get(label, 0), count)
        return "\n".join(
            _(
                "%(count)s rows were not compared by their %(key)s alone: too many "
                "files have the same.",
                count=count,
                key=label,
            )
            for label, count in totals.items()
        )
