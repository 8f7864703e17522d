from datetime import timedelta

import numpy as np
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from ..kernel.agreement import kappa, pareto
from ..kernel.cohort import LIMIT, cohorts, growth
from .scm_return_cells import DIMENSIONS

MEASURES = ("cost", "refund", "units")
BY = {"cause": "cause_id", "reason": "reason_id", "owner": "owner"}
#: dimensions that the page offers for its heat map
ROWS = ("category", "product", "supplier", "carrier", "zone", "packaging", "warehouse", "picker", "channel", "lot")
MOST_ROWS, MOST_COLUMNS, MOST_BARS, MOST_CURVES = 12, 10, 12, 8
DAYS = 365
_COHORT = ("delivered", "returned", "share", "raw", "rate", "low", "high")


class ScmCauseExplorer(models.AbstractModel):
    """What the cause explorer shows: where the money of returns goes, which rows stand out, how months compare."""

    _name = "scm.cause.explorer"
    _description = "Cause Explorer"

    @api.model
    @api.readonly
    def get_page(self, filters=None):
        """All figures of the page, for the current company; the same few queries for ten returns and for a million.

        :param dict filters: all optional: ``from``, ``to`` (ISO order days, default the last 365), ``warehouse_id``,
            ``measure`` (cost, refund, units), ``by`` (cause, reason, owner), ``dimension`` (rows of the heat map), and
            ``focus``: list of ``{"dimension", "key"}`` to which everything is narrowed; ``key`` is a list of ids
        :return: dict with ``filters`` (as understood), ``total``, ``pareto``, ``heat``, ``cohorts``, ``curves``,
            ``confusion``, ``choices``, ``currency_id``, ``refreshed``, ``can_refresh``
        :raise AccessError: for people without the role
        """
        self.env["scm.return.fact"].check_access("read")
        company = self.env.company
        filters = self._understood(filters or {})
        curve = self.env["scm.return.fact"]._company_curve(company, filters["today"])
        sent = self._read_sent(filters)
        causes = self._read_causes(filters)
        cohort = self._cohorts(filters, sent, curve)
        state = self.env["scm.return.fact.state"].sudo()  # sudo: only when facts were last read, which is no secret
        state = state.search([("company_id", "=", company.id)], limit=1)
        return {
            "filters": self._filters_answer(filters),
            "total": self._total(sent, causes, curve),
            "pareto": self._pareto(filters, causes),
            "heat": self._heat(filters, sent, curve),
            **cohort,
            "confusion": self._confusion(causes),
            "choices": self._choices(),
            "currency_id": company.currency_id.id,
            "refreshed": fields.Datetime.to_string(state.date_refreshed) if state.date_refreshed else False,
            "can_refresh": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    @api.model
    @api.readonly
    def open_returns(self, filters, cell):
        """Action with the returned units behind a figure.

        :param dict filters: as in :meth:`get_page`
        :param dict cell: any of ``cause_id``, ``reason_id`` (id; False: none), ``owner``, ``month`` (ISO day in it),
            ``dimension`` with ``key``
        """
        self.env["scm.return.part"].check_access("read")
        filters = self._understood(filters or {})
        domain = [
            ("company_id", "=", self.env.company.id),
            ("order_date", ">=", filters["first"].isoformat()),
            ("order_date", "<=", filters["last"].isoformat()),
        ]
        if filters["warehouse_id"]:
            domain.append(("warehouse_id", "=", filters["warehouse_id"]))
        pairs = [*filters["focus"], *self._understood_focus([cell] if cell.get("dimension") else [])]
        for dimension, key in pairs:
            domain += self.env["scm.return.fact"]._cell_terms(dimension, key)
        domain += [(name, "=", cell[name]) for name in BY.values() if name in cell]
        if cell.get("month"):
            month = self._day(cell["month"]).replace(day=1)
            after = (month + timedelta(days=32)).replace(day=1)
            domain += [("order_date", ">=", month.isoformat()), ("order_date", "<", after.isoformat())]
        action = self.env["ir.actions.act_window"]._for_xml_id("scm_aftersales.scm_return_part_action")
        return action | {"domain": domain, "views": [(False, "list"), (False, "pivot"), (False, "graph")]}

    # What was asked

    @api.model
    def _understood(self, filters):
        """The filters with their defaults; what cannot be meant is refused."""
        today = local_today(self.env.company)
        last = self._day(filters["to"]) if filters.get("to") else today
        first = self._day(filters["from"]) if filters.get("from") else last - timedelta(days=DAYS)
        if first > last:
            raise UserError(self.env._("The period ends before it begins."))
        known = {"measure": MEASURES, "by": BY, "dimension": ROWS}
        chosen = {name: filters.get(name) or next(iter(values)) for name, values in known.items()}
        for name, values in known.items():
            if chosen[name] not in values:
                raise UserError(self.env._("“%(value)s” cannot be chosen here.", value=chosen[name]))
        warehouse = filters.get("warehouse_id")
        return chosen | {
            "first": first,
            "last": last,
            "today": today,
            "warehouse_id": int(warehouse) if warehouse else False,
            "focus": self._understood_focus(filters.get("focus") or []),
        }

    @api.model
    def _understood_focus(self, focus):
        pairs = [(one.get("dimension"), one.get("key") or []) for one in focus]
        for dimension, key in pairs:
            if dimension not in DIMENSIONS or len(key) != len(DIMENSIONS[dimension]):
                raise UserError(self.env._("“%(value)s” cannot be chosen here.", value=dimension))
        return [(dimension, [int(id_) for id_ in key]) for dimension, key in pairs]

    @api.model
    def _day(self, text):
        try:
            return fields.Date.to_date(text)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("“%(text)s” is not a day.", text=text)) from error

    @api.model
    def _filters_answer(self, filters):
        return {
            **{name: filters[name] for name in ("measure", "by", "dimension", "warehouse_id")},
            "from": filters["first"].isoformat(),
            "to": filters["last"].isoformat(),
            "focus": [
                {"dimension": dimension, "key": key, "name": self._names(dimension, [tuple(key)])[tuple(key)]}
                for dimension, key in filters["focus"]
            ],
        }

    @api.model
    def _choices(self):
        # sudo: names of warehouses of the current company, which the user works in
        warehouses = self.env["stock.warehouse"].sudo().search([("company_id", "=", self.env.company.id)])
        labels = {
            "category": self.env._("Category"),
            "product": self.env._("Product"),
            "supplier": self.env._("Supplier"),
            "carrier": self.env._("Carrier"),
            "zone": self.env._("Zone"),
            "packaging": self.env._("Packaging"),
            "warehouse": self.env._("Warehouse"),
            "picker": self.env._("Picker"),
            "channel": self.env._("Sales Channel"),
            "lot": self.env._("Lot"),
        }
        return {
            "warehouses": [{"id": warehouse.id, "name": warehouse.name} for warehouse in warehouses],
            "dimensions": [{"key": name, "name": labels[name]} for name in ROWS],
        }

    # Beat 1: reading

    @api.model
    def _where(self, filters):
        """Rows of facts or parts (both have these columns, alias ``fact``) that the filters let through."""
        terms = [
            SQL("fact.company_id = %s", self.env.company.id),
            SQL("fact.order_date BETWEEN %s AND %s", filters["first"], filters["last"]),
        ]
        if filters["warehouse_id"]:
            terms.append(SQL("fact.warehouse_id = %s", filters["warehouse_id"]))
        for dimension, key in filters["focus"]:
            for name, id_ in zip(DIMENSIONS[dimension], key, strict=True):
                terms.append(SQL("fact.%s = %s", SQL.identifier(name), id_))
        return SQL(" AND ").join(terms)

    @api.model
    def _read_sent(self, filters):
        """What was delivered, once by month and age, once by row of the heat map: arrays, in one scan."""
        [column] = DIMENSIONS[filters["dimension"]]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT GROUPING(row_id) = 0, row_id, month, age, count(*), sum(units)
                  FROM (SELECT fact.%(column)s AS row_id, fact.delivered::float8 AS units,
                               date_trunc('month', fact.order_date)::date AS month,
                               LEAST(GREATEST(%(today)s - fact.delivery_date, 0), %(limit)s) AS age
                          FROM scm_return_fact fact WHERE %(where)s) sent
                 GROUP BY GROUPING SETS ((month, age), (row_id, age))
                """,
                column=SQL.identifier(column),
                today=filters["today"],
                limit=LIMIT,
                where=self._where(filters),
            )
        )
        return {
            "months": [row[2:] for row in rows if not row[0]],
            "rows": [(row[1], *row[3:]) for row in rows if row[0] and row[1]],
        }

    @api.model
    def _read_causes(self, filters):
        """Returned units by cause, reason and owner: ``(cause, reason, owner, lines, units, cost, refund)``."""
        return self.env.execute_query(
            SQL(
                """SELECT fact.cause_id, fact.reason_id, fact.owner, count(DISTINCT fact.fact_id),
                          sum(fact.quantity::float8), sum(fact.cost::float8), sum(fact.refund::float8)
                     FROM scm_return_part fact WHERE %s GROUP BY 1, 2, 3""",
                self._where(filters),
            )
        )

    # Beat 2: figures

    @api.model
    def _total(self, sent, causes, curve):
        """Sums of the page; the rate is completed by the delay curve."""
        ages = np.array([row[1] for row in sent["months"]], int)
        units = np.array([row[3] for row in sent["months"]], float)
        delivered, mature = float(units.sum()), float((units * curve.share[ages]).sum())
        returned = sum(row[4] for row in causes)
        return {
            "delivered": delivered,
            "returned": returned,
            "rate": returned / mature if mature else 0.0,
            "raw": returned / delivered if delivered else 0.0,
            "share": mature / delivered if delivered else 0.0,
            "cost": sum(row[5] for row in causes),
            "refund": sum(row[6] for row in causes),
            "inspected": sum(row[4] for row in causes if row[0]) / returned if returned else 0.0,
        }

    @api.model
    def _pareto(self, filters, causes):
        """Bars, the largest first, with the share up to and with each; the small ones are added up at the end."""
        place = {"cause": 0, "reason": 1, "owner": 2}[filters["by"]]
        measure = {"cost": 5, "refund": 6, "units": 4}[filters["measure"]]
        sums = {}
        for row in causes:
            one = sums.setdefault(row[place] or False, [0.0, 0.0])
            one[0] += row[measure]
            one[1] += row[4]
        keys = list(sums)
        order, upto = pareto([sums[key][0] for key in keys])
        names = self._what_names(filters["by"], keys)
        bars = [
            {"key": keys[k], "name": names[keys[k]][0], "owner": names[keys[k]][1], "value": sums[keys[k]][0],
             "units": sums[keys[k]][1], "upto": float(share)}
            for k, share in zip(order, upto, strict=True)
        ]  # fmt: skip
        rest = bars[MOST_BARS:]
        return {
            "bars": bars[:MOST_BARS],
            "rest": {"count": len(rest), "value": sum(bar["value"] for bar in rest)},
            "most": max((bar["value"] for bar in bars), default=0.0),
        }

    @api.model
    def _what_names(self, by, keys):
        """``{key: (name, owner label)}`` of causes, reasons or owners."""
        owners = dict(self.env["scm.return.cause"]._fields["owner"]._description_selection(self.env))
        if by == "owner":
            return {key: (owners.get(key) or self.env._("Not inspected yet"), "") for key in keys}
        empty = self.env._("Not inspected yet") if by == "cause" else self.env._("No reason given")
        records = self.env[f"scm.return.{by}"].browse([key for key in keys if key])
        return {False: (empty, "")} | {
            record.id: (record.name, owners.get(record.owner, "") if by == "cause" else record.parent_id.name or "")
            for record in records
        }

    @api.model
    def _heat(self, filters, sent, curve):
        """Rows of a dimension by causes: units per delivered unit, and how many times what is usual for that cause."""
        [column] = DIMENSIONS[filters["dimension"]]
        rows = self.env.execute_query(
            SQL(
                """SELECT fact.%(column)s, fact.cause_id, count(DISTINCT fact.fact_id), sum(fact.quantity::float8),
                          sum(fact.%(measure)s::float8)
                     FROM scm_return_part fact WHERE %(where)s AND fact.%(column)s IS NOT NULL GROUP BY 1, 2""",
                column=SQL.identifier(column),
                measure=SQL.identifier({"units": "quantity"}.get(filters["measure"], filters["measure"])),
                where=self._where(filters),
            )
        )
        mature, delivered, share = {}, {}, curve.share.tolist()
        for key, age, _lines, units in sent["rows"]:
            mature[key] = mature.get(key, 0.0) + units * share[age]
            delivered[key] = delivered.get(key, 0.0) + units
        money, units, cause_units = {}, {}, {}
        for key, cause, _lines, count, value in rows:
            money[key] = money.get(key, 0.0) + value
            units[key] = units.get(key, 0.0) + count
            if cause:
                cause_units[cause] = cause_units.get(cause, 0.0) + count
        keys = sorted(money, key=lambda key: (-money[key], -units[key]))[:MOST_ROWS]
        causes = sorted(cause_units, key=lambda cause: -cause_units[cause])[:MOST_COLUMNS]
        whole = sum(mature.values())
        cells = {
            f"{key}-{cause}": {
                "units": count,
                "lines": lines,
                "rate": count / mature[key] if mature.get(key) else 0.0,
                "factor": (count / mature[key]) / (cause_units[cause] / whole) if mature.get(key) and whole else 0.0,
            }
            for key, cause, lines, count, _value in rows
            if key in set(keys) and cause in set(causes)
        }
        names, cause_names = (
            self._names(filters["dimension"], [(key,) for key in keys]),
            self._what_names("cause", causes),
        )
        return {
            "rows": [
                {"key": key, "name": names[key,], "delivered": delivered.get(key, 0.0), "units": units[key],
                 "rate": units[key] / mature[key] if mature.get(key) else 0.0, "value": money[key]}
                for key in keys
            ],
            "columns": [{"key": key, "name": cause_names[key][0], "owner": cause_names[key][1]} for key in causes],
            "cells": cells,
            "more": len(money) - len(keys),
        }  # fmt: skip

    @api.model
    def _names(self, dimension, keys):
        """Display names of keys of a dimension."""
        models_of = [self.env["scm.return.fact"]._fields[name].comodel_name for name in DIMENSIONS[dimension]]
        parts = []
        for place, model in enumerate(models_of):
            # sudo: only names of what the figures, which the user may read, are about
            records = self.env[model].sudo().with_context(active_test=False).browse({key[place] for key in keys})
            parts.append({record.id: record.display_name for record in records.exists()})
        return {key: " / ".join(part.get(id_, "?") for part, id_ in zip(parts, key, strict=True)) for key in keys}

    @api.model
    def _cohorts(self, filters, sent, curve):
        """Months of orders: completed rate with interval; and how the rate of the last ones grew by days."""
        back = self.env.execute_query(
            SQL(
                """SELECT date_trunc('month', fact.order_date)::date,
                          LEAST(GREATEST(%(today)s - delivery.delivery_date, 0), %(limit)s),
                          LEAST(fact.days, %(limit)s), count(DISTINCT fact.fact_id), sum(fact.quantity::float8)
                     FROM scm_return_part fact JOIN scm_return_fact delivery ON delivery.id = fact.fact_id
                    WHERE %(where)s GROUP BY 1, 2, 3""",
                today=filters["today"],
                limit=LIMIT,
                where=self._where(filters),
            )
        )
        months = sorted({row[0] for row in sent["months"]})
        place = {month: number for number, month in enumerate(months)}
        back = [(place[row[0]], *row[1:]) for row in back if row[0] in place]
        deliveries = [(place[month], age, lines, units) for month, age, lines, units in sent["months"]]
        columns = list(zip(*deliveries, strict=True)) or [(), (), (), ()]
        returned = list(zip(*back, strict=True)) or [(), (), (), (), ()]
        found = cohorts(columns, (returned[0], returned[3], returned[4]), curve)
        grown = growth((columns[0], columns[1], columns[3]), (returned[0], returned[1], returned[2], returned[4]))
        known = np.isfinite(grown)
        return {
            "cohorts": [
                {"month": month.isoformat(), "is_complete": bool(found["is_complete"][k])}
                | {name: _number(found[name][k]) for name in _COHORT}
                for k, month in enumerate(months)
            ],
            "curves": [
                {"month": months[k].isoformat(), "rates": [round(float(v), 6) for v in grown[k][known[k]]]}
                for k in range(max(len(months) - MOST_CURVES, 0), len(months))
                if known[k].sum() > 1
            ],
        }  # fmt: skip

    @api.model
    def _confusion(self, causes):
        """What customers said by what inspection found, in units, and how far the two agree."""
        found = [(row[1], row[0], row[4]) for row in causes if row[0] and row[1]]
        said, seen, units = {}, {}, {}
        for reason, cause, count in found:
            said[reason] = said.get(reason, 0.0) + count
            seen[cause] = seen.get(cause, 0.0) + count
            units[reason, cause] = units.get((reason, cause), 0.0) + count
        reasons = self.env["scm.return.reason"].browse(sorted(said, key=lambda key: -said[key]))
        usual = {reason.id: reason.cause_id for reason in reasons}
        owner = {cause.id: cause.owner for cause in self.env["scm.return.cause"].browse(seen)}
        judged = [(usual[reason], cause, count) for reason, cause, count in found if usual[reason]]
        agreed, beyond = kappa(
            [one.id for one, _c, _n in judged], [c for _o, c, _n in judged], [n for _o, _c, n in judged]
        )
        owners = kappa(
            [one.owner for one, _c, _n in judged], [owner[c] for _o, c, _n in judged], [n for _o, _c, n in judged]
        )
        columns = sorted(seen, key=lambda key: -seen[key])[:MOST_COLUMNS]
        names = self._what_names("cause", columns)
        return {
            "rows": [
                {"key": reason.id, "name": reason.name, "group": reason.parent_id.name or "", "units": said[reason.id],
                 "usual": reason.cause_id.id,
                 "cells": [units.get((reason.id, cause), 0.0) for cause in columns]}
                for reason in reasons[:MOST_ROWS]
            ],
            "columns": [{"key": key, "name": names[key][0], "owner": names[key][1]} for key in columns],
            "units": sum(said.values()),
            "agreed": agreed,
            "kappa": beyond,
            "owner_agreed": owners[0],
            "owner_kappa": owners[1],
        }  # fmt: skip


def _number(value):
    """A number for JSON; False where there is none."""
    return float(value) if np.isfinite(value) else False
