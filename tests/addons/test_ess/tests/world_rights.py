"""What people are asked and answer about their data, and what leaves a file."""


class RightsValues:
    """Values of the register, agreements, shares and complaints; part of `World`."""

    def _vals_ess_processing(self, kind):
        return {
            "name": f"Traitement {next(self.numbers)}",
            "purpose": "Accompagner",
            "retention": "2 ans",
            "is_agreement_asked": True,
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_consent(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "processing_id": self._new("ess.processing", kind).id,
            "content": "Ma photo",
            "heard_by_id": self._author(kind),
        }

    def _vals_ess_share(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "recipient_id": self._partner().id,
            "frame_id": self.env.ref("ess_beneficiary.ess_share_frame_siao").id,
            "need": "Trouver un toit",
            "has_identity": True,
        }

    def _vals_ess_share_frame(self, _kind):
        number = next(self.numbers)
        return {
            "name": f"Cadre {number}",
            "code": f"frame{number}",
            "who": "Qui le texte nomme",
            "source": "Un texte",
        }

    def _vals_ess_complaint(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "company_id": self.company_of(kind).id,
            "words": "On ne me répond pas",
        }
