from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.scm_base.kernel.effect import wilson
from odoo.addons.scm_base.tools.zones import local_today

from ..models.scm_count_plan_read import PLANNED, Z
from ..models.scm_count_task import OPEN_STATES

READERS = ("scm_base.scm_group_user", "stock.group_stock_manager")
DIMENSIONS = ("zone", "letter", "cause", "user", "month")


class ScmCountAccuracy(models.Model):
    """The page on accuracy: how good the books are, where and why they are not, and what is still to be counted."""

    _inherit = "scm.count.accuracy"

    @api.model
    @api.readonly
    def get_summary(self, warehouse_id=False, days=90):
        """Accuracy by zone, class, cause, counter and month; public, also over RPC.

        Accuracy is taken from planned counts; money from all. ``low`` and ``high`` hold it at 95 % (Wilson).

        :param warehouse_id: one warehouse; by default all of the present companies
        :param days: the last so many days
        :return: dict: figures, and a list of groups for each of zones, letters, causes, users, months
        """
        if not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(self.env._("Only supply chain users and managers of the stock see how accurate it is."))
        warehouses = self.env["stock.warehouse"].search([("company_id", "in", self.env.companies.ids)])
        chosen = warehouses.filtered(lambda one: one.id == warehouse_id) or warehouses
        companies = chosen.company_id or self.env.company
        today = local_today(companies[0])
        since = today - timedelta(days=max(int(days), 1) - 1)
        groups = self._summary_groups(chosen.ids, since, today)
        total = groups["all"][0] if groups["all"] else self._group_values("", "", [0] * 9)
        target = sum(one.scm_count_target for one in chosen) / len(chosen) if chosen else 0.0
        return {
            "warehouses": [{"id": one.id, "name": one.name} for one in warehouses],
            "warehouse_id": warehouse_id if len(chosen) == 1 and warehouse_id else False,
            "days": int(days),
            "from": str(since),
            "to": str(today),
            "currency_id": companies[0].currency_id.id,
            "one_currency": len(companies.currency_id) == 1,
            "target": target,
            "total": total | {"verdict": self._verdict(total, target)},
            "work": self._summary_work(chosen, today),
            **{f"{name}s": groups[name] for name in DIMENSIONS},
        }

    @api.model
    def _summary_groups(self, warehouse_ids, since, today):
        """Sums of each group and of all, by one query."""
        empty = {name: [] for name in ("all", *DIMENSIONS)}
        if not warehouse_ids:
            return empty
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT GROUPING(fact.zone_id, fact.letter, fact.cause_id, fact.user_id, fact.month),
                          fact.zone_id, fact.letter, fact.cause_id, fact.user_id, fact.month,
                          COALESCE(SUM(fact.count) FILTER (WHERE fact.origin IN %(planned)s), 0),
                          COALESCE(SUM(fact.accurate) FILTER (WHERE fact.origin IN %(planned)s), 0),
                          COUNT(*), SUM(fact.value_net), SUM(fact.value_gross), SUM(fact.value_missing),
                          SUM(fact.value_surplus), SUM(fact.value_expected), SUM(fact.miscounts),
                          COUNT(*) FILTER (WHERE fact.difference != 0)
                     FROM (SELECT *, date_trunc('month', date)::date AS month FROM (%(facts)s) plain) fact
                    WHERE fact.warehouse_id = ANY(%(warehouses)s) AND fact.date BETWEEN %(since)s AND %(today)s
                    GROUP BY GROUPING SETS ((), (fact.zone_id), (fact.letter), (fact.cause_id), (fact.user_id),
                                            (fact.month))""",
                planned=PLANNED,
                facts=self._table_query,
                warehouses=warehouse_ids,
                since=since,
                today=today,
            )
        )
        # the bits that GROUPING leaves out, most significant first
        names = dict(zip((31, 15, 23, 27, 29, 30), ("all", *DIMENSIONS), strict=True))
        for mask, *values in rows:
            name = names[mask]
            key = values[DIMENSIONS.index(name)] if name != "all" else ""
            empty[name].append((key, values[5:]))
        return self._named(empty, len(warehouse_ids) > 1)

    @api.model
    def _named(self, groups, several):
        """Groups with the names of their records, the costliest first; months in their order."""
        model_of = {"zone": "stock.location", "cause": "scm.count.cause", "user": "res.users"}
        named = {}
        for name, rows in groups.items():
            names = {}
            if name in model_of:
                # sudo: names of zones, causes and counters in rows that the user may read
                records = self.env[model_of[name]].sudo().browse([key for key, _sums in rows if key])
                names = {one.id: self._zone_name(one, several) if name == "zone" else one.name for one in records}
            found = [self._group_values(key or "", names.get(key, str(key or "")), sums) for key, sums in rows]
            by_name = name in ("month", "letter")
            named[name] = sorted(found, key=lambda one, by=by_name: (not one["id"], one["id"]) if by else -one["gross"])
        named["cause"] = [one for one in named["cause"] if one["differences"]]
        return named

    @api.model
    def _zone_name(self, zone, several):
        """Zones of several warehouses may have the same name."""
        return f"{zone.warehouse_id.name} / {zone.complete_name}" if several else zone.complete_name

    @api.model
    def _group_values(self, key, name, sums):
        records, accurate, every, net, gross, missing, surplus, expected, miscounts, *more = (
            float(v or 0) for v in sums
        )
        low, high = wilson(accurate / records, records, Z) if records else (0.0, 1.0)
        return {
            "id": str(key),
            "name": name,
            "records": int(records),
            "all_records": int(every),
            "differences": int(more[0]) if more else 0,
            "accuracy": accurate / records if records else 0.0,
            "low": low,
            "high": high,
            "net": net,
            "gross": gross,
            "missing": missing,
            "surplus": surplus,
            "expected": expected,
            "miscounts": int(miscounts),
        }

    @api.model
    def _verdict(self, group, target):
        """Whether the target is met for sure, missed for sure, or chance could be it."""
        if not group["records"]:
            return "none"
        return "met" if group["low"] >= target else "missed" if group["high"] < target else "unsure"

    @api.model
    def _summary_work(self, warehouses, today):
        """What is open, by one query."""
        self.env["scm.count.task"].flush_model()
        [row] = self.env.execute_query_dict(
            SQL(
                """SELECT COUNT(*) FILTER (WHERE state IN %(open)s) AS open,
                          COUNT(*) FILTER (WHERE state IN %(open)s AND date = %(today)s) AS today,
                          COUNT(*) FILTER (WHERE state IN %(open)s AND date < %(today)s) AS overdue,
                          COUNT(*) FILTER (WHERE state = 'approval') AS approval,
                          COUNT(*) FILTER (WHERE state = 'done' AND done_at >= %(today)s) AS done_today
                     FROM scm_count_task WHERE warehouse_id = ANY(%(warehouses)s)""",
                open=OPEN_STATES,
                today=today,
                warehouses=warehouses.ids,
            )
        )
        return row

    @api.model
    def open_improvement(self, zone_id):
        """Open an improvement that should make the books of a zone more accurate; public, also over RPC.

        :return: action that shows it; while one for this zone is not closed, that one
        """
        zone = self.env["stock.location"].browse(zone_id).exists()
        self.env["scm.improvement"].check_access("create")
        zone.check_access("read")
        if not zone:
            raise UserError(self.env._("This zone does not exist any more. Load the page again."))
        company = zone.company_id or self.env.company
        improvement = self.env["scm.improvement"]._open_for(
            [
                {
                    "company_id": company.id,
                    "source_key": f"inventory_accuracy-{zone.id}",
                    "area": "warehouse",
                    "name": self.env._("Stock records of %(zone)s", zone=zone.complete_name),
                    "metric": "inventory_accuracy",
                    "scm_zone_id": zone.id,
                    "res_model": zone._name,
                    "res_id": zone.id,
                }
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": improvement._name,
            "res_id": improvement.id,
            "views": [(False, "form")],
        }
