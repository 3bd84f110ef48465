from odoo import api, models


class EssBeneficiary(models.Model):
    """Notes in the copy, and which aide-mémoires exist."""

    _inherit = "ess.beneficiary"

    def _get_readable_file(self):
        """Add the notes; for the data-protection officer, which aide-mémoires exist."""
        data = super()._get_readable_file()
        data["notes"] = [
            self._get_readable_note(note)
            for note in self._search_facts("ess.note")
            if self._is_note_in_copy(note)
        ]
        memos = self._get_memo_index()
        if memos:
            data["memos"] = memos
        return data

    @api.model
    def _is_note_in_copy(self, note):
        """Tell whether the note is in the copy, whole or with passages left out.

        Notes of the team are: who reads them day by day is one thing, what the person
        may ask for is another. A shared note waits for its release.
        """
        waits = note.visibility == "shared" and not note._is_released()
        return not waits and note._mask_for_copy(note.text) is not None

    def _get_readable_note(self, note):
        return {
            "date": self._readable_date(note.date),
            "medium": self._readable_choice(note, "medium"),
            "with_interpreter": note.has_interpreter,
            "minutes": note.minutes or None,
            "written_by": note.author_id.name,
            "visibility": self._readable_choice(note, "visibility"),
            "text": note._mask_for_copy(note.text),
            "goals": [goal.words or "" for goal in note.goal_ids],
            "former_texts": [
                {"until": self._readable_date(version.create_date.date()), "text": text}
                for version in note.version_ids
                if (text := note._mask_for_copy(version.text)) is not None
            ],
        }

    def _get_readable_left_out(self):
        """Add one line for each note or passage that is left out, with its reason."""
        return super()._get_readable_left_out() + self._get_left_out_notes()

    def _get_left_out_notes(self):
        """List the notes and passages that are not in the copy.

        :rtype: list of dict
        """
        # sudo: dates and authors of the notes of this file, so that the person knows
        # that they exist and the officer whom to ask; no word of them
        files = self.sudo().with_context(active_test=False)
        mine = self._search_facts("ess.note")
        lines = []
        for note in files._search_facts("ess.note"):
            reasons = note._get_left_out_reasons(readable=note.sudo(False) in mine)
            lines += [
                {
                    "section": "notes",
                    "count": 1,
                    "reason": reason,
                    "date": self._readable_date(note.date),
                    "author": note.author_id.name,
                }
                for reason in reasons
            ]
        return lines

    def _get_memo_index(self):
        """List the aide-mémoires that exist on the person, for a request for access.

        Date and author only, and only to the data-protection officer, who asks the
        authors for them; they are part of what the association holds.

        :rtype: list of dict
        """
        self.ensure_one()
        officer = "ess_beneficiary.group_beneficiary_dpo"
        if not self.env.su and not self.env.user.has_group(officer):
            return []
        # sudo: the rule shows aide-mémoires to their author only; no text goes out
        memos = self.sudo()._search_facts("ess.memo")
        return [
            {
                "date": self._readable_date(memo.date),
                "author": memo.author_id.name,
            }
            for memo in memos
        ]
