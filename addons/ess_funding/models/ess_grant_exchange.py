from dateutil.relativedelta import relativedelta

from odoo import models

from odoo.addons.ess_programmes.tools.data_inclusion import siret_or_none

from ..tools import giving, scdl
from ..tools.spread import count_months


class EssGrant(models.Model):
    """Grants in the formats that funders publish: SCDL (France) and 360Giving."""

    _inherit = "ess.grant"

    def _prepare_scdl_row(self):
        """The grant as one row of "données essentielles des conventions".

        :return: texts by column
        :rtype: dict
        """
        self.ensure_one()
        company = self.company_id
        first, last = self._get_payment_period()
        period = first.isoformat()
        if last != first:
            period += f"/{last.isoformat()}"
        return {
            "nomAttribuant": self.funder_id.name,
            "idAttribuant": siret_or_none(self.funder_id.company_registry) or "",
            "dateConvention": (self.date_notified or self.date_from).isoformat(),
            "referenceDecision": self.ref or "",
            "nomBeneficiaire": company.name,
            "idBeneficiaire": siret_or_none(company.company_registry) or "",
            "rnaBeneficiaire": company.rna_number or "",
            "objet": self.name[: scdl.MAX_TEXT],
            "montant": f"{self.amount:.2f}",
            "nature": scdl.MONEY,
            "conditionsVersement": "unique"
            if len(self.instalment_ids) < 2
            else "échelonné",
            "datesPeriodeVersement": period,
            "notificationUE": "non",
            "pourcentageSubvention": "1.00",
        }

    def _get_payment_period(self):
        """First and last day on which the funder pays.

        :rtype: tuple[date, date]
        """
        days = [day for day in self.instalment_ids.mapped("date_due") if day]
        if days:
            return min(days), max(days)
        return self.date_from, self.date_to

    def _prepare_360giving(self):
        """The grant in the 360Giving standard.

        :rtype: dict
        """
        self.ensure_one()
        recipient, payer = self._prepare_360giving_sides()
        siret = siret_or_none(self.company_id.company_registry)
        received = sum(self.instalment_ids.mapped("amount_received"))
        return {
            "id": f"360G-ess-{siret or self.company_id.id}-{self.id}",
            "title": self.name,
            "description": ", ".join(self.action_ids.mapped("name")) or self.name,
            "currency": self.currency_id.name,
            "amountAwarded": self.amount,
            **({"amountDisbursed": received} if received else {}),
            "awardDate": (self.date_notified or self.date_from).isoformat(),
            "plannedDates": [
                {
                    "startDate": self.date_from.isoformat(),
                    "endDate": self.date_to.isoformat(),
                    "duration": count_months(self.date_from, self.date_to),
                }
            ],
            "recipientOrganization": [recipient],
            "fundingOrganization": [payer],
            "dateModified": self.write_date.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def _prepare_360giving_sides(self):
        """Who receives and who pays, in the 360Giving standard.

        :rtype: tuple[dict, dict]
        """
        company, funder = self.company_id, self.funder_id
        recipient = giving.make_organisation(
            company.name,
            siret_or_none(company.company_registry) or "",
            company.rna_number or "",
            f"company-{company.id}",
            postalCode=company.zip,
            addressLocality=company.city,
            addressCountry=company.country_id.name,
        )
        payer = giving.make_organisation(
            funder.name,
            siret_or_none(funder.company_registry) or "",
            local=f"funder-{funder.id}",
        )
        return recipient, payer

    def _find_published(self, row, funders):
        """The grant of the caller's company that a published row speaks of.

        The number of the decision decides; else the amount, with a date within the
        grant or the year before it.

        :param dict row: see ``tools/scdl.py``
        :param funders: res.partner with the SIRET or SIREN of the row
        :rtype: ess.grant
        """
        grants = self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("funder_id.commercial_partner_id", "in", funders.ids),
            ]
        )
        ref = (row["referenceDecision"] or "").casefold()
        named = grants.filtered(
            lambda grant: ref and (grant.ref or "").casefold() == ref
        )
        if named:
            return named[0]
        amount = scdl.read_amount(row["montant"])
        day = scdl.read_date(row["dateConvention"])
        return grants.filtered(
            lambda grant: (
                grant.currency_id.compare_amounts(grant.amount, amount or 0) == 0
                and (
                    not day
                    or grant.date_from - relativedelta(years=1) <= day <= grant.date_to
                )
            )
        )[:1]
