from odoo import api, models
from odoo.exceptions import UserError

from ..kernel.policy import CONDITIONS, Facts, decide

#: what a bench may type, by kernel name: numbers, ids, and choices
_NUMBERS = ("days_delivery", "days_order", "value_line", "value_return")


class ScmReturnPolicyVersion(models.Model):
    """The test bench: a case against every row of a version, typed or taken from an order. Writes nothing."""

    _inherit = "scm.return.policy.version"

    @api.model
    def bench_start(self):
        """Versions, conditions and choices of the bench, for its first picture.

        :return: ``{"versions": [{"id", "name", "state"}], "version_id", "conditions", "reasons", "states", "classes",
            "countries", "categories", "tags", "currency_id"}``; choices are ``[{"id", "name"}]``
        """
        self.env["scm.return"].check_access("read")
        company = self.env.company
        versions = self.search([("company_id", "in", [False, company.id])], order="company_id, policy_id, number DESC")
        current = self.env["scm.return.policy"]._in_force(company)[company]
        labels = dict(self._fields["state"]._description_selection(self.env))
        states = self.env["scm.return.line"]._fields["condition"]._description_selection(self.env)
        return {
            "versions": [
                {"id": one.id, "name": one.display_name, "state": one.state, "label": labels[one.state]}
                for one in versions
            ],
            "version_id": (current or versions[:1]).id or False,
            "currency_id": company.currency_id.id,
            "states": [{"id": code, "name": name} for code, name in states],
            "reasons": self._bench_choices("scm.return.reason", [("child_ids", "=", False)]),
            "classes": self._bench_choices("scm.customer.class", [("company_id", "=", company.id)]),
        }

    def _bench_choices(self, model, domain):
        return [{"id": one.id, "name": one.display_name} for one in self.env[model].search(domain)]

    def bench_facts(self, facts):
        """Try a typed case on this version.

        :param dict facts: ``days_delivery``, ``days_order``, ``value_line``, ``value_return`` (numbers or False, in
            company currency), ``category_id``, ``tag_ids``, ``reason_id``, ``condition``, ``class_id``, ``country_id``,
            ``final_sale``; what is left out is not known
        :return: as :meth:`_bench`
        """
        self.env["scm.return"].check_access("read")
        self.check_access("read")
        return self._bench(self._bench_item(facts or {}))

    def bench_order(self, order_id, row):
        """Try one item of an order on this version, whichever the order keeps.

        :param dict row: as a row of ``scm.return.request_return``; without ``sale_line_id`` the first line of goods
        :return: as :meth:`_bench`, with ``facts`` for :meth:`bench_facts` and ``order_version``, which the order keeps
        """
        self.env["scm.return"].check_access("read")
        self.check_access("read")
        order = self.env["sale.order"].browse(order_id).exists()
        if not order:
            raise UserError(self.env._("There is no order with the id %(id)s.", id=order_id))
        order.check_access("read")
        goods = order.order_line.filtered(lambda line: line.product_id and line.product_id.type != "service")
        if not goods:
            raise UserError(self.env._("%(order)s has no goods that could come back.", order=order.name))
        asked = {"quantity": 1.0, "sale_line_id": goods[0].id, **{name: one for name, one in row.items() if one}}
        request = self.env["scm.return.policy"]._new_request(order, [asked])
        [item] = request.line_ids._policy_items()
        kept = order._scm_return_versions()[order]
        return self._bench(item) | {
            "facts": self._bench_typed(item),
            "items": [{"id": line.id, "name": line.product_id.display_name} for line in goods],
            "sale_line_id": asked["sale_line_id"],
            "order_version": kept[0].display_name or "",
            "order_version_id": kept[0].id or False,
        }

    def _bench(self, item):
        """Each row with what it asks in each condition and whether it holds.

        :return: ``{"match": row id or False, "decision", "rows": [{"id", "name", "decision", "decision_label",
            "then", "text", "source", "status" (skipped, match, after), "cells": [{"code", "wanted", "holds"}]}],
            "have": {condition: words}, "conditions": [{"code", "label"}]}``
        """
        self.ensure_one()
        rows = self.row_ids.sorted(lambda row: (row.sequence, row.id))
        decision = decide(rows._compiled(), Facts.of([item]))
        first = int(decision.first[0])
        currency = rows._currency() if rows else self.env.company.currency_id
        labels = dict(rows._fields["decision"]._description_selection(self.env))
        named = rows._condition_labels()
        used = [code for code in CONDITIONS if any(row._wanted_text(code, currency) for row in rows)]
        return {
            "match": rows[first].id if first >= 0 else False,
            "decision": rows[first].decision if first >= 0 else "review",
            "conditions": [{"code": code, "label": named[code]} for code in used],
            "rows": [
                {
                    "id": row.id,
                    "name": row.name,
                    "decision": row.decision,
                    "decision_label": labels[row.decision],
                    "then": row.then_text,
                    "text": row.text or "",
                    "source": row.source or "",
                    "status": "match" if place == first else "after" if 0 <= first < place else "skipped",
                    "cells": row._bench_cells(used, decision.failed_of(place, 0), item, currency),
                }
                for place, row in enumerate(rows)
            ],
            "never": self._never_decide(rows),
        }

    def _bench_item(self, facts):
        item = {name: self._bench_number(facts.get(name)) for name in _NUMBERS}
        for name in ("days_delivery", "days_order"):
            item[name] = int(item[name]) if item[name] is not None else None
        item["value_line"] = item["value_line"] or 0.0
        item["value_return"] = item["value_return"] or item["value_line"]
        category = self.env["product.category"].browse(facts.get("category_id") or 0).exists()
        reason = self.env["scm.return.reason"].browse(facts.get("reason_id") or 0).exists()
        return item | {
            "categories": tuple(int(one) for one in (category.parent_path or "").split("/") if one),
            "tags": tuple(self.env["product.tag"].browse(facts.get("tag_ids") or []).exists().ids),
            "reasons": tuple((reason | reason.parent_id).ids),
            "conditions": facts.get("condition") or "",
            "classes": facts.get("class_id") or 0,
            "countries": facts.get("country_id") or 0,
            "final_sale": bool(facts.get("final_sale")),
        }

    def _bench_number(self, value):
        if value is False or value is None or value == "":
            return None
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if not 0 <= number < 1e12:
            raise UserError(self.env._("“%(value)s” is no number of days or amount.", value=value))
        return number

    def _bench_typed(self, item):
        """The reverse of :meth:`_bench_item`, for the form."""
        return {
            **{name: item[name] if item[name] is not None else False for name in _NUMBERS},
            "category_id": item["categories"][-1] if item["categories"] else False,
            "category": self.env["product.category"].browse(item["categories"][-1:]).display_name or "",
            "tag_ids": list(item["tags"]),
            "reason_id": item["reasons"][0] if item["reasons"] else False,
            "condition": item["conditions"] or False,
            "class_id": item["classes"] or False,
            "country_id": item["countries"] or False,
            "country": self.env["res.country"].browse(item["countries"] or []).display_name or "",
            "final_sale": bool(item["final_sale"]),
        }


class ScmReturnPolicyRow(models.Model):
    _inherit = "scm.return.policy.row"

    def _bench_cells(self, used, failed, item, currency):
        return [
            {
                "code": code,
                "label": "" if code in ("days", "condition", "country") else self._condition_labels()[code],
                "wanted": self._wanted_text(code, currency),
                "have": self._have_text(code, item, currency) or self.env._("not known"),
                "holds": code not in failed,
            }
            for code in used
        ]
