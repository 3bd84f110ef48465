"""Invented people with believable French names, the same at every run.

Frequent names are frequent (a few hundred share "Mamadou Diallo"), a third of the
family names are rare, one birth date in twelve is a first of January, one person in
twelve has the address of a shelter.
"""

import random
from datetime import date, timedelta

LAST = """Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon
Michel Lefèvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert
Fontaine Rousseau Vincent Muller Faure André Mercier Blanc Guérin Boyer Garnier
Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry
Roussel Mathieu Masson Marchand Duval Denis Dumont Lemaire Noël Meyer Dufour Meunier
Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard
Roche Renard Schmitt Roy Diallo Traoré Coulibaly Keïta Camara Diarra Koné Sissoko Touré
Konaté Sylla Bah Barry Sow Diop Ndiaye Fall Gueye Mbaye Sarr Cissé Benali Bensaïd Haddad
Slimani Brahimi Amrani Belkacem Ouédraogo Nguyen Tran Pham Chen Wang Singh Khan Ahmed
Hussain Ivanov Petrenko Chevtchenko Popescu Ionescu Mensah Okafor Tesfay Gebre Haile
Abdi Hassan Osman Ibrahim Yilmaz Kaya Demir Santos Ferreira Pereira Oliveira
Costa""".split()
FIRST = """Marie Jean Pierre Nathalie Isabelle Sylvie Catherine Philippe Alain
Christophe Patrick Laurent Stéphanie Céline Sandrine Julien Sébastien Alexandre Camille
Léa Manon Chloé Emma Hugo Théo Mathis Enzo Nathan Inès Sarah Lina Mohamed Fatima Aïcha
Youssef Khadija Omar Mariam Ibrahim Aminata Mamadou Fatoumata Moussa Awa Ousmane
Kadiatou Amadou Binta Abdoulaye Mariama Cheikh Aïssatou Boubacar Djeneba Karim Samira
Rachid Nadia Leïla Ali Zahra Mehdi Yasmina Svetlana Oleksandr Olena Dmytro Iryna Andriy
Ana José Antonio João Elena Mihai Alina Wei Ming Linh Amanuel Selam Hiwot Hodan Mustafa
Emine Mehmet Ayşe Jacques Monique Jacqueline René Georges Marcel Yvonne Denise Henri
Lucien Paul Claude Jean-Pierre Marie-Claude Anne-Marie Jean-Baptiste Audrey Aurélie
Émilie Élodie Kevin Jordan Jonathan Anthony Mickaël Romain Florian Maxime Quentin
Antoine Benjamin Adrien Jérémy Guillaume Pauline Marine Laura Julie Mélanie Anaïs
Justine Lucie Océane Clara Louise Jade Alice Rose Gabriel Arthur Jules Raphaël
Noah""".split()
SYLLABLES = (
    "ba le mo di ka tou re ni sa la gue cha ver dou mi ran bou ki zo fé na ben".split()
)
KINDS = ("rue", "avenue", "boulevard", "impasse", "allée", "chemin", "place")
TOWNS = [
    *((f"750{number:02}", "Paris") for number in range(1, 21)),
    *((f"6900{number}", "Lyon") for number in range(1, 10)),
    *((f"130{number:02}", "Marseille") for number in range(1, 17)),
    *(("93200", "Saint-Denis"), ("93300", "Aubervilliers"), ("59000", "Lille")),
    *(("44000", "Nantes"), ("31000", "Toulouse"), ("67000", "Strasbourg")),
]
FIELDS = "last_name first_name birth_date sex phone email street zip city".split()


