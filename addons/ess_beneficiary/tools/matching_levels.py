"""How far the fields of two files agree: SQL of the level of each field of a pair.

A level is a word (exact, close, other, …) that :mod:`.matching_weights` turns into bits
and that the screen puts in words; it is NULL when a field is missing on one side.
Inside the statement a level is the place of its word among those of the field (from
1 on): thousands of pairs are compared, few are told.
"""

import re

from .matching_keys import street_name
from .matching_weights import WEIGHTS

# The sounds of the right file's names.
_LAST = "split_part(r.match_name, '|', 1)"
_FIRST = "split_part(r.match_name, '|', 2)"


def _close(one, two, shortest):
    """SQL: two names differ by a slip; PostgreSQL's own function drops most pairs."""
    return (
        f"(levenshtein_less_equal(left({one}, 60), left({two}, 60), 2) <= 2"
        f" AND ess_close({one}, {two}, {shortest}))"
    )


def _part_of(name):
    """SQL: one name is a whole word of the other (double names, second first name)."""
    one, two = f"l.match_{name}", f"r.match_{name}"
    return (
        f"((strpos({one}, {two}) > 0 OR strpos({two}, {one}) > 0)"
        f" AND ess_part({one}, {two}, l.{name}_name, r.{name}_name))"
    )


# One name is the other name of the other file.
_CROSSED = (
    "l.match_last <> r.match_last"
    " AND (l.match_last = r.match_first OR l.match_first = r.match_last)"
)
# Both are, as written or as spoken.
_INVERTED_NAMES = (
    f"({_CROSSED} OR l.sound_last = {_FIRST} AND l.sound_first = {_LAST})"
    f" AND (l.sound_last = {_FIRST} OR {_close('l.match_last', 'r.match_first', 4)})"
    f" AND (l.sound_first = {_LAST} OR {_close('l.match_first', 'r.match_last', 4)})"
)


# Names brought from another alphabet differ by their vowels: Mohamed, Muhammad.
def _same_consonants(name, right):
    one, two = f"l.match_{name}", f"r.match_{name}"
    return (
        f"least(length({one}), length({two})) >= 5 AND"
        f" translate(l.sound_{name}, 'AEIOU', '') = translate({right}, 'AEIOU', '')"
    )


# Each file holds one name only, here as last name, there as first name.
_ONE_NAME = (
    "l.match_last IS NULL AND r.match_first IS NULL AND l.match_first = r.match_last"
    " OR l.match_first IS NULL AND r.match_last IS NULL"
    " AND l.match_last = r.match_first"
)
_STREET = street_name("l.match_street")
_STREET_RIGHT = street_name("r.match_street")
_SIMILAR = (
    "(similarity(l.match_street, r.match_street) >= 0.5"
    f" OR {_close(_STREET, _STREET_RIGHT, 5)})"
)
# The initial first: most towns differ by it, and folding costs.
_SAME_CITY = (
    "(left(upper(l.city), 1) = left(upper(r.city), 1)"
    " AND ess_close(ess_fold(l.city), ess_fold(r.city), 5))"
)


def _same_number():
    """SQL: the numbers in two streets are the same, or one street has none."""
    number = "translate({}.match_street, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '')"
    one, two = number.format("l"), number.format("r")
    return f"({one} = {two} OR {one} = '' OR {two} = '')"


def code(field, word):
    """The number of a level.

    >>> code("last", "exact"), code("sex", "other")
    (1, 2)
    """
    return list(WEIGHTS[field]).index(word) + 1


def coded(condition):
    """SQL about levels, with their numbers instead of their words.

    >>> coded("first_level = 'close' AND birth_level IN ('exact', 'near')")
    'first_level = 3 AND birth_level IN (1, 3)'
    """
    return re.sub(
        r"\b(\w+)_level( = | IS DISTINCT FROM | IN \()('[\w', ]+')",
        lambda match: f"{match[1]}_level{match[2]}"
        + re.sub(r"'(\w+)'", lambda word: str(code(match[1], word[1])), match[3]),
        condition,
    )


