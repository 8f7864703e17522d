from odoo import models


class ScmCountKey(models.AbstractModel):
    """What entries and lines of a count agree on: of what they speak."""

    _name = "scm.count.key"
    _description = "Key of what is counted"

    def _key(self):
        """``(product, lot, package, owner ids, name of a lot not known yet)``; 0 and an empty text stand for none."""
        self.ensure_one()
        return (
            self.product_id.id,
            self.lot_id.id or 0,
            self.package_id.id or 0,
            self.owner_id.id or 0,
            self.lot_name or "",
        )
