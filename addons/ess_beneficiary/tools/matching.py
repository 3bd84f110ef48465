"""Which two files are probably the same person: the SQL, its weights, their reasons.

The method is that of Fellegi and Sunter ("A Theory for Record Linkage", JASA, 1969):
each field that agrees, half agrees or disagrees adds or takes away *bits*; their sum
gives a score between 0 and 1. Three steps, in one statement:

1. **blocks** (:data:`BLOCKS`): pairs that share a key (birth date, phonetic names,
   phone, …), found by index; a key that too many files share says nothing: it is
   skipped, and counted;
2. **levels**: how far each field of a pair agrees (:func:`_levels`);
3. **weights** (:mod:`.matching_weights`): the bits of each level, added up.

Keys are computed by SQL functions (``ess_fold`` and its siblings, see
:data:`FUNCTIONS`) from :data:`KEYS`, which serve stored columns of the files and rows
that are not files yet alike.
"""

import math

from .matching_keys import skeleton, street_name
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


# The sounds of the right file's names.
_LAST = "split_part(r.match_name, '|', 1)"
_FIRST = "split_part(r.match_name, '|', 2)"


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


def _words(raw):
    """SQL: the words of a name, folded one by one, as ``" JEAN PAUL "``."""
    return (
        f"(SELECT ' ' || string_agg(ess_fold(word), ' ') || ' '"
        f" FROM regexp_split_to_table({raw}, '[-\\s''.]+') word)"
    )


def _part(one, two, raw_one, raw_two):
    """SQL: one name is a whole word of the other (double names, second first name)."""
    return (
        f"((length({one}) > 2 AND length({two}) > length({one})"
        f" AND strpos({two}, {one}) > 0"
        f" AND strpos({_words(raw_two)}, ' ' || {one} || ' ') > 0)"
        f" OR (length({two}) > 2 AND length({one}) > length({two})"
        f" AND strpos({one}, {two}) > 0"
        f" AND strpos({_words(raw_one)}, ' ' || {two} || ' ') > 0))"
    )


def _part_of(name):
    """SQL of :func:`_part` for the last or the first names of a pair."""
    return _part(
        f"l.match_{name}", f"r.match_{name}", f"l.{name}_name", f"r.{name}_name"
    )


def _levels():
    """SQL of the level of every field of a pair ``(l, r)``.

    :return: ``{field: SQL expression giving a level or NULL}``
    """
    crossed = (
        "l.match_last <> r.match_last"
        " AND (l.match_last = r.match_first OR l.match_first = r.match_last)"
    )
    inverted = (
        f"({crossed} OR l.sound_last = {_FIRST} AND l.sound_first = {_LAST})"
        f" AND (l.sound_last = {_FIRST} OR ess_close(l.match_last, r.match_first, 4))"
        f" AND (l.sound_first = {_LAST} OR ess_close(l.match_first, r.match_last, 4))"
    )
    street = street_name("l.match_street")
    street_right = street_name("r.match_street")
    similar = (
        "(similarity(l.match_street, r.match_street) >= 0.5"
        f" OR ess_close({street}, {street_right}, 5))"
    )
    number = "translate({}.match_street, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '')"
    one, two = number.format("l"), number.format("r")
    same_number = f"({one} = {two} OR {one} = '' OR {two} = '')"
    # The initial first: most towns differ by it, and folding costs.
    same_city = (
        "(left(upper(l.city), 1) = left(upper(r.city), 1)"
        " AND ess_close(ess_fold(l.city), ess_fold(r.city), 5))"
    )
    return {
        "last": f"""CASE
            WHEN l.match_last = r.match_last THEN 'exact'
            WHEN l.match_last = r.match_birth_name OR l.match_birth_name = r.match_last
                OR l.match_birth_name = r.match_birth_name THEN 'maiden'
            WHEN l.match_last IS NULL OR r.match_last IS NULL THEN NULL
            WHEN {inverted} THEN 'inverted'
            WHEN l.sound_last = {_LAST}
                OR ess_close(l.match_last, r.match_last, 3) THEN 'close'
            WHEN {_part_of("last")}
                THEN 'part'
            WHEN l.match_birth_name IS NOT NULL
                AND (split_part(l.match_maiden, '|', 1) = {_LAST}
                OR ess_close(l.match_birth_name, r.match_last, 4)) THEN 'close'
            WHEN r.match_birth_name IS NOT NULL
                AND (l.sound_last = split_part(r.match_maiden, '|', 1)
                OR ess_close(l.match_last, r.match_birth_name, 4)) THEN 'close'
            WHEN {crossed} THEN 'crossed'
            ELSE 'other' END""",
        "first": f"""CASE
            WHEN l.match_first = r.match_first THEN 'exact'
            WHEN l.match_pseudonym IN (r.match_first, r.match_pseudonym)
                OR r.match_pseudonym = l.match_first THEN 'alias'
            WHEN l.match_first IS NULL OR r.match_first IS NULL THEN NULL
            WHEN {inverted} THEN 'inverted'
            WHEN l.sound_first = {_FIRST}
                OR ess_close(l.match_first, r.match_first, 5) THEN 'close'
            WHEN {_part_of("first")}
                THEN 'part'
            WHEN least(length(l.match_first), length(r.match_first)) = 1
                AND left(l.match_first, 1) = left(r.match_first, 1) THEN 'initial'
            WHEN {crossed} THEN 'crossed'
            ELSE 'other' END""",
        "birth": """CASE
            WHEN l.match_birth IS NULL OR r.match_birth IS NULL THEN NULL
            WHEN l.match_birth = r.match_birth AND l.birth_full THEN 'exact'
            WHEN l.birth_swapped = r.match_birth THEN 'swapped'
            WHEN l.match_birth / 10000 = r.match_birth / 10000 AND (
                r.match_birth % 100 = 0 OR l.match_birth % 100 = 0
                OR l.match_birth % 10000 = 101 OR r.match_birth % 10000 = 101)
                THEN 'year'
            WHEN (r.match_birth % 100 = 0 OR l.match_birth % 100 = 0)
                AND abs(l.match_birth / 10000 - r.match_birth / 10000) = 1
                THEN 'about'
            WHEN l.birth_full AND r.match_birth % 100 > 0
                AND r.match_birth % 10000 <> 101 AND (levenshtein_less_equal(
                    l.match_birth::text, r.match_birth::text, 1) <= 1
                OR (l.match_birth / 10000 = r.match_birth / 10000)::integer
                + (l.match_birth / 100 % 100 = r.match_birth / 100 % 100)::integer
                + (l.match_birth % 100 = r.match_birth % 100)::integer = 2)
                THEN 'near'
            ELSE 'other' END""",
        "phone": """CASE
            WHEN l.match_phone IN (r.match_phone, r.match_phone2)
                OR l.match_phone2 IN (r.match_phone, r.match_phone2) THEN 'exact'
            WHEN l.match_phone IS NOT NULL AND r.match_phone IS NOT NULL
                THEN 'other' END""",
        "email": """CASE WHEN l.match_email = r.match_email THEN 'exact'
            WHEN l.match_email IS NOT NULL AND r.match_email IS NOT NULL
                THEN 'other' END""",
        "street": f"""CASE
            WHEN l.match_street IS NULL OR r.match_street IS NULL THEN NULL
            WHEN l.match_street = r.match_street
                AND (l.zip = r.zip OR l.zip IS NULL OR r.zip IS NULL) THEN 'exact'
            WHEN l.zip <> r.zip
                AND NOT {same_city} THEN 'other'
            WHEN {same_number} AND {similar} THEN 'close'
            WHEN {street} = {street_right} THEN 'name'
            WHEN {street} = {street_name("ess_street(r.street2)")}
                OR {street_name("ess_street(l.street2)")} = {street_right} THEN 'close'
            WHEN {similar} THEN 'name'
            ELSE 'other' END""",
        "street2": """CASE WHEN l.street2 = r.street2
            OR ess_street(l.street2) = ess_street(r.street2) THEN 'exact' END""",
        "zip": f"""CASE WHEN l.zip = r.zip THEN 'exact'
            WHEN {same_city} THEN 'city'
            WHEN l.zip IS NOT NULL AND r.zip IS NOT NULL THEN 'other' END""",
        "sex": """CASE
            WHEN l.sex IN ('female', 'male') AND r.sex IN ('female', 'male') THEN
                CASE WHEN l.sex = r.sex THEN 'exact' ELSE 'other' END END""",
    }


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


