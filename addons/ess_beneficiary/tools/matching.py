"""Which two files are probably the same person: the SQL, its weights, their reasons.

The method is that of Fellegi and Sunter ("A Theory for Record Linkage", JASA, 1969):
each field that agrees, half agrees or disagrees adds or takes away *bits*; their sum
gives a score between 0 and 1. Three steps, in one statement:

1. **blocks** (:data:`BLOCKS`): pairs that share a key (birth date, phonetic names,
   phone, …), found by index; a key that too many files share says nothing: it is
   skipped, and counted;
2. **levels**: how far each field of a pair agrees (:mod:`.matching_levels`);
3. **weights** (:mod:`.matching_weights`): the bits of each level, added up.

Keys are computed by SQL functions (``ess_fold`` and its siblings, see
:data:`FUNCTIONS`) from :data:`KEYS`, which serve stored columns of the files and rows
that are not files yet alike.
"""

import math

from .matching_keys import skeleton, street_name
from .matching_levels import LEVELS
from .matching_weights import (
    BLOCK_LIMIT,
    BLOCK_LIMITS,
    CAP,
    PRIOR,
    SHARED_LIMIT,
    SOMEBODY_ELSE,
    THRESHOLD,
    TWIN_AGE,
    WEIGHTS,
)

# Weights of a level that is not named are 0: the field is missing on one side.
FIELDS = tuple(WEIGHTS)
# The order in which they are compared: what the cap or the bits will drop anyway is
# not compared any further.
EARLY = ("first", "birth")
MIDDLE = ("last", "phone", "email")
LATE = tuple(field for field in FIELDS if field not in EARLY + MIDDLE)


def _initials(right="r"):
    """SQL: both files share the initial of one of their names, in any place.

    A date of birth alone would make blocks of hundreds at a million files.
    """
    return (
        f"(left({right}.match_last, 1) IN (l.initial1, l.initial2, l.initial3)"
        f" OR left({right}.match_first, 1) IN (l.initial1, l.initial2, l.initial3)"
        f" OR left({right}.match_birth_name, 1) IN (l.initial1, l.initial2))"
    )


_NAME = skeleton("r.match_name")
_MAIDEN = skeleton("r.match_maiden")
_AGE = "r.match_birth BETWEEN l.birth_low AND l.birth_high"

# block -> (condition on the left file, condition on the right one)
BLOCKS = {
    "birth": ("l.birth_full", f"r.match_birth = l.match_birth AND {_initials()}"),
    "birth_swapped": (
        "l.birth_swapped IS NOT NULL",
        f"r.match_birth = l.birth_swapped AND {_initials()}",
    ),
    "name": ("l.name IS NOT NULL", f"{_NAME} = l.name AND {_AGE}"),
    "name_undated": (
        "l.name IS NOT NULL",
        f"{_NAME} = l.name AND r.match_birth IS NULL",
    ),
    "name_zip": (
        "l.name IS NOT NULL AND l.match_birth IS NOT NULL AND l.zip IS NOT NULL",
        f"{_NAME} = l.name AND r.zip = l.zip",
    ),
    "inverted": ("l.inverted IS NOT NULL", f"{_NAME} = l.inverted AND {_AGE}"),
    "inverted_undated": (
        "l.inverted IS NOT NULL",
        f"{_NAME} = l.inverted AND r.match_birth IS NULL",
    ),
    "maiden": ("l.maiden IS NOT NULL", f"{_NAME} = l.maiden AND {_AGE}"),
    "maiden_now": ("l.name IS NOT NULL", f"{_MAIDEN} = l.name AND {_AGE}"),
    "pseudonym": (
        "l.match_pseudonym IS NOT NULL",
        "r.match_pseudonym = l.match_pseudonym",
    ),
    "phone": (
        "coalesce(l.match_phone, l.match_phone2) IS NOT NULL",
        "r.match_phone IN (l.match_phone, l.match_phone2)",
    ),
    "phone2": (
        "coalesce(l.match_phone, l.match_phone2) IS NOT NULL",
        "r.match_phone2 IN (l.match_phone, l.match_phone2)",
    ),
    "email": ("l.match_email IS NOT NULL", "r.match_email = l.match_email"),
    "address": (
        "l.match_street IS NOT NULL AND l.zip IS NOT NULL",
        f"{street_name('r.match_street')} = {street_name('l.match_street')}"
        " AND r.zip = l.zip AND left(r.match_last, 1) = left(l.match_last, 1)",
    ),
    "address_inverted": (
        "l.match_street IS NOT NULL AND l.zip IS NOT NULL AND l.match_last IS NOT NULL",
        f"{street_name('r.match_street')} = {street_name('l.match_street')}"
        " AND r.zip = l.zip AND left(r.match_last, 1) = left(l.match_first, 1)",
    ),
}


