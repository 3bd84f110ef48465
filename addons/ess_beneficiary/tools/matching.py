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

from .matching_keys import last_skeleton, skeleton, street_name
from .matching_levels import LEVELS, code, coded
from .matching_weights import (
    BLOCK_LIMIT,
    BLOCK_LIMITS,
    CAP,
    PRIOR,
    RARE_LIMIT,
    SHARED_LIMIT,
    SOMEBODY_ELSE,
    THRESHOLD,
    TWIN_AGE,
    WEIGHTS,
)

# Weights of a level that is not named are 0: the field is missing on one side.
FIELDS = tuple(WEIGHTS)
# Those known when a pair is compared; whether its name is rare is counted afterwards.
KEPT_FIELDS = tuple(field for field in FIELDS if field != "rare")
# The order in which they are compared: what the cap or the bits will drop anyway is
# not compared any further.
EARLY = ("first", "birth")
MIDDLE = ("last", "phone", "email")
LATE = tuple(field for field in KEPT_FIELDS if field not in EARLY + MIDDLE)


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

# Blocks that are looked up first: when few files have the name, all of them are met,
# whatever their age, and the narrower blocks of the name need not be.
RARE_BLOCKS = {
    "rare_name": ("l.name IS NOT NULL", f"{_NAME} = l.name"),
    "rare_inverted": ("l.inverted IS NOT NULL", f"{_NAME} = l.inverted"),
}
_FREQUENT = f"cardinality(l.in_rare_name) > {RARE_LIMIT}"
_FREQUENT_INVERTED = f"cardinality(l.in_rare_inverted) > {RARE_LIMIT}"

