from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_sql

from ..models.scm_parcel import STATUSES
from ..models.scm_stage_norm import STAGES


class ScmParcelStage(models.Model):
    """One row per parcel and stage that has begun: how long it took, against its norm; see kernel/stages.py."""

    _name = "scm.parcel.stage"
    _description = "Stages of Parcels"
    _auto = False
    _order = "date_handed DESC, id"
    _rec_name = "parcel_id"

    parcel_id = fields.Many2one("scm.parcel", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    zone_id = fields.Many2one("scm.zone", readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    date_handed = fields.Date("Handed over on", readonly=True, help="Day in the zone of the warehouse.")
    stage = fields.Selection(STAGES, readonly=True)
    who = fields.Selection([("warehouse", "Our Warehouse"), ("carrier", "Carrier")], "Whose Stage", readonly=True)
    hours = fields.Float(readonly=True, aggregator="avg", help="So far, if the stage is still running.")
    norm = fields.Float("Norm (hours)", readonly=True, aggregator="avg")
    excess = fields.Float("Hours beyond the Norm", readonly=True, aggregator="sum")
    is_over = fields.Boolean("Over the Norm", readonly=True)
    is_open = fields.Boolean("Still Running", readonly=True)
    is_late = fields.Boolean("Parcel Late", readonly=True)
    guilty = fields.Integer(
        "Made Late Here",
        readonly=True,
        aggregator="sum",
        help="Late parcels that lost most of their time in this stage.",
    )
    count = fields.Integer("Parcels", readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        now = fields.Datetime.now()
        return SQL(
            """SELECT parcel.id * 4 + stage.number AS id, parcel.id AS parcel_id, parcel.company_id, parcel.carrier_id,
                      parcel.warehouse_id, parcel.zone_id, parcel.status, %(day)s AS date_handed, stage.code AS stage,
                      stage.who, stage.hours, stage.norm, stage.excess, COALESCE(stage.excess > 0, FALSE) AS is_over,
                      stage.is_open, parcel.is_late, 1 AS count,
                      CASE WHEN parcel.is_late AND stage.excess > 0
                            AND stage.code = CASE GREATEST(x.e0, x.e1, x.e2, x.e3) WHEN x.e0 THEN '1_ready'
                                WHEN x.e1 THEN '2_handed' WHEN x.e2 THEN '3_scan' ELSE '4_delivered' END
                           THEN 1 ELSE 0 END AS guilty
                 FROM scm_parcel parcel
                 JOIN res_company company ON company.id = parcel.company_id
                 JOIN res_partner company_partner ON company_partner.id = company.partner_id
                 LEFT JOIN stock_warehouse warehouse ON warehouse.id = parcel.warehouse_id
                 LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = warehouse.partner_id
                 %(norms)s
                CROSS JOIN LATERAL (SELECT %(hours)s) AS h(h0, h1, h2, h3)
                CROSS JOIN LATERAL (SELECT GREATEST(h0 - n0.hours, 0), GREATEST(h1 - n1.hours, 0),
                                           GREATEST(h2 - n2.hours, 0), GREATEST(h3 - n3.hours, 0)) AS x(e0, e1, e2, e3)
                CROSS JOIN LATERAL (VALUES
                    (0, '1_ready', 'warehouse', h0, n0.hours, e0, parcel.date_ready IS NULL),
                    (1, '2_handed', 'warehouse', h1, n1.hours, e1, parcel.date_handed IS NULL),
                    (2, '3_scan', 'carrier', h2, n2.hours, e2,
                        parcel.date_first_scan IS NULL AND parcel.date_delivered IS NULL),
                    (3, '4_delivered', 'carrier', h3, n3.hours, e3, parcel.date_delivered IS NULL)
                ) AS stage(number, code, who, hours, norm, excess, is_open)
                WHERE parcel.direction = 'out' AND stage.hours IS NOT NULL""",
            day=local_day_sql(SQL("parcel.date_handed"), zone_sql("company_partner", "warehouse_partner")),
            norms=SQL(" ").join(_norm(number, stage) for number, (stage, _label) in enumerate(STAGES)),
            hours=_hours(now),
        )


def _norm(number, stage):
    """Join of the norm of a stage: of the warehouse or carrier, else of the company."""
    column = SQL.identifier("warehouse_id" if number < 2 else "carrier_id")
    return SQL(
        """LEFT JOIN LATERAL (
               SELECT COALESCE(NULLIF(norm.hours_typed, 0), norm.hours_measured) AS hours FROM scm_stage_norm norm
                WHERE norm.company_id = parcel.company_id AND norm.stage = %s
                  AND (norm.%s = parcel.%s OR (norm.warehouse_id IS NULL AND norm.carrier_id IS NULL))
                  AND (COALESCE(norm.hours_typed, 0) > 0 OR norm.sample > 0)
                ORDER BY norm.%s IS NULL LIMIT 1) %s ON TRUE""",
        stage,
        column,
        column,
        column,
        SQL.identifier(f"n{number}"),
    )


def _hours(now):
    """The four durations; a stage that has not begun is empty, one that runs goes on until now or the parcel's end."""
    end = SQL("COALESCE(CASE WHEN parcel.is_final THEN parcel.status_at END, %s)", now)
    ways = (
        ("date_ordered", SQL("date_ready")),
        ("date_ready", SQL("date_handed")),
        ("date_handed", SQL("COALESCE(date_first_scan, CASE WHEN date_delivered IS NOT NULL THEN date_handed END)")),
        (None, SQL("date_delivered")),
    )
    starts = [SQL.identifier("parcel", start) for start, _stop in ways[:3]]
    starts.append(SQL("COALESCE(date_first_scan, CASE WHEN date_delivered IS NOT NULL THEN date_handed END)"))
    return SQL(", ").join(
        SQL(
            """CASE WHEN %(start)s IS NOT NULL
                    THEN EXTRACT(EPOCH FROM GREATEST(COALESCE(%(stop)s, %(end)s) - %(start)s,
                                                     INTERVAL '0'))::float8 / 3600 END""",
            start=start,
            stop=stop,
            end=end,
        )
        for start, (_name, stop) in zip(starts, ways, strict=True)
    )
