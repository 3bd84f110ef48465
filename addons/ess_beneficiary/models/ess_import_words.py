from odoo import models


class EssImport(models.Model):
    """What is said about a file and its rows, in the language of the importer."""

    _inherit = "ess.import"

    def _table_error(self, error):
        """Say why a file cannot be read and what to do.

        :param TableError error: from the reader
        :rtype: str
        """
        words = self._kind_words() | self._size_words(error.figures)
        return words[error.code]

    def _kind_words(self):
        """What is said of a file that is no list: ``{code of the reader: words}``."""
        return {
            "empty": self.env._("The file is empty."),
            "no_rows": self.env._("The file has titles but no row below them."),
            "no_headers": self.env._(
                "The first row has no titles. Put the title of each column (last name, "
                "first name, birth date…) in the first row."
            ),
            "pdf": self.env._("This is a PDF. Send the list as CSV or XLSX."),
            "image": self.env._("This is a picture. Send the list as CSV or XLSX."),
            "old_excel": self.env._(
                "This is a workbook of the old format (.xls) or one with a password. "
                "Open it and save it as XLSX, without a password."
            ),
            "not_xlsx": self.env._(
                "This is not an Excel workbook (XLSX). Open it in your spreadsheet "
                "program and save it as XLSX or CSV."
            ),
            "broken_xlsx": self.env._(
                "This workbook is damaged and cannot be read. Open it, save it again "
                "as XLSX, and upload that."
            ),
            "password": self.env._("The workbook has a password. Save it without one."),
            "encoding": self.env._(
                "The letters of this file cannot be read. Save it as “CSV UTF-8” or as "
                "XLSX."
            ),
        }

    def _size_words(self, figures):
        """What is said of a list with its figures: ``{code of the reader: words}``.

        :param dict figures: values to show
        """
        return {
            "bomb": self.env._(
                "This workbook unpacks to %(size)s MB, far more than a list of persons "
                "needs: it is refused. Copy the rows to a new workbook.",
                size=figures.get("size"),
            ),
            "too_big": self.env._(
                "The file has %(size)s MB, the limit is %(limit)s MB. Cut the list "
                "in parts.",
                size=figures.get("size"),
                limit=figures.get("limit"),
            ),
            "too_many_rows": self.env._(
                "The list has more than %(limit)s rows. Cut it in parts.",
                limit=figures.get("limit"),
            ),
            "too_many_columns": self.env._(
                "The list has %(columns)s columns, the limit is %(limit)s. Keep the "
                "columns that matter.",
                columns=figures.get("columns"),
                limit=figures.get("limit"),
            ),
            "csv": self.env._(
                "Line %(line)s of the file cannot be read: look for a quotation mark "
                "that is never closed.",
                line=figures.get("line"),
            ),
        }

    def _table_notes(self, table):
        """Say what is odd about a file that can be read.

        :rtype: list of str
        """
        notes = []
        for code, value in table.notes:
            if code == "no_title":
                notes.append(
                    self.env._("Column %(number)s has no title.", number=value)
                )
            elif code == "doubled":
                notes.append(
                    self.env._(
                        "Two columns have the title “%(title)s”: choose which one "
                        "to use.",
                        title=value,
                    )
                )
            elif code == "other_sheets":
                notes.append(
                    self.env._(
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
        if code == "name":
            return self.env._(
                "No name: a last name, a first name or a pseudonym is needed."
            )
        if code == "extra":
            return self.env._(
                "More cells than titles: a separator is in the text of a cell."
            )
        if code == "long":
            return self.env._(
                "Column “%(column)s” holds %(length)s characters: too long for a list.",
                column=figures["column"],
                length=figures["length"],
            )
        if code == "nir":
            return self.env._(
                "Column “%(column)s” contains a social security number (NIR), which "
                "the association may not keep: take it out of the list.",
                column=figures["column"],
            )
        if code == "control":
            return self.env._("Control characters were taken out.")
        if code == "formula":
            return self.env._(
                "A cell holds a formula: its text is kept, not its result."
            )
        return self._value_words(code, figures.get("value"), figures.get("field"))

    def _value_words(self, code, value, field):
        """Say what is odd about one value of a row.

        :param str code: code of the conversion
        :param value: what the cell says
        :param field: label of the field, for a value that is in none of its choices
        :rtype: str
        """
        if code == "date":
            return self.env._(
                "“%(value)s” is not a possible birth date: kept as text.", value=value
            )
        if code == "email":
            return self.env._(
                "“%(value)s” is not an e-mail address: kept as it is.", value=value
            )
        if code == "phone":
            return self.env._(
                "“%(value)s” is not a phone number: kept as it is.", value=value
            )
        return self.env._(
            "“%(value)s” is not in the list of “%(field)s”: left out.",
            value=value,
            field=field,
        )

    def _skipped_words(self, skipped):
        """Say which comparisons were left out because a key is too common.

        :param dict skipped: ``{block: number of rows}``
        :rtype: str
        """
        words = {
            "birth": self.env._("birth date"),
            "birth_swapped": self.env._("birth date"),
            "phone": self.env._("phone"),
            "phone2": self.env._("phone"),
            "email": self.env._("e-mail"),
            "address": self.env._("address"),
            "address_inverted": self.env._("address"),
        }
        totals = {}
        for block, count in skipped.items():
            label = words.get(block, self.env._("name"))
            totals[label] = max(totals.get(label, 0), count)
        return "\n".join(
            self.env._(
                "%(count)s rows were not compared by their %(key)s alone: too many "
                "files have the same.",
                count=count,
                key=label,
            )
            for label, count in totals.items()
        )