_INVERTED = "split_part(match_name, '|', 2) || '|' || split_part(match_name, '|', 1)"


def left_columns():
    """SQL list of what the blocks need of the left file, from its keys."""
    return f"""
        company_id, match_last, match_first, match_birth_name, match_pseudonym,
        match_name, match_maiden, match_birth, match_phone, match_phone2, match_email,
        match_street, sex, street2, zip, city, last_name, first_name, birth_name,
        split_part(match_name, '|', 1) AS sound_last,
        split_part(match_name, '|', 2) AS sound_first,
        nullif({skeleton("match_name")}, '|') AS name,
        CASE WHEN match_last IS NOT NULL AND match_first IS NOT NULL THEN
            {skeleton(_INVERTED)}
        END AS inverted,
        {skeleton("match_maiden")} AS maiden,
        match_birth % 100 > 0 AND match_birth % 10000 <> 101 AS birth_full,
        CASE WHEN match_birth % 100 BETWEEN 1 AND 12
            AND match_birth % 100 <> match_birth / 100 % 100
            AND match_birth % 10000 NOT IN (101)
            THEN match_birth / 10000 * 10000 + match_birth % 100 * 100
                + match_birth / 100 % 100
        END AS birth_swapped,
        coalesce((match_birth / 10000 - 1) * 10000, 0) AS birth_low,
        coalesce((match_birth / 10000 + 2) * 10000, 99999999) AS birth_high,
        left(coalesce(match_last, match_pseudonym), 1) AS initial1,
        left(coalesce(match_first, match_pseudonym), 1) AS initial2,
        left(match_birth_name, 1) AS initial3"""


def _bits(field):
    """SQL of the bits of one field's level.

    >>> _bits("street2")
    "CASE street2_level WHEN 'exact' THEN 3.0 ELSE 0 END"
    """
    cases = " ".join(f"WHEN '{k}' THEN {v}" for k, v in WEIGHTS[field].items() if v)
    return f"CASE {field}_level {cases} ELSE 0 END"


def _candidates(right, where):
    """SQL of the candidates: one line per left file and block, with the ids found."""
    return "\n    UNION ALL\n    ".join(
        f"""SELECT l.id AS l, '{block}' AS block, found.ids
    FROM l CROSS JOIN LATERAL (
        SELECT array_agg(id) AS ids FROM (
            SELECT r.id FROM {right} r
            WHERE {on_right} AND {where}
            LIMIT {BLOCK_LIMITS.get(block, BLOCK_LIMIT) + 1}) few
    ) found
    WHERE {on_left} AND found.ids IS NOT NULL"""
        for block, (on_left, on_right) in BLOCKS.items()
    )


def _most_bits(field):
    """SQL of the most bits that a field can add to a pair.

    >>> _most_bits("zip")
    '1.5'
    """
    most = max(WEIGHTS[field].values())
    if field not in ("street", "street2"):
        return str(most)
    column = "match_street" if field == "street" else "street2"
    # The second line of one may be the first line of the other.
    known = " OR ".join(f"{side}.{column} IS NULL" for side in ("l", "r"))
    return f"CASE WHEN {known} THEN 0 ELSE {most} END"


# field -> (what is counted of the left file, condition on a file that has it too)
_COUNTED = {
    "phone": (
        "l.match_phone",
        "f.match_phone IN (l.match_phone, l.match_phone2)",
    ),
    "email": ("l.match_email", "f.match_email = l.match_email"),
    "street": (
        "l.match_street || ' ' || l.zip",
        f"{street_name('f.match_street')} = {street_name('l.match_street')}"
        " AND f.zip = l.zip AND f.match_street = l.match_street",
    ),
}


def _unshared(field, right):
    """SQL of a level of ``kept``, or "shared" when too many have the same.

    Counted among the files, and among the rows that are compared with them. Only asked
    for pairs that are kept otherwise: the count is the costly part.
    """
    key, condition = _COUNTED[field]
    return f"""CASE WHEN {field}_level IN ('exact', 'close', 'name') AND (
            {key} IN (SELECT {key} FROM l GROUP BY 1 HAVING count(*) > {SHARED_LIMIT})
            OR (SELECT count(*) FROM (SELECT FROM {right} f WHERE {condition}
                LIMIT {SHARED_LIMIT + 1}) few) > {SHARED_LIMIT})
        THEN 'shared' ELSE {field}_level END AS {field}_level"""


def _as_levels(fields):
    """SQL list of the levels of some fields."""
    return ", ".join(f"{LEVELS[field]} AS {field}_level" for field in fields)


