from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return {
            **super()._labels(),
            "litres": self.env._("l"),
            "kg": self.env._("kg"),
            "pack_search": self.env._("The cheapest boxes in which everything fits"),
            "pack_formula": self.env._("box + filler x empty space + tape + freight by weight or volume"),
            "pack_box": self.env._("Boxes"),
            "pack_filler": self.env._("Filler"),
            "pack_tape": self.env._("Tape"),
            "pack_freight": self.env._("Freight"),
            "pack_goods": self.env._("Volume of the goods"),
            "pack_room": self.env._("Room in the boxes"),
            "pack_weight": self.env._("Weight of the goods"),
            "pack_boxes": self.env._("Kinds of boxes compared"),
            "pack_too_small": self.env._("These would cost less, but the goods do not fit: %(boxes)s."),
            "pack_split": self.env._("No single box takes all, or liquids travel apart."),
            "pack_waiting": self.env._("Open deliveries that wait for its dimensions"),
            "pack_rule_parcels": self.env._("Parcels that broke the rule"),
            "pack_rule_value": self.env._("Their mean"),
            "pack_rule_limit": self.env._("Limit"),
            "pack_no_weight": self.env._("Some products have no weight: freight and limits of weight are too low."),
        }
