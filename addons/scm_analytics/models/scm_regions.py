from datetime import datetime, time, timedelta

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.scm_base.kernel import effect
from odoo.addons.scm_base.tools.zones import local_today, utc_moment, zone_name

from ..kernel.growth import growth

#: days that can be looked at, and how far back to compare
PERIODS = (7, 28, 91, 364)
COMPARE = ("previous", "year")
YEAR_DAYS = 364
#: what the page shows, in its order; sums grow in per cent, shares and means change in their unit
MEASURES = (
    "orders", "revenue", "gross_margin", "units", "return_rate", "carrier_on_time", "parcel_cost",
)  # fmt: skip
#: sums of which the chance is that of so many orders
BY_ORDERS = "orders"
#: with fewer facts on either side a share or a mean is not compared
LEAST_FACTS = 30


class ScmRegions(models.AbstractModel):
    """Where customers are: orders, revenue and service by country and state, with growth that is told from chance."""

    _name = "scm.regions"
    _description = "Regions with Growth"

    @api.model
    def get_regions(self, days=28, compare="previous", warehouse_id=False, category_id=False, date_to=False):
        """Figures by region and their growth, for the present company; public, also over RPC. For supply-chain users.

        Days are paired by weekday: with the days before (a whole number of weeks back), or with those of 364 days
        before. Sums have growth (0.1 = 10 % more) with a 95 % interval; shares and means have their change.

        :param days: 7, 28, 91 or 364
        :param compare: ``previous`` or ``year``
        :param warehouse_id: only what this warehouse sends
        :param category_id: only this product category and those below; whole orders and parcels have none and are left
            out then
        :param date_to: last day, as ISO text; by default yesterday
        :return: ``{"date_from", "date_to", "compare_from", "compare_to", "measures": [...], "total": row,
            "countries": [row with "regions": [row]], "warehouses", "categories", "currency_id"}``; a row has ``id``
            (a state, or a country below zero, 0 for neither), ``name`` and ``measures``: ``{code: {"value", "before",
            "sample", "share", "change", "low", "high", "verdict"}}`` with False for what is not known
        :raises UserError: when a parameter is none of these
        """
        metrics = self.env["scm.metric"]
        metrics._check_reader()
        company = self.env.company
        periods = self._periods(company, days, compare, date_to)
        warehouse, category = self._filters(company, warehouse_id, category_id)
        # sudo: the tree of categories, for a filter
        categ_ids = category and category.sudo().search([("id", "child_of", category.id)], order="id").ids
        shown = self._shown_metrics()
        cells = self._cells(shown, company, periods, warehouse.id, categ_ids)
        return self._prepare_page(shown, cells, periods, warehouse, category)

    @api.model
    def _periods(self, company, days, compare, date_to):
        if days not in PERIODS or isinstance(days, bool):
            raise UserError(
                self.env._(
                    "“%(days)s” days cannot be compared. Choose one of %(known)s.",
                    days=days,
                    known=", ".join(map(str, PERIODS)),
                )
            )
        if compare not in COMPARE:
            raise UserError(
                self.env._(
                    "“%(compare)s” is no comparison. Choose one of %(known)s.",
                    compare=compare,
                    known=", ".join(COMPARE),
                )
            )
        last = self.env["scm.metric"]._parse_day(date_to) if date_to else local_today(company) - timedelta(days=1)
        first = last - timedelta(days=days - 1)
        back = timedelta(days=days if compare == "previous" else YEAR_DAYS)
        return (first, last), (first - back, last - back)

    @api.model
    def _filters(self, company, warehouse_id, category_id):
        warehouses = self.env["stock.warehouse"]
        if warehouse_id:
            warehouses = warehouses.search([("id", "=", warehouse_id), ("company_id", "=", company.id)], limit=1)
            if not warehouses:
                raise UserError(
                    self.env._("%(company)s has no warehouse %(id)s.", company=company.name, id=warehouse_id)
                )
        categories = self.env["product.category"]
        if category_id:
            categories = categories.search([("id", "=", category_id)], limit=1)
            if not categories:
                raise UserError(self.env._("There is no product category %(id)s.", id=category_id))
        return warehouses, categories

    @api.model
    def _shown_metrics(self):
        """The measures of the page that are switched on and that the user may see."""
        found = {metric.code: metric for metric in self.env["scm.metric"].search([("code", "in", MEASURES)])}
        if not self._may_see_costs():
            found.pop("gross_margin", None)
        return self.env["scm.metric"].concat(*(found[code] for code in MEASURES if code in found))

    @api.model
    def _may_see_costs(self):
        products = self.env["product.product"]
        return products._has_field_access(products._fields["standard_price"], "read")

    # The page

    def _prepare_page(self, metrics, cells, periods, warehouse, category):
        regions = sorted({region for parts in cells.values() for region in parts})
        names, countries = self._names_of(regions)
        owners = {}
        for region in regions:
            owners.setdefault(countries.get(region, min(region, 0)), []).append(region)
        # the company, its countries, and each region by itself, through one computation
        rows = self._prepare_rows(metrics, cells, [regions, *owners.values(), *([region] for region in regions)])
        total, by_country, by_region = rows[0], rows[1 : 1 + len(owners)], rows[1 + len(owners) :]
        states = dict(zip(regions, by_region, strict=True))
        leading = "revenue" if any(metric.code == "revenue" for metric in metrics) else "orders"
        return {
            **self._prepare_head(metrics, cells, periods, warehouse, category),
            "total": {"id": 0, "name": self.env.company.name, "measures": total},
            "countries": self._ranked(
                [
                    {
                        "id": country,
                        "name": names.get(country) or self.env._("Without country"),
                        "measures": measures,
                        "regions": self._ranked(
                            [
                                {
                                    "id": region,
                                    "name": names[region] if region > 0 else self.env._("Without state"),
                                    "measures": states[region],
                                }
                                for region in members
                                if region > 0 or len(members) > 1
                            ],
                            leading,
                        ),
                    }
                    for (country, members), measures in zip(owners.items(), by_country, strict=True)
                ],
                leading,
            ),
        }

    def _prepare_head(self, metrics, cells, periods, warehouse, category):
        company = self.env.company
        (first, last), (before, before_last) = periods
        warehouses = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        return {
            "date_from": fields.Date.to_string(first),
            "date_to": fields.Date.to_string(last),
            "compare_from": fields.Date.to_string(before),
            "compare_to": fields.Date.to_string(before_last),
            "days": (last - first).days + 1,
            "compare": "year"
            if (first - before).days == YEAR_DAYS and (last - first).days < YEAR_DAYS - 1
            else "previous",
            "currency_id": company.currency_id.id,
            "warehouse_id": warehouse.id,
            "category_id": category.id,
            "warehouses": [{"id": one.id, "name": one.name} for one in warehouses],
            "categories": self._categories(),
            "measures": [
                {
                    "code": metric.code,
                    "name": metric.name,
                    "unit": metric.unit,
                    "direction": metric.direction,
                    "formula": metric.formula,
                    "is_sum": not metric.is_ratio,
                    "is_known": metric.id in cells,
                }
                for metric in metrics
            ],
        }

    @api.model
    def _categories(self):
        """Categories to choose from, at most two levels deep."""
        categories = self.env["product.category"].search([], order="complete_name", limit=500)
        return [
            {"id": one.id, "name": one.complete_name} for one in categories if (one.parent_path or "").count("/") <= 2
        ]

    @api.model
    def _names_of(self, regions):
        """``({region: name}, {state: its country below zero})``"""
        states = self.env["res.country.state"].browse([region for region in regions if region > 0]).exists()
        owners = {state.id: -state.country_id.id for state in states}
        ids = {-region for region in regions if region < 0} | {-country for country in owners.values()}
        countries = self.env["res.country"].browse(sorted(ids)).exists()
        names = {state.id: state.name for state in states}
        names |= {region: self.env._("Unknown") for region in regions if region > 0 and region not in names}
        return names | {-country.id: country.name for country in countries}, owners

    @api.model
    def _ranked(self, rows, code):
        def size(row):
            return (row["measures"].get(code) or {}).get("value") or 0.0

        return sorted(rows, key=lambda row: (-size(row), row["name"]))

    # Growth

    def _prepare_rows(self, metrics, cells, lines):
        """``[{code: values}]`` for each line, a list of regions whose facts are added up."""
        orders = next((cells[metric.id] for metric in metrics if metric.code == BY_ORDERS and metric.id in cells), None)
        rows = [{} for _line in lines]
        for metric in metrics:
            if metric.id not in cells or not cells[metric.id]:
                continue
            sums = self._sums_of(cells[metric.id], lines)
            facts = self._sums_of(orders, lines)[:, :, 2] if orders else sums[:, :, 2]
            found = self._changes(metric, sums, facts.sum(axis=2))
            for row, values in zip(rows, found, strict=True):
                row[metric.code] = values
        return rows

    @api.model
    def _sums_of(self, parts, lines):
        """(lines, 2, 3, days)"""
        shape = next(iter(parts.values())).shape
        return np.stack([sum((parts[each] for each in line if each in parts), np.zeros(shape)) for line in lines])

    def _changes(self, metric, sums, facts):
        totals = sums.sum(axis=3)
        whole = totals[0, 0, 0]
        values = [
            {
                "value": metric._value(*map(float, line[0, :2])),
                "before": metric._value(*map(float, line[1, :2])),
                "sample": round(float(line[0, 2])),
                "share": float(line[0, 0] / whole) if not metric.is_ratio and whole else False,
            }
            for line in totals
        ]
        changes = self._growth(sums, facts) if not metric.is_ratio else self._differences(metric, sums)
        return [own | change for own, change in zip(values, changes, strict=True)]

    @api.model
    def _growth(self, sums, facts):
        found = growth(sums[:, 0, 0], sums[:, 1, 0], facts[:, 0], facts[:, 1])
        return [
            {"change": known(change), "low": known(low), "high": known(high), "verdict": verdict}
            for change, low, high, verdict in zip(found.growth, found.low, found.high, found.verdict, strict=True)
        ]

    @api.model
    def _differences(self, metric, sums):
        """Change of a share or a mean between the periods; a day is a cluster."""
        kind = "rate" if metric.unit == "percent" else "mean"
        better = -1 if metric.direction == "down" else 1
        changes = []
        for line in sums:
            enough = line[:, 2].sum(axis=1).min() >= LEAST_FACTS
            now, then = ((period[0], period[1]) for period in line)
            # shares above 1 (more came back than was delivered that day) have no interval
            fits = kind == "mean" or bool((line[:, 0] <= line[:, 1]).all())
            measured = effect.measure(then, now, kind if fits else "mean", better, 0.0)
            known_interval = enough and not np.isnan(measured.low)
            verdict = "not_enough_data"
            if known_interval:
                verdict = "grows" if measured.low > 0 else "falls" if measured.high < 0 else "steady"
            changes.append(
                {
                    "change": known(measured.effect),
                    "low": known(measured.low) if known_interval else False,
                    "high": known(measured.high) if known_interval else False,
                    "verdict": verdict,
                }
            )
        return changes

    # Records

    @api.model
    def open_region(self, region_id, date_from, date_to, warehouse_id=False, category_id=False, without_state=False):
        """Action with the orders of a region, or with their lines of a category; public, also over RPC.

        :param region_id: a state, or a country below zero, as in :meth:`get_regions`; 0: neither
        :param date_from: first day, as ISO text; ``date_to`` likewise
        :param without_state: of a country, only customers without a state
        :return: an action; what it lists depends on the rights of the user
        """
        metrics = self.env["scm.metric"]
        metrics._check_reader()
        first, last = metrics._parse_day(date_from), metrics._parse_day(date_to)
        if isinstance(region_id, bool) or not isinstance(region_id, int):
            raise UserError(self.env._("“%(region)s” is no region.", region=region_id))
        warehouse, category = self._filters(self.env.company, warehouse_id, category_id)
        domain = self._orders_domain(region_id, first, last, warehouse)
        if without_state:
            domain &= Domain("partner_shipping_id.state_id", "=", False)
        if category:
            domain = Domain("order_id", "any", domain) & Domain("product_id.categ_id", "child_of", category.id)
            domain &= Domain("product_id.type", "=", "consu")
        names, _countries = self._names_of([region_id])
        return {
            "type": "ir.actions.act_window",
            "name": names.get(region_id) or self.env._("Without country"),
            "res_model": "sale.order.line" if category else "sale.order",
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
        }

    def _orders_domain(self, region_id, first, last, warehouse):
        domain = Domain("company_id", "=", self.env.company.id) & Domain("state", "=", "sale")
        if region_id > 0:
            domain &= Domain("partner_shipping_id.state_id", "=", region_id)
        else:
            # a country has its states and those customers who have none
            domain &= Domain("partner_shipping_id.country_id", "=", -region_id or False)
        return domain & self._days_domain(first, last, warehouse)

    def _days_domain(self, first, last, warehouse):
        """Orders of local days: each warehouse counts its own."""
        company = self.env.company
        warehouses = warehouse or self.env["stock.warehouse"].with_context(active_test=False).search(
            [("company_id", "=", company.id)]
        )
        parts = [
            Domain("warehouse_id", "in", group.ids) & self._moments(first, last, zone)
            for zone, group in warehouses.grouped(lambda one: zone_name(company, one)).items()
        ]
        if not warehouse:
            parts.append(Domain("warehouse_id", "=", False) & self._moments(first, last, zone_name(company)))
        return Domain.OR(parts)

    @api.model
    def _moments(self, first, last, zone):
        start = utc_moment(datetime.combine(first, time()), zone)
        end = utc_moment(datetime.combine(last + timedelta(days=1), time()), zone)
        moments = [fields.Datetime.to_string(moment) for moment in (start, end)]
        return Domain("date_order", ">=", moments[0]) & Domain("date_order", "<", moments[1])


def known(number):
    """A number for XML-RPC, False for one that is not known."""
    return False if np.isnan(number) or np.isinf(number) else float(number)
