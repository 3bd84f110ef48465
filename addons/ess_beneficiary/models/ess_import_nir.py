from odoo import models

from ..tools.nir import contains_nir, hide_nirs

# No cell holds what a text of all cells would: a number is never made of two cells.
BETWEEN = "\n"


class EssImport(models.Model):
    """No social security number (NIR) comes in by a list."""

    _inherit = "ess.import"

    def _empty_nirs(self, table, remarks):
        """Put rows with a NIR in error and take the number out of what is kept.

        Columns that are left out are not looked at: nothing of them is kept. One
        search in each column; its rows are only looked at when it has such a number.

        :param Table table: what was read; cells are changed in place
        :param Remarks remarks: where the refusal goes
        """
        places = [
            line.position
            for line in self.mapping_ids
            if line.target
            and contains_nir(
                BETWEEN.join([row[1][line.position] for row in table.rows])
            )
        ]
        if not places:
            return
        for index, (_number, cells, _notes) in enumerate(table.rows):
            for place in places:
                if contains_nir(cells[place]):
                    cells[place] = hide_nirs(cells[place])
                    header = hide_nirs(table.headers[place])
                    remarks.fail(index, "nir", column=header)
