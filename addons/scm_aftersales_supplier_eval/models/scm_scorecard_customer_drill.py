from odoo import models

from .scm_scorecard_customer_facts import SOURCE

MAX_FACTS = 2000


class ScmScorecardLine(models.Model):
    """From the figure to the returns behind it, for us and for the supplier."""

    _inherit = "scm.scorecard.line"

    def _fact_ids(self):
        # deliveries that nobody sent back have no record of their own here
        return [res_id for res_id in super()._fact_ids() if res_id]

    def _supplier_facts(self):
        if self._source() != SOURCE:
            return super()._supplier_facts()
        card = self.card_id
        return self.env["scm.return.part"].search(
            [
                ("id", "in", self._fact_ids()),
                ("supplier_id", "=", card.partner_id.id),
                ("company_id", "=", card.company_id.id),
            ],
            limit=MAX_FACTS,
        )

    def _fact_scm_return_part(self, part):
        """What the supplier reads of a return: the goods and what is wrong, nothing of the customer."""
        return {
            "title": part.product_id.display_name,
            "subtitle": part.lot_id.name or "",
            "cells": [
                (self.env._("Units"), f"{part.quantity:g} {part.product_id.uom_id.name}"),
                (self.env._("Sent back"), self._day(part.date)),
                (self.env._("Days after delivery"), f"{part.days}"),
                (self.env._("Found at inspection"), part.cause_id.name or "–"),
            ],
            "badge": self.env._("sent back"),
            "tone": "danger",
        }
