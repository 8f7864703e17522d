from odoo import api, fields, models


class ScmFreightCharge(models.Model):
    """What a carrier's invoice may name, and how much of it was agreed."""

    _name = "scm.freight.charge"
    _description = "Freight Charge"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    carrier_id = fields.Many2one(
        "delivery.carrier", ondelete="cascade", check_company=True, help="Empty: for all carriers."
    )
    is_freight = fields.Boolean("The Freight itself", help="Checked against the expected freight.")
    keywords = fields.Char(
        help="Words on the carrier's file that mean this charge, in any language, separated by commas."
    )
    basis = fields.Selection(
        [
            ("any", "As billed"),
            ("percent", "Share of the freight"),
            ("amount", "Fixed amount"),
            ("none", "Not agreed: any amount is a difference"),
        ],
        "Agreed",
        required=True,
        default="any",
    )
    value = fields.Float(help="A share (0.12 is 12 %) or an amount in the company's currency.")

    _value_positive = models.Constraint("CHECK(value >= 0)", "What was agreed cannot be below 0.")

    @api.model
    def _known(self, company):
        """``[(charge, [words])]`` of the company; what is made for a carrier or for the company goes first."""
        charges = self.search([("company_id", "in", (False, company.id))])
        ordered = charges.sorted(lambda one: (not one.carrier_id, not one.company_id, one.sequence, one.id))
        return [(charge, charge._words()) for charge in ordered]

    def _words(self):
        own = (self.keywords or "").replace("，", ",").replace("、", ",").split(",")
        return [word.strip().casefold() for word in own if word.strip()]
