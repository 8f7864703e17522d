from odoo import api, models


class ScmOverview(models.AbstractModel):
    _inherit = "scm.overview"

    @api.model
    def _cards(self):
        return super()._cards() + self._wave_cards()

    @api.model
    def _wave_cards(self):
        """Refills that cannot wait, and faces with nothing behind; none as long as there is no pick face."""
        groups = dict(
            self.env["scm.pick.face"]._read_group(
                [("company_id", "in", self.env.companies.ids)], ["status"], ["__count"]
            )
        )
        if not groups:
            return []
        card = {"area": "warehouse", "unit": "", "action": "scm_warehouse.scm_pick_face_action"}
        now, empty = groups.get("now", 0), groups.get("empty", 0)
        return [
            card
            | {
                "key": "pick_faces_now",
                "label": self.env._("Pick faces to fill now"),
                "value": now,
                "hint": self.env._("%(count)s more soon", count=groups.get("soon", 0)),
                "tone": "bad" if now else "good",
                "domain": [("status", "=", "now")],
                "sequence": 330,
            },
            card
            | {
                "key": "pick_faces_empty",
                "label": self.env._("Pick faces without bulk"),
                "value": empty,
                "hint": self.env._("low, and nothing behind"),
                "tone": "warn" if empty else "good",
                "domain": [("status", "=", "empty")],
                "sequence": 332,
            },
        ]
