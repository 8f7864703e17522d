from odoo import api, models


class ScmWhy(models.AbstractModel):
    _inherit = "scm.why"

    @api.model
    def _labels(self):
        return super()._labels() | self._event_page_labels()

    @api.model
    def _event_page_labels(self):
        return {
            "event_runs_out": self.env._("Runs out before the event ends"),
            "event_runs_out_formula": self.env._(
                "What will still be sold by the end of the event, less what is free and what arrives before the end. "
                "The pace of a product is drawn to that of its category, and that to the whole event."
            ),
            "event_expected": self.env._("Expected of the event"),
            "event_sold": self.env._("Sold so far"),
            "event_rest": self.env._("Will still be sold"),
            "event_free": self.env._("Free now"),
            "event_due": self.env._("Arrives before the end"),
            "event_hours": self.env._("Hours until it runs out"),
            "event_remedy": self.env._("What helps"),
            "event_remedy_transfer": self.env._("Transfer from a warehouse that has enough"),
            "event_remedy_expedite": self.env._("Pull a receipt forward"),
            "event_remedy_hold": self.env._("Hold the offer"),
            "event_basis_forecast": self.env._("Expected: the forecast published before the event."),
            "event_basis_replay": self.env._("Expected: the forecast as it would have been made before the event."),
            "event_basis_level": self.env._("Expected: sales of the weeks before, raised as in past events."),
        }
