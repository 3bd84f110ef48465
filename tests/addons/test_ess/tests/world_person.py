"""The person's own side: copies, retention, printed forms."""


class PersonValues:
    """Values of the models that serve the person's rights; part of `World`."""

    def _vals_ess_file_copy(self, kind):
        return {
            "reason": "La personne demande sa copie",
            "user_id": self.users(kind)[:1].id,
            "company_id": self.company_of(kind).id,
        }

    def _vals_ess_file_copy_line(self, kind):
        return {
            "order_id": self._new("ess.file.copy", kind).id,
            "beneficiary_id": self.person(kind).id,
        }

    def _vals_ess_file_copy_ask(self, _kind):
        return {
            "beneficiary_ids": self.person("own").ids,
            "reason": "La personne demande sa copie",
        }

    def _vals_ess_retention_rule(self, kind):
        return {
            "name": "Suivi social",
            "company_id": self.company_of(kind).id,
            "archive_reason": "Réclamations",
            "source": "CNIL 2023-095",
        }

    def _vals_ess_retention_run(self, kind):
        return {"company_id": self.company_of(kind).id}

    def _vals_ess_retention_line(self, kind):
        return {
            "run_id": self._new("ess.retention.run", kind).id,
            "beneficiary_id": self.person(kind).id,
            "step": "archive",
            "outcome": "wait",
        }
