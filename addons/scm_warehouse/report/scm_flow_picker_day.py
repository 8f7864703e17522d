from odoo import fields, models
from odoo.tools import SQL

#: stages at which goods are taken out of their places
PICK_STAGES = ("pick", "ship")


class ScmFlowPickerDay(models.Model):
    """What one person picked on one local day, and the hours that it took: see kernel/flow.py, ``active_hours``.

    Hours run from transfer to transfer; a gap counts up to the warehouse's limit. Transfers that were booked in the
    same half minute, as those of a batch, are one moment. A day with one moment has no hours.
    """

    _name = "scm.flow.picker.day"
    _description = "Picks of a Person on a Day"
    _auto = False
    _order = "date DESC, id DESC"
    _rec_name = "user_id"
    _depends = {
        "scm.flow.fact": [
            "company_id", "warehouse_id", "stage", "state", "user_id", "done_at", "done_date", "pick_count", "units",
        ],
        "stock.warehouse": ["scm_pick_gap_minutes"],
    }  # fmt: skip

    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    user_id = fields.Many2one("res.users", "Picked by", readonly=True)
    date = fields.Date("Day", readonly=True)
    transfers = fields.Integer(readonly=True)
    picks = fields.Integer(readonly=True, help="Lines taken out of places.")
    units = fields.Float(digits="Product Unit", readonly=True)
    hours = fields.Float("Hours at Work", readonly=True)
    timed_picks = fields.Integer("Picks with Hours", readonly=True, help="Of days whose hours are known.")
    rate = fields.Float("Picks per Hour", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT day.id, day.company_id, day.warehouse_id, day.user_id, day.done_date AS date, day.transfers,
                   day.picks, day.units, day.hours, CASE WHEN day.hours > 0 THEN day.picks ELSE 0 END AS timed_picks,
                   day.picks / NULLIF(day.hours, 0) AS rate
              FROM (SELECT min(id) AS id, company_id, warehouse_id, user_id, done_date, count(*) AS transfers,
                           sum(pick_count) AS picks, sum(units) AS units,
                           COALESCE(sum(LEAST(gap, longest)) FILTER (WHERE gap IS NOT NULL)
                                    * (count(*) FILTER (WHERE gap > 30) + 1)
                                    / NULLIF(count(*) FILTER (WHERE gap > 30), 0), 0) / 3600 AS hours
                      FROM (SELECT fact.*, COALESCE(warehouse.scm_pick_gap_minutes, 0) * 60 AS longest,
                                   extract(epoch FROM fact.done_at - lag(fact.done_at) OVER (
                                       PARTITION BY fact.warehouse_id, fact.user_id, fact.done_date
                                       ORDER BY fact.done_at, fact.id)) AS gap
                              FROM scm_flow_fact fact JOIN stock_warehouse warehouse ON warehouse.id = fact.warehouse_id
                             WHERE fact.state = 'done' AND fact.stage IN %s AND fact.pick_count > 0
                               AND fact.user_id IS NOT NULL) timed
                     GROUP BY company_id, warehouse_id, user_id, done_date) day
            """,
            PICK_STAGES,
        )

    def _read_group_select(self, aggregate_spec, query):
        """A rate of several days is picks over hours, not the mean of rates."""
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        picks, hours = (self._field_to_sql(self._table, name, query) for name in ("timed_picks", "hours"))
        return SQL("SUM(%s) / NULLIF(SUM(%s), 0)", picks, hours)
