"""Invented people as French associations meet them, and the same people written again.

A maker of lists whose duplicates are known. Two seeds make two lists that share no
person: one to develop with, one held out, which alone is asserted. Around true
duplicates stand those who look like them: twins, homonyms, parents, children, spouses
and neighbours at one address, guests of one shelter with its phone.
"""

import random
import unicodedata
from datetime import date, timedelta

DEVELOPMENT, HELD_OUT = 1789, 1848

LAST = """Lefèvre Martin Bernard Dubois Moreau Gauthier Philippon Béranger Chauvet
Guérin Faucher Rousseau Delaunay Perrault Thévenin Quéméner Hébert Roux Dupont Renault
Boisseau Maréchal Pruvost Vasseur Lemoine Cartier Benoît Aubert Gaillard Brunet Diallo
Traoré Coulibaly Keïta Ouattara Ouédraogo Sow Camara Cissé Konaté Benali Bensaïd
Belkacem Haddad Slimani Cherif Bouzid Meziane Khelifi Nguyen Tran Popescu Ionescu
Kovalenko Chevtchenko Yilmaz Demir Da-Silva Ferreira Haïdara N'Guessan M'Baye""".split()
WOMEN = """Hélène Françoise Aïcha Fatoumata Mariam Khadija Nathalie Chloé Zoé Inès
Sylvie Thérèse Anne-Marie Marie-Claude Aminata Fatima Samira Olena Ana Mihaela Sophie
Kadiatou Djeneba Leïla Yasmine Catherine Élodie Audrey Linh Hawa""".split()
MEN = """Philippe François Mohamed Youssef Mamadou Ibrahima Jérôme Théo Cédric Rémi
Jean-Pierre Jean-Baptiste Abdoulaye Ousmane Mehdi Karim Moussa Sékou Alexandre Hervé
Oleksandr Mihai Nicolas Étienne Christophe Amadou Rachid Ahmed Boubacar
Quentin""".split()
# The same name brought from another alphabet, or written by ear.
SPELLINGS = {
    "Mohamed": ("Mohammed", "Muhammad", "Mouhamed"),
    "Youssef": ("Yousef", "Youcef", "Yusuf"),
    "Khadija": ("Khadidja", "Kadija"),
    "Fatima": ("Fatma", "Fatimah"),
    "Fatoumata": ("Fatimata", "Fatoumatta"),
    "Aïcha": ("Aisha", "Aicha"),
    "Ibrahima": ("Ibrahim", "Ibraima"),
    "Mamadou": ("Mamadu", "Momadou"),
    "Abdoulaye": ("Abdulaye", "Abdoulaï"),
    "Ousmane": ("Usman", "Ousman"),
    "Oleksandr": ("Olexandr", "Aleksandr"),
    "Philippe": ("Filipe", "Philipe"),
    "Sophie": ("Sofi", "Sofie"),
    "Catherine": ("Katherine", "Caterine"),
    "Théo": ("Teo", "Thaeo"),
    "Leïla": ("Leyla", "Laila"),
    "Lefèvre": ("Lefebvre", "Lefaivre"),
    "Gauthier": ("Gautier", "Gotier"),
    "Dupont": ("Dupond", "Dupon"),
    "Ouattara": ("Wattara", "Ouatara"),
    "Ouédraogo": ("Wedraogo", "Ouedraogho"),
    "Roux": ("Rou", "Rous"),
    "Renault": ("Renaud", "Reno"),
    "Hébert": ("Ébert", "Hebere"),
    "Diallo": ("Dialo", "Jallow"),
    "Keïta": ("Keita", "Kheita"),
    "Cissé": ("Sissé", "Cisse"),
    "Chevtchenko": ("Shevchenko", "Chevchenko"),
    "Bensaïd": ("Ben Said", "Bensayd"),
    "Sow": ("So", "Sow"),
    "Martin": ("Marttin", "Martain"),
    "Benali": ("Ben Ali", "Bennali"),
}
STREETS = """rue des Lilas|avenue Jean-Jaurès|rue de l'Église|boulevard Voltaire|impasse
du Moulin|rue Pasteur|allée des Tilleuls|chemin des Vignes|place de la Mairie|rue Émile
Zola|rue du Général-Leclerc|quai de Seine""".replace("\n", " ").split("|")
TOWNS = [
    ("75018", "Paris"),
    ("75019", "Paris"),
    ("93200", "Saint-Denis"),
    ("93300", "Aubervilliers"),
    ("69003", "Lyon"),
    ("59000", "Lille"),
    ("35000", "Rennes"),
    ("31000", "Toulouse"),
]
SHELTER = {"street": "3 rue du Refuge", "zip": "75018", "city": "Paris"}
SHELTER_PHONE = "01 40 11 22 33"
FIELDS = (
    "last_name first_name birth_name birth_date sex phone email street zip city".split()
)


