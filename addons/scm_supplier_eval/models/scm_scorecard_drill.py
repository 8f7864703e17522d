from odoo import models

from .scm_scorecard_facts import SOURCE_MODELS

#: window in which the facts of a source are shown
VIEWS = {
    "receipts": ("scm.receipt.fact", "list,pivot,graph"),
    "movements": ("scm.receipt.fact", "list,pivot,graph"),
    "inspections": ("scm.receipt.inspection", "list,form"),
    "rfqs": ("purchase.order", "list,form"),
    "orders": ("purchase.order", "list,form"),
    "actions": ("scm.improvement", "list,form"),
    "surveys": ("scm.buyer.survey", "list,form"),
    "rush": ("purchase.order", "list,form"),
    "prices": ("purchase.order.line", "list"),
}


class ScmScorecardLine(models.Model):
    """From a figure to the documents behind it."""

    _inherit = "scm.scorecard.line"

    def _source(self):
        return self.env["scm.scorecard.measure"]._sources().get(self.criterion_id.code)

    def _fact_ids(self):
        """Ids of the records that count for this figure, excluded ones included, of the model of its source."""
        self.ensure_one()
        self.check_access("read")
        card = self.card_id
        # sudo: the user may read the card; ids of its own documents tell nothing that the card does not
        facts = self.env["scm.scorecard.facts"].sudo()._read(
            card.company_id, card.date_from, card.date_to, card.partner_id.ids
        )
        return getattr(facts, self._source())["res_id"].tolist()

    def get_fact_ids(self):
        """Records behind the figure: dict ``model``, ``ids``; public, also over RPC."""
        self.ensure_one()
        return {"model": SOURCE_MODELS[self._source()], "ids": self._fact_ids()}

    def action_open_facts(self):
        """Open the receipts, RFQs, returns ... behind this figure."""
        ids = self._fact_ids()
        model, views = VIEWS[self._source()]
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.criterion_id.name}, {self.card_id.display_name}",
            "res_model": model,
            "view_mode": views,
            "views": [(False, view) for view in views.split(",")],
            "domain": [("id", "in", ids)],
            "context": {"scm_as_of": str(self.card_id.date_as_of or "")},
        }
