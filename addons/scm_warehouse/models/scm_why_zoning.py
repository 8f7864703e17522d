from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | {
            "places": self.env._("places"),
            "aisle_graph": self.env._("Ways along aisles and cross aisles"),
            "no_coordinates": self.env._("Neither coordinates nor aisle and bay"),
            "mixed": self.env._("Aisle without coordinates in a hall that has some"),
            "no_way": self.env._("Closed or dead-end aisle"),
        }
