from odoo import api, models


class ScmOverview(models.AbstractModel):
    _inherit = "scm.overview"

    @api.model
    def _cards(self):
        return super()._cards() + self._safety_cards()

    @api.model
    def _safety_cards(self):
        """Days without an incident and inspections that are late; nothing while safety is not used."""
        board = self.env["scm.safety.board"]
        figures = board._streak(self.env.companies, False)
        inspections = self.env["scm.safety.inspection"]
        overdue = inspections.search_count([("company_id", "in", self.env.companies.ids), ("is_overdue", "=", True)])
        if not figures["since"]:
            return []
        card = {"area": "warehouse", "action": "scm_warehouse.scm_safety_board_action", "domain": []}
        return [
            card
            | {
                "key": "safety_days",
                "label": self.env._("Days without incident"),
                "value": figures["days"],
                "unit": self.env._("days"),
                "hint": self.env._("longest before: %(days)s days", days=figures["best"])
                if figures["best"]
                else self.env._("since records began"),
                "tone": "good" if figures["days"] >= figures["best"] else "plain",
                "sequence": 370,
            },
            card
            | {
                "key": "safety_overdue",
                "label": self.env._("Overdue inspections"),
                "value": overdue,
                "unit": "",
                "hint": self.env._("safety checklists that should have been gone through"),
                "tone": "bad" if overdue else "good",
                "action": "scm_warehouse.scm_safety_inspection_action",
                "domain": [("is_overdue", "=", True)],
                "sequence": 372,
            },
        ]
