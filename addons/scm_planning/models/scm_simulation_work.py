"""Second and third beat of a simulation: replay, and write what came of it."""

import csv
import io
from datetime import timedelta

import numpy as np
import pandas as pd
from odoo import fields, models
from odoo.tools import SQL

from ..kernel import replay
from ..kernel.replay import Levels, Prices, Supply

RESULT_COLUMNS = (
    "simulation_id", "scenario_id", "company_id", "product_id", "warehouse_id", "categ_id", "abc", "xyz", "demand",
    "lost", "lost_value", "fill_rate", "stock", "stock_value", "order_count", "out_days", "ordering_cost",
    "holding_cost", "total_cost",
)  # fmt: skip
#: items replayed at once, so that memory does not grow with them
BLOCK = 2000
#: an order that would never come is taken as this late
LATEST_DAYS = 800


class ScmSimulation(models.Model):
    """A batch is the scenarios with the same demand, because they share the forecasts."""

    _inherit = "scm.simulation"

    def _next_batch(self):
        self.ensure_one()
        todo = self.scenario_ids.filtered(lambda scenario: not scenario.done)
        if not self.total_count:
            self.total_count = len(self.scenario_ids)
        if not todo:
            return 0
        batch = todo.filtered(lambda scenario: scenario.demand_change == todo[0].demand_change)
        self._simulate(batch)
        return len(batch)

    def _clear(self):
        """Forget what an earlier run found."""
        self.write({"done_count": 0, "total_count": 0, "item_count": 0, "left_out_count": 0, "lost_repaired": 0})
        self.scenario_ids.write({"done": False, "weeks": False, "why": False})
        self.env["scm.simulation.result"].search([("simulation_id", "=", self.id)]).unlink()
        self._traces().unlink()

    def _traces(self):
        domain = [
            ("res_model", "=", "scm.simulation.scenario"),
            ("res_id", "in", self.scenario_ids.ids),
            ("res_field", "=", "trace"),
        ]
        # sudo: attachments without a field are closed to users; whoever got the simulation may have its days
        return self.env["ir.attachment"].sudo().search(domain)

    def unlink(self):
        traces = self._traces()
        result = super().unlink()
        traces.unlink()
        return result

    # Replay

    def _simulate(self, scenarios):
        reader = self.env["scm.simulation.input"]
        data = reader._read(self)
        factor = 1 + scenarios[0].demand_change
        days = replay.plan_days(data.length, 7 * self.refresh_weeks)
        made = self._forecasts(data, days, factor) if scenarios.filtered(lambda s: s.kind != "typed") else None
        arrive = reader._arrive(self.company_id, data)
        shared = {}
        for scenario in scenarios:
            self._run_scenario(scenario, data, days, (made, shared), factor, arrive)
        period = slice(data.first + data.warm_up, None)
        self.write(
            {
                "item_count": data.n,
                "left_out_count": data.left_out,
                "lost_repaired": float(data.history.lost[: data.n, period].sum()),
            }
        )

    def _forecasts(self, data, days, factor):
        return replay.forecasts_through_time(
            data.history,
            data.first + days,
            calendar=data.calendar,
            most_weeks=self.company_id.scm_history_weeks,
            factor_from=data.first,
            factor=factor,
        )

    def _run_scenario(self, scenario, data, days, made, factor, arrive):
        """Replay one scenario block by block of items and write it."""
        refresh = self.env["scm.policy.refresh"]
        policies = scenario._apply_settings(refresh._choose_policies(self.company_id, data.items))
        settings = self._settings(data, refresh._settings(data.items, policies), scenario)
        nodes = np.maximum(data.nodes_then + scenario.lead_time_extra, 0.0)
        levels = self._levels(scenario, data, days, made, nodes, settings)
        lead = np.minimum(
            replay.draw_leads(data.supply.nodes, data.length, self.seed, scenario.lead_time_extra, arrive), LATEST_DAYS
        )
        supply = Supply(nodes, lead, data.supply.moq, data.supply.multiple)
        # Odoo's scheduler looks at the rules every day
        review = np.ones(data.n) if scenario.kind == "typed" else settings.review_days
        prices = Prices(data.cost, data.price, settings.ordering_cost, settings.holding_rate)
        self._write_scenario(scenario, data, self._replay(data, levels, supply, review, factor), levels, prices)

    def _settings(self, data, settings, scenario):
        values = vars(settings) | {
            "moq": data.supply.moq, "multiple": data.supply.multiple, "unit_cost": data.cost,
        }  # fmt: skip
        return settings.of(data.n, **values)

    def _levels(self, scenario, data, days, made, nodes, settings):
        if scenario.kind == "typed":
            current = (data.items[name].to_numpy(float) for name in ("min_current", "max_current"))
            return Levels.fixed(*current)
        forecasts, shared = made
        rows, key = np.arange(data.n), (scenario.lead_time_extra, settings.review_days.tobytes())
        if key not in shared:
            shared[key] = replay.protections(forecasts, rows, nodes, settings.review_days)
        return replay.levels_through_time(forecasts, days, rows, nodes, settings, shared[key])

    def _replay(self, data, levels, supply, review, factor):
        """One :class:`..kernel.simulate.Simulation` of all items, block by block."""
        demand, rate = data.demand(factor), data.rate(factor)
        runs = []
        for first in range(0, data.n, BLOCK):
            rows = slice(first, first + BLOCK)
            part = Levels(levels.days, levels.minimum[rows], levels.maximum[rows])
            terms = Supply(*(getattr(supply, name)[rows] for name in ("nodes", "lead", "moq", "multiple")))
            runs.append(replay.replay(demand[rows], part, terms, review[rows], rate[rows], data.warm_up))
        return replay.join(runs)

    # Write

    def _write_scenario(self, scenario, data, run, levels, prices):
        figures = replay.figures(run, prices)
        stock, lost = replay.weekly(run, prices)
        money = self.currency_id
        total = {name: float(values.sum()) for name, values in figures.items()}
        values = {
            "done": True,
            "demand": total["demand"],
            "fill_rate": total["served"] / total["demand"] if total["demand"] > 0 else 1.0,
            "lost_quantity": total["lost"],
            "order_count": int(total["orders"]),
            "weeks": {
                "start": fields.Date.to_string(self.date_from),
                "stock": [money.round(float(value)) for value in stock],
                "lost": [money.round(float(value)) for value in lost],
            },
        }
        values |= {
            name: money.round(total[name])
            for name in ("lost_value", "lost_margin", "stock_value", "ordering_cost", "holding_cost", "total_cost")
        }
        scenario.write(values | {"why": self._scenario_why(scenario, data, values)})
        self._write_results(scenario, data, figures)
        self._keep_trace(scenario, data, run, levels)

    def _scenario_why(self, scenario, data, values):
        money = self.currency_id.name
        entries = [
            ("sim_items", data.n, ""),
            ("sim_demand", round(values["demand"], 1), ""),
            ("sim_lost", round(values["lost_quantity"], 1), ""),
            ("sim_fill", round(values["fill_rate"], 4), "percent"),
            ("sim_stock_value", values["stock_value"], money),
            ("sim_orders", values["order_count"], ""),
            ("sim_ordering_cost", values["ordering_cost"], money),
            ("sim_holding_cost", values["holding_cost"], money),
            ("sim_lost_margin", values["lost_margin"], money),
        ]
        notes = ["sim_note_lost", "sim_note_start", "sim_note_leads"]
        notes += ["sim_note_typed"] if scenario.kind == "typed" else ["sim_note_known"]
        return {
            "value": values["total_cost"],
            "unit": money,
            "method": f"sim_{scenario.kind}",
            "formula": "sim_cost_formula",
            "sample": data.n,
            "window": {"from": fields.Date.to_string(self.date_from), "to": fields.Date.to_string(self.date_to)},
            "terms": [
                {"code": code, "value": value} | ({"unit": unit} if unit else {}) for code, value, unit in entries
            ],
            "notes": notes,
        }

    def _write_results(self, scenario, data, figures):
        items, n, money = data.items, data.n, self.currency_id.decimal_places
        demand = figures["demand"]
        fill = np.divide(figures["served"], demand, out=np.ones(n), where=demand > 0)
        columns = [
            np.full(n, self.id), np.full(n, scenario.id), np.full(n, self.company_id.id), items["product_id"],
            items["warehouse_id"], items["categ_id"].astype("Int64"), items["abc"], items["xyz"], demand.round(4),
            figures["lost"].round(4), figures["lost_value"].round(money), fill.round(6), figures["stock"].round(4),
            figures["stock_value"].round(money), figures["orders"], figures["out_days"],
            *(figures[name].round(money) for name in ("ordering_cost", "holding_cost", "total_cost")),
        ]  # fmt: skip
        stream = io.StringIO()
        csv.writer(stream).writerows(zip(*map(_plain, columns), strict=True))
        stream.seek(0)
        names = SQL(", ").join(map(SQL.identifier, RESULT_COLUMNS)).code
        self.env.cr.copy_expert(f"COPY scm_simulation_result ({names}) FROM STDIN WITH (FORMAT csv)", stream)
        self.env["scm.simulation.result"].invalidate_model()

    def _keep_trace(self, scenario, data, run, levels):
        """The days of every item, for the chart of one product."""
        buffer = io.BytesIO()
        days = slice(data.warm_up, None)
        np.savez_compressed(
            buffer,
            keys=data.items[["product_id", "warehouse_id"]].to_numpy(np.int64),
            demand=data.demand(1 + scenario.demand_change)[:, days].astype(np.float32),
            level_days=levels.days - data.warm_up,
            minimum=levels.minimum.astype(np.float32),
            maximum=levels.maximum.astype(np.float32),
            **vars(run.trace),
        )
        # sudo: as in _traces
        self.env["ir.attachment"].sudo().create(
            {
                "name": f"simulation-{scenario.id}.npz",
                "raw": buffer.getvalue(),
                "mimetype": "application/octet-stream",
                "res_model": "scm.simulation.scenario",
                "res_id": scenario.id,
                "res_field": "trace",
            }
        )

    def _period_weeks(self):
        """First days of the weeks of the chart."""
        length = (self.date_to - self.date_from).days + 1
        return [fields.Date.to_string(self.date_from + timedelta(days=day)) for day in range(0, length, 7)]


def _plain(column):
    """A list with "" where a value is missing."""
    return ["" if missing else value for value, missing in zip(column.tolist(), pd.isna(column), strict=True)]
