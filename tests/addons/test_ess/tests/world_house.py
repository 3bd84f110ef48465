"""The household, the relations and the holders of authority of the invented world."""


class HouseValues:
    """Values of the models around a household; part of `World`."""

    def _vals_ess_household(self, kind):
        return {
            "company_id": self.company_of(kind).id,
            "member_ids": [
                (0, 0, {"beneficiary_id": self.person(kind).id, "role": "adult"})
            ],
        }

    def _vals_ess_household_member(self, kind):
        person = self.person(kind)
        household = self.env["ess.household"].create(
            {
                "company_id": self.company_of(kind).id,
                "member_ids": [
                    (0, 0, {"beneficiary_id": self.person(kind).id, "role": "adult"})
                ],
            }
        )
        return {
            "household_id": household.id,
            "beneficiary_id": person.id,
            "role": "child",
        }

    def _vals_ess_relation(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "other_id": self.person(kind).id,
            "kind": "sibling",
        }

    def _vals_ess_guardian(self, kind):
        return {
            "beneficiary_id": self.person(kind).id,
            "name": "Service inventé",
            "quality": "child_welfare",
            "basis_ref": "référence",
        }
