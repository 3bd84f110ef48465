import json
import re
import zipfile

from odoo import api, models
from odoo.tools import format_date, format_datetime
from odoo.tools.misc import file_path

SCHEMA = "ess_beneficiary/static/person-file.schema.json"
PAPERS = "papers"
# A copy is read in French unless the person chose another language on the portal.
LANGUAGE = "fr_FR"


class EssBeneficiary(models.Model):
    """The copy to take away: a PDF in plain words, the data, the papers, in one zip.

    The PDF is drawn from the data: both say the same. Papers go from the disk to the
    zip part by part, so that memory does not grow with them.
    """

    _inherit = "ess.beneficiary"

    def action_copy_files(self):
        """Ask why, then make the copies of these files.

        :rtype: dict
        """
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy of the file"),
            "res_model": "ess.file.copy.ask",
            "view_mode": "form",
            "target": "new",
            "context": {"default_beneficiary_ids": self.ids},
        }

    def _write_copy(self, target, reason=None):
        """Write the copy of one file, with the rights of the user who asks.

        :param target: binary file to write in
        :param str reason: why, for the access log
        """
        self.ensure_one()
        self._record_access("export", reason)
        data = self._get_readable_file()
        papers = self._search_facts("ess.document").filtered(lambda p: p._is_in_copy())
        stored = self._get_copy_attachments(papers)
        for line, paper in zip(data["documents"], papers, strict=True):
            line["file"] = self._get_copy_path(paper) if paper.id in stored else None
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("person-file.pdf", self._print_copy(data))
            text = json.dumps(data, ensure_ascii=False, indent=2)
            archive.writestr("person-file.json", text)
            archive.write(file_path(SCHEMA), "person-file.schema.json")
            for paper in papers.filtered(lambda paper: paper.id in stored):
                self._add_copy_paper(archive, paper, stored[paper.id])

    @api.model
    def _get_copy_attachments(self, papers):
        """Return where papers are kept: ``{id of the paper: attachment}``.

        :rtype: dict
        """
        # sudo: the files of papers that the reader was shown
        attachments = self.env["ir.attachment"].sudo()
        found = attachments.search(
            [
                ("res_model", "=", "ess.document"),
                ("res_field", "=", "file"),
                ("res_id", "in", papers.ids),
            ]
        )
        return {attachment.res_id: attachment for attachment in found}

    @api.model
    def _get_copy_path(self, paper):
        """Return the name of a paper in the zip: never one that leaves the folder."""
        name = re.sub(r"[^\w.-]+", "-", paper.file_name or paper.name).strip("-.")
        return f"{PAPERS}/{paper.id}-{name}"

    @api.model
    def _add_copy_paper(self, archive, paper, attachment):
        path = self._get_copy_path(paper)
        if attachment.store_fname:
            archive.write(attachment._full_path(attachment.store_fname), path)
        else:
            archive.writestr(path, attachment.raw or b"")

    # === THE PDF

    def _print_copy(self, data):
        """Draw the data as a PDF in plain words.

        :param dict data: what `_get_readable_file` returns
        :rtype: bytes
        """
        html = self.env["ir.qweb"]._render(
            "ess_beneficiary.person_file_print", self._prepare_print(data)
        )
        return self._print_pages(html)

    @api.model
    def _print_pages(self, html):
        """Turn pages for the person into a PDF; nothing is fetched for it.

        :rtype: bytes
        """
        # sudo: the size of the paper, no secret
        reports = self.env["ir.actions.report"].sudo()
        paper = self.env.ref("ess_beneficiary.paperformat_person").sudo()
        report = reports.new({"paperformat_id": paper.id})
        return report._run_wkhtmltopdf([str(html)])

    def _prepare_print(self, data):
        """Return what the template of the PDF shows.

        :rtype: dict
        """
        person = data["person"]
        names = [person["first_name"], person["last_name"]]
        language = self.env["res.lang"]._get_data(code=self.env.lang or LANGUAGE)
        return {
            "association": data["association"],
            "name": " ".join(filter(None, names)) or person["pseudonym"],
            "ref": person["ref"],
            "date": self._print_date(data["generated_at"][:10]),
            "language": language,
            "sections": [
                section for section in self._get_copy_sections(data) if section["items"]
            ],
            "left_out": self._group_left_out(data["left_out"]),
        }

    def _get_copy_sections(self, data):
        """Return the parts of the PDF, in its order. Override to add those of a room.

        :return: title, and items of a head, lines (label, value) and a text
        :rtype: list of dict
        """
        return [
            self._print_person(data["person"]),
            *[self._print_project(project) for project in data["life_projects"]],
            self._section(
                self.env._("My situation"),
                [self._print_situation(line) for line in data["situations"]],
            ),
            self._section(
                self.env._("The people around me"),
                [self._print_around(line) for line in data["people_around"]],
            ),
            self._section(
                self.env._("The people I live with"),
                [self._print_household(line) for line in data["households"]],
            ),
            self._section(
                self.env._("My meetings"),
                [self._print_note(note) for note in data["notes"]],
            ),
            self._section(
                self.env._("My papers"),
                [self._print_paper(paper) for paper in data["documents"]],
            ),
            self._section(
                self.env._("Who read my file"),
                [self._print_reading(line) for line in data["who_read_this_file"]],
            ),
        ]

    @api.model
    def _section(self, title, items):
        return {"title": title, "items": items}

    @api.model
    def _item(self, head, *lines, text=None):
        """Return one item of a part; lines without a value are not shown."""
        lines = [(label, value) for label, value in lines if value]
        return {"head": head, "lines": lines, "text": text}

    @api.model
    def _print_date(self, date):
        return format_date(self.env, date) if date else ""

    @api.model
    def _print_period(self, line):
        """Say from when to when, as far as it is known."""
        start, end = (self._print_date(line[name]) for name in ("date_from", "date_to"))
        if end:
            return self.env._("from %(start)s to %(end)s", start=start, end=end)
        return self.env._("since %(start)s", start=start) if start else ""

    @api.model
    def _print_choice(self, choice):
        return choice["label"] if choice else ""

    def _print_person(self, person):
        street = [person["street"], person["street2"], person["zip"], person["city"]]
        _ = self.env._
        lines = [
            (_("First name"), person["first_name"]),
            (_("Last name"), person["last_name"]),
            (_("Name at birth"), person["birth_name"]),
            (_("Pseudonym"), person["pseudonym"]),
            (_("Born on"), self._print_date(person["birth_date"])),
            (_("Sex"), self._print_choice(person["sex"])),
            (_("Phone"), ", ".join(person["phones"])),
            (_("E-mail"), person["email"]),
            (_("Address"), " ".join(filter(None, street))),
            (_("Languages"), person["languages"]),
            (_("Came through"), self._print_choice(person["came_through"])),
            (_("File opened on"), self._print_date(person["opened_on"])),
            *[(extra["label"], extra["value"]) for extra in person["extra_fields"]],
        ]
        return self._section(_("Who I am"), [self._item("", *lines)])

    def _print_project(self, project):
        _ = self.env._
        words = self._item(_("My words"), text=project["words"])
        goals = [
            self._item(
                goal["words"],
                (_("State"), self._print_choice(goal["state"])),
                (_("Hoped for by"), self._print_date(goal["hoped_for_by"])),
                (_("Reached on"), self._print_date(goal["reached_on"])),
                (_("My mark, from 1 to 5"), goal["mark_of_the_person"]),
                (_("Mark of the worker"), goal["mark_of_the_worker"]),
            )
            for goal in project["goals"]
        ]
        date = self._print_date(project["date"])
        title = _("My project of %(date)s", date=date) if date else _("My project")
        return self._section(title, ([words] if project["words"] else []) + goals)

    def _print_situation(self, line):
        answer = line["situation"] or self._print_choice(line["answer"])
        head = f"{line['domain']}: {answer}"
        return self._item(head, ("", self._print_period(line)), text=line["note"])

    def _print_around(self, line):
        role = self._print_choice(line["role"])
        return self._item(
            line["name"] or role, ("", role), ("", self._print_period(line))
        )

    def _print_household(self, line):
        others = ", ".join(
            filter(
                None, (self._print_choice(other["role"]) for other in line["others"])
            )
        )
        return self._item(
            self._print_choice(line["role"]),
            ("", self._print_period(line)),
            (self.env._("With"), others),
        )

    def _print_note(self, note):
        who = self.env._("Written by %(name)s", name=note["written_by"])
        head = [self._print_date(note["date"]), self._print_choice(note["medium"])]
        return self._item(" · ".join(filter(None, head)), ("", who), text=note["text"])

    def _print_paper(self, paper):
        return self._item(
            paper["name"],
            (self.env._("Valid until"), self._print_date(paper["valid_until"])),
            (self.env._("Beside this page"), paper.get("file")),
            text=paper["note"],
        )

    def _print_reading(self, line):
        date = format_datetime(self.env, line["date"], dt_format="short")
        who = line["name"] or self._print_choice(line["as"])
        return self._item(
            f"{date} · {self._print_choice(line['what'])}",
            ("", who),
            ("", line["reason"]),
        )

    @api.model
    def _group_left_out(self, lines):
        """Say once what is left out for one reason, with how many times.

        :return: (number, reason)
        :rtype: list of tuple
        """
        counts = {}
        for line in lines:
            counts[line["reason"]] = counts.get(line["reason"], 0) + line["count"]
        return [(count, reason) for reason, count in counts.items()]