# block -> (condition on the left file, condition on the right one)
BLOCKS = {
    "birth": (
        "l.birth_full",
        f"r.match_birth = l.match_birth AND (r.zip = l.zip OR {_initials()})",
    ),
    "birth_swapped": (
        "l.birth_swapped IS NOT NULL",
        f"r.match_birth = l.birth_swapped AND {_initials()}",
    ),
    "name": (_FREQUENT, f"{_NAME} = l.name AND {_AGE}"),
    "name_undated": (
        _FREQUENT,
        f"{_NAME} = l.name AND r.match_birth IS NULL",
    ),
    # Whatever the birth date says.
    "last_zip": (
        "l.zip IS NOT NULL AND l.sound_last <> ''",
        f"{last_skeleton('r.match_name')} = {last_skeleton('l.match_name')}"
        " AND r.zip = l.zip"
        " AND coalesce(left(r.match_first, 1), '') IN (left(l.match_first, 1), '')",
    ),
    "inverted": (_FREQUENT_INVERTED, f"{_NAME} = l.inverted AND {_AGE}"),
    "inverted_undated": (
        _FREQUENT_INVERTED,
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


# A page beyond the largest table: what stands there is the number of a block.
_NO_PAGE = 4294967294
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
    "coalesce(('{3.0,2.0}'::float8[])[street2_level], 0)"
    """
    bits = ",".join(str(value) for value in WEIGHTS[field].values())
    return f"coalesce(('{{{bits}}}'::float8[])[{field}_level], 0)"


def _word(field):
    """SQL of what the level of one field is called, ``field:word``.

    >>> _word("rare")
    "('{rare:exact}'::text[])[rare_level]"
    """
    words = ",".join(f"{field}:{word}" for word in WEIGHTS[field])
    return f"('{{{words}}}'::text[])[{field}_level]"


def _candidates(right, where, blocks):
    """SQL list: for each block, the files that a left file ``l`` meets there.

    A file is told by its place in the table (``ctid``): to fetch it by its id would
    look it up in one more index. Places hold within one statement, and this is one.
    """
    return ",\n        ".join(
        f"""CASE WHEN {on_left} THEN ARRAY(
            SELECT r.ctid FROM {right} r WHERE {on_right} AND {where}
            LIMIT {_limit(block) + 1}) END AS in_{block}"""
        for block, (on_left, on_right) in blocks.items()
    )


def _limit(block):
    """How many files may share a key of this block."""
    if block in RARE_BLOCKS:
        return RARE_LIMIT
    return BLOCK_LIMITS.get(block, BLOCK_LIMIT)


def _met():
    """SQL of the places of all blocks; a block that is too common gives its number.

    It is told as a line of a page that no table has.
    """
    rare = [
        f"CASE WHEN cardinality(in_{block}) <= {RARE_LIMIT} THEN in_{block} END"
        for block in RARE_BLOCKS
    ]
    return " || ".join(rare) + "".join(
        f" || CASE WHEN cardinality(in_{block}) > {_limit(block)}"
        f" THEN ARRAY['({_NO_PAGE},{number})'::tid] ELSE in_{block} END"
        for number, block in enumerate(BLOCKS, 1)
    )


def _most_bits(field):
    """SQL of the most bits that a field can add to a pair.

    >>> _most_bits("zip")
    '1.5::float8'
    """
    most = f"{max(WEIGHTS[field].values())}::float8"
    if field not in ("street", "street2"):
        return most
    column = "match_street" if field == "street" else "street2"
    # The second line of one may be the first line of the other.
    known = " OR ".join(f"{side}.{column} IS NULL" for side in ("l", "r"))
    return f"CASE WHEN {known} THEN 0 ELSE {most} END"


# field -> (what is counted among the left files, condition on a file that has it too)
_COUNTED = {
    "phone": (
        "match_phone",
        "f.match_phone IN (k.match_phone, k.match_phone2)",
    ),
    "email": ("match_email", "f.match_email = k.match_email"),
    "street": (
        "match_street || ' ' || zip",
        f"{street_name('f.match_street')} = {street_name('k.match_street')}"
        " AND f.zip = k.zip AND f.match_street = k.match_street",
    ),
}
# What these conditions need of the left file.
_COUNTED_COLUMNS = "match_phone, match_phone2, match_email, match_street, zip".split(
    ", "
)


def shared_in(relation):
    """One statement: for each of `_COUNTED`, the keys that too many of a list share.

    :param str relation: SQL of a relation with the keys
    """
    return "SELECT " + ", ".join(
        f"ARRAY(SELECT {key} FROM {relation} crowd WHERE {key} IS NOT NULL"
        f" GROUP BY 1 HAVING count(*) > {SHARED_LIMIT}) AS {field}"
        for field, (key, _condition) in _COUNTED.items()
    )


def _unshared(field, right, crowd):
    """SQL of a level of ``kept``, or "shared" when too many have the same.

    Counted among the files, and in the ``crowd``. Only asked for pairs that are kept
    otherwise: the count is the costly part.
    """
    key, condition = _COUNTED[field]
    in_crowd = f"{key} = ANY({crowd[field]}) OR" if crowd else ""
    agreed = [word for word in ("exact", "close", "name") if word in WEIGHTS[field]]
    agreed = ", ".join(str(code(field, word)) for word in agreed)
    return f"""CASE WHEN {field}_level IN ({agreed}) AND ({in_crowd}
            (SELECT count(*) FROM (SELECT FROM {right} f WHERE {condition}
                LIMIT {SHARED_LIMIT + 1}) few) > {SHARED_LIMIT})
        THEN {code(field, "shared")} ELSE {field}_level END AS {field}_level"""


def _rare(right):
    """SQL of a level: the family name that agrees is one of a few files only."""
    agreed = ", ".join(str(code("last", word)) for word in ("exact", "inverted"))
    return f"""CASE WHEN last_level IN ({agreed}) AND k.sound <> ''
        AND zip_level IN ({code("zip", "exact")}, {code("zip", "city")})
        AND (SELECT count(*) FROM (SELECT FROM {right} f
            WHERE {last_skeleton("f.match_name")} = k.sound AND f.zip IS NOT NULL
            LIMIT {RARE_LIMIT + 1}) few) <= {RARE_LIMIT} THEN 1 END"""


def _as_levels(fields):
    """SQL list of the levels of some fields."""
    return ", ".join(f"{LEVELS[field]} AS {field}_level" for field in fields)


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
            OR last_level IN ('exact', 'maiden', 'close')
            OR birth_level = 'exact' AND is_adult AND l.zip = r.zip)"""
    known = " + ".join(_bits(field) for field in EARLY + MIDDLE)
    most = " + ".join(_most_bits(field) for field in LATE)
    return coded(worth), (
        f"{coded(worth_late)} AND {known} - namesakes + {most} >= {least}::float8"
    )


def _compared(left, right, where, least, dilute):
    """SQL of the pairs with the level of each field.

    Each left file looks for its own candidates and compares itself with them: no step
    waits for the others, so that slices of the left files can be compared at once.
    A block that is too common gives a line without a right file, of a negative ``r``.
    """
    worth, worth_late = _worth_comparing(least)
    namesakes = "ln(greatest(cardinality(l.in_name) - 1, 1)) / ln(2::float8)"
    columns = ", ".join(f"l.{name}" for name in _COUNTED_COLUMNS)
    sound = last_skeleton("r.match_name")
    skipped = "-((met.place::text::point)[1])::integer"
    return f"""SELECT l.id AS l, coalesce(r.id, {skipped}) AS r, {columns},
        {sound} AS sound, sure.*, likely.*, rest.*
    FROM (SELECT l.*, {_candidates(right, where, BLOCKS)}
        FROM (SELECT l.*, {_candidates(right, where, RARE_BLOCKS)}
            FROM (SELECT id, {left_columns()} FROM {left} source OFFSET 0) l
            OFFSET 0) l
        OFFSET 0) l
    CROSS JOIN LATERAL (SELECT DISTINCT unnest({_met()}) AS place OFFSET 0) met
    LEFT JOIN {right} r ON r.ctid = met.place
    CROSS JOIN LATERAL (SELECT {namesakes if dilute else "0::float8"} AS namesakes,
        l.match_birth / 10000 <= extract(year FROM current_date) - {TWIN_AGE}
            AS is_adult,
        {_as_levels(EARLY)} OFFSET 0) sure
    CROSS JOIN LATERAL (SELECT {_as_levels(MIDDLE)}
        WHERE r.id IS NULL OR {worth} OFFSET 0) likely
    CROSS JOIN LATERAL (SELECT {_as_levels(LATE)}
        WHERE r.id IS NULL OR {worth_late} OFFSET 0) rest"""


def _scored(source, least, fields=FIELDS):
    """SQL that adds the bits of the levels of ``source`` and drops the low ones."""
    bits = " + ".join(_bits(field) for field in fields)
    return f"""SELECT * FROM (
        SELECT *, CASE WHEN {coded(SOMEBODY_ELSE)} THEN least({CAP}, sum) ELSE sum END
            AS bits
        FROM (SELECT *, {bits} - namesakes AS sum FROM {source} OFFSET 0) summed
        OFFSET 0
    ) added WHERE bits >= {least}::float8 OR r < 0"""


def statement(left, right, where="TRUE", threshold=THRESHOLD, dilute=True, crowd=None):
    """One statement that compares files with files.

    :param str left: SQL of a relation with ``id``, the source columns and the keys.
    :param str right: name of a table with ``id``, the source columns and the keys, and
        the indexes of :data:`matching_keys.INDEXES`.
    :param str where: condition on the right file ``r`` (company, rights), which may
        name the left one, ``l``.
    :param float threshold: lowest score returned, between 0 and 1.
    :param bool dilute: take away bits when many files have this name at this age:
        with 32 namesakes besides the right one, each is 5 bits less probable.
    :param dict crowd: phones, e-mails and addresses that are shared by too many
        elsewhere (in a list that is not files yet): ``{field: SQL of an array}``, from
        :func:`shared_in`.
    :return: SQL giving ``(left id, right id, score, "field:level,…")``, and one line
        ``(NULL, count of left files, NULL, block number)`` per block with keys skipped.
    """
    reasons = ", ".join(_word(field) for field in FIELDS)
    least = PRIOR + math.log2(threshold / (1 - threshold))
    kept_from = least - WEIGHTS["rare"]["exact"]
    compared = _compared(left, right, where, kept_from, dilute)
    plain = ", ".join(f"{f}_level" for f in KEPT_FIELDS if f not in _COUNTED)
    return f"""
WITH kept AS MATERIALIZED (
    {_scored(f"({compared} OFFSET 0) levels", kept_from, KEPT_FIELDS)}
), unshared AS MATERIALIZED (
    SELECT l, r, is_adult, namesakes, {plain},
        {", ".join(_unshared(field, right, crowd) for field in _COUNTED)},
        {_rare(right)} AS rare_level
    FROM kept k WHERE r > 0
)
SELECT l, r, round((1 / (1 + power(2, {PRIOR} - bits)))::numeric, 4)::float8 AS score,
    concat_ws(',', {reasons}) AS reasons
FROM ({_scored("unshared", least)}) scored
UNION ALL
SELECT NULL, count(*), NULL, (-r)::text FROM kept WHERE r < 0 GROUP BY r
"""
