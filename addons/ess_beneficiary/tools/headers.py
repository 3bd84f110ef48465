"""Guessing what a column holds from its title, in French or English."""

import re

from .values import plain

# field of the file -> titles, without accents.
TITLES = {
    "last_name": "nom|nom de famille|nom usuel|nom d usage|nom usage|last name|lastname"
    "|surname|family name|name",
    "first_name": "prenom|prenoms|first name|firstname|given name|forename",
    "birth_name": "nom de naissance|nom naissance|nom de jeune fille|nom patronymique"
    "|birth name|maiden name",
    "pseudonym": "pseudonyme|pseudo|surnom|alias|pseudonym|nickname",
    "birth_date": "date de naissance|date naissance|naissance|ne le|ne e le|nee le|ddn"
    "|birth date|birthdate|date of birth|dob|birthday|annee de naissance|birth year",
    "sex": "sexe|genre|civilite|sex|gender|title",
    "phone": "telephone|tel|tel 1|telephone 1|portable|mobile|gsm|telephone portable"
    "|numero de telephone|n de telephone|phone|phone number|mobile phone",
    "phone2": "telephone 2|tel 2|autre telephone|telephone fixe|fixe|phone 2"
    "|other phone|home phone",
    "email": "e mail|email|mail|courriel|adresse mail|adresse email|adresse e mail"
    "|adresse electronique|email address",
    "street": "adresse|rue|voie|adresse 1|adresse ligne 1|adresse postale|street"
    "|address|address 1|n|numero|numero de rue|n de rue|street number",
    "street2": "complement d adresse|complement adresse|complement|adresse 2"
    "|adresse ligne 2|batiment|appartement|street 2|address 2",
    "zip": "code postal|cp|postal code|postcode|post code|zip|zip code|zipcode",
    "city": "ville|commune|localite|city|town|suburb",
    "commune_code": "code commune|code insee|insee|commune code",
    "country_id": "pays|pays de residence|country",
    "languages": "langue|langues|langue parlee|langues parlees|language|languages"
    "|languages spoken",
    "interpreter_needed": "interprete|interprete necessaire|besoin d un interprete"
    "|interpreter|interpreter needed",
    "intake": "orientation|oriente par|arrivee par|prescripteur|origine|intake"
    "|referred by|came through",
}
_FIELDS = {title: name for name, text in TITLES.items() for title in text.split("|")}
# Fields that several columns may fill together (number and street).
JOINED = ("street", "street2")


def guess(header):
    """The field that a title names, or None.

    >>> guess("Prénom(s)"), guess("N° tél. portable"), guess("Date de naissance")
    ('first_name', None, 'birth_date')
    >>> guess("last_name"), guess("Situation : logement"), guess("Nom")
    ('last_name', None, 'last_name')
    """
    title = re.sub(r" s$", "", plain(header))
    return _FIELDS.get(title) or _FIELDS.get(f"{title}s")


def guess_all(headers):
    """The field of each title; a field is given once, save :data:`JOINED`.

    >>> guess_all(["Nom", "Nom de famille", "N°", "Rue", "Divers"])
    ['last_name', None, 'street', 'street', None]
    """
    fields, taken = [], set()
    for header in headers:
        field = guess(header)
        if field in taken and field not in JOINED:
            field = None
        taken.add(field)
        fields.append(field)
    return fields
