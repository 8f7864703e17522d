from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | {
            "count_difference": self.env._("Counted against the books at the moment of the count"),
            "count_difference_formula": self.env._("found − book at that moment; book = stock now − what moved since"),
            "count_found": self.env._("Found"),
            "count_stock_now": self.env._("On the books when the count came in"),
            "count_moved": self.env._("Of it, moved in (+) or out (−) since the count"),
            "count_book": self.env._("On the books at the moment of the count"),
            "count_in_hand": self.env._("In the hands of pickers"),
            "count_reserved": self.env._("Reserved for transfers"),
            "count_note_in_hand": self.env._(
                "Goods that pickers have in hand may be on the shelf or not: neither is a difference."
            ),
        }
