from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from psycopg2.errors import UniqueViolation

from odoo.addons.scm_base.tools.zones import local_today

from .scm_count_task import OPEN_STATES

#: who may ask for a count
ASKERS = ("stock.group_stock_user", "scm_base.scm_group_manager")


class ScmCountTask(models.Model):
    """Counts that something asked for: a person, a pick, a difference nearby."""

    _inherit = "scm.count.task"

    plan_reason = fields.Selection(
        [
            ("overdue", "Overdue by Class"),
            ("due", "Due by Class"),
            ("risk", "Risk"),
            ("negative", "Book below Zero"),
            ("emptied", "Emptied by a Pick"),
            ("short_pick", "Short Pick"),
            ("neighbour", "Difference nearby"),
            ("asked", "Asked for"),
        ],
        "Reason",
        readonly=True,
        copy=False,
    )
    risk = fields.Float(aggregator="sum")
    zone_id = fields.Many2one(related="location_id.scm_zone_id", string="Zone", store=True, index="btree_not_null")
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_is_overdue")

    @api.depends("name", "location_name")
    def _compute_display_name(self):
        """The place first: that is what people look for."""
        for task in self:
            task.display_name = f"{task.location_name} ({task.name})" if task.location_name else task.name

    @api.depends("date", "state")
    def _compute_is_overdue(self):
        today = {company: local_today(company) for company in self.company_id}
        for task in self:
            task.is_overdue = bool(task.date and task.state in OPEN_STATES and task.date < today[task.company_id])

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("date", "<", local_today(self.env.company)), ("state", "in", OPEN_STATES)]

    @api.model
    def request_count(self, location_ids, product_ids=None):
        """Ask for places to be counted today; public, also over RPC. For people of the warehouse.

        :param location_ids: ids of places
        :param product_ids: count only these products there; empty: all that lies there
        :return: ids of the counts, new or already open, in the order of the places and products
        :raises UserError: naming a place that cannot be counted
        """
        if not any(self.env.user.has_group(group) for group in ASKERS):
            raise AccessError(self.env._("Only people of the warehouse can ask for a count. Ask one of them."))
        places = self.env["stock.location"].browse(location_ids).exists()
        places.check_access("read")
        self._check_countable(places, location_ids)
        products = self.env["product.product"].browse(product_ids or []).exists()
        products.check_access("read")
        if product_ids and len(products) < len(set(product_ids)):
            raise UserError(self.env._("A product that was asked for does not exist any more. Choose again."))
        rows = [(place, product) for place in places for product in products or [products]]
        return self._ask([(*row, "manual", "asked", {}) for row in rows])

    @api.model
    def action_plan_now(self):
        """Plan the present company at once. For supply-chain managers."""
        return self.env["scm.count.plan.run"].action_run()

    @api.model
    def _check_countable(self, places, asked):
        if len(places) < len(set(asked)) or not asked:
            raise UserError(self.env._("A place that was asked for does not exist any more. Choose again."))
        for place in places:
            if place.usage != "internal" or not place.warehouse_id or not place.active:
                raise UserError(
                    self.env._(
                        "“%(place)s” cannot be counted: only places inside a warehouse that are in use can.",
                        place=place.complete_name,
                    )
                )

    @api.model
    def _ask(self, rows):
        """Open counts for today where none is open; four queries, however many there are.

        A place whose whole count is open needs none of its products.

        :param rows: ``[(place, product or empty, origin, reason, why)]``
        :return: ids of the open counts, one a row
        """
        # sudo: whoever asks was checked by the caller, or moves goods that he may move; counts are made by programs
        tasks = self.sudo()
        places = self.env["stock.location"].browse({row[0].id for row in rows}).sudo()  # sudo: as above
        standing = tasks._open_counts(places)
        missing = {}
        for place, product, *rest in rows:
            key = (place.id, product.id)
            if key not in standing and (place.id, False) not in standing and (place.id, False) not in missing:
                missing.setdefault(key, (place.sudo(), *rest))  # sudo: as above
        today = {one: local_today(one.company_id, one) for one in places.warehouse_id}
        vals_list = [
            {
                "location_id": place.id,
                "product_id": product,
                "date": today[place.warehouse_id],
                "origin": origin,
                "plan_reason": reason,
                "priority": "1",
                "why": why or False,
            }
            for (_id, product), (place, origin, reason, why) in missing.items()
        ]
        try:
            with self.env.cr.savepoint():
                made = tasks.create(vals_list)
                made.flush_recordset()
            standing.update({(task.location_id.id, task.product_id.id): task.id for task in made})
        except UniqueViolation:
            # somebody else asked in the same moment: his count is as good
            self.env.invalidate_all(flush=False)
        found = [standing.get((row[0].id, row[1].id)) or standing.get((row[0].id, False)) for row in rows]
        return [number for number in found if number]

    def _open_counts(self, places):
        """``{(place, product or False): id}`` of the counts that are open there."""
        tasks = self.search_fetch(
            [("location_id", "in", places.ids), ("state", "in", OPEN_STATES)], ["location_id", "product_id"]
        )
        return {(task.location_id.id, task.product_id.id): task.id for task in tasks}

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "done":
            self._ask_neighbours()
        return result

    def _ask_neighbours(self):
        """Where a count was wrong, what lies beside it is counted too, and where a stray product should lie."""
        # sudo: the setting of a warehouse holds for everybody who counts there
        tasks = self.filtered(lambda task: task.warehouse_id.sudo().scm_count_neighbours and task.location_id)
        if not tasks:
            return
        self.env.flush_all()
        rows = self.env.execute_query(self._neighbours_sql(tasks))
        place_of, product_of = self.env["stock.location"].browse, self.env["product.product"].browse
        names = {task.id: f"{task.name} · {task.location_name or ''}" for task in tasks}
        self._ask(
            [
                (place_of(place), product_of(product), "demand", "neighbour", self._why_asked("neighbour", names[task]))
                for task, place, product in rows
            ]
        )

    @api.model
    def _neighbours_sql(self, tasks):
        """Rows (task, place, product): places one bay or level away that hold goods, whole; and the three places that
        hold most of a product which was found where none should be. Places that were counted lately rest."""
        return SQL(
            """WITH wrong AS (
                   SELECT line.task_id, line.location_id, line.product_id, line.is_unexpected, line.difference
                     FROM scm_count_line line
                    WHERE line.task_id = ANY(%(tasks)s) AND line.in_tolerance IS NOT TRUE
                      AND COALESCE(line.difference, 0) != 0
               ), beside AS (
                   SELECT DISTINCT ON (near.id) wrong.task_id, near.id AS place_id, NULL::int AS product_id
                     FROM wrong
                     JOIN stock_location place ON place.id = wrong.location_id AND place.scm_aisle IS NOT NULL
                     JOIN stock_location near
                       ON near.warehouse_id = place.warehouse_id AND near.scm_aisle = place.scm_aisle
                      AND ABS(COALESCE(near.scm_bay, 0) - COALESCE(place.scm_bay, 0))
                        + ABS(COALESCE(near.scm_level, 0) - COALESCE(place.scm_level, 0)) = 1
                    WHERE near.usage = 'internal' AND near.active AND near.scm_is_locked IS NOT TRUE
                    ORDER BY near.id, wrong.task_id
               ), home AS (
                   SELECT task_id, place_id, product_id FROM (
                       SELECT wrong.task_id, quant.location_id AS place_id, wrong.product_id,
                              row_number() OVER (PARTITION BY wrong.task_id, wrong.product_id
                                                     ORDER BY SUM(quant.quantity) DESC, quant.location_id) AS rank
                         FROM wrong
                         JOIN scm_count_task task ON task.id = wrong.task_id
                         JOIN stock_quant quant
                           ON quant.product_id = wrong.product_id AND quant.location_id != wrong.location_id
                         JOIN stock_location place ON place.id = quant.location_id
                        WHERE wrong.is_unexpected AND wrong.difference > 0 AND place.usage = 'internal'
                          AND place.active AND place.warehouse_id = task.warehouse_id
                        GROUP BY 1, 2, 3 HAVING SUM(quant.quantity) > 0
                   ) ranked WHERE rank <= 3
               )
               SELECT asked.task_id, asked.place_id, asked.product_id
                 FROM (SELECT * FROM beside UNION ALL SELECT * FROM home) asked
                 JOIN stock_location place ON place.id = asked.place_id
                 JOIN stock_warehouse warehouse ON warehouse.id = place.warehouse_id
                WHERE EXISTS (SELECT FROM stock_quant quant WHERE quant.location_id = place.id AND quant.quantity != 0)
                  AND NOT EXISTS (
                      SELECT FROM scm_count_task recent
                       WHERE recent.location_id = place.id AND recent.state = 'done'
                         AND (recent.product_id IS NULL OR recent.product_id = asked.product_id)
                         AND COALESCE(recent.counted_at, recent.done_at)
                             >= %(now)s - make_interval(days => warehouse.scm_count_min_days))
                ORDER BY asked.product_id NULLS FIRST, asked.task_id, asked.place_id""",
            tasks=tasks.ids,
            now=fields.Datetime.now(),
        )

    @api.model
    def _why_asked(self, reason, trigger):
        codes = {
            "neighbour": "count_trigger_count",
            "short_pick": "count_trigger_picking",
            "emptied": "count_trigger_picking",
        }
        method = {"neighbour": "count_neighbour", "short_pick": "count_short_pick", "emptied": "count_emptied"}
        return {
            "value": 1,
            "unit": "",
            "method": method[reason],
            "formula": "",
            "sample": 1,
            "terms": [{"code": codes[reason], "value": trigger, "unit": ""}],
            "notes": [],
        }
