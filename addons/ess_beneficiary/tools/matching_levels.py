"""How far the fields of two files agree: SQL of the level of each field of a pair.

A level is a word (exact, close, other, …) that :mod:`.matching_weights` turns into bits
and that the screen puts in words; it is NULL when the field is missing on one side.
"""

from .matching_keys import street_name

# The sounds of the right file's names.
_LAST = "split_part(r.match_name, '|', 1)"
_FIRST = "split_part(r.match_name, '|', 2)"


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


# One name is the other name of the other file.
_CROSSED = (
    "l.match_last <> r.match_last"
    " AND (l.match_last = r.match_first OR l.match_first = r.match_last)"
)
# Both are, as written or as spoken.
_INVERTED_NAMES = (
    f"({_CROSSED} OR l.sound_last = {_FIRST} AND l.sound_first = {_LAST})"
    f" AND (l.sound_last = {_FIRST} OR ess_close(l.match_last, r.match_first, 4))"
    f" AND (l.sound_first = {_LAST} OR ess_close(l.match_first, r.match_last, 4))"
)
_STREET = street_name("l.match_street")
_STREET_RIGHT = street_name("r.match_street")
_SIMILAR = (
    "(similarity(l.match_street, r.match_street) >= 0.5"
    f" OR ess_close({_STREET}, {_STREET_RIGHT}, 5))"
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


# field -> SQL expression that gives a level of a pair ``(l, r)``, or NULL
LEVELS = {
    "last": f"""CASE
            WHEN l.match_last = r.match_last THEN 'exact'
            WHEN l.match_last = r.match_birth_name OR l.match_birth_name = r.match_last
                OR l.match_birth_name = r.match_birth_name THEN 'maiden'
            WHEN l.match_last IS NULL OR r.match_last IS NULL THEN NULL
            WHEN {_INVERTED_NAMES} THEN 'inverted'
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
            WHEN {_CROSSED} THEN 'crossed'
            ELSE 'other' END""",
    "first": f"""CASE
            WHEN l.match_first = r.match_first THEN 'exact'
            WHEN l.match_pseudonym IN (r.match_first, r.match_pseudonym)
                OR r.match_pseudonym = l.match_first THEN 'alias'
            WHEN l.match_first IS NULL OR r.match_first IS NULL THEN NULL
            WHEN {_INVERTED_NAMES} THEN 'inverted'
            WHEN l.sound_first = {_FIRST}
                OR ess_close(l.match_first, r.match_first, 5) THEN 'close'
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
                AND NOT {_SAME_CITY} THEN 'other'
            WHEN {_same_number()} AND {_SIMILAR} THEN 'close'
            WHEN {_STREET} = {_STREET_RIGHT} THEN 'name'
            WHEN {_STREET} = {street_name("ess_street(r.street2)")}
                OR {street_name("ess_street(l.street2)")} = {_STREET_RIGHT} THEN 'close'
            WHEN {_SIMILAR} THEN 'name'
            ELSE 'other' END""",
    "street2": """CASE WHEN l.street2 = r.street2
            OR ess_street(l.street2) = ess_street(r.street2) THEN 'exact' END""",
    "zip": f"""CASE WHEN l.zip = r.zip THEN 'exact'
            WHEN {_SAME_CITY} THEN 'city'
            WHEN l.zip IS NOT NULL AND r.zip IS NOT NULL THEN 'other' END""",
    "sex": """CASE
            WHEN l.sex IN ('female', 'male') AND r.sex IN ('female', 'male') THEN
                CASE WHEN l.sex = r.sex THEN 'exact' ELSE 'other' END END""",
}
