"""Merge of 1 000 pairs of files with all their links, against Odoo's contact merge.

Each file has messages, activities, attachments, followers, a follow-up by a contact,
situations, stays in programmes (one in the programme of the other file too) and
presences. Each contact of the rival has as many messages, activities, attachments and
followers, and follow-ups, one of which the other contact has too. The rival merges
fewer pairs, and its time is taken for as many: it works pair by pair.
"""

import datetime

ROOM = "ess_programmes"

PAIRS = 1_000
RIVAL_PAIRS = 50
MESSAGES = 5
ACTIVITIES = 2
ATTACHMENTS = 2
PROGRAMMES = 3
SESSIONS = 5


def make_loose_links(env, model, record_ids):
    """Messages, activities, attachments and one follower of each record."""
    followers = env["res.partner"].create([{"name": f"F{n}"} for n in range(2)])
    model_id = env["ir.model"]._get_id(model)
    todo = env.ref("mail.mail_activity_data_todo").id
    env["mail.message"].create(
        [
            {"model": model, "res_id": record, "body": f"<p>Message {number}</p>"}
            for record in record_ids
            for number in range(MESSAGES)
        ]
    )
    env["mail.activity"].create(
        [
            {
                "res_model_id": model_id,
                "res_id": record,
                "activity_type_id": todo,
                "user_id": env.uid,
            }
            for record in record_ids
            for _number in range(ACTIVITIES)
        ]
    )
    env["ir.attachment"].create(
        [
            {"name": f"piece{n}.txt", "raw": b"x", "res_model": model, "res_id": record}
            for record in record_ids
            for n in range(ATTACHMENTS)
        ]
    )
    env["mail.followers"].create(
        [
            {"res_model": model, "res_id": record, "partner_id": followers[n % 2].id}
            for n, record in enumerate(record_ids)
        ]
    )


def make_files(env):
    """Pairs of files with facts in the rooms of people and of activity."""
    files = env["ess.beneficiary"].create(
        [{"last_name": f"Pair{number // 2}"} for number in range(2 * PAIRS)]
    )
    make_loose_links(env, "ess.beneficiary", files.ids)
    programmes = env["ess.programme"].create(
        [{"name": f"Programme {n}", "kind": "course"} for n in range(PROGRAMMES)]
    )
    start = datetime.datetime(2026, 1, 5, 9)
    sessions = env["ess.session"].create(
        [
            {
                "programme_id": programmes[0].id,
                "date_start": start + datetime.timedelta(days=n),
                "date_end": start + datetime.timedelta(days=n, hours=2),
            }
            for n in range(SESSIONS)
        ]
    )
    contact = env["res.partner"].create({"name": "Contact"})
    entered = env.ref("ess_programmes.ess_enrolment_stage_entered").id
    value = env.ref("ess_beneficiary.ess_situation_value_housing_street")
    for model, rows in {
        "ess.followup": [
            {"beneficiary_id": file, "partner_id": contact.id, "role": "relative"}
            for file in files.ids
        ],
        "ess.situation": [
            {
                "beneficiary_id": file,
                "domain_id": value.domain_id.id,
                "value_id": value.id,
                "date_from": f"2026-01-{1 + n % 2:02}",
            }
            for n, file in enumerate(files.ids)
        ],
        "ess.enrolment": [
            {
                "beneficiary_id": file,
                "programme_id": programmes[m].id,
                "stage_id": entered,
                "date_start": "2026-01-01",
            }
            for n, file in enumerate(files.ids)
            for m in ((0, 1) if n % 2 else (0, 2))
        ],
        "ess.presence": [
            {"beneficiary_id": file, "session_id": session, "state": "present"}
            for n, file in enumerate(files.ids)
            for session in sessions.ids[n % 2 : n % 2 + 4]
        ],
    }.items():
        env[model].create(rows)
    return files.ids


