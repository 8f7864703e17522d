import numpy as np
import pandas as pd
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..kernel import policy_curve as kernel
from ..kernel import replenish
from .scm_inventory_policy import ABC, XYZ

#: levels between which the exchange of service between classes chooses, half a point apart
FINE_LEVELS = np.round(np.arange(0.70, 0.9951, 0.005), 3)


class ScmPolicyCurve(models.Model):
    """What service costs in one class: stock value and lost sales over a grid of service levels.

    One row per inventory policy that products follow; :meth:`_refresh` rewrites them in each planning run.
    """

    _name = "scm.policy.curve"
    _description = "Policy Curve"
    _order = "company_id, abc, xyz, id"
    _rec_name = "policy_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one("scm.inventory.policy", required=True, readonly=True, ondelete="cascade")
    abc = fields.Selection(ABC, "ABC", readonly=True)
    xyz = fields.Selection(XYZ, "XYZ", readonly=True)
    date = fields.Datetime("Computed", readonly=True)
    item_count = fields.Integer("Products", readonly=True)
    judged_count = fields.Integer(
        "Judged", readonly=True, help="Products that were computed; of a large class a sample stands for all."
    )
    level = fields.Float("Service Level", digits=(4, 3), readonly=True, aggregator=None, help="When it was computed.")
    stock_now = fields.Monetary("Stock Value", readonly=True, help="Expected at the settings of the policy.")
    lost_now = fields.Monetary("Lost Sales a Year", readonly=True)
    demand_year = fields.Monetary("Demand a Year", readonly=True, help="At sales prices.")
    points = fields.Json(readonly=True, help="One entry per service level: level, stock, lost, fill, limited.")

    _policy_uniq = models.Constraint("UNIQUE(policy_id)", "A policy has one curve.")

    # Refresh

    @api.model
    def _refresh(self, companies):
        """Compute the curves of these companies anew; returns the number of rows. A fixed number of queries each."""
        self = self.sudo()  # called by planning runs, which checked the role; nobody writes curves by hand
        count = 0
        for company in companies:
            count += self.with_company(company)._refresh_company(company)
        return count

    @api.model
    def _refresh_company(self, company):
        items = self._read_items(company)
        # rows are few: one per policy
        self.search([("company_id", "=", company.id)]).unlink()
        if not len(items):
            return 0
        policy_ids, group = np.unique(items["policy_id"].to_numpy(int), return_inverse=True)
        size = (items["demand_day"] * items["unit_cost"]).to_numpy(float)
        rows, weight = kernel.sample(group, size, len(policy_ids))
        curves = self._compute(company, items.iloc[rows], group[rows], weight, len(policy_ids))
        policies = self.env["scm.inventory.policy"].browse(policy_ids.tolist())
        count = np.bincount(group, minlength=len(policy_ids))
        self.create(
            [self._prepare_vals(company, policy, curves, row, int(count[row])) for row, policy in enumerate(policies)]
        )
        return len(policy_ids)

    @api.model
    def _read_items(self, company):
        """Planned products with a forecast, of policies that keep stock."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.product_id, p.warehouse_id, p.policy_id, COALESCE(p.demand_day, 0)::float8,
                       GREATEST(COALESCE(p.unit_cost, 0), 0.000001)::float8
                  FROM scm_policy_proposal p
                  JOIN scm_inventory_policy i ON i.id = p.policy_id AND i.stocked
                 WHERE p.company_id = %s AND p.forecast_id IS NOT NULL AND p.demand_day > 0
              ORDER BY p.product_id, p.warehouse_id
                """,
                company.id,
            )
        )
        return pd.DataFrame(rows, columns=["product_id", "warehouse_id", "policy_id", "demand_day", "unit_cost"])

    @api.model
    def _compute(self, company, items, group, weight, n_groups):
        """:class:`..kernel.policy_curve.ClassCurves` of the sampled items."""
        reader, refresh = self.env["scm.policy.input"], self.env["scm.policy.refresh"]
        data = reader._read_company(company, reader._products(items))
        demand, _forecasts = refresh._read_demand(company, data)
        supply, cost, _vendor = self.env["scm.simulation.input"]._supply(company, data, data.receipts)
        settings = refresh._settings(data.items, refresh._choose_policies(company, data.items))
        values = vars(settings) | {"moq": supply.moq, "multiple": supply.multiple, "unit_cost": cost}
        rows = reader._positions(data.items, items)
        part = {name: np.asarray(value)[rows] for name, value in values.items()}
        price = data.items["list_price"].fillna(0.0).to_numpy(float)
        return kernel.class_curves(
            self._slice(demand, rows).spread(),
            supply.nodes[rows],
            settings.of(len(rows), **part),
            cost[rows],
            np.where(price > 0, price, cost)[rows],
            group,
            n_groups,
            weight,
        )

    @api.model
    def _slice(self, demand, rows):
        if demand.lead_time is None:
            return replenish.no_demand(len(rows))
        return replenish.take(demand, rows)

    @api.model
    def _prepare_vals(self, company, policy, curves, row, count):
        money, fill = company.currency_id, curves.fill()
        return {
            "company_id": company.id,
            "policy_id": policy.id,
            "abc": policy.abc,
            "xyz": policy.xyz,
            "date": fields.Datetime.now(),
            "item_count": count,
            "judged_count": int(curves.judged[row]),
            "level": policy.service_level,
            "stock_now": money.round(float(curves.stock_now[row])),
            "lost_now": money.round(float(curves.lost_now[row])),
            "demand_year": money.round(float(curves.demand[row])),
            "points": [
                {
                    "level": float(level),
                    "stock": money.round(float(curves.stock[row, place])),
                    "lost": money.round(float(curves.lost[row, place])),
                    "fill": round(float(fill[row, place]), 5),
                    "limited": round(float(curves.limited[row, place]), 3),
                }
                for place, level in enumerate(curves.levels)
            ],
        }

    # Read

    def _curve_of(self, name):
        return [point[name] for point in self.points]

    def _fine(self, name):
        """A figure at the levels between which the exchange may choose."""
        return np.interp(FINE_LEVELS, self._curve_of("level"), self._curve_of(name))

    def _at_level(self, level):
        """Stock value, lost sales and fill at any level, between the points of the grid."""
        self.ensure_one()
        levels = self._curve_of("level")
        return {name: kernel.at_level(levels, self._curve_of(name), level) for name in ("stock", "lost", "fill")}

    @api.model
    def _of_policy(self, policy):
        return self.search([("policy_id", "=", policy.id)], limit=1)

    def _now(self):
        """Where the class is: as computed, or on the curve when the policy was changed since."""
        level = self.policy_id.service_level
        if abs(level - self.level) > 1e-6:
            return {"level": level, **self._at_level(level)}
        fill = 1 - self.lost_now / self.demand_year if self.demand_year else 1.0
        return {"level": level, "stock": self.stock_now, "lost": self.lost_now, "fill": fill}

    # Public

    @api.model
    def get_curves(self, company_id=False):
        """Everything that the page shows; public, also over RPC, for supply chain users.

        :return: dict with ``classes`` (one per policy: points of the curve, where it is now, what one more point
            costs), ``total``, ``exchange`` (best mixes of levels) and whether the user may propose levels
        """
        company = self._company(company_id)
        curves = self.search([("company_id", "=", company.id)])
        classes = [curve._prepare_class() for curve in curves]
        return {
            "company": company.display_name,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "date": fields.Datetime.to_string(curves[:1].date) if curves else False,
            "classes": classes,
            "total": {name: sum(row["now"][name] for row in classes) for name in ("stock", "lost")}
            | {"demand": sum(row["demand"] for row in classes)},
            "exchange": self._exchange(curves, classes),
            "can_manage": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    @api.model
    def propose_levels(self, levels, company_id=False):
        """Open the dialog in which a manager reviews new service levels and writes them; public, also over RPC.

        :param levels: ``{policy id as text: service level}``, levels from 0.5 to 0.999
        :return: the action of the dialog; its record has the method ``action_confirm``
        """
        self.check_access("read")
        company = self._company(company_id)
        wanted = self._checked_levels(company, levels)
        return self.env["scm.policy.adopt"]._open_for_levels(company, wanted, self.env._("Policy curve"))

    @api.model
    def refresh_curves(self, company_id=False):
        """Compute the curves now, for managers; public, also over RPC. Returns the number of curves."""
        company = self._company(company_id)
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only a supply chain manager can compute the curves anew. Ask one."))
        return self._refresh(company)

    @api.model
    def _company(self, company_id):
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        if company not in self.env.companies:
            raise AccessError(self.env._("You do not work in this company, or it is not ticked in the company menu."))
        return company

    @api.model
    def _checked_levels(self, company, levels):
        try:
            wanted = {int(policy_id): float(level) for policy_id, level in dict(levels).items()}
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Give the levels as {policy id: service level}.")) from error
        policies = self.env["scm.inventory.policy"].search(
            [("id", "in", list(wanted)), ("company_id", "=", company.id)]
        )
        if missing := set(wanted) - set(policies.ids):
            raise UserError(
                self.env._(
                    "%(company)s has no inventory policy with id %(ids)s.",
                    company=company.display_name,
                    ids=", ".join(map(str, sorted(missing))),
                )
            )
        for policy in policies:
            # asked this way round, so that what is no number does not pass
            if not 0.5 <= wanted[policy.id] <= 0.999:
                raise UserError(
                    self.env._(
                        "%(policy)s: the service level must lie between 50 %% and 99.9 %%.", policy=policy.display_name
                    )
                )
        return {policy: wanted[policy.id] for policy in policies}

    def _prepare_class(self):
        now = self._now()
        following = min(now["level"] + 0.01, 0.995)
        more = self._at_level(following)
        return {
            "policy_id": self.policy_id.id,
            "name": self.policy_id.display_name,
            "kind": self.policy_id.kind,
            "abc": self.abc or "",
            "xyz": self.xyz or "",
            "target": self.policy_id.target,
            "items": self.item_count,
            "judged": self.judged_count,
            "demand": self.demand_year,
            "now": now,
            "point": {
                "level": following,
                "stock": max(more["stock"] - now["stock"], 0.0),
                "lost": max(now["lost"] - more["lost"], 0.0),
            },
            "points": self.points,
        }

    @api.model
    def _exchange(self, curves, classes):
        """Best mixes of levels: as much service for the least stock, and as much stock for the most service."""
        if not curves:
            return {"mixes": [], "same_service": False, "same_stock": False}
        stock, lost = (np.array([curve._fine(name) for curve in curves]) for name in ("stock", "lost"))
        now = {name: sum(row["now"][name] for row in classes) for name in ("stock", "lost")}
        mixes = kernel.exchange(stock, lost)
        same_service = kernel.cheapest(mixes, now["lost"])
        same_stock = kernel.best_for(mixes, now["stock"])
        return {
            "mixes": [{"stock": mix.stock, "lost": mix.lost} for mix in mixes],
            "same_service": curves._prepare_mix(same_service)
            if same_service and same_service.stock < now["stock"]
            else False,
            "same_stock": curves._prepare_mix(same_stock) if same_stock and same_stock.lost < now["lost"] else False,
        }

    def _prepare_mix(self, mix):
        levels = {
            str(curve.policy_id.id): float(FINE_LEVELS[place]) for curve, place in zip(self, mix.choice, strict=True)
        }
        return {"stock": mix.stock, "lost": mix.lost, "levels": levels}
