"""Which two files are probably the same person: the SQL, its weights, their reasons.

The method is that of Fellegi and Sunter ("A Theory for Record Linkage", JASA, 1969):
each field that agrees, half agrees or disagrees adds or takes away *bits*; their sum
gives a score between 0 and 1. Three steps, in one statement:

1. **blocks** (:data:`BLOCKS`): pairs that share a key (birth date, phonetic names,
   phone, …), found by index; a key that more than :data:`BLOCK_LIMIT` files share
   says nothing and is skipped, and counted;
2. **levels**: how far each field of a pair agrees (:func:`_levels`);
3. **weights** (:data:`WEIGHTS`): the bits of each level, added up.

Keys are computed by SQL functions (``ess_fold`` and its siblings, see
:data:`FUNCTIONS`) from :data:`KEYS`, which serve stored columns of the files and rows
that are not files yet alike.
"""

# A key shared by more files than this is too common to look at.
BLOCK_LIMIT = 200
# A phone, an e-mail or an address of more files than this is a hostel's or a
# service's: it says nothing about the person.
SHARED_LIMIT = 5
# Bits that a pair needs to be as probable as not. About log2 of a base of 130 000
# files, which is also the weight of an exact and rare birth date plus a town.
PRIOR = 17.0
# Score from which a pair is shown.
THRESHOLD = 0.5
# Highest bits of a pair of which one rule says "somebody else": below the threshold.
CAP = 14.0

# Bits per field and level. Order of size: log2(m/u), with m how often the level is
# seen in two files of one person, u in two files of different persons.
WEIGHTS = {
    # Family names (now, at birth, double names).
    "last": {
        "exact": 7.0,
        "maiden": 6.5,
        "inverted": 6.0,
        "close": 5.0,
        "part": 4.0,
        "other": -3.0,
    },
    # First names repeat more than family names.
    "first": {
        "exact": 6.0,
        "inverted": 5.0,
        "close": 4.5,
        "part": 4.0,
        "alias": 3.5,
        "initial": 1.0,
        "other": -4.0,
    },
    # A full date is the best evidence; a year, or 1 January (given for "about"),
    # says little more than the age.
    "birth": {
        "exact": 12.0,
        "swapped": 10.0,
        "near": 6.0,
        "year": 2.0,
        "about": 0.5,
        "other": -8.0,
    },
    "phone": {"exact": 9.0, "shared": 0.0, "other": -0.5},
    "email": {"exact": 9.0, "shared": 0.0, "other": -0.5},
    # People move: another address hardly speaks against.
    "street": {"exact": 8.0, "close": 6.0, "shared": 0.0, "other": -0.5},
    "zip": {"exact": 2.0, "other": -0.5},
    "city": {"exact": 1.0, "other": -0.5},
    "sex": {"exact": 0.5, "other": -2.0},
}
