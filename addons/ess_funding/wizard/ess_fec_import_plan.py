from collections import Counter

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.ess_beneficiary.tools.values import plain

from ..tools import fec


class EssFecImport(models.TransientModel):
    """The dry run: what would become of each entry of the file, and why."""

    _inherit = "ess.fec.import"

    def _make_plan(self):
        """Decide for each entry; proposes what the file names and is not known.

        :return: dicts with ``entry``, ``key``, ``label``, ``day``, ``state`` (new,
            known, changed, refused, gone), ``remarks`` ((line, words)), ``move``,
            ``journal`` and ``values`` of the journal items
        :rtype: list[dict]
        """
        entries = self._read_file()
        maps = self._get_maps(entries)
        self._propose_needs(entries, maps)
        known = self._get_known_moves(entries)
        plan = [self._plan_entry(entry, maps, known) for entry in entries]
        return plan + self._plan_gone(entries, plan)

    def _plan_entry(self, entry, maps, known):
        """Part of the plan for one entry."""
        key = self._get_key(entry)
        one = {
            "entry": entry,
            "key": key,
            "label": f"{entry.journal} {entry.number}",
            "day": entry.day,
            "state": "new",
            "remarks": [],
            "move": known.get(key, self.env["account.move"]),
            "journal": maps["journal"].get(
                entry.journal.upper(), self.env["account.journal"]
            ),
            "values": [],
        }
        if one["move"] and entry.day:
            if one["move"].ess_fec_lines == entry.snapshot():
                return one | {"state": "known"}
            one["state"] = "changed"
        problems = self._get_entry_problems(one, maps)
        if problems:
            return one | {"state": "refused", "remarks": problems}
        if one["state"] == "changed":
            one["remarks"] = [(entry.lines[0].row, self._get_change_words(one))]
        return one

    def _plan_gone(self, entries, plan):
        """Entries imported before, of days and journals of the file, not in it."""
        days = [entry.day for entry in entries if entry.day]
        if not days:
            return []
        codes = {entry.journal for entry in entries}
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("ess_fec_key", "!=", False),
                ("date", ">=", min(days)),
                ("date", "<=", max(days)),
            ]
        )
        keys = {one["key"] for one in plan}
        words = self._words("gone", {})
        return [
            {
                "entry": None,
                "key": move.ess_fec_key,
                "label": move.ref or move.name,
                "day": move.date,
                "state": "gone",
                "remarks": [(0, words)],
                "move": move,
            }
            for move in moves
            if move.ess_fec_key not in keys and move.ess_fec_key.split("|")[0] in codes
        ]

    def _get_key(self, entry):
        """Journal, year and number: what names an entry at the firm."""
        if not entry.day:
            return f"{entry.journal}||{entry.number}"
        year = self.company_id.compute_fiscalyear_dates(entry.day)["date_to"].year
        return f"{entry.journal}|{year}|{entry.number}"

    def _get_known_moves(self, entries):
        """Entries imported before, by key."""
        keys = list({self._get_key(entry) for entry in entries})
        moves = self.env["account.move"].search_fetch(
            [("company_id", "=", self.company_id.id), ("ess_fec_key", "in", keys)],
            ["ess_fec_key", "ess_fec_lines", "date"],
        )
        return {move.ess_fec_key: move for move in moves}

    # === WHAT THE FILE NAMES

    def _get_maps(self, entries):
        """What the accounts, journals, partners, currencies and codes are here."""
        lines = [line for entry in entries for line in entry.lines]
        own = [("company_id", "=", self.company_id.id)]
        # Odoo keeps codes of at most five signs, upper or lower case
        journals = self.env["account.journal"].search(own)
        codes = self.env["ess.fec.code"]._get_known_codes(self.company_id)
        currencies = self.env["res.currency"].search([("active", "=", True)])
        return {
            "account": self._get_accounts({line.account for line in lines}),
            "journal": {journal.code.upper(): journal for journal in journals},
            "partner": self._get_partners(lines),
            "currency": {currency.name: currency for currency in currencies},
            "code": codes,
            "charge": {},
        }

    def _get_accounts(self, codes):
        """Account of each code of the file; trailing zeros may differ.

        :rtype: dict
        """
        accounts = self.env["account.account"].with_company(self.company_id)
        accounts = accounts.search([("company_ids", "in", self.company_id.ids)])
        exact = {account.code: account for account in accounts}
        short = {}
        for account in accounts:
            short.setdefault((account.code or "").rstrip("0"), []).append(account)
        found = {}
        for code in codes:
            alike = short.get(code.rstrip("0"), [])
            if code in exact:
                found[code] = exact[code]
            elif len(alike) == 1 and code.rstrip("0"):
                found[code] = alike[0]
        return found

    def _get_partners(self, lines):
        """Partner of each auxiliary account: same reference, else the same name.

        :return: ``{(number, name): res.partner}``
        :rtype: dict
        """
        wanted = {(line.partner, line.partner_name) for line in lines if line.partner}
        numbers = [number for number, _name in wanted]
        names = [name for _number, name in wanted if name]
        partners = self.env["res.partner"].search(
            Domain("company_id", "in", [False, self.company_id.id])
            & (Domain("ref", "in", numbers) | Domain("name", "in", names)),
            order="id desc",
        )
        by_ref = {partner.ref: partner for partner in partners if partner.ref}
        by_name = {partner.name: partner for partner in partners}
        return {
            key: by_ref.get(key[0]) or by_name.get(key[1])
            for key in wanted
            if key[0] in by_ref or key[1] in by_name
        }

    def _propose_needs(self, entries, maps):
        """Keep on the screen what is not known; choices made there stay."""
        counts, names = Counter(), {}
        for entry in entries:
            for line in entry.lines:
                for need in self._get_line_needs(line, maps):
                    counts[need[:2]] += 1
                    names.setdefault(need[:2], need[2])
        kept = {(need.kind, need.code): need for need in self.need_ids}
        for key, need in kept.items():
            if key not in counts:
                need.unlink()
            else:
                need.line_count = counts[key]
        self.env["ess.fec.import.need"].create(
            [
                self._prepare_need(kind, code, names[kind, code], count, maps)
                for (kind, code), count in counts.items()
                if (kind, code) not in kept
            ]
        )
        maps["settled"] = {
            (need.kind, need.code) for need in self.need_ids if need._is_settled()
        }
        for need in self.need_ids.filtered(lambda need: need.kind == "code"):
            if need._is_settled():
                maps["code"][plain(need.code)] = (need.action_id, need.grant_id)

    def _get_line_needs(self, line, maps):
        """(kind, code, name) of what a line names and is not known."""
        needs = []
        if line.account and line.account not in maps["account"]:
            needs.append(("account", line.account, line.account_name))
        if line.journal and line.journal.upper() not in maps["journal"]:
            needs.append(("journal", line.journal, line.journal_name))
        for code in self._get_line_codes(line, maps):
            if plain(code) and plain(code) not in maps["code"]:
                needs.append(("code", code, ""))
        return needs

    def _get_line_codes(self, line, maps):
        """Codes of a line, whatever their shares."""
        try:
            shares = fec.parse_shares(line.codes, maps["code"].keys())
        except ValueError:
            return []
        return [code for codes, _share in shares for code in codes]

    def _prepare_need(self, kind, code, name, count, maps):
        """Values of a proposal: an account gets the type of its neighbour."""
        models_of = {"account": "account.account", "journal": "account.journal"}
        vals = {
            "import_id": self.id,
            "kind": kind,
            "code": code,
            "name": name,
            "line_count": count,
        }
        if kind in models_of:
            vals["is_wanted"] = self.env[models_of[kind]].has_access("create")
        if kind == "account":
            vals["account_type"] = self._guess_type(code, maps)
        return vals

    def _guess_type(self, code, maps):
        """Type of the account that shares the longest beginning."""
        if "types" not in maps:
            accounts = self.env["account.account"].with_company(self.company_id)
            accounts = accounts.search([("company_ids", "in", self.company_id.ids)])
            maps["types"] = {}
            for account in accounts.sorted("code", reverse=True):
                for size in range(1, len(account.code or "") + 1):
                    maps["types"][account.code[:size]] = account.account_type
        if code.startswith("8"):
            return "off_balance"
        for size in range(len(code), 0, -1):
            if found := maps["types"].get(code[:size]):
                return found
        return "asset_current"

    # === WHAT CANNOT BE TAKEN

    def _get_entry_problems(self, one, maps):
        """(line, words) of what keeps an entry out; fills its values.

        :rtype: list
        """
        entry, found = one["entry"], []
        for line in entry.lines:
            problems = list(line.problems)
            vals = self._prepare_item(line, maps, problems)
            if vals:
                one["values"].append(vals)
            found += [(line.row, self._words(*problem)) for problem in problems]
        first = entry.lines[0].row
        if found:
            return found
        if not entry.day:
            found.append((first, self._words("days", {})))
        elif entry.balance:
            found.append((first, self._words("unbalanced", {"amount": entry.balance})))
        else:
            locks = self._get_locks(one, maps)
            found += [(first, self._words("locked", {"locks": locks}))] if locks else []
        return found

    def _get_locks(self, one, maps):
        """Words of the lock dates that an entry, or the one it replaces, violates."""
        days = {one["entry"].day}
        if one["move"]:
            days.add(one["move"].date)
        for day in days:
            key = (day, one["journal"].type)
            if key not in maps["charge"]:
                locks = self.company_id._get_lock_date_violations(
                    day,
                    fiscalyear=True,
                    sale=key[1] == "sale",
                    purchase=key[1] == "purchase",
                    tax=False,
                    hard=True,
                )
                maps["charge"][key] = (
                    self.company_id._format_lock_dates(locks) if locks else ""
                )
            if maps["charge"][key]:
                return maps["charge"][key]
        return ""

    def _prepare_item(self, line, maps, problems):
        """Values of a journal item; what is wrong goes to ``problems``."""
        account = maps["account"].get(line.account)
        for kind, code, _name in self._get_line_needs(line, maps):
            if (kind, code) not in maps["settled"]:
                problems.append((f"unknown_{kind}", {"code": code}))
        if line.currency and line.currency not in maps["currency"]:
            problems.append(("unknown_currency", {"code": line.currency}))
        links = self._get_links(line, account, maps, problems)
        if problems or not account:
            return None
        vals = {
            "account_id": account.id,
            "name": line.label or line.ref,
            "balance": float(line.amount),
            **links,
        }
        partner = maps["partner"].get((line.partner, line.partner_name))
        if partner:
            vals["partner_id"] = partner.id
        currency = maps["currency"].get(line.currency)
        if currency and currency != self.company_id.currency_id:
            vals["currency_id"] = currency.id
            vals["amount_currency"] = float(line.currency_amount)
        return vals

    def _get_links(self, line, account, maps, problems):
        """Distribution of a cost or an income; grant of another account.

        :rtype: dict
        """
        try:
            shares = fec.parse_shares(line.codes, maps["code"].keys())
        except ValueError as error:
            problems.append(("share", {"value": error.args[0]}))
            return {}
        distribution, grants = {}, set()
        for codes, percent in shares:
            action, grant = self._get_target(codes, maps, problems)
            accounts = (action.analytic_account_id, grant.analytic_account_id)
            key = ",".join(str(one.id) for one in accounts if one)
            if key:
                distribution[key] = distribution.get(key, 0.0) + float(percent)
            grants.add(grant)
        if sum(distribution.values()) > 100:
            problems.append(("over", {"percent": sum(distribution.values())}))
        if not account or problems or not distribution:
            return {}
        if account.internal_group in ("income", "expense", "off"):
            self._check_grants(line, account, grants, maps, problems)
            return {"analytic_distribution": distribution}
        grant = grants.pop() if len(grants) == 1 else None
        return {"ess_grant_id": grant.id} if grant else {}

    def _get_target(self, codes, maps, problems):
        """Action and grant of one share.

        :rtype: tuple[ess.funding.action, ess.grant]
        """
        action, grant = self.env["ess.funding.action"], self.env["ess.grant"]
        for code in codes:
            found = maps["code"].get(plain(code), (action.browse(), grant.browse()))
            action |= found[0]
            grant |= found[1]
        if grant and not action and len(grant) == 1:
            action = grant.action_ids if len(grant.action_ids) == 1 else action
        text = "/".join(codes)
        if len(action) > 1 or len(grant) > 1:
            problems.append(("two_targets", {"code": text}))
        elif grant and not action:
            problems.append(("no_action", {"code": text, "grant": grant.name}))
        return action[:1], grant[:1]

    def _check_grants(self, line, account, grants, maps, problems):
        """The rules of the grants hold for imported costs: dates, accounts, lock."""
        if account.internal_group != "expense" or not line.day:
            return
        for grant in grants:
            key = (grant.id, line.day, account.id)
            if grant and key not in maps["charge"]:
                try:
                    grant._check_charge(line.day, account.id, line.label or line.ref)
                    maps["charge"][key] = ""
                except UserError as error:
                    maps["charge"][key] = str(error)
            if maps["charge"].get(key):
                problems.append(("guard", {"words": maps["charge"][key]}))
