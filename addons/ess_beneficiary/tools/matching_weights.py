"""The numbers of the search of duplicates: limits, weights and the threshold.

Weights are bits in the sense of Fellegi and Sunter: each level of agreement of a field
adds log2(m/u), with m how often the level is seen in two files of one person and u in
two files of different persons. They were set by judgement on French cases
(``tests/test_matching.py``) and kept simple, not fitted to one data set; changing one
means running these cases and FEBRL (``tests/test_febrl.py``) again.
"""

# A key shared by more files than this is too common to look at.
BLOCK_LIMIT = 200
# Blocks of neighbours are small, or they are a shelter's.
BLOCK_LIMITS = {
    "address": 5,
    "address_inverted": 5,
    "last_zip": 20,
}
# A phone, an e-mail or an address of more files than this is a hostel's or a
# service's: it says nothing about the person.
SHARED_LIMIT = 5
# A family name that sounds like that of no more files is rare.
RARE_LIMIT = 5
# Bits that a pair needs to be as probable as not: log2 of the files among which one is
# looked for. 13.5 bits is a town's 12 000; in a larger base frequent names are diluted
# (see `dilute`), so that it need not grow with the base.
PRIOR = 13.5
# Score from which a pair is shown.
THRESHOLD = 0.5
# Highest bits of a pair that is somebody else by rule (see SOMEBODY_ELSE).
CAP = 11.0

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
        "crossed": 3.0,
        "other": -5.5,
    },
    # On top of a family name that agrees: few files have it, so that it says more (its
    # frequency, log2, is 10 bits and more from a few thousand files on). Only in one
    # town: in a small base every name is rare.
    "rare": {"exact": 2.0},
    # First names repeat more than family names.
    "first": {
        "exact": 6.0,
        "inverted": 5.0,
        "close": 4.5,
        "part": 4.0,
        "alias": 3.5,
        "initial": 1.0,
        "crossed": 0.0,
        "other": -5.0,
    },
    # A full date is the best evidence; a year, or 1 January (given for "about"),
    # says little more than the age.
    "birth": {
        "exact": 12.0,
        "swapped": 10.0,
        "near": 5.0,
        "month": 5.0,
        "year": 3.0,
        "about": 0.5,
        "other": -4.0,
    },
    "phone": {"exact": 9.0, "shared": 0.0, "other": -0.5},
    "email": {"exact": 9.0, "shared": 0.0, "other": -0.5},
    # People move: another address hardly speaks against.
    "street": {"exact": 8.0, "close": 6.0, "name": 3.5, "shared": 0.0, "other": -0.5},
    # Building, door, "care of".
    "street2": {"exact": 3.0, "close": 2.0},
    # Most files of an association are of one town.
    "zip": {"exact": 1.5, "city": 1.0, "other": -0.5},
    "sex": {"exact": 0.5, "other": -4.0},
}

# "Somebody else", whatever the rest says: first names that have nothing in common
# (twins, spouses, parents at one address), also when one of both is written inverted.
# Save for adults who agree on family name, full birth date and address and are
# contradicted by nothing: grown-up twins in one home are rarer than one person known
# under two first names. So are two adults of two families who live together and were
# born the same day.
SOMEBODY_ELSE = """first_level IN ('other', 'crossed') AND ((
    last_level IN ('exact', 'maiden', 'close', 'crossed') AND birth_level = 'exact'
    AND (street_level IN ('exact', 'close', 'name') OR street2_level = 'exact')
    AND is_adult
    OR (last_level = 'other' OR last_level IS NULL)
    AND birth_level = 'exact' AND is_adult
    AND street_level IN ('exact', 'close'))
    AND sex_level IS DISTINCT FROM 'other' AND phone_level IS DISTINCT FROM 'other'
    AND email_level IS DISTINCT FROM 'other') IS NOT TRUE"""
# Below this age twins usually share a home.
TWIN_AGE = 25
