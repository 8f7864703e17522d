from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, zone_sql

#: what was done longer ago is not read; what is open always is
HISTORY_DAYS = 400
#: a beginning less than this before the end is the booking itself: nobody said when work began
LEAST_WORK = "1 minute"

#: transfers to be read again; put-aways lead to the receipts that they finish
_TOUCHED = """
    WITH RECURSIVE changed AS (
        SELECT picking.id, picking.state FROM stock_picking picking
          JOIN stock_picking_type type ON type.id = picking.picking_type_id
         WHERE picking.company_id = %(company)s AND type.warehouse_id IS NOT NULL
           AND (picking.state NOT IN ('draft', 'cancel', 'done') OR %(changed)s)),
    upstream AS (
        SELECT move.id AS move_id, move.picking_id, 0 AS depth FROM changed
          JOIN stock_move move ON move.picking_id = changed.id
          JOIN stock_picking_type type ON type.id = move.picking_type_id AND type.code = 'internal'
        UNION
        SELECT origin.id, origin.picking_id, upstream.depth + 1 FROM upstream
          JOIN stock_move_move_rel rel ON rel.move_dest_id = upstream.move_id
          JOIN stock_move origin ON origin.id = rel.move_orig_id
         WHERE upstream.depth < 4)
    SELECT id FROM changed UNION SELECT picking_id FROM upstream WHERE depth > 0 AND picking_id IS NOT NULL
"""