class FrenchPeople:
    """A list of rows of FIELDS, and the pairs of rows that are the same person."""

    def __init__(self, seed, families=260):
        self.draw = random.Random(seed)
        self.rows, self.same = [], set()
        for _n in range(families):
            self._family()

    # === WHO THEY ARE

    def _family(self):
        """One person, perhaps with those who look like that person."""
        one, kind = self._person(), self.draw.random()
        if kind < 0.08:
            one["birth_date"] = self._birth(2005, 2020)
        self._add(one)
        if kind < 0.08:
            self._add(self._relative(one, one["birth_date"]))
        elif kind < 0.2:
            for _n in range(self.draw.randint(1, 3)):
                self._add(self._relative(one, self._birth(1950, 2020)))
        elif kind < 0.27:
            homonym = self._person()
            for name in ("last_name", "first_name", "sex"):
                homonym[name] = one[name]
            self._add(homonym)
        elif kind < 0.32:
            guest = self._person()
            guest.update(SHELTER, phone=SHELTER_PHONE)
            self._add(guest)

    def _person(self):
        draw = self.draw
        sex = draw.choice("FM")
        zipcode, city = draw.choice(TOWNS)
        first = draw.choice(WOMEN if sex == "F" else MEN)
        last = draw.choice(LAST)
        if draw.random() < 0.1:
            last = f"{last}-{draw.choice(LAST)}"
        person = {
            "last_name": last,
            "first_name": first,
            "birth_name": "",
            "birth_date": self._birth(1945, 2012),
            "sex": sex if draw.random() < 0.8 else "",
            "phone": self._phone() if draw.random() < 0.6 else "",
            "email": "",
            "street": f"{draw.randint(1, 90)} {draw.choice(STREETS)}",
            "zip": zipcode,
            "city": city,
        }
        if sex == "F" and draw.random() < 0.3:
            person["birth_name"] = draw.choice(LAST)
        if draw.random() < 0.2:
            person["email"] = f"{_plain(first)}{draw.randint(1, 9999)}@example.org"
        if draw.random() < 0.12:
            person.update(SHELTER, phone=draw.choice(["", SHELTER_PHONE]))
        if draw.random() < 0.04:  # one name is all that is known
            person.update(last_name="", birth_name="")
        return person

    def _relative(self, one, birth):
        """Somebody else of the same name, address and phone."""
        other = dict(one, email="", birth_date=birth, birth_name="")
        taken = one["first_name"]
        other["sex"] = self.draw.choice("FM")
        names = WOMEN if other["sex"] == "F" else MEN
        other["first_name"] = self.draw.choice([n for n in names if n != taken])
        other["last_name"] = other["last_name"] or self.draw.choice(LAST)
        return other

    def _birth(self, first, last):
        days = (date(last, 12, 31) - date(first, 1, 1)).days
        birth = date(first, 1, 1) + timedelta(days=self.draw.randint(0, days))
        if self.draw.random() < 0.07:
            birth = birth.replace(month=1, day=1)
        return birth.strftime("%d/%m/%Y")

    def _phone(self):
        return f"06{self.draw.randint(0, 99_999_999):08}"

    # === HOW THEY ARE WRITTEN AGAIN

    def _add(self, person):
        """Add a person, and in one case of three the same person again."""
        places = [len(self.rows)]
        self.rows.append(person)
        while self.draw.random() < 0.3 and len(places) < 3:
            places.append(len(self.rows))
            self.rows.append(self._again(person))
        self.same |= {(a, b) for a in places for b in places if a < b}

    def _again(self, person):
        """The same person, met by somebody else on another day."""
        draw, other = self.draw, dict(person)
        if other["phone"]:
            digits = other["phone"].replace(" ", "")
            other["phone"] = draw.choice(
                ["", self._phone(), f"+33 {digits[1]} {digits[2:]}", other["phone"]]
            )
        other["email"] = draw.choice(["", other["email"]])
        other["sex"] = draw.choice(["", other["sex"], other["sex"]])
        if draw.random() < 0.35:  # moved, or not asked
            zipcode, city = draw.choice(TOWNS)
            other.update(street="", zip=zipcode, city=city)
        ways = [self._lost_accents, self._spelling, self._slip, self._inverted]
        ways += [self._swapped, self._partial, self._maiden, self._part]
        for way in sorted(draw.sample(ways, draw.choice([1, 1, 2])), key=ways.index):
            way(other)
        return other

    def _lost_accents(self, other):
        for name in ("last_name", "first_name", "street"):
            other[name] = _plain(other[name]).upper().replace("-", " ")

    def _spelling(self, other):
        for name in ("last_name", "first_name"):
            if other[name] in SPELLINGS:
                other[name] = self.draw.choice(SPELLINGS[other[name]])

    def _slip(self, other):
        name = self.draw.choice(["last_name", "first_name"])
        text = other[name]
        if len(text) > 3:
            place = self.draw.randrange(1, len(text) - 1)
            kind = self.draw.randrange(3)
            middle = ("", text[place] * 2, text[place + 1] + text[place])[kind]
            other[name] = (
                text[:place] + middle + text[place + (2 if kind == 2 else 1) :]
            )

    def _inverted(self, other):
        last, first = other["last_name"], other["first_name"]
        other.update(last_name=first, first_name=last)

    def _swapped(self, other):
        day, month, year = other["birth_date"].split("/")
        if int(day) <= 12:  # else nobody can have inverted them
            other["birth_date"] = f"{month}/{day}/{year}"

    def _partial(self, other):
        _day, month, year = other["birth_date"].split("/")
        other["birth_date"] = self.draw.choice(
            [year, f"{month}/{year}", f"01/01/{year}"]
        )

    def _maiden(self, other):
        """Known by the name at birth, or by the name of a husband since."""
        if other["birth_name"]:
            other.update(last_name=other["birth_name"], birth_name="")
        elif other["sex"] == "F" and other["last_name"]:
            other["birth_name"] = other["last_name"]
            other["last_name"] = self.draw.choice(LAST)

    def _part(self, other):
        for name in ("last_name", "first_name"):
            if "-" in other[name]:
                other[name] = other[name].split("-")[0]


def _plain(text):
    text = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in text if not unicodedata.combining(sign))