class People:
    """A maker of people; the same seed makes the same people."""

    def __init__(self, seed):
        self.draw = random.Random(seed)

    def _last_name(self):
        draw = self.draw
        if draw.random() < 0.35:
            return "".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))).capitalize()
        name = LAST[int(len(LAST) * draw.random() ** 1.6)]
        if draw.random() < 0.06:
            name += "-" + LAST[int(len(LAST) * draw.random())]
        return name

    def person(self):
        """One person as a dict of FIELDS; what is not known is empty."""
        draw = self.draw
        birth = date(1940, 1, 1) + timedelta(days=draw.randint(0, 28_000))
        if draw.random() < 0.08:
            birth = birth.replace(month=1, day=1)
        zipcode, city = draw.choice(TOWNS)
        street = (
            f"{draw.randint(1, 150)} {draw.choice(KINDS)}"
            f" {LAST[draw.randrange(len(LAST))]} {FIRST[draw.randrange(len(FIRST))]}"
        )
        person = {
            "last_name": self._last_name(),
            "first_name": FIRST[int(len(FIRST) * draw.random() ** 1.5)],
            "birth_date": birth.strftime("%d/%m/%Y") if draw.random() < 0.95 else "",
            "sex": draw.choice(["F", "M", ""]),
            "phone": f"06{draw.randint(0, 99_999_999):08}"
            if draw.random() < 0.7
            else "",
            "email": "",
            "street": street if draw.random() < 0.7 else "",
            "zip": zipcode,
            "city": city,
        }
        if draw.random() < 0.08:
            person["street"] = "1 rue du Refuge"
        if draw.random() < 0.3:
            person["email"] = (
                f"{person['first_name']}.{draw.randint(1, 10**6)}@example.org"
            )
        return person

    def copied(self, person):
        """The same person, written by somebody else on another day."""
        draw, other = self.draw, dict(person)
        if draw.random() < 0.5:
            other["phone"] = ""
        elif other["phone"]:
            other["phone"] = f"+33 {other['phone'][1]} {other['phone'][2:]}"
        if draw.random() < 0.5:
            other["email"] = ""
        if draw.random() < 0.4:
            other["street"] = ""
        kind = draw.randrange(6)
        name = other["last_name"]
        place = draw.randrange(1, max(2, len(name) - 1))
        if kind == 0:
            other["last_name"] = name[:place] + name[place + 1 :]
        elif kind == 1:
            other["last_name"], other["first_name"] = other["first_name"], name
        elif kind == 2 and other["birth_date"]:
            day, month, year = other["birth_date"].split("/")
            if int(day) <= 12:
                other["birth_date"] = f"{month}/{day}/{year}"
        elif kind == 3:
            other["last_name"] = name.upper()
        elif kind == 4 and other["birth_date"]:
            other["birth_date"] = other["birth_date"][-4:]
        else:
            other["last_name"] = name[:place] + name[place] * 2 + name[place + 1 :]
        return other


def make_million(env, count, company_id):
    """Fill `ess_beneficiary` with `count` invented files by one INSERT.

    Indexes on words are left out meanwhile and not made again, and keys of duplicates
    are not computed: they cost minutes at a million rows, and this base is for
    questions that do not look for words.

    :param env: superuser environment
    :param int count: how many files
    :param int company_id: their association
    """
    cr = env.cr
    cr.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'ess_beneficiary'"
        " AND indexdef NOT LIKE '%UNIQUE%'"
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(f'DROP INDEX "{name}"')
    cr.execute(
        """
        INSERT INTO ess_beneficiary (ref, last_name, first_name, birth_date, city,
            intake, company_id, active, is_protected, create_date, write_date,
            match_name)
        SELECT 'B' || n, (%(last)s::text[])[1 + (n * 7919) %% %(lasts)s],
            (%(first)s::text[])[1 + (n * 104729) %% %(firsts)s],
            date '1945-01-01' + (n * 37 %% 25000)::int, 'Ville ' || n %% 300,
            (ARRAY['self', 'round', '115', 'hospital', 'school'])[1 + n %% 5],
            %(company)s, TRUE, n %% 50 = 0, now(), now(), '|'
        FROM generate_series(1::bigint, %(count)s) AS n
        """,
        {
            "last": LAST,
            "lasts": len(LAST),
            "first": FIRST,
            "firsts": len(FIRST),
            "company": company_id,
            "count": count,
        },
    )
    for _name, definition in indexes:
        if "USING btree" in definition:
            cr.execute(definition)
