from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

#: days of parcels that the norms are measured from
WINDOW_DAYS = 90
#: parcels below which a median of their own says little: the company's is taken
SMALLEST_SAMPLE = 20
STAGES = [
    ("1_ready", "1. Order to ready"),
    ("2_handed", "2. Ready to handed over"),
    ("3_scan", "3. Handed over to first scan"),
    ("4_delivered", "4. First scan to delivered"),
]


class ScmStageNorm(models.Model):
    """How long a stage may take: as typed, else as long as half of the parcels of the last 90 days took."""

    _name = "scm.stage.norm"
    _description = "Norm of a Delivery Stage"
    _order = "company_id, stage, warehouse_id, carrier_id, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    stage = fields.Selection(STAGES, required=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", ondelete="cascade", check_company=True, help="For the first two stages. Empty: all."
    )
    carrier_id = fields.Many2one(
        "delivery.carrier", ondelete="cascade", check_company=True, help="For the last two stages. Empty: all."
    )
    hours_typed = fields.Float("Target (hours)", aggregator=None, help="Empty (0): as measured.")
    hours_measured = fields.Float("Median (hours)", readonly=True, aggregator=None)
    sample = fields.Integer("Parcels", readonly=True, aggregator=None, help="Parcels that were measured.")
    hours = fields.Float("Norm (hours)", compute="_compute_hours", help="What parcels are judged by.")

    _scope_uniq = models.UniqueIndex(
        "(company_id, stage, COALESCE(warehouse_id, 0), COALESCE(carrier_id, 0))", "There is already a norm for this."
    )

    @api.depends("hours_typed", "hours_measured")
    def _compute_hours(self):
        for norm in self:
            norm.hours = norm.hours_typed or norm.hours_measured

    def action_measure(self):
        """Measure the norms of the company again. Typed targets stay. For managers."""
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply-chain managers measure the norms again."))
        return self._measure(self.env.company)

    @api.model
    def _cron_measure(self):
        for company in self.env["res.company"].search([("active", "=", True)]):
            self._measure(company)

    @api.model
    def _measure(self, company):
        """Median hours of each stage by warehouse or carrier, and of the company; how many norms were measured."""
        self.flush_model()
        self.env["scm.parcel"].flush_model()
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """INSERT INTO scm_stage_norm (company_id, stage, warehouse_id, carrier_id, hours_measured, sample,
                                               create_date, create_uid, write_date, write_uid)
                   SELECT %(company)s, stage.code, parcel.warehouse_id, parcel.carrier_id,
                          percentile_cont(0.5) WITHIN GROUP (ORDER BY stage.hours), count(*),
                          %(now)s, %(uid)s, %(now)s, %(uid)s
                     FROM (SELECT * FROM scm_parcel
                            WHERE company_id = %(company)s AND direction = 'out' AND date_handed >= %(since)s) parcel
                    CROSS JOIN LATERAL (
                        SELECT code, is_ours, EXTRACT(EPOCH FROM GREATEST(stop - start, INTERVAL '0'))::float8 / 3600
                          FROM (VALUES ('1_ready', TRUE, date_ordered, date_ready),
                                       ('2_handed', TRUE, date_ready, date_handed),
                                       ('3_scan', FALSE, date_handed, date_first_scan),
                                       ('4_delivered', FALSE, date_first_scan, date_delivered)
                               ) AS way(code, is_ours, start, stop)
                         WHERE start IS NOT NULL AND stop IS NOT NULL) AS stage(code, is_ours, hours)
                    GROUP BY GROUPING SETS ((stage.code, is_ours, parcel.warehouse_id),
                                            (stage.code, is_ours, parcel.carrier_id), (stage.code))
                   HAVING (GROUPING(parcel.warehouse_id, parcel.carrier_id) = 3)
                       OR (count(*) >= %(smallest)s
                           AND CASE WHEN is_ours THEN parcel.warehouse_id ELSE parcel.carrier_id END IS NOT NULL)
                   ON CONFLICT (company_id, stage, COALESCE(warehouse_id, 0), COALESCE(carrier_id, 0)) DO UPDATE
                      SET hours_measured = EXCLUDED.hours_measured, sample = EXCLUDED.sample,
                          write_date = EXCLUDED.write_date""",
                company=company.id,
                since=fields.Datetime.to_datetime(local_today(company) - timedelta(days=WINDOW_DAYS)),
                smallest=SMALLEST_SAMPLE,
                now=now,
                uid=self.env.uid,
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count

    @api.model
    def _norms(self, parcels):
        """``{parcel id: {stage: hours}}``: of the warehouse or carrier, else of the company."""
        # sudo: what is usual is no secret to whoever may read the parcels
        norms = self.sudo().search([("company_id", "in", parcels.company_id.ids)])
        known = {
            (norm.company_id.id, norm.stage, norm.warehouse_id.id, norm.carrier_id.id): norm.hours
            for norm in norms
            if norm.hours_typed or norm.sample
        }
        found = {}
        for parcel in parcels:
            company = parcel.company_id.id
            found[parcel.id] = {}
            for stage, _label in STAGES:
                own = (parcel.warehouse_id.id, False) if stage in ("1_ready", "2_handed") else (
                    False,
                    parcel.carrier_id.id,
                )
                found[parcel.id][stage] = known.get((company, stage, *own), known.get((company, stage, False, False)))
        return found
