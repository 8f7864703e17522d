from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ScmCarrierRule(models.Model):
    """IF category, class, zone and weight THEN these carriers, and apply or propose. The first that fits decides."""

    _name = "scm.carrier.rule"
    _description = "Rule for the Choice of a Carrier"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    categ_ids = fields.Many2many(
        "product.category", string="Product Categories", help="At least one product is of these, or below. Empty: any."
    )
    class_ids = fields.Many2many("scm.customer.class", string="Customer Classes", check_company=True)
    zone_ids = fields.Many2many("scm.zone", string="Zones", check_company=True)
    weight_from = fields.Float("From (kg)", digits="Stock Weight")
    weight_to = fields.Float("To below (kg)", digits="Stock Weight", help="0: without bound.")
    carrier_ids = fields.Many2many(
        "delivery.carrier", string="Only these Carriers", check_company=True, help="Empty: all that Odoo allows."
    )
    mode = fields.Selection(
        [
            ("proposal", "Propose"),
            ("automatic", "Apply at once"),
            ("off", "Leave as it is"),
        ],
        required=True,
        default="proposal",
    )
    min_saving = fields.Monetary("Least Saving", help="A better carrier is proposed only when it saves this much.")

    @api.constrains("weight_from", "weight_to")
    def _check_weights(self):
        for rule in self:
            if rule.weight_from < 0 or (rule.weight_to and rule.weight_to <= rule.weight_from):
                raise ValidationError(
                    self.env._("“%(rule)s”: the upper weight must lie above the lower one.", rule=rule.name)
                )
