from odoo import fields, models


class ScmPackagingFinding(models.Model):
    """A rule that a parcel breaks, or will break."""

    _name = "scm.packaging.finding"
    _description = "Finding on Packaging"
    _order = "level DESC, id DESC"
    _rec_name = "rule_id"

    choice_id = fields.Many2one("scm.box.choice", required=True, readonly=True, ondelete="cascade", index=True)
    line_id = fields.Many2one("scm.box.choice.line", "Parcel", readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True, ondelete="cascade", index=True)
    box_id = fields.Many2one("stock.package.type", readonly=True)
    rule_id = fields.Many2one("scm.packaging.rule", required=True, readonly=True, ondelete="cascade", index=True)
    level = fields.Selection(
        [("ahead", "Not in force yet"), ("must", "Has to be kept")], required=True, readonly=True, index=True
    )
    value = fields.Float(readonly=True, aggregator="avg", help="Of the parcel.")
    limit = fields.Float(readonly=True, aggregator="avg")
    is_packed = fields.Boolean("Packed", readonly=True, help="The parcel is packed; otherwise it is proposed.")
    date = fields.Date(readonly=True, index=True)
