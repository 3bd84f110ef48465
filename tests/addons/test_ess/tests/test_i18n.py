import re

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

from .static import ROOMS, room_path

HAS_WORD = re.compile(r"[^\W\d_]{2}")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
# words that mislead a French team, with the word of the trade
MISLEADING = {
    r"\bplacements?\b": "étape professionnelle",
    r"\bsessions?\b": "séance",
    r"\bclients?\b": "personne, financeur",
    r"\bpipelines?\b": "demandes de financement",
    r"\bbuckets?\b": "catégorie d'étape",
    r"\bsilencieu(x|ses?)\b": "sans nouvelles",
    r"\bopportunités?\b(?! d.emploi)": "demande de financement",
    r"\bcohortes?\b": "groupe, promotion",
    r"\bbris de glace\b": "accès exceptionnel motivé",
    r"\bdésagrégations?\b": "ventilation",
}
# lines of the annual accounts bear the names that the regulation gives them
OFFICIAL = "model:ess.accounts.layout,name"


@tagged("post_install", "-at_install", "ess")
class TestFrench(TransactionCase):
    """Each term that a user can read has a French text, in the words of the trade."""

    def _exported(self, room):
        """Terms that Odoo itself exports for a room, those without a word left out."""
        reader = TranslationModuleReader(self.env.cr, modules=[room])
        return {row[4].strip() for row in reader if row[4] and HAS_WORD.search(row[4])}

    def _french(self, room):
        """French texts of a room: ``{source: text}``; fuzzy and obsolete ones do not
        count.
        """
        return {
            entry.msgid.strip(): entry.msgstr
            for entry in polib.pofile(str(room_path(room) / "i18n/fr.po"))
            if not entry.fuzzy and not entry.obsolete
        }

    def test_every_term_is_translated(self):
        for room in ROOMS:
            french = self._french(room)
            missing = sorted(
                term
                for term in self._exported(room)
                if not french.get(term, "").strip()
            )
            self.assertFalse(missing, f"{room}: {len(missing)} terms without French")

    def test_template_is_up_to_date(self):
        for room in ROOMS:
            entries = polib.pofile(str(room_path(room) / f"i18n/{room}.pot"))
            template = {entry.msgid.strip() for entry in entries}
            self.assertFalse(sorted(self._exported(room) - template), room)

    def test_no_misleading_word(self):
        for room in ROOMS:
            entries = polib.pofile(str(room_path(room) / "i18n/fr.po"))
            official = {
                entry.msgid.strip()
                for entry in entries
                if all(place.startswith(OFFICIAL) for place, _ in entry.occurrences)
            }
            for source, text in self._french(room).items():
                if source in official:
                    continue
                for pattern, better in MISLEADING.items():
                    self.assertNotRegex(
                        PLACEHOLDER.sub("", text.lower()),
                        pattern,
                        f"{room}: {source!r}: say « {better} »",
                    )
