"""Notes, aide-mémoires, documents and the trace of changes of protection."""

from odoo import fields


class NoteValues:
    """Values of what is written and kept in a file; part of `World`."""

    def _author(self, kind):
        """Who wrote it: what is *own* for an author."""
        return self.users(kind)[:1].id

    def _vals_ess_note(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "text": "Un mot",
            "visibility": "team",
            "author_id": self._author(kind),
        }

    def _vals_ess_note_version(self, kind):
        note = self._new("ess.note", kind)
        return {
            "note_id": note.id,
            "beneficiary_id": note.beneficiary_id.id,
            "text": "Un autre mot",
            "medium": "phone",
            "date": fields.Date.today(),
            "corrector_id": self._author(kind),
        }

    def _vals_ess_memo(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "text": "Rappeler",
            "author_id": self._author(kind),
        }

    def _vals_ess_document(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "type_id": self.env.ref("ess_beneficiary.ess_document_type_id_card").id,
            "note": "Copie",
        }

    def _vals_ess_copy_exclusion(self, kind):
        note = self._new("ess.note", kind)
        return {"beneficiary_id": note.beneficiary_id.id, "note_id": note.id}

    def _vals_ess_rights_request(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "kind": "access",
            "words": "Tout mon dossier",
        }

    def _vals_ess_note_template(self, _kind):
        return {"name": "Modèle", "text": "Ce qui a été dit"}

    def _vals_ess_document_type(self, _kind):
        return {"name": "Pièce", "code": f"p{next(self.numbers)}"}

    def _vals_ess_security_event(self, _kind):
        return {"kind": "rule", "operation": "write", "subject": "Une règle"}
