from odoo import fields, models


class ScmAisle(models.Model):
    """What there is to know about an aisle besides its places. Aisles of places come in by themselves."""

    _name = "scm.aisle"
    _inherit = "scm.hall.part"
    _description = "Aisle"
    _order = "warehouse_id, name, id"
    _check_company_auto = True
    _measured_by = frozenset({"direction", "name", "warehouse_id"})

    name = fields.Char(required=True, help="As the places of the aisle name it.")
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, ondelete="cascade", index=True, check_company=True,
        default=lambda self: self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1),
    )  # fmt: skip
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    direction = fields.Selection(
        [
            ("both", "Both ways"),
            ("up", "Front to back only"),
            ("down", "Back to front only"),
            ("closed", "Closed"),
        ],
        required=True,
        default="both",
        help="Front is the side of the lower coordinates. Places of a closed aisle have no way.",
    )

    _name_uniq = models.UniqueIndex("(warehouse_id, name)", "A warehouse has each aisle once.")
