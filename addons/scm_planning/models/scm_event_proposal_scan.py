"""Promotions that Odoo knows of, read from its own records and kept in step with them."""

from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain

from odoo.addons.scm_base.tools.zones import local_day, zone_name

from ..kernel.promotion import expected_uplift

#: smaller discounts move nothing
LEAST_DISCOUNT = 0.01
HISTORY_YEARS = 3
#: a price that holds longer is the ordinary one
LONGEST_DAYS = 120


class ScmEventProposal(models.Model):
    _inherit = "scm.event.proposal"

    @api.model
    def _refresh(self, company):
        """Bring the proposals of a company in step with their sources; returns numbers ``new``, ``changed``, ``gone``.

        What a person decided stays decided. Dates of promotions in the calendar follow their source, unless a planner
        moved them there; either way the row says so.
        """
        # two at once would both find a promotion that is not there yet
        self.env.cr.execute("SELECT pg_advisory_xact_lock(hashtext('scm_event_proposal'), %s)", [company.id])
        rows = self.search([("company_id", "=", company.id)])
        known = {key: row for row in rows for key in row.source_keys or []}
        uplifts = self._uplift_sources(company)
        new_vals, found, changed = [], self.browse(), 0
        for source in self._sources(company):
            row = self._row_of(source, known, found)
            if row:
                found |= row
                changed += row._follow(source, uplifts)
            else:
                new_vals.append(self._prepare_vals(company, source, uplifts))
        self.create(new_vals)
        return {"new": len(new_vals), "changed": changed, "gone": (rows - found)._lose(company)}

    @api.model
    def _row_of(self, source, known, taken):
        """The proposal that most of the source's records belong to and that no other source has."""
        votes = Counter(known[key] for key in source["keys"] if key in known and known[key] not in taken)
        return votes.most_common(1)[0][0] if votes else self.browse()

    @api.model
    def _prepare_vals(self, company, source, uplifts):
        uplift, why = self._expectation(source, uplifts)
        return self._prepare_source_vals(source) | {
            "company_id": company.id,
            "origin": source["origin"],
            "expected_uplift": uplift,
            "uplift_typed": False,
            "why": why,
        }

    @api.model
    def _prepare_source_vals(self, source):
        return {
            "name": source["name"],
            "source_keys": source["keys"],
            "date_start": source["date_start"],
            "date_end": source["date_end"],
            "discount": source["discount"],
            "category_ids": [Command.set(source["category_ids"])],
            "product_ids": [Command.set(source["product_ids"])],
            "product_count": len(source["product_ids"]),
        }

    def _follow(self, source, uplifts):
        """Take over what the source says now; returns whether its days or its discount changed."""
        self.ensure_one()
        moved = (self.date_start, self.date_end) != (source["date_start"], source["date_end"])
        deeper = abs(self.discount - source["discount"]) > 0.001
        vals = self._prepare_source_vals(source)
        if moved or deeper or self.change_code == "gone":
            vals["change_code"] = "dates" if moved else "discount" if deeper else "same"
            vals["change_note"] = self._change_note(source, moved, deeper)
        if self.state == "proposed" and not self.uplift_typed:
            uplift, why = self._expectation(source, uplifts)
            vals |= {"expected_uplift": uplift, "why": why, "uplift_typed": False}
        if self.state == "accepted" and moved:
            vals["change_note"] = self._move_occurrence(source, vals["change_note"])
        if different := {name: value for name, value in vals.items() if self._differs(name, value)}:
            self.write(different)
        return moved or deeper

    def _differs(self, name, value):
        """Whether a value is news; what stays the same is not written each night."""
        if self._fields[name].type == "many2many":
            return set(self[name].ids) != set(value[0][2])
        return self[name] != value

    def _change_note(self, source, moved, deeper):
        notes = []
        if moved:
            notes.append(
                self.env._(
                    "%(origin)s: was %(first)s to %(last)s.",
                    origin=self._origin_label(),
                    first=fields.Date.to_string(self.date_start),
                    last=fields.Date.to_string(self.date_end),
                )
            )
        if deeper:
            notes.append(self.env._("Discount was %(percent).0f %%.", percent=100 * self.discount))
        return " ".join(notes) or False

    def _origin_label(self):
        return dict(self._fields["origin"]._description_selection(self.env))[self.origin]

    def _move_occurrence(self, source, note):
        """Move the dates in the calendar with the source; what a planner moved there himself stays."""
        occurrence = self.occurrence_id
        if not occurrence:
            return note
        if (occurrence.date_start, occurrence.date_end) != (self.date_start, self.date_end):
            return f"{note} " + self.env._("In the calendar a planner set other days; they stay.")
        others = self.event_id.occurrence_ids - occurrence
        if any(row.date_start <= source["date_end"] and source["date_start"] <= row.date_end for row in others):
            return f"{note} " + self.env._("The new days meet another occurrence of the event; move it by hand.")
        occurrence.write({"date_start": source["date_start"], "date_end": source["date_end"]})
        return f"{note} " + self.env._("The calendar was moved with it.")

    def _lose(self, company):
        """The source is gone: open proposals go, decided ones say so. Returns how many that is news for."""
        open_rows = self.filtered(lambda row: row.state == "proposed")
        today = self.env["scm.demand.day"]._scm_company_today(company)
        rest = (self - open_rows).filtered(lambda row: row.change_code != "gone" and row.date_end >= today)
        rest.write(
            {
                "change_code": "gone",
                "change_note": self.env._(
                    "Its source was deleted or has no dates now. Archive the event if it does not take place."
                ),
            }
        )
        count = len(open_rows) + len(rest)
        open_rows.unlink()
        return count

    # ---------------------------------------------------------------- sources

    @api.model
    def _sources(self, company):
        """Hook: promotions that Odoo knows of. An extension adds to the list.

        Each is a dict: ``keys`` (list of "model,id"), ``origin``, ``name``, ``date_start``, ``date_end`` (local days),
        ``discount`` (share of the price), ``category_ids``, ``product_ids`` (lists of ids; both empty: all products).
        """
        return self._pricelist_sources(company)

    @api.model
    def _oldest_day(self, company):
        return self.env["scm.demand.day"]._scm_company_today(company) - timedelta(days=365 * HISTORY_YEARS)

    @api.model
    def _pricelist_sources(self, company):
        """Dated rules of price lists that lower the price; rules of one list with the same days and depth are one."""
        items = self.env["product.pricelist.item"].search(
            Domain("company_id", "in", [False, company.id])
            & Domain("pricelist_id.active", "=", True)
            & Domain("date_start", "!=", False)
            & Domain("date_end", ">=", fields.Datetime.to_datetime(self._oldest_day(company))),
            order="pricelist_id, date_start, id",
        )
        zone, rates = zone_name(company), {}
        groups = {}
        for item in items:
            depth = self._item_depth(item, rates)
            first, last = (local_day(moment, zone) for moment in (item.date_start, item.date_end))
            if depth >= LEAST_DISCOUNT and (last - first).days <= LONGEST_DAYS:
                groups.setdefault((item.pricelist_id, first, last, round(depth, 2)), []).append(item)
        return [self._pricelist_source(key, rules) for key, rules in groups.items()]

    @api.model
    def _item_depth(self, item, rates):
        """Share of the sales price that a rule takes off; 0 where it is not a discount on it."""
        if item.compute_price != "fixed":
            percent = item.percent_price if item.compute_price == "percentage" else item.price_discount
            return min(percent, 100.0) / 100 if item.base in (False, "list_price") else 0.0
        product = item.product_id or item.product_tmpl_id
        if not product or not product.list_price > 0:
            return 0.0
        pair = product.currency_id, item.currency_id
        if pair not in rates:
            rates[pair] = self.env["res.currency"]._get_conversion_rate(*pair, item.company_id or self.env.company)
        return max(0.0, 1 - item.fixed_price / (product.list_price * rates[pair]))

    @api.model
    def _pricelist_source(self, key, rules):
        pricelist, first, last, depth = key
        everything = any(rule.applied_on == "3_global" for rule in rules)
        by_variant = [rule.product_id for rule in rules if rule.applied_on == "0_product_variant"]
        templates = [rule.product_tmpl_id for rule in rules if rule.applied_on == "1_product"]
        products = self.env["product.product"].union(*by_variant, *(one.product_variant_ids for one in templates))
        categories = self.env["product.category"].union(
            *(rule.categ_id for rule in rules if rule.applied_on == "2_product_category")
        )
        return {
            "keys": [f"product.pricelist.item,{rule.id}" for rule in rules],
            "origin": "pricelist",
            "name": self.env._("%(pricelist)s: %(percent).0f %% off", pricelist=pricelist.name, percent=100 * depth),
            "date_start": first,
            "date_end": last,
            "discount": depth,
            "category_ids": [] if everything else categories.ids,
            "product_ids": [] if everything else sorted(products.ids),
        }

    # ----------------------------------------------------------------- uplift

    @api.model
    def _uplift_sources(self, company):
        """What is known of promotions that ran: rows (depth, learned uplift, times seen, category) and the categories
        of products, read once for all proposals."""
        effects = self.env["scm.event.effect"].search(
            [
                ("company_id", "=", company.id),
                ("run_id.current", "=", True),
                ("run_id.freq", "=", "W"),
                ("event_id.kind", "=", "promotion"),
                ("event_id.discount", ">", 0),
                ("times_seen", ">", 0),
            ]
        )
        return [(row.event_id.discount, row.peak, row.times_seen, row.categ_id) for row in effects]

    @api.model
    def _expectation(self, source, uplifts):
        """(uplift, why record) to propose for a promotion."""
        categories = self.env["product.category"].browse(source["category_ids"])
        categories |= self.env["product.product"].browse(source["product_ids"]).categ_id
        paths = {category.parent_path for category in categories}
        same = [
            not paths or any((row[3].parent_path or "-").startswith(path) for path in paths if path) for row in uplifts
        ]
        depths, learned, seen = ([row[column] for row in uplifts] for column in range(3))
        found = expected_uplift(source["discount"], depths, learned, seen, same)
        return round(found.uplift, 2), self._uplift_why(source, found)

    @api.model
    def _uplift_why(self, source, found):
        return {
            "value": round(found.uplift, 3),
            "unit": "percent",
            "method": "promotion_uplift",
            "sample": found.occurrences,
            "formula": "promotion_uplift_formula",
            "window": {},
            "terms": [
                {"code": "discount", "value": round(source["discount"], 3), "unit": "percent"},
                {"code": "uplift_rule", "value": round(found.rule, 3), "unit": "percent"},
                {"code": "promotions_seen", "value": found.promotions},
                {"code": "occurrences_seen", "value": found.occurrences},
            ],
            "notes": [] if found.promotions else ["uplift_rule_alone"],
        }
