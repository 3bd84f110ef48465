"""The SQL functions that keys and levels are made of.

The functions use PostgreSQL's own functions only and those of keys name no other
function of ours. They take folded or raw text and give NULL for nothing, so that
"empty" never equals "empty".
"""

# Letters outside A-Z that are kept: Greek, Cyrillic, Arabic, … without their marks.
_OTHER_LETTERS = r"\u0370-\u0482\u048A-\u0640\u0641-\u064A\u0671-\u1FFF\u2C00-\uD7FF"

# Words of an address that people write, shorten or leave out.
_SMALL_WORDS = (
    "RUE R AVENUE AVE AV BOULEVARD BLD BVD BD PLACE PL IMPASSE IMP CHEMIN CHE CH ALLEES"
    " ALLEE ALL ROUTE RTE QUAI COURS SQUARE DU DES DE LA LES LE L D"
).split()


def _without_words(line):
    """SQL of a text without the small words; ten times as fast as one expression."""
    for word in _SMALL_WORDS:
        line = f"replace({line}, ' {word} ', ' ')"
    return line


# name -> (arguments, result type, body of a PL/pgSQL function)
FUNCTIONS = {
    # Accents, case, ligatures, blanks, hyphens and apostrophes off:
    # "N'Guessan-Lefèvre" -> "NGUESSANLEFEVRE".
    "ess_fold": (
        "value text",
        "text",
        rf"""
        IF value ~ '^[A-Za-z]*$' THEN
            RETURN nullif(upper(value), '');
        END IF;
        RETURN nullif(regexp_replace(
            replace(replace(replace(
                translate(upper(normalize(value, NFKD)), 'ØŁĐÐı', 'OLDDI'),
                'Œ', 'OE'), 'Æ', 'AE'), 'ß', 'SS'),
            '[^A-Z{_OTHER_LETTERS}]+', '', 'g'), '');
        """,
    ),
    # How a folded name sounds in French. First letter in lower case (it is kept when
    # vowels are dropped), x = ch/sh/tch, silent endings off:
    # DUPONT, DUPOND, DUPONS -> "dUPON"; WATTARA, OUATTARA -> "vATARA".
    "ess_phonetic_fr": (
        "folded text",
        "text",
        """
        DECLARE
            code text;
            spoken text;
        BEGIN
            code := replace(replace(replace(replace(replace(replace(replace(replace(
                replace(folded, 'OW', 'O'),
                'SCH', 'x'), 'TCH', 'x'), 'CH', 'x'), 'SH', 'x'),
                'PH', 'F'), 'GN', 'N'), 'QU', 'K'), 'DJ', 'J');
            code := replace(replace(replace(replace(replace(replace(
                code,
                'GUE', 'gE'), 'GUI', 'gI'), 'GE', 'JE'), 'GI', 'JI'),
                'CE', 'SE'), 'CI', 'SI');
            code := replace(replace(replace(replace(replace(replace(replace(replace(
                code,
                'EAU', 'O'), 'AU', 'O'), 'OUA', 'VA'), 'OUE', 'VE'), 'OUI', 'VI'),
                'OU', 'U'), 'AIN', 'IN'), 'EIN', 'IN');
            code := translate(code, 'CQWXZYgH', 'KKVSSIG');
            code := replace(replace(replace(replace(replace(replace(replace(replace(
                code,
                'AI', 'E'), 'EI', 'E'), 'EU', 'E'), 'OE', 'E'),
                'MP', 'NP'), 'MB', 'NB'), 'EN', 'AN'), 'EM', 'AM');
            code := replace(replace(replace(replace(replace(replace(
                code,
                'LL', 'L'), 'SS', 'S'), 'TT', 'T'), 'NN', 'N'), 'MM', 'M'), 'RR', 'R');
            spoken := rtrim(code, 'ESTDP');
            IF length(spoken) < 2 THEN
                spoken := code;
            END IF;
            RETURN lower(left(spoken, 1)) || substr(spoken, 2);
        END
        """,
    ),
    # International form of a phone; ten French digits, with or without the first 0,
    # become +33…; what follows a second number is left out.
    "ess_phone": (
        "value text",
        "text",
        """
        DECLARE
            digits text := translate(value, ' .-/()', '');
        BEGIN
            IF digits ~ '^0[1-9][0-9]{8}$' THEN
                RETURN '+33' || substr(digits, 2);
            END IF;
            digits := regexp_replace(digits, '[^0-9+]', '', 'g');
            digits := regexp_replace(digits, '^(00|[+]00)', '+');
            digits := regexp_replace(digits, '^[+]?330?([1-9][0-9]{8}).*$', '+33\\1');
            digits := regexp_replace(
                digits, '^0?([1-9][0-9]{8})(0.*|[+].*)?$', '+33\\1');
            digits := regexp_replace(digits, '(.)[+].*$', '\\1');
            RETURN CASE WHEN length(digits) > 5 THEN digits END;
        END
        """,
    ),
    "ess_email": (
        "value text",
        "text",
        """
        DECLARE
            email text := lower(regexp_replace(value, '^\\s*(mailto:)?|\\s', '', 'g'));
        BEGIN
            RETURN CASE WHEN email LIKE '_%@_%' THEN email END;
        END
        """,
    ),
    # An address line without its small words:
    # "12 bis, rue de l'Église" -> "12BISEGLISE".
    "ess_street": (
        "value text",
        "text",
        f"""
        DECLARE
            line text := upper(value);
        BEGIN
            IF line ~ '[^ -~]' THEN
                line := regexp_replace(upper(normalize(replace(replace(
                    line, 'Œ', 'OE'), '’', ' '), NFKD)), '[\\u0300-\\u036F]', '', 'g');
            END IF;
            line := ' ' || translate(line, ',.;:/-''()"_', '          ') || ' ';
            line := {_without_words("line")};
            RETURN nullif(replace(line, ' ', ''), '');
        END
        """,
    ),
    # A birth date as a number, yyyymmdd; 00 for a part that is not known; also from a
    # text that is no possible date (33/12/1937), whose digits can still be compared.
    "ess_birth": (
        "birth date, known_to text, received text",
        "integer",
        """
        DECLARE
            parts text[];
            number integer;
        BEGIN
            IF birth IS NOT NULL THEN
                number := to_char(birth, 'YYYYMMDD')::integer;
                RETURN CASE
                    WHEN known_to IN ('year', 'estimated') THEN number / 10000 * 10000
                    WHEN known_to = 'month' THEN number / 100 * 100
                    ELSE number
                END;
            END IF;
            parts := regexp_match(
                received, '^\\s*(\\d{4})\\D?(\\d\\d)\\D?(\\d\\d)\\s*$');
            IF parts IS NULL THEN
                parts := regexp_match(
                    received, '^\\s*(\\d{1,2})\\D(\\d{1,2})\\D(\\d{4})\\s*$');
                parts := parts[3:3] || parts[2:2] || parts[1:1];
            END IF;
            RETURN parts[1]::integer * 10000 + parts[2]::integer * 100
                + parts[3]::integer;
        END
        """,
    ),
}
FUNCTIONS["ess_close"] = (
    "one text, two text, shortest integer",
    "boolean",
    # One letter wrong in a name of `shortest` letters, two in a long one; one letter
    # more or less from four on (ERIN, ERINV); or two neighbouring letters exchanged
    # (KIRRA, KIRAR).
    """
    DECLARE
        length_one integer := length(one);
        length_two integer := length(two);
        place integer := 1;
    BEGIN
        IF one = two THEN
            RETURN TRUE;
        ELSIF abs(length_one - length_two) > 2 THEN
            RETURN FALSE;
        ELSIF length_one <> length_two AND least(length_one, length_two) >= 4
            AND levenshtein_less_equal(left(one, 60), left(two, 60), 1) <= 1 THEN
            RETURN TRUE;
        ELSIF least(length_one, length_two) >= shortest AND levenshtein_less_equal(
            left(one, 60), left(two, 60), 2
        ) <= (CASE WHEN least(length_one, length_two) >= 7 THEN 2 ELSE 1 END) THEN
            RETURN TRUE;
        ELSIF length_one <> length_two OR length_one < 3 THEN
            RETURN FALSE;
        END IF;
        WHILE substr(one, place, 1) = substr(two, place, 1) LOOP
            place := place + 1;
        END LOOP;
        RETURN substr(one, place, 1) = substr(two, place + 1, 1)
            AND substr(one, place + 1, 1) = substr(two, place, 1)
            AND substr(one, place + 2) = substr(two, place + 2);
    END
    """,
)
FUNCTIONS["ess_part"] = (
    "one text, two text, raw_one text, raw_two text",
    "boolean",
    # One folded name is a whole word of the other: double names, second first names.
    """
    DECLARE
        shorter text := CASE WHEN length(one) < length(two) THEN one ELSE two END;
        longer text := CASE WHEN shorter = one THEN raw_two ELSE raw_one END;
        word text;
    BEGIN
        IF length(shorter) > 2 AND length(one) <> length(two) THEN
            FOREACH word IN ARRAY regexp_split_to_array(longer, '[-\\s''.]+') LOOP
                IF ess_fold(word) = shorter THEN
                    RETURN TRUE;
                END IF;
            END LOOP;
        END IF;
        RETURN FALSE;
    END
    """,
)
# ess_birth reads NULLs; the others give NULL for NULL without being called.
_NOT_STRICT = ("ess_birth",)


def function_statement(name):
    """The statement that creates or replaces one function of :data:`FUNCTIONS`.

    >>> print(function_statement("ess_email").splitlines()[0])
    CREATE OR REPLACE FUNCTION ess_email(value text) RETURNS text
    """
    arguments, result, body = FUNCTIONS[name]
    if not body.lstrip().startswith("DECLARE"):
        body = f"BEGIN{body}END"
    strict = "" if name in _NOT_STRICT else "STRICT "
    return (
        f"CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS {result}\n"
        f"LANGUAGE plpgsql IMMUTABLE {strict}PARALLEL SAFE AS $ess$\n{body}\n$ess$"
    )