#: one row per touched transfer that has a flow: what is written of it
_ROWS = """
    WITH RECURSIVE base AS (
        SELECT picking.*, type.code, type.warehouse_id, warehouse.view_location_id,
               stock.parent_path || '%%' AS stock_path, %(zone)s AS zone, picking.return_id IS NOT NULL AS is_back,
               CASE WHEN type.code = 'incoming' THEN 'receive'
                    WHEN type.id IN (warehouse.store_type_id, warehouse.qc_type_id) THEN 'put_away'
                    WHEN type.code = 'outgoing' THEN 'ship'
                    WHEN type.id = warehouse.pick_type_id THEN 'pick'
                    WHEN type.id = warehouse.pack_type_id THEN 'pack'
                    ELSE 'internal' END AS stage
          FROM pg_temp.scm_flow_touched touched
          JOIN stock_picking picking ON picking.id = touched.id
          JOIN stock_picking_type type ON type.id = picking.picking_type_id
          JOIN stock_warehouse warehouse ON warehouse.id = type.warehouse_id
          JOIN stock_location stock ON stock.id = warehouse.lot_stock_id
          JOIN res_company company ON company.id = picking.company_id
          JOIN res_partner company_partner ON company_partner.id = company.partner_id
          LEFT JOIN res_partner warehouse_partner ON warehouse_partner.id = warehouse.partner_id
         WHERE picking.state NOT IN ('draft', 'cancel') AND type.code IN ('incoming', 'outgoing', 'internal')),
    demand AS (
        SELECT move.picking_id, count(*) AS lines, sum(move.product_qty) AS units,
               sum(move.product_qty * COALESCE((product.standard_price ->> %(company_key)s)::numeric, 0)) AS value,
               max(move.date) AS last_date
          FROM base JOIN stock_move move ON move.picking_id = base.id AND move.state <> 'cancel'
          JOIN product_product product ON product.id = move.product_id
         GROUP BY move.picking_id),
    work AS (
        SELECT line.picking_id, count(*) FILTER (WHERE place.parent_path LIKE base.stock_path
                                      AND base.stage IN ('pick', 'ship') AND NOT base.is_back) AS picks,
               sum(line.quantity_product_uom) AS units, max(line.create_date) AS reserved_at,
               sum(line.quantity_product_uom
                   * COALESCE((product.standard_price ->> %(company_key)s)::numeric, 0)) AS value
          FROM base JOIN stock_move_line line ON line.picking_id = base.id
          JOIN stock_location place ON place.id = line.location_id
          JOIN product_product product ON product.id = line.product_id
         WHERE base.state <> 'done' OR line.state = 'done'
         GROUP BY line.picking_id),
    way AS (
        SELECT base.id AS receipt_id, move.id AS move_id, move.state, move.date, 0 AS depth, base.stock_path,
               place.parent_path LIKE base.stock_path AS is_stored
          FROM base JOIN stock_move move ON move.picking_id = base.id AND move.state = 'done'
          JOIN stock_location place ON place.id = move.location_dest_id
         WHERE base.stage = 'receive'
        UNION ALL
        SELECT way.receipt_id, move.id, move.state, move.date, way.depth + 1, way.stock_path,
               place.parent_path LIKE way.stock_path
          FROM way JOIN stock_move_move_rel rel ON rel.move_orig_id = way.move_id
          JOIN stock_move move ON move.id = rel.move_dest_id AND move.state <> 'cancel'
          JOIN stock_location place ON place.id = move.location_dest_id
         WHERE NOT way.is_stored AND way.depth < 4),
    stored AS (
        SELECT receipt_id, max(date) FILTER (WHERE is_stored AND state = 'done') AS stored_at,
               CASE WHEN bool_or(state <> 'done') THEN 'open'
                    WHEN bool_or(is_stored AND depth > 0) THEN 'put_away'
                    WHEN bool_or(is_stored) THEN 'one_step' ELSE 'elsewhere' END AS source
          FROM way GROUP BY receipt_id),
    moment AS (
        SELECT base.id, COALESCE(sale.date_order, base.create_date) AS ordered_at,
               CASE WHEN sale.id IS NULL THEN 'transfer' ELSE 'order' END AS ordered_source,
               COALESCE(base.date_deadline, base.scheduled_date) AS promised_at,
               CASE WHEN base.date_deadline IS NULL THEN 'scheduled' ELSE 'deadline' END AS promised_source,
               CASE WHEN base.state = 'done' THEN COALESCE(base.date_done, demand.last_date) END AS done_at,
               CASE WHEN base.state <> 'done'
                      OR base.scm_started_at < COALESCE(base.date_done, demand.last_date) - %(least)s::interval
                    THEN base.scm_started_at END AS started_at,
               work.reserved_at, demand.lines, work.picks,
               CASE WHEN base.state = 'done' THEN work.units ELSE demand.units END AS units,
               CASE WHEN base.state = 'done' THEN work.value ELSE demand.value END AS value
          FROM base LEFT JOIN sale_order sale ON sale.id = base.sale_id
          LEFT JOIN demand ON demand.picking_id = base.id LEFT JOIN work ON work.picking_id = base.id),
    ready AS (
        SELECT base.id,
               CASE WHEN base.stage = 'receive' THEN moment.started_at
                    WHEN base.state NOT IN ('assigned', 'done') THEN NULL
                    ELSE COALESCE(base.scm_ready_at, LEAST(moment.reserved_at, moment.done_at), moment.ordered_at)
                END AS ready_at,
               CASE WHEN base.stage = 'receive'
                    THEN CASE WHEN moment.started_at IS NULL THEN 'none' ELSE 'stamp' END
                    WHEN base.state NOT IN ('assigned', 'done') THEN NULL
                    WHEN base.scm_ready_at IS NOT NULL THEN 'stamp'
                    WHEN moment.reserved_at IS NOT NULL THEN 'reservation' ELSE 'ordered' END AS ready_source
          FROM base JOIN moment ON moment.id = base.id)
    SELECT base.company_id, base.warehouse_id, base.id AS picking_id, base.picking_type_id, base.stage,
           CASE WHEN base.state = 'done' THEN 'done' WHEN moment.started_at IS NOT NULL THEN 'started'
                WHEN base.state = 'assigned' AND base.stage <> 'receive' THEN 'ready' ELSE 'waiting' END AS state,
           base.is_back AS is_return, base.partner_id,
           COALESCE(base.user_id, base.scm_done_by_id) AS user_id, base.batch_id,
           moment.ordered_at, moment.promised_at, moment.promised_at AS promised_first_at, ready.ready_at,
           moment.started_at, moment.done_at,
           CASE WHEN stored.source IN ('one_step', 'put_away') THEN stored.stored_at END AS stored_at,
           moment.ordered_source, moment.promised_source,
           ready.ready_source, CASE WHEN moment.started_at IS NULL THEN 'none' ELSE 'stamp' END AS started_source,
           stored.source AS stored_source, base.zone, COALESCE(moment.lines, 0) AS line_count,
           COALESCE(moment.picks, 0) AS pick_count, COALESCE(moment.units, 0) AS units,
           round(COALESCE(moment.value, 0), 2) AS value
      FROM base JOIN moment ON moment.id = base.id JOIN ready ON ready.id = base.id
      LEFT JOIN stored ON stored.receipt_id = base.id
"""

