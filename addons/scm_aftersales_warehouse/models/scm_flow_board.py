from odoo import api, models
from odoo.tools import SQL


class ScmFlowBoard(models.AbstractModel):
    """Wrong picks that customers sent back."""

    _inherit = "scm.flow.board"

    @api.model
    def _pick_errors(self, warehouse, first, last):
        """Adds deliveries of these days of which something came back by a fault of picking."""
        self.env["scm.return.fact"].flush_model()
        [(errors,)] = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM scm_return_fact
                    WHERE company_id = %s AND warehouse_id = %s AND owner = 'picking' AND returned > 0
                      AND delivery_date BETWEEN %s AND %s""",
                warehouse.company_id.id,
                warehouse.id,
                first,
                last,
            )
        )
        returned = {"code": "returns", "label": self.env._("Sent back by customers"), "errors": errors}
        return [*super()._pick_errors(warehouse, first, last), returned]