# field -> SQL expression that gives a level of a pair ``(l, r)``, or NULL
_WORDS = {
    "last": f"""CASE
            WHEN l.match_last = r.match_last THEN 'exact'
            WHEN l.match_last = r.match_birth_name OR l.match_birth_name = r.match_last
                OR l.match_birth_name = r.match_birth_name THEN 'maiden'
            WHEN l.match_last IS NULL OR r.match_last IS NULL THEN NULL
            WHEN {_INVERTED_NAMES} THEN 'inverted'
            WHEN l.sound_last = {_LAST}
                OR {_close("l.match_last", "r.match_last", 3)}
                OR {_same_consonants("last", _LAST)} THEN 'close'
            WHEN {_part_of("last")}
                THEN 'part'
            WHEN l.match_birth_name IS NOT NULL
                AND (split_part(l.match_maiden, '|', 1) = {_LAST}
                OR {_close("l.match_birth_name", "r.match_last", 4)}) THEN 'close'
            WHEN r.match_birth_name IS NOT NULL
                AND (l.sound_last = split_part(r.match_maiden, '|', 1)
                OR {_close("l.match_last", "r.match_birth_name", 4)}) THEN 'close'
            WHEN {_CROSSED} THEN 'crossed'
            ELSE 'other' END""",
    "first": f"""CASE
            WHEN l.match_first = r.match_first THEN 'exact'
            WHEN l.match_pseudonym IN (r.match_first, r.match_pseudonym)
                OR r.match_pseudonym = l.match_first THEN 'alias'
            WHEN {_ONE_NAME} THEN 'exact'
            WHEN l.match_first IS NULL OR r.match_first IS NULL THEN NULL
            WHEN {_INVERTED_NAMES} THEN 'inverted'
            WHEN l.sound_first = {_FIRST}
                OR {_close("l.match_first", "r.match_first", 5)}
                OR {_same_consonants("first", _FIRST)} THEN 'close'
            WHEN {_part_of("first")}
                THEN 'part'
            WHEN least(length(l.match_first), length(r.match_first)) = 1
                AND left(l.match_first, 1) = left(r.match_first, 1) THEN 'initial'
            WHEN {_CROSSED} THEN 'crossed'
            ELSE 'other' END""",
    "birth": """CASE
            WHEN l.match_birth IS NULL OR r.match_birth IS NULL THEN NULL
            WHEN l.match_birth = r.match_birth AND l.birth_full THEN 'exact'
            WHEN l.birth_swapped = r.match_birth THEN 'swapped'
            WHEN l.match_birth / 10000 = r.match_birth / 10000 AND (
                r.match_birth % 100 = 0 OR l.match_birth % 100 = 0
                OR l.match_birth % 10000 = 101 OR r.match_birth % 10000 = 101)
                THEN CASE
                    WHEN l.match_birth % 10000 IN (0, 101)
                        OR r.match_birth % 10000 IN (0, 101) THEN 'year'
                    WHEN l.match_birth / 100 = r.match_birth / 100 THEN 'month'
                    ELSE 'about' END
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
                AND NOT {_SAME_CITY} THEN 'other'
            WHEN {_same_number()} AND {_SIMILAR} THEN 'close'
            WHEN {_STREET} = {_STREET_RIGHT} THEN 'name'
            WHEN {_STREET} = {street_name("ess_street(r.street2)")}
                OR {street_name("ess_street(l.street2)")} = {_STREET_RIGHT} THEN 'close'
            WHEN {_SIMILAR} THEN 'name'
            ELSE 'other' END""",
    "street2": """CASE WHEN l.street2 = r.street2
            OR ess_street(l.street2) = ess_street(r.street2) THEN 'exact'
            WHEN ess_close(ess_street(l.street2), ess_street(r.street2), 5)
                THEN 'close' END""",
    "zip": f"""CASE WHEN l.zip = r.zip THEN 'exact'
            WHEN {_SAME_CITY} THEN 'city'
            WHEN l.zip IS NOT NULL AND r.zip IS NOT NULL THEN 'other' END""",
    "sex": """CASE
            WHEN l.sex IN ('female', 'male') AND r.sex IN ('female', 'male') THEN
                CASE WHEN l.sex = r.sex THEN 'exact' ELSE 'other' END END""",
}
LEVELS = {
    field: re.sub(
        r"(THEN|ELSE) '(\w+)'",
        lambda match, field=field: f"{match[1]} {code(field, match[2])}",
        sql,
    )
    for field, sql in _WORDS.items()
}