def _as_levels(levels, fields):
    """SQL list of the levels of some fields."""
    return ", ".join(f"{levels[field]} AS {field}_level" for field in fields)


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
    levels = _levels()
    early = ("first", "birth")
    middle = ("last", "phone", "email")
    reasons = ", ".join(f"'{field}:' || {field}_level" for field in FIELDS)
    least = PRIOR + math.log2(threshold / (1 - threshold))
    limits = " ".join(f"WHEN '{block}' THEN {n}" for block, n in BLOCK_LIMITS.items())
    too_common = f"cardinality(ids) > CASE block {limits} ELSE {BLOCK_LIMIT} END"
    namesakes = "log(2, greatest(cardinality(same.ids), 1))" if dilute else "0"
    # What the cap or the bits will drop anyway is not compared any further: first the
    # pairs of two first names, then those that the address could not save.
    late = [f for f in FIELDS if f not in early + middle]
    most = " + ".join(_most_bits(field) for field in late)
    worth, worth_late = "TRUE", "TRUE"
    if least > CAP:
        worth = """first_level IS DISTINCT FROM 'other'
            OR birth_level = 'exact' AND is_adult"""
        worth_late = """(first_level IS DISTINCT FROM 'other'
            OR last_level IN ('exact', 'maiden', 'close'))"""
        known = " + ".join(_bits(field) for field in early + middle)
        worth_late += f" AND {known} - namesakes + {most} >= {least}"
    return f"""
WITH l AS MATERIALIZED (
    SELECT id, {left_columns()}
    FROM {left} source
), found AS MATERIALIZED (
    {_candidates(right, where)}
), pairs AS MATERIALIZED (
    SELECT DISTINCT l, unnest(ids) AS r FROM found WHERE NOT {too_common}
), levels AS MATERIALIZED (
    SELECT l.id AS l, r.id AS r, sure.*, likely.*, rest.*
    FROM pairs JOIN l ON l.id = pairs.l JOIN {right} r ON r.id = pairs.r
    LEFT JOIN found same ON same.l = pairs.l AND same.block = 'name'
    CROSS JOIN LATERAL (SELECT {namesakes} AS namesakes,
        l.match_birth / 10000 <= extract(year FROM current_date) - {TWIN_AGE}
            AS is_adult,
        {_as_levels(levels, early)} OFFSET 0) sure
    CROSS JOIN LATERAL (SELECT {_as_levels(levels, middle)}
        WHERE {worth} OFFSET 0) likely
    CROSS JOIN LATERAL (SELECT {_as_levels(levels, late)}
        WHERE {worth_late} OFFSET 0) rest
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
SELECT NULL, count(*), NULL, block FROM found WHERE {too_common} GROUP BY block
"""
