"""Normal forms of names, dates, phones and addresses: the keys that are compared.

:data:`KEYS` combines the functions of :mod:`.matching_functions` into stored columns;
:data:`INDEXES` has one index for each way to find them.
"""

import hashlib
import re

from .matching_functions import FUNCTIONS

# stored column -> (type, expression over the columns of a file). A trigger computes
# them for every row that is written without them; the import of a list, which computed
# them to compare its rows with the files, brings them along.
KEYS = {
    "match_last": ("text", "ess_fold(last_name)"),
    "match_first": ("text", "ess_fold(first_name)"),
    "match_birth_name": ("text", "ess_fold(birth_name)"),
    "match_pseudonym": ("text", "ess_fold(pseudonym)"),
    "match_name": (
        "text",
        "coalesce(ess_phonetic_fr(ess_fold(last_name)), '') || '|' || "
        "coalesce(ess_phonetic_fr(ess_fold(first_name)), '')",
    ),
    "match_maiden": (
        "text",
        "ess_phonetic_fr(ess_fold(birth_name)) || '|' || "
        "coalesce(ess_phonetic_fr(ess_fold(first_name)), '')",
    ),
    "match_birth": (
        "integer",
        "ess_birth(birth_date, birth_date_precision, birth_date_text)",
    ),
    "match_phone": ("text", "ess_phone(phone)"),
    "match_phone2": ("text", "ess_phone(phone2)"),
    "match_email": ("text", "ess_email(email)"),
    "match_street": ("text", "ess_street(street)"),
}
# Columns of a file that the keys are made from, with their types.
SOURCES = {
    "last_name": "varchar",
    "first_name": "varchar",
    "birth_name": "varchar",
    "pseudonym": "varchar",
    "birth_date": "date",
    "birth_date_precision": "varchar",
    "birth_date_text": "varchar",
    "sex": "varchar",
    "phone": "varchar",
    "phone2": "varchar",
    "email": "varchar",
    "street": "varchar",
    "street2": "varchar",
    "zip": "varchar",
    "city": "varchar",
}


# Keys that other keys are made from.
_FOLDED = dict.fromkeys(
    ("match_last", "match_first", "match_birth_name", "match_pseudonym"), True
)


def skeleton(code):
    """SQL of the consonants of a phonetic code, for blocks: MAMADOU and MOMODU meet."""
    return f"translate({code}, 'AEIOU', '')"


def last_skeleton(code):
    """SQL of the consonants of the last name in a code of both names."""
    return f"translate(split_part({code}, '|', 1), 'AEIOU', '')"


def street_name(street):
    """SQL of a street key without its number."""
    return f"translate({street}, '0123456789', '')"


TRIGGER = "ess_match_keys"


def trigger_statements(table):
    """The statements that keep the keys of a table true, whoever writes it.

    A row that comes with its keys (never without ``match_name``) is believed.
    """
    keys = "\n".join(
        f"    NEW.{column} := {_of_new_row(sql)};"
        for column, (_kind, sql) in KEYS.items()
    )
    return [
        f"CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $ess$\nBEGIN\n{keys}\n    RETURN NEW;\nEND\n$ess$",
        f"CREATE OR REPLACE TRIGGER {TRIGGER}_insert BEFORE INSERT ON {table}"
        f" FOR EACH ROW WHEN (NEW.match_name IS NULL) EXECUTE FUNCTION {TRIGGER}()",
        f"CREATE OR REPLACE TRIGGER {TRIGGER}_update BEFORE UPDATE OF"
        f" {', '.join(SOURCES)} ON {table} FOR EACH ROW EXECUTE FUNCTION {TRIGGER}()",
    ]


def _of_new_row(sql):
    """A key over the row that a trigger writes.

    >>> _of_new_row("ess_phone(phone2)")
    'ess_phone(NEW.phone2)'
    """
    return re.sub(rf"\b({'|'.join(SOURCES)})\b", r"NEW.\1", sql)


# index name -> (expressions, condition): one index per block.
INDEXES = {
    "match_birth_idx": ("match_birth", "match_birth IS NOT NULL"),
    "match_name_idx": (f"({skeleton('match_name')}), match_birth", None),
    "match_zip_idx": (
        f"({last_skeleton('match_name')}), zip, (coalesce(left(match_first, 1), ''))",
        "zip IS NOT NULL",
    ),
    "match_maiden_idx": (
        f"({skeleton('match_maiden')}), match_birth",
        "match_maiden IS NOT NULL",
    ),
    "match_pseudonym_idx": ("match_pseudonym", "match_pseudonym IS NOT NULL"),
    "match_phone_idx": ("match_phone", "match_phone IS NOT NULL"),
    "match_phone2_idx": ("match_phone2", "match_phone2 IS NOT NULL"),
    "match_email_idx": ("match_email", "match_email IS NOT NULL"),
    "match_street_idx": (
        f"({street_name('match_street')}), zip, (left(match_last, 1))",
        "match_street IS NOT NULL",
    ),
}


def key_version(column):
    """A short text that changes when a stored key must be computed again.

    >>> key_version("match_last") == key_version("match_first")
    False
    """
    kind, expression = KEYS[column]
    bodies = [FUNCTIONS[name] for name in sorted(FUNCTIONS) if f"{name}(" in expression]
    return hashlib.sha256(repr((kind, expression, bodies)).encode()).hexdigest()[:16]


def index_version(name):
    """A short text that changes when an index must be built again."""
    return hashlib.sha256(repr(INDEXES[name]).encode()).hexdigest()[:16]


def keys_relation(source):
    """SQL of a relation with its own columns and the keys, each name folded once.

    :param str source: SQL of a relation that has the columns of :data:`SOURCES`.
    """
    folded = {
        column: sql for column, (_kind, sql) in KEYS.items() if _FOLDED.get(column)
    }
    inner = ", ".join(f"{sql} AS {column}" for column, sql in folded.items())
    outer = []
    for column, (_kind, sql) in KEYS.items():
        if column not in folded:
            for name, key in folded.items():
                sql = sql.replace(key, name)
            outer.append(f"{sql} AS {column}")
    return (
        f"(SELECT *, {', '.join(outer)}"
        f" FROM (SELECT *, {inner} FROM {source} given OFFSET 0) folded)"
    )


_NAMES = ("last_name", "first_name", "birth_name", "pseudonym")


def keys_of_table(table):
    """SQL of a relation with the columns of a table and the keys of its rows.

    A long list repeats its names: each name is folded and spoken once.

    :param str table: name of a table with the columns of :data:`SOURCES`.
    """
    names = " UNION ".join(f"SELECT {name} AS name FROM {table}" for name in _NAMES)
    joins = " ".join(
        f"LEFT JOIN names {name}_of ON {name}_of.name = given.{name}" for name in _NAMES
    )
    keys = []
    for column, (_kind, sql) in KEYS.items():
        for name in _NAMES:
            sql = sql.replace(f"ess_phonetic_fr(ess_fold({name}))", f"{name}_of.spoken")
            sql = sql.replace(f"ess_fold({name})", f"{name}_of.folded")
        keys.append(f"{sql} AS {column}")
    return f"""(
        WITH names AS MATERIALIZED (
            SELECT name, folded, ess_phonetic_fr(folded) AS spoken
            FROM (SELECT name, ess_fold(name) AS folded FROM ({names}) all_names
                OFFSET 0) once
        )
        SELECT given.*, {", ".join(keys)} FROM {table} given {joins}
    )"""
