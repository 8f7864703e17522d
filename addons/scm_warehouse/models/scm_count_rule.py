from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..kernel import count_rule as kernel

#: letter of the kernel for each choice
LETTERS = {"any": kernel.ANY, "A": "A", "B": "B", "C": "C", "none": ""}


class ScmCountRule(models.Model):
    """How often places of a class are counted, and how large a difference may be before it is counted again."""

    _name = "scm.count.rule"
    _description = "Counting Rule"
    _order = "company_id, warehouse_id, zone_id, letter, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company, help="Empty: holds for all companies."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    warehouse_id = fields.Many2one("stock.warehouse", check_company=True, ondelete="cascade", help="Empty: all.")
    zone_id = fields.Many2one(
        "stock.location",
        check_company=True,
        ondelete="cascade",
        help="A location just below the stock of a warehouse. Empty: all.",
    )
    letter = fields.Selection(
        [("A", "A"), ("B", "B"), ("C", "C"), ("none", "No class"), ("any", "Any")],
        "Class",
        required=True,
        default="any",
        help="Of what lies in the place; of several products, the best.",
    )
    times_a_year = fields.Float(
        "Times a Year", required=True, default=1.0, digits=(8, 2), help="At least so often. 0: only because of risk."
    )
    tolerance_percent = fields.Float(
        "Tolerance (%)", digits=(8, 2), help="Of the quantity on record. A larger difference is counted again."
    )
    tolerance_units = fields.Float("Tolerance (units)", digits="Product Unit", help="May always differ.")
    tolerance_money = fields.Monetary(
        "Tolerance (money)", help="A difference worth more is counted again, whatever its quantity. 0: no such limit."
    )

    _times_range = models.Constraint(
        "CHECK(times_a_year BETWEEN 0 AND 365)", "A place can be counted 0 to 365 times a year."
    )
    _tolerance_range = models.Constraint(
        "CHECK(tolerance_percent BETWEEN 0 AND 100 AND tolerance_units >= 0 AND tolerance_money >= 0)",
        "A tolerance is not negative, and not more than 100 %.",
    )
    _one_for_each = models.UniqueIndex(
        "(COALESCE(company_id, 0), COALESCE(warehouse_id, 0), COALESCE(zone_id, 0), letter) WHERE active IS TRUE",
        "There is already a rule for this company, warehouse, zone and class. Change that one.",
    )

    @api.depends("letter", "zone_id", "warehouse_id", "company_id")
    def _compute_name(self):
        letters = dict(self._fields["letter"]._description_selection(self.env))
        for rule in self:
            where = rule.zone_id.complete_name or rule.warehouse_id.name or rule.company_id.name
            rule.name = ", ".join(filter(None, (letters.get(rule.letter), where)))

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("zone_id", "warehouse_id")
    def _check_zone(self):
        for rule in self.filtered("zone_id"):
            if rule.zone_id.scm_zone_id != rule.zone_id:
                raise ValidationError(
                    self.env._(
                        "“%(place)s” is no zone: choose a location just below the stock of a warehouse that has places "
                        "below it.",
                        place=rule.zone_id.display_name,
                    )
                )
            if rule.warehouse_id and rule.zone_id.warehouse_id != rule.warehouse_id:
                raise ValidationError(
                    self.env._(
                        "“%(zone)s” does not lie in %(warehouse)s. Empty one of the two.",
                        zone=rule.zone_id.display_name,
                        warehouse=rule.warehouse_id.name,
                    )
                )

    # For programs

    @api.model
    def _of_company(self, company):
        """``(rules, keys for kernel.match)``, the most specific first, by one query."""
        # sudo: whoever counts or plans is judged by the rules of the company; they hold no secrets
        rules = self.sudo().search([("company_id", "in", [company.id, False])])
        rules = rules.sorted(
            lambda rule: kernel.specificity(
                rule.warehouse_id.id, rule.zone_id.id, LETTERS[rule.letter], rule.company_id.id
            ),
            reverse=True,
        )
        return rules, [(rule.warehouse_id.id, rule.zone_id.id, LETTERS[rule.letter]) for rule in rules]

    @api.model
    def _for_rows(self, company, rows):
        """The rule of each ``(place, product)`` (records of one company): three queries, however many there are."""
        rules, keys = self._of_company(company)
        letters = self._letters(company, rows)
        found = kernel.match(
            keys,
            [place.warehouse_id.id for place, _product in rows],
            [place.scm_zone_id.id for place, _product in rows],
            letters,
        )
        return [rules[position] if position >= 0 else rules.browse() for position in found.tolist()]

    @api.model
    def _letters(self, company, rows):
        """Class of each product in the warehouse of its place, by what that warehouse goes by."""
        # sudo: as in _of_company; a class says nothing that the count does not
        classes = self.env["scm.product.class"].sudo().search_fetch(
            [("company_id", "=", company.id), ("product_id", "in", list({product.id for _place, product in rows}))],
            ["warehouse_id", "product_id", "abc_value", "abc_picks"],
        )  # fmt: skip
        letters = {(one.warehouse_id.id, one.product_id.id): one for one in classes}
        found = []
        for place, product in rows:
            one = letters.get((place.warehouse_id.id, product.id))
            # sudo: the setting says which of two letters counts
            found.append((one and one[place.warehouse_id.sudo().scm_count_class_by]) or "")
        return found

    @api.model
    def _within(self, company, rows):
        """Whether each count is within the tolerance of its rule; without a rule, only if it is exact.

        :param rows: ``[(place, product, book, counted, cost)]``: records of one company, product's unit, money a unit
        :return: list of booleans
        """
        rules = self._for_rows(company, [row[:2] for row in rows])
        return kernel.within(
            [row[2] for row in rows],
            [row[3] for row in rows],
            [row[4] for row in rows],
            [rule.tolerance_percent for rule in rules],
            [rule.tolerance_units for rule in rules],
            [rule.tolerance_money for rule in rules],
        ).tolist()
