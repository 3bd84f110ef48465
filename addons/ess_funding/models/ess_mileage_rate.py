from odoo import api, fields, models

VEHICLES = [("car", "Car"), ("motorcycle", "Motorcycle"), ("moped", "Moped, scooter")]


class EssMileageRate(models.Model):
    """One line of the official mileage scale: what a kilometre is worth.

    Shipped with its source. Since 2022 volunteers use the scale of employees (CGI
    art. 200 and 83, 3°). The accountant adds the lines of a year when the scale
    changes; the latest year that is not after the journey applies.
    """

    _name = "ess.mileage.rate"
    _description = "Mileage scale"
    _order = "year desc, vehicle, power_from, km_from"

    year = fields.Integer(string="From the year", required=True)
    vehicle = fields.Selection(VEHICLES, required=True, default="car")
    power_from = fields.Integer(
        string="Tax horsepower, from", help="0: whatever the power."
    )
    km_from = fields.Integer(
        string="Above (km a year)", help="Distance of the year above which it applies."
    )
    rate = fields.Float(string="Euros per km", required=True, digits=(6, 3))
    fixed = fields.Float(string="Plus (euros)", digits=(8, 2))
    source = fields.Char(required=True)

    _line_uniq = models.UniqueIndex(
        "(year, vehicle, power_from, km_from)", "This line of the scale exists already."
    )

    @api.model
    def _get_value(self, vehicle, power, year, kilometres):
        """Return what a distance of the year is worth, in euros.

        :param str vehicle: one of :data:`VEHICLES`
        :param int power: tax horsepower
        :param int year: calendar year of the journeys
        :param float kilometres: distance of the whole year
        :return: the amount, or None when no scale is known
        """
        domain = [("vehicle", "=", vehicle), ("year", "<=", year)]
        lines = self.search(domain)
        lines = lines.filtered(lambda line: line.year == lines[0].year)
        powers = [line.power_from for line in lines if line.power_from <= power]
        lines = lines.filtered(lambda line: line.power_from == max(powers, default=-1))
        lines = lines.filtered(lambda line: line.km_from < max(kilometres, 1))
        if not lines:
            return None
        line = lines.sorted("km_from")[-1]
        return line.rate * kilometres + line.fixed
