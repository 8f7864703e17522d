from odoo import models


class ScmCountLine(models.Model):
    """What the correction of a line needs."""

    _inherit = "scm.count.line"

    def _moment(self):
        return self.recounted_at if self.is_recounted else self.counted_at

    def _create_lots(self):
        """Lots that were read on the floor and are known by now, or become known: one search, one create."""
        bare = self.filtered(lambda line: line.lot_name and not line.lot_id)
        if not bare:
            return
        # sudo: made for a correction that was approved, or allowed below a limit by the warehouse's setting
        lots = self.env["stock.lot"].sudo()
        known = lots.search([("product_id", "in", bare.product_id.ids), ("name", "in", bare.mapped("lot_name"))])
        by_key = {(lot.product_id.id, lot.name): lot for lot in known}
        missing = {(line.product_id.id, line.lot_name): line for line in bare}
        missing = {key: line for key, line in missing.items() if key not in by_key}
        made = lots.create(
            [
                {"product_id": product, "name": name, "company_id": line.company_id.id}
                for (product, name), line in missing.items()
            ]
        )
        by_key.update(zip(missing, made, strict=True))
        for line in bare:
            line.lot_id = by_key[line.product_id.id, line.lot_name]
