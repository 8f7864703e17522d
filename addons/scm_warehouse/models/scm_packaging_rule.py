from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..kernel.packaging_check import Rule


class ScmPackagingRule(models.Model):
    """A limit on packaging, with where it is from. Shipped ones say whether somebody compared them with the source."""

    _name = "scm.packaging.rule"
    _description = "Packaging Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: of all companies.")
    kind = fields.Selection(
        [
            ("void_ratio", "Empty space, at most"),
            ("layers", "Layers of packaging, at most"),
            ("tape_width", "Width of tape in mm, at most"),
            ("tape_ratio", "Tape as times the girth of the box, at most"),
            ("weight_ratio", "Weight of packaging to goods, at most"),
            ("recycled", "Recycled share, at least"),
            ("substance", "Banned substances"),
            ("certificate", "Material tested for harmful substances"),
        ],
        required=True,
    )
    limit = fields.Float(help="Shares as 0.5 for 50 %.", aggregator=None)
    family = fields.Selection(
        [("paper", "Paper and Board"), ("plastic", "Plastic")], "Of Material", help="For the recycled share."
    )
    banned_ids = fields.Many2many("scm.emission.factor", string="Banned Substances")
    nature = fields.Selection(
        [("any", "All"), ("ordinary", "Ordinary"), ("fragile", "Fragile"), ("perishable", "Perishable")],
        "Goods",
        required=True,
        default="any",
    )
    basis = fields.Selection(
        [("none", "Every Parcel"), ("kg", "Goods in kg"), ("litres", "Goods in litres")],
        "Class by",
        required=True,
        default="none",
    )
    basis_from = fields.Float("From", aggregator=None)
    basis_to = fields.Float("Below", aggregator=None, help="0: no end.")
    where = fields.Selection(
        [("to", "Shipped to"), ("from", "Shipped from"), ("within", "Shipped from and to")],
        "Counts When",
        required=True,
        default="to",
    )
    country_ids = fields.Many2many("res.country", string="Countries", help="Empty: everywhere.")
    country_group_id = fields.Many2one("res.country.group", help="These countries, too.")
    date_from = fields.Date("In Force from")
    is_ahead = fields.Boolean("Show Before", help="Look at it before it is in force, as a warning.")
    source = fields.Char(required=True, help="Law or standard, and its article.")
    source_url = fields.Char("Link")
    date_checked = fields.Date("Looked Up on")
    is_verified = fields.Boolean("Verified", help="Somebody compared the limit with the source itself.")
    note = fields.Text()

    _positive = models.Constraint(
        'CHECK("limit" >= 0 AND basis_from >= 0 AND basis_to >= 0)', "Limits and bounds of classes cannot be below 0."
    )

    @api.constrains("kind", "family", "banned_ids", "basis_from", "basis_to")
    def _check_complete(self):
        for rule in self:
            if rule.kind == "recycled" and not rule.family:
                raise ValidationError(self.env._("%s: choose the material whose recycled share counts.", rule.name))
            if rule.kind == "substance" and not rule.banned_ids:
                raise ValidationError(self.env._("%s: choose the substances that are banned.", rule.name))
            if rule.basis_to and rule.basis_to <= rule.basis_from:
                raise ValidationError(self.env._("%s: the class ends before it begins.", rule.name))

    @api.model
    def _of_company(self, company):
        """Rules of a company, read once: ``[(record, kernel rule, ids of countries)]``."""
        rules = self.search([("company_id", "in", (False, company.id))])
        return [
            (
                rule,
                Rule(
                    rule.id,
                    rule.kind,
                    rule.limit,
                    rule.basis,
                    rule.basis_from,
                    rule.basis_to,
                    rule.family or "",
                    rule.nature,
                    frozenset(rule.banned_ids.ids),
                ),
                frozenset((rule.country_ids | rule.country_group_id.country_ids).ids),
            )
            for rule in rules
        ]

    def _level(self, ship_from, ship_to, countries, day):
        """``must`` when it counts for a parcel of a day, ``ahead`` when it will, else False; countries by id."""
        places = {"to": {ship_to}, "from": {ship_from}, "within": {ship_from, ship_to}}[self.where]
        if countries and not places <= countries:
            return False
        if not self.date_from or self.date_from <= day:
            return "must"
        return "ahead" if self.is_ahead else False