_COLUMNS = (
    "company_id", "warehouse_id", "picking_id", "picking_type_id", "stage", "state", "is_return", "partner_id",
    "user_id", "batch_id", "ordered_at", "promised_at", "promised_first_at", "ready_at", "started_at", "done_at",
    "stored_at", "ordered_source", "promised_source", "ready_source", "started_source", "stored_source", "line_count",
    "pick_count", "units", "value", "ordered_date", "done_date", "done_hour", "is_late", "wait_hours", "queue_hours",
    "work_hours", "cycle_hours", "dock_hours",
)  # fmt: skip
#: the promise that was given first stays, and lateness is measured against it
_FROZEN = ("picking_id", "promised_first_at", "is_late")


def _hours(start, stop):
    """Hours from one moment to another, never negative; nothing while one of them is missing."""
    # GREATEST would take 0 for a missing moment
    return SQL(
        "CASE WHEN %(stop)s >= %(start)s THEN extract(epoch FROM %(stop)s - %(start)s) / 3600"
        " WHEN %(stop)s < %(start)s THEN 0 END",
        stop=stop,
        start=start,
    )


class ScmFlowFact(models.Model):
    """How the facts come about: by increments, the same few statements for one transfer and for a million."""

    _inherit = "scm.flow.fact"

    @api.model
    def refresh_flow(self, full=False):
        """Bring the flow of the user's present companies up to date. For supply chain users; also over RPC.

        :param full: read all transfers of the last 400 days again, which only managers may ask for
        :return: count of transfers that were read
        :raise AccessError: for who is no supply chain user, or asks for all without being manager
        """
        role = "scm_base.scm_group_manager" if full else "scm_base.scm_group_user"
        if not (self.env.su or self.env.user.has_group(role)):
            raise AccessError(
                self.env._("The flow is read by supply chain users, and all of it again only by managers. Ask for it.")
            )
        # sudo: the role was checked, and env.companies are companies of the user; facts are closed for writing
        facts = self.sudo()
        return sum(facts._refresh(company, full=bool(full)) for company in self.env.companies)

    @api.model
    def _cron_refresh(self):
        """Every ten minutes: each company by itself; the alerts follow what was found."""
        companies = self.env["res.company"].search([("active", "=", True)])
        remaining = len(companies)
        for company in companies:
            self._refresh(company)
            self._check_flow(company)
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    @api.model
    def _refresh(self, company, full=False):
        """Bring the facts of a company up to date; count of transfers that were read.

        All is read again the first time, when ``full``, and when a time zone changed.
        """
        self.env.flush_all()
        state = self.env["scm.flow.state"]._of(company)
        watermark, zones = state._next_watermark(), state._zones(company)
        full = full or not state.watermark or state.zones != zones
        self.env.cr.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
        self._collect_touched(company, None if full else state.watermark)
        self._drop_gone()
        count = self._write_facts(company)
        state.write({"watermark": watermark, "zones": zones, "date_refreshed": fields.Datetime.now()})
        self.env.flush_all()
        self.invalidate_model()
        return count

    @api.model
    def _collect_touched(self, company, since):
        """Temporary table of the transfers to be read again; ``since`` None: all of the last 400 days."""
        changed = (
            SQL("picking.write_date > %s", since)
            if since
            else SQL(
                "picking.state = 'done' AND COALESCE(picking.date_done, picking.create_date) > %s::timestamp - %s",
                fields.Datetime.now(),
                SQL("interval '%s days'", SQL(str(HISTORY_DAYS))),
            )
        )
        self.env.cr.execute("DROP TABLE IF EXISTS pg_temp.scm_flow_touched")
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE scm_flow_touched ON COMMIT DROP AS %s",
                SQL(_TOUCHED, company=company.id, changed=changed),
            )
        )
        self.env.cr.execute("CREATE UNIQUE INDEX ON scm_flow_touched (id); ANALYZE scm_flow_touched")

    @api.model
    def _drop_gone(self):
        """What was cancelled, or moved to no warehouse, has no flow any more."""
        self.env.cr.execute(
            """DELETE FROM scm_flow_fact fact USING scm_flow_touched touched, stock_picking picking
                WHERE fact.picking_id = touched.id AND picking.id = touched.id
                  AND picking.state IN ('draft', 'cancel')"""
        )

    @api.model
    def _write_facts(self, company):
        """Insert or replace the rows of the touched transfers; count of them."""
        names = SQL(", ").join(SQL.identifier(name) for name in _COLUMNS)
        updates = SQL(", ").join(
            SQL("%s = excluded.%s", SQL.identifier(name), SQL.identifier(name))
            for name in _COLUMNS
            if name not in _FROZEN
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO scm_flow_fact (%(names)s) SELECT %(names)s FROM (%(rows)s) fact
                   ON CONFLICT (picking_id) DO UPDATE
                         SET %(updates)s,
                             promised_first_at = COALESCE(scm_flow_fact.promised_first_at, excluded.promised_at),
                             is_late = COALESCE(excluded.done_at, %(now)s)
                                       > COALESCE(scm_flow_fact.promised_first_at, excluded.promised_at)""",
                names=names,
                rows=self._timed_rows(company),
                updates=updates,
                now=fields.Datetime.now(),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _timed_rows(self, company):
        """The rows of the touched transfers with local days, and the hours between their moments."""
        zone = SQL("fact.zone")
        return SQL(
            """
            SELECT fact.*, %(ordered_day)s AS ordered_date, %(done_day)s AS done_date,
                   extract(hour FROM timezone(fact.zone, timezone('UTC', fact.done_at)))::int AS done_hour,
                   COALESCE(fact.done_at, %(now)s) > fact.promised_first_at AS is_late,
                   CASE WHEN fact.stage <> 'receive' THEN %(wait)s END AS wait_hours,
                   CASE WHEN fact.stage <> 'receive' THEN %(queue)s END AS queue_hours,
                   %(work)s AS work_hours,
                   CASE WHEN fact.stage = 'ship' AND NOT fact.is_return THEN %(cycle)s END AS cycle_hours,
                   %(dock)s AS dock_hours
              FROM (%(rows)s) fact
            """,
            ordered_day=local_day_sql(SQL("fact.ordered_at"), zone),
            done_day=local_day_sql(SQL("fact.done_at"), zone),
            now=fields.Datetime.now(),
            wait=_hours(SQL("fact.ordered_at"), SQL("fact.ready_at")),
            queue=_hours(SQL("fact.ready_at"), SQL("fact.started_at")),
            work=_hours(SQL("fact.started_at"), SQL("fact.done_at")),
            cycle=_hours(SQL("fact.ordered_at"), SQL("fact.done_at")),
            dock=_hours(SQL("COALESCE(fact.ready_at, fact.done_at)"), SQL("fact.stored_at")),
            rows=SQL(
                _ROWS,
                zone=zone_sql("company_partner", "warehouse_partner"),
                company_key=str(company.id),
                least=LEAST_WORK,
            ),
        )
