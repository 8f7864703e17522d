from odoo import api, models


class ScmWhy(models.AbstractModel):
    """Words for the codes in why records.

    A why record is a dict in a Json field. It holds codes, not words, so that each reader gets his own language::

        {'value': 240.0, 'unit': 'Units', 'method': 'order_up_to', 'formula': 'demand_quantile + review',
         'sample': 104, 'window': {'from': '2025-01-06', 'to': '2026-11-16'},
         'terms': [{'code': 'demand_per_day', 'value': 3.2, 'unit': 'Units'}, ...],
         'notes': ['typed_lead_time']}

    ``method``, ``formula``, ``code``, ``notes`` and units are looked up here; a code without a label is shown as it
    is. A note is a code or ``{'code': ..., 'values': {...}}``, whose label has ``%(name)s`` for each value. Values may
    be numbers, ISO dates, true or false, or codes. The units ``percent`` (0.25 is 25 %) and ``days`` are known here;
    an amount of money has the currency's name (EUR) as unit.
    """

    _name = "scm.why"
    _description = "Words of Why Records"
    _scm_is_open = True

    @api.model
    def _labels(self):
        """Hook: ``{code: translated label}``. Extend with the codes that your addon writes."""
        return {
            "days": self.env._("days"),
            "weeks": self.env._("weeks"),
            "months": self.env._("months"),
            "percent": self.env._("%"),
            "small_sample": self.env._("The sample is small; treat the figure with care."),
            "typed_lead_time": self.env._("No receipts to measure: the lead time typed at the vendor was taken."),
        }

    @api.model
    @api.readonly
    def labels(self):
        """All labels in the language of the user."""
        return self._labels()
