"""The people room of the invented world, and what core models say of a file."""

from odoo import Command, fields


class PeopleValues:
    """Values of the models around the person; part of `World`."""

    def _vals_ess_beneficiary(self, kind):
        number = next(self.numbers)
        vals = {
            "last_name": f"Inventé{number:05}",
            "first_name": "Camille",
            "company_id": self.company_of(kind).id,
            "followup_ids": [
                Command.create({"user_id": user.id, "role": "social_worker"})
                for user in self.users(kind)
            ],
        }
        if kind == "protected":
            vals.update(is_protected=True, protection_reason="violence")
        return vals

    def _vals_ess_followup(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "partner_id": self._partner().id,
            "role": "relative",
        }

    def _vals_ess_situation(self, kind):
        value = self.env["ess.situation.value"].search(
            [("domain_id.active", "=", True)], limit=1
        )
        return {
            "beneficiary_id": self.person(kind).id,
            "domain_id": value.domain_id.id,
            "value_id": value.id,
            "date_from": fields.Date.today(),
            "note": "note",
        }

    def _vals_ess_life_project(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "words": "Mes mots",
            "date": fields.Date.today(),
        }

    def _vals_ess_goal(self, kind):
        project = self._new("ess.life.project", kind)
        theme = self.env["ess.goal.theme"].search([], limit=1)
        return {"life_project_id": project.id, "theme_id": theme.id, "words": "Un toit"}

    def _vals_ess_goal_step(self, kind):
        goal = self._new("ess.goal", kind)
        return {"goal_id": goal.id, "name": "Appeler la mairie", "who": "person"}

    def _vals_ess_duplicate(self, kind):
        first, second = sorted([self.person(kind).id, self.person(kind).id])
        return {
            "beneficiary_id": first,
            "duplicate_id": second,
            "company_id": self.company_of(kind).id,
            "score": 0.9,
        }

    def _vals_ess_merge(self, kind):
        merged = self.person(kind)
        return {
            "beneficiary_id": self.person(kind).id,
            "merged_id": merged.id,
            "merged_ref": merged.ref,
        }

    def _vals_ess_merge_change(self, kind):
        return {
            "merge_id": self._new("ess.merge", kind).id,
            "table_name": "ess_goal",
            "row_key": "1",
        }

    def _vals_ess_situation_domain(self, _kind):
        return {"code": f"d{next(self.numbers)}", "name": "Domaine"}

    def _vals_ess_situation_value(self, _kind):
        domain = self._new("ess.situation.domain", "own")
        return {
            "domain_id": domain.id,
            "code": f"v{next(self.numbers)}",
            "name": "Valeur",
        }

    def _vals_ess_goal_theme(self, _kind):
        return {"code": f"t{next(self.numbers)}", "name": "Thème"}

    def _vals_ess_code(self, _kind):
        return {"scheme": "public", "code": f"c{next(self.numbers)}", "name": "Code"}

    def _vals_ess_profile(self, _kind):
        return {"name": "Profil", "code": f"p{next(self.numbers)}"}

    def _importer(self, kind):
        """Who brought a list in: what is *own* for an importer."""
        users = self.users(kind)
        own = users.filtered(
            lambda user: user.has_group("ess_beneficiary.group_beneficiary_import")
        )
        return (own or users)[:1].id

    def _vals_ess_import(self, kind):
        return {
            "company_id": self.company_of(kind).id,
            "user_id": self._importer(kind),
        }

    def _vals_ess_import_row(self, kind):
        return {
            "import_id": self._new("ess.import", kind).id,
            "company_id": self.company_of(kind).id,
            "user_id": self._importer(kind),
            "number": next(self.numbers),
            "outcome": "new",
        }

    def _vals_ess_import_mapping(self, kind):
        return {
            "import_id": self._new("ess.import", kind).id,
            "header": f"Colonne {next(self.numbers)}",
        }

    def _vals_ess_import_template(self, kind):
        return {
            "name": f"Source {next(self.numbers)}",
            "company_id": self.company_of(kind).id,
            "columns": {"Nom": "last_name"},
        }

    # === CORE MODELS ON A FILE

    def _vals_ir_attachment(self, kind):
        return {
            "name": "piece.txt",
            "raw": b"contenu",
            "res_model": "ess.beneficiary",
            "res_id": self.person(kind).id,
        }

    def _vals_mail_activity(self, kind):
        return {
            "res_model_id": self.env["ir.model"]._get_id("ess.beneficiary"),
            "res_id": self.person(kind).id,
            "summary": "Rappeler",
            "user_id": self.users(kind).filtered(self._is_worker)[:1].id,
        }

    @staticmethod
    def _is_worker(user):
        return user.has_group("ess_beneficiary.group_beneficiary_officer")

    def _vals_mail_message(self, kind):
        return {
            "model": "ess.beneficiary",
            "res_id": self.person(kind).id,
            "body": "note interne",
            "message_type": "comment",
            "subtype_id": self.env.ref("mail.mt_note").id,
            "author_id": self.stranger.partner_id.id,
        }

    def _vals_res_partner(self, kind):
        """A mask, as the file makes it for a login."""
        return self.person(kind)._prepare_mask_values()
