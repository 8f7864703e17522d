from odoo import api, fields, models

from .scm_freight_price import CHUNK


class ScmFreightRun(models.Model):
    """Each night: expected freight of new parcels, claims in draft, carriers' months, alerts."""

    _name = "scm.freight.run"
    _inherit = "scm.run.mixin"
    _description = "Freight Run"
    _run_cron = "scm_logistics.scm_freight_run_cron"

    last_parcel_id = fields.Integer(readonly=True, export_string_translation=False)
    is_finished = fields.Boolean(readonly=True, export_string_translation=False)
    priced_count = fields.Integer("Parcels Priced", readonly=True, aggregator=None)
    claim_count = fields.Integer("Claims Drafted", readonly=True, aggregator=None)
    month_count = fields.Integer("Months Measured", readonly=True, aggregator=None)

    @api.model
    def run_now(self, company_id=False, wait=False):
        """Price parcels, draft claims, measure carriers; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :param wait: work it off in this call instead of leaving it to the cron
        :return: id of the run
        """
        return self._run_now(company_id, wait)

    @api.model
    def action_run(self):
        """Run for the present company in the background, and show the runs. For supply-chain managers."""
        self.run_now()
        return self.env["ir.actions.act_window"]._for_xml_id("scm_logistics.scm_freight_run_action")

    def _next_batch(self):
        if not self.total_count:
            self.total_count = self._open_parcels().search_count(self._open_domain()) + 3
        if self.is_finished:
            return 0
        return self._price_batch() or self._finish_company()

    def _open_parcels(self):
        return self.env["scm.parcel"].sudo()  # sudo: the run computes for everybody, whoever started it

    def _open_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("carrier_id", "!=", False),
            ("date_handed", "!=", False),
            ("cost_source", "=", False),
            ("id", ">", self.last_parcel_id),
        ]

    def _price_batch(self):
        ids = self._open_parcels()._search(self._open_domain(), order="id", limit=CHUNK)
        ids = [row[0] for row in self.env.execute_query(ids.select())]
        if not ids:
            return 0
        self.priced_count += self.env["scm.freight.price"]._fill(ids)
        self.last_parcel_id = ids[-1]
        return len(ids)

    def _finish_company(self):
        company = self.company_id
        if company.scm_claim_auto:
            self.claim_count = self.env["scm.freight.claim"].sudo()._generate(company)["created"]  # sudo: as above
        months = self.env["scm.carrier.month"].sudo()  # sudo: as above
        self.month_count = months._measure(company, months._open_months(company))
        self.env["scm.freight.claim"].sudo()._sync_alerts(company)  # sudo: as above
        self.is_finished = True
        return max(self.total_count - self.done_count, 1)

    @api.model
    def _cron_start(self):
        """Queue a run of each company that has parcels."""
        self._start_each(self._companies_with("scm.parcel"))
