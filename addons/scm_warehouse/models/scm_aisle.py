from odoo import api, fields, models


class ScmAisle(models.Model):
    """What there is to know about an aisle besides its places. Aisles of places come in by themselves."""

    _name = "scm.aisle"
    _description = "Aisle"
    _order = "warehouse_id, name, id"
    _check_company_auto = True

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

    @api.model_create_multi
    def create(self, vals_list):
        created = super().create(vals_list)
        self.env["stock.warehouse"]._scm_travel_later()
        return created

    def write(self, vals):
        done = super().write(vals)
        if vals.keys() & {"direction", "name", "warehouse_id"}:
            self.env["stock.warehouse"]._scm_travel_later()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_measure_again(self):
        self.env["stock.warehouse"]._scm_travel_later()