def make_contacts(env):
    """Pairs of contacts that hang on as many records; one is on both."""
    partners = env["res.partner"].create(
        [{"name": f"Pair{number // 2}"} for number in range(2 * RIVAL_PAIRS)]
    )
    make_loose_links(env, "res.partner", partners.ids)
    files = env["ess.beneficiary"].create(
        [{"last_name": f"Followed{n}"} for n in range(PROGRAMMES)]
    )
    env["ess.followup"].create(
        [
            {"beneficiary_id": files[m].id, "partner_id": partner, "role": "relative"}
            for n, partner in enumerate(partners.ids)
            for m in ((0, 1, 2) if n % 2 else (0,))
        ]
    )
    return partners.ids


def count(env, table, column, record_ids, model_column=None, model=None):
    """Rows of a table that hang on records."""
    where = f"AND {model_column} = '{model}'" if model else ""
    env.cr.execute(
        f"SELECT count(*) FROM {table} WHERE {column} = ANY(%s) {where}", [record_ids]
    )
    return env.cr.fetchone()[0]


LOOSE = {
    "mail_message": ("res_id", "model"),
    "mail_activity": ("res_id", "res_model"),
    "ir_attachment": ("res_id", "res_model"),
    "mail_followers": ("res_id", "res_model"),
}


def count_all(env, model, record_ids, facts):
    """Rows of all kinds: {table: number}."""
    loose = {
        table: count(env, table, column, record_ids, model_column, model)
        for table, (column, model_column) in LOOSE.items()
    }
    return loose | {
        table: count(env, table, column, record_ids) for table, column in facts
    }


FILE_FACTS = [
    (table, "beneficiary_id")
    for table in ("ess_followup", "ess_situation", "ess_enrolment", "ess_presence")
]


class Merge:
    """Both contenders, and what each of them lost."""

    def __init__(self, files, partners):
        self.files, self.partners = files, partners
        self.lost, self.rival_lost, self.on_kept = {}, {}, {}

    def ours(self, env):
        files = env["ess.beneficiary"].browse(self.files)
        before = count_all(env, "ess.beneficiary", self.files, FILE_FACTS)
        env["ess.merge"]._merge_files(
            [(one, two, {}) for one, two in zip(files[::2], files[1::2])]
        )
        env.flush_all()
        after = count_all(env, "ess.beneficiary", self.files, FILE_FACTS)
        self.on_kept = count_all(env, "ess.beneficiary", self.files[::2], FILE_FACTS)
        self.lost = {
            table: before[table] - after[table]
            for table in before
            if after[table] < before[table]
        }

    def rival(self, env):
        wizard = env["base.partner.merge.automatic.wizard"]
        facts = [("ess_followup", "partner_id")]
        before = count_all(env, "res.partner", self.partners, facts)
        for one, two in zip(self.partners[::2], self.partners[1::2]):
            wizard._merge([one, two], env["res.partner"].browse(one), False)
        env.flush_all()
        after = count_all(env, "res.partner", self.partners, facts)
        self.rival_lost = {
            table: before[table] - after[table]
            for table in before
            if after[table] < before[table]
        }


def main(bench):
    merge = Merge(make_files(bench.env), make_contacts(bench.env))
    bench.commit()
    contenders = bench.race(
        f"Merge of {PAIRS} pairs of files (contacts: {RIVAL_PAIRS} pairs)",
        ours=merge.ours,
        rival=merge.rival,
        rounds=3,
        rival_rounds=1,
        same_statements=True,
    )
    ours = contenders["ours"].median / PAIRS
    rival = contenders["rival"].median / RIVAL_PAIRS
    bench.check(
        "rival / ours, for one pair (at least 5)",
        f"{rival / ours:.1f}",
        rival > 5 * ours,
    )
    bench.check("rows lost by ours", merge.lost or 0, not merge.lost)
    bench.check(
        "rows lost by the rival, by table", merge.rival_lost, bool(merge.rival_lost)
    )
