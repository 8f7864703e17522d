from odoo import api, models


class ScmOverview(models.AbstractModel):
    _inherit = "scm.overview"

    @api.model
    def _cards(self):
        return super()._cards() + self._slotting_cards()

    @api.model
    def _slotting_cards(self):
        """What the open slotting moves would save; nothing before the first run."""
        moves = self.env["scm.slotting.move"]
        if not moves.has_access("read"):
            return []
        companies = [("company_id", "in", self.env.companies.ids)]
        if not moves.search_count(companies, limit=1):
            return []
        [(count, money)] = moves._read_group(
            [*companies, ("state", "in", ("proposed", "accepted"))], [], ["__count", "money_day:sum"]
        )
        return [
            {
                "key": "slotting",
                "area": "warehouse",
                "label": self.env._("Slotting would save a day"),
                "value": money or 0.0,
                "unit": "money",
                "hint": self.env._("%(count)s moves that pay back", count=count),
                "tone": "warn" if count else "good",
                "action": "scm_warehouse.scm_slotting_move_action",
                "context": {"search_default_open": 1},
                "sequence": 310,
            }
        ]
