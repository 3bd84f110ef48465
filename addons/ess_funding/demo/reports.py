"""The reports that funders receive: one for each grant, one of them final."""

#: grant: first and last month, whether it was sent, what was done, differences, what
#: figures do not show
REPORTS = {
    "G1": (
        "2026-01",
        "2026-11",
        False,
        "Deux soirs par semaine, la camionnette part de la gare et longe "
        "la Vienne. Trois bénévoles et une salariée "
        "marchent, servent une boisson chaude et restent le temps qu'il faut.",
        "La subvention de la Ville est prévue sur la ligne des communes ;"
        " le compte 74 la montre avec les autres "
        "établissements publics. Les dons ont dépassé la prévision après "
        "la collecte de printemps.",
        "Les personnes qui ne souhaitent pas parler ne sont pas comptées "
        "une à une. Les appels au 115 restés sans "
        "réponse figurent dans un document à part.",
    ),
    "G2": (
        "2025-07",
        "2026-06",
        False,
        "Deux conseillers reçoivent les participants chaque semaine et "
        "tiennent l'atelier du jeudi.",
        "La part forfaitaire de 15 % ne passe pas par les comptes de l'action.",
        "Une sortie vers l'emploi ne dit pas si l'emploi dure : les "
        "nouvelles à six mois sont encore à recueillir.",
    ),
    "G3": (
        "2025-09",
        "2026-08",
        True,
        "Vingt-quatre jeunes ont avancé avec un mentor. Deux groupes de "
        "français se sont réunis pendant les semaines "
        "d'école.",
        "Le rapport porte sur la première des deux années du budget.",
        "Quatre binômes se sont arrêtés avant six mois ; nous disons "
        "pourquoi quand les jeunes l'ont dit.",
    ),
}


def build(story):
    """Compute the reports; the one of the foundation is final."""
    with story.step("Rapports aux financeurs") as made:
        env = story.as_user("compta")
        reports = {}
        for key, (first, last, is_sent, told, variances, limits) in REPORTS.items():
            reports[key] = env["ess.funder.report"].create(
                {
                    "grant_id": story.grants[key].id,
                    "date_from": story.month(first),
                    "date_to": story.month(last, 31),
                    "story": told,
                    "variances": variances,
                    "limits": limits,
                    "signatory": "Mireille Arnaudin",
                    "signatory_title": "présidente",
                    "sign_place": "Limoges",
                }
            )
            reports[key].action_compute()
            if is_sent:
                reports[key].action_finalise()
        count = sum(len(report.line_ids) for report in reports.values())
        made(f"{len(reports)} rapports, {count} lignes")
    story.reports = reports
    story.figures["reports"] = {key: _totals(report) for key, report in reports.items()}
    for key, report in reports.items():
        story.check(
            f"Rapport {key} : dépenses du rapport et du grand livre",
            *_both_sides(story, report),
        )


def _totals(report):
    """Return the figures of a report that the run prints."""
    return {
        "name": report.name,
        "state": report.state,
        "lines": len(report.line_ids),
        "charges": round(_charges(report), 2),
    }


def _charges(report):
    """Return the expenses of a report: the sum of its lines of expenses, totals left
    out.
    """
    lines = report.line_ids.filtered(
        lambda line: line.section == "money"
        and line.side == "charge"
        and line.kind in ("line", "unmatched")
    )
    return sum(lines.mapped("value"))


def _both_sides(story, report):
    """Return the expenses of the report and those of the ledger, counted by another
    way.
    """
    column = story.env["account.analytic.plan"]._ess_column("action")
    accounts = report.grant_id.action_ids.analytic_account_id
    total = (
        story.env["account.analytic.line"]._read_group(
            [
                (column, "in", accounts.ids),
                ("date", ">=", report.date_from),
                ("date", "<=", report.date_to),
                ("general_account_id.internal_group", "=", "expense"),
            ],
            [],
            ["amount:sum"],
        )[0][0]
        or 0
    )
    return round(_charges(report), 2), round(-total, 2)
