from odoo import api, fields, models
from odoo.tools import SQL


class ScmOverview(models.AbstractModel):
    _inherit = "scm.overview"

    @api.model
    def _cards(self):
        return super()._cards() + self._flow_cards()

    @api.model
    def _flow_cards(self):
        """What is open and late of the ticked companies' warehouses; nothing while no transfer was read."""
        figures = self._flow_figures()
        if not figures["any"]:
            return []
        card = {"area": "warehouse", "unit": "", "action": "scm_warehouse.scm_flow_board_action"}
        return [
            card
            | {
                "key": "flow_backlog",
                "label": self.env._("Deliveries in the warehouse"),
                "value": figures["open"],
                "hint": self.env._("%(count)s ready to go", count=figures["ready"]),
                "tone": "plain",
                "sequence": 300,
            },
            card
            | {
                "key": "flow_late",
                "label": self.env._("Deliveries past the promise"),
                "value": figures["late"],
                "hint": self.env._("open, and promised before now"),
                "tone": "bad" if figures["late"] else "good",
                "sequence": 301,
            },
        ]

    @api.model
    def _flow_figures(self):
        self.env["scm.flow.fact"].flush_model()
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT EXISTS (SELECT FROM scm_flow_state WHERE company_id IN %(companies)s) AS any,
                       count(*) AS open, count(*) FILTER (WHERE state != 'waiting') AS ready,
                       count(*) FILTER (WHERE promised_at < %(now)s) AS late
                  FROM scm_flow_fact
                 WHERE company_id IN %(companies)s AND state != 'done' AND stage = 'ship' AND NOT is_return
                """,
                companies=tuple(self.env.companies.ids),
                now=fields.Datetime.now(),
            )
        )
        return row
