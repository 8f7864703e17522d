"""What the result page reads: cards and charts of all scenarios, products that differ most, and days of one product."""

import io
from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: products in the table of the page
TABLE_ROWS = 60
CARD_FIELDS = (
    "fill_rate", "demand", "lost_quantity", "lost_value", "lost_margin", "stock_value", "order_count", "ordering_cost",
    "holding_cost", "total_cost",
)  # fmt: skip


class ScmSimulation(models.Model):
    _inherit = "scm.simulation"

    @api.model
    def get_result(self, simulation_id=False):
        """Result of a simulation, for the page and for integrators; public, also over RPC.

        :param simulation_id: default: the last one of the company that is done
        :return: dict with ``scenarios`` (totals and series by week), ``weeks`` (first days), ``products`` (those whose
            cost differs most between scenarios); ``id`` is False when there is none yet
        """
        simulation = self.browse(simulation_id).exists() if simulation_id else self._last_done()
        if not simulation:
            return {"id": False, "choices": self._choices()}
        simulation.check_access("read")
        done = simulation.scenario_ids.filtered("done")
        return {
            "id": simulation.id,
            "name": simulation.name,
            "state": simulation.state,
            "progress": simulation.progress,
            "message": simulation.message or "",
            "currency_id": simulation.currency_id.id,
            "date_from": fields.Date.to_string(simulation.date_from),
            "date_to": fields.Date.to_string(simulation.date_to),
            "items": simulation.item_count,
            "left_out": simulation.left_out_count,
            "found": simulation.product_count,
            "restored": simulation.lost_repaired,
            "weeks": simulation._period_weeks(),
            "scenarios": [scenario._prepare_card() for scenario in done],
            "products": simulation._differing_products(done) if done else [],
            "choices": self._choices(),
            "can_manage": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    @api.model
    def _last_done(self):
        return self.search([("company_id", "=", self.env.company.id), ("state", "=", "done")], limit=1)

    @api.model
    def _choices(self):
        found = self.search([("company_id", "in", self.env.companies.ids), ("state", "=", "done")], limit=30)
        return [{"id": simulation.id, "name": simulation.display_name} for simulation in found]

    def _differing_products(self, scenarios):
        """Products with the largest span of cost between scenarios, each with its figures per scenario."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, warehouse_id,
                       array_agg(scenario_id), array_agg(fill_rate), array_agg(lost_value), array_agg(stock_value),
                       array_agg(order_count), array_agg(total_cost), array_agg(out_days)
                  FROM scm_simulation_result
                 WHERE simulation_id = %s AND scenario_id = ANY(%s)
              GROUP BY product_id, warehouse_id
              ORDER BY max(total_cost) - min(total_cost) DESC, product_id, warehouse_id
                 LIMIT %s
                """,
                self.id,
                scenarios.ids,
                TABLE_ROWS,
            )
        )
        products = self.env["product.product"].browse(row[0] for row in rows)
        warehouses = self.env["stock.warehouse"].browse(row[1] for row in rows)
        names = ("fill", "lost_value", "stock_value", "orders", "total_cost", "out_days")
        return [
            {
                "product_id": product.id,
                "warehouse_id": warehouse.id,
                "name": product.display_name,
                "warehouse": warehouse.code or "",
                "figures": {
                    str(scenario_id): {
                        name: float(values[place] or 0) for name, values in zip(names, row[3:], strict=True)
                    }
                    for place, scenario_id in enumerate(row[2])
                },
            }
            for product, warehouse, row in zip(products, warehouses, rows, strict=True)
        ]

    @api.model
    def get_replay(self, simulation_id, product_id, warehouse_id=False):
        """Day by day what happened to one product in each scenario; public, also over RPC.

        :param warehouse_id: default: the first one in which the product was replayed
        :return: dict with ``days`` and per scenario stock at the end of the day, demand, units missed, ordered and
            received, minimum and maximum; quantities in the product's unit
        """
        self.check_access("read")
        simulation = self.browse(simulation_id).exists()
        if not simulation:
            raise UserError(self.env._("This simulation was deleted."))
        simulation.check_access("read")
        done = simulation.scenario_ids.filtered("done")
        days = (simulation.date_to - simulation.date_from).days + 1
        by_scenario = {trace.res_id: trace.raw for trace in simulation._traces()}
        found = [
            (scenario, row)
            for scenario in done
            if scenario.id in by_scenario
            and (row := _days_of(by_scenario[scenario.id], product_id, warehouse_id, days))
        ]
        product = self.env["product.product"].browse(product_id).exists()
        if not found or not product:
            raise UserError(
                self.env._(
                    "This product is not part of “%(name)s”, or its days are gone. Run it again.", name=simulation.name
                )
            )
        warehouse = self.env["stock.warehouse"].browse(found[0][1]["warehouse_id"])
        return {
            "product_id": product.id,
            "product": product.display_name,
            "uom": product.uom_id.name,
            "warehouse_id": warehouse.id,
            "warehouse": warehouse.display_name,
            "days": [fields.Date.to_string(simulation.date_from + timedelta(days=day)) for day in range(days)],
            "scenarios": [{"id": scenario.id, "name": scenario.name} | row for scenario, row in found],
        }


class ScmSimulationScenario(models.Model):
    _inherit = "scm.simulation.scenario"

    def _prepare_card(self):
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "stock": (self.weeks or {}).get("stock", []),
            "lost": (self.weeks or {}).get("lost", []),
            "why": self.why or False,
            **{name: self[name] for name in CARD_FIELDS},
        }


def _days_of(raw, product_id, warehouse_id, days):
    """Series of one product out of what a scenario kept, or None; also where the file store has lost it."""
    if not raw:
        return None
    with np.load(io.BytesIO(raw), allow_pickle=False) as stored:
        keys = stored["keys"]
        mine = (keys[:, 0] == product_id) & ((keys[:, 1] == warehouse_id) if warehouse_id else True)
        if not mine.any():
            return None
        row = int(np.argmax(mine))
        column = np.searchsorted(stored["level_days"], np.arange(days), side="right") - 1
        series = {name: stored[name][row] for name in ("demand", "stock", "missed", "ordered", "received")}
        series |= {name: stored[name][row][column] for name in ("minimum", "maximum")}
        place = int(keys[row, 1])
    return {name: np.round(values.astype(float), 3).tolist() for name, values in series.items()} | {
        "warehouse_id": place
    }