# A key that so many files share says nothing.
_LIMITS = " ".join(f"WHEN '{block}' THEN {n}" for block, n in BLOCK_LIMITS.items())
_TOO_COMMON = f"cardinality(ids) > CASE block {_LIMITS} ELSE {BLOCK_LIMIT} END"


def _worth_comparing(least):
    """SQL of the pairs that go on: those compared on MIDDLE, then those on LATE.

    Two different first names are dropped first, then the pairs that the address could
    not save.
    """
    if least <= CAP:
        return "TRUE", "TRUE"
    worth = """first_level IS DISTINCT FROM 'other'
            OR birth_level = 'exact' AND is_adult"""
    worth_late = """(first_level IS DISTINCT FROM 'other'
            OR last_level IN ('exact', 'maiden', 'close'))"""
    known = " + ".join(_bits(field) for field in EARLY + MIDDLE)
    most = " + ".join(_most_bits(field) for field in LATE)
    return worth, f"{worth_late} AND {known} - namesakes + {most} >= {least}"


def _compared(right, least, dilute):
    """SQL of the pairs with the level of each field."""
    worth, worth_late = _worth_comparing(least)
    namesakes = "log(2, greatest(cardinality(same.ids), 1))" if dilute else "0"
    return f"""SELECT l.id AS l, r.id AS r, sure.*, likely.*, rest.*
    FROM pairs JOIN l ON l.id = pairs.l JOIN {right} r ON r.id = pairs.r
    LEFT JOIN found same ON same.l = pairs.l AND same.block = 'name'
    CROSS JOIN LATERAL (SELECT {namesakes} AS namesakes,
        l.match_birth / 10000 <= extract(year FROM current_date) - {TWIN_AGE}
            AS is_adult,
        {_as_levels(EARLY)} OFFSET 0) sure
    CROSS JOIN LATERAL (SELECT {_as_levels(MIDDLE)}
        WHERE {worth} OFFSET 0) likely
    CROSS JOIN LATERAL (SELECT {_as_levels(LATE)}
        WHERE {worth_late} OFFSET 0) rest"""


def _scored(source, least):
    """SQL that adds the bits of the levels of ``source`` and drops the low ones."""
    bits = " + ".join(_bits(field) for field in FIELDS)
    return f"""SELECT * FROM (
        SELECT *, CASE WHEN {SOMEBODY_ELSE} THEN least({CAP}, {bits} - namesakes)
            ELSE {bits} - namesakes END AS bits
        FROM {source}
    ) added WHERE bits >= {least}"""


def statement(left, right, where="TRUE", threshold=THRESHOLD, dilute=True):
    """One statement that compares files with files.

    :param str left: SQL of a relation with ``id``, the source columns and the keys.
    :param str right: name of a table with ``id``, the source columns and the keys, and
        the indexes of :data:`matching_keys.INDEXES`.
    :param str where: condition on the right file ``r`` (company, rights), which may
        name the left one, ``l``.
    :param float threshold: lowest score returned, between 0 and 1.
    :param bool dilute: take away bits when many files have this name at this age:
        among 32 namesakes each one is 32 times (5 bits) less probable.
    :return: SQL giving ``(left id, right id, score, "field:level,…")``, and one line
        ``(NULL, number of left files, NULL, block)`` per block with skipped keys.
    """
    reasons = ", ".join(f"'{field}:' || {field}_level" for field in FIELDS)
    least = PRIOR + math.log2(threshold / (1 - threshold))
    return f"""
WITH l AS MATERIALIZED (
    SELECT id, {left_columns()}
    FROM {left} source
), found AS MATERIALIZED (
    {_candidates(right, where)}
), pairs AS MATERIALIZED (
    SELECT DISTINCT l, unnest(ids) AS r FROM found WHERE NOT {_TOO_COMMON}
), levels AS MATERIALIZED (
    {_compared(right, least, dilute)}
), kept AS MATERIALIZED (
    {_scored("levels", least)}
), unshared AS MATERIALIZED (
    SELECT kept.l, kept.r, is_adult, namesakes,
        {", ".join(f"{f}_level" for f in FIELDS if f not in _COUNTED)},
        {", ".join(_unshared(field, right) for field in _COUNTED)}
    FROM kept JOIN l ON l.id = kept.l
)
SELECT l, r, round((1 / (1 + power(2.0, {PRIOR} - bits)))::numeric, 4)::float8 AS score,
    concat_ws(',', {reasons}) AS reasons
FROM ({_scored("unshared", least)}) scored
UNION ALL
SELECT NULL, count(*), NULL, block FROM found WHERE {_TOO_COMMON} GROUP BY block
"""
