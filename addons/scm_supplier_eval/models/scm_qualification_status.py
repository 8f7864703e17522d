from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_today

from .scm_supplier_qualification import DECIDED


class ScmSupplierQualification(models.Model):
    """Whether suppliers may deliver categories: the one question that others ask, answered set-based."""

    _inherit = "scm.supplier.qualification"

    @api.model
    def _status_of(self, company, pairs):
        """State of suppliers for categories, in a constant number of queries.

        The qualification of the nearest category counts: of the category itself, else of the one above it, at last the
        one for everything. A decision goes before one that is still being prepared. Days are looked at as of today,
        also when the nightly job has not run.

        :param pairs: iterable of ``(partner_id, categ_id)``; categ_id may be False; contacts count as their company
        :return: ``{(partner_id, categ_id): state}`` with ``none`` where there is nothing
        """
        return {pair: found["state"] if found else "none" for pair, found in self._find_of(company, pairs).items()}

    @api.model
    def get_status(self, partner_ids, categ_ids, company_id=False):
        """Qualification of each of these suppliers for each of these categories.

        :return: list of dicts: partner_id, categ_id, state (none, draft, asked, review, qualified, conditional,
            rejected, expired, suspended), qualification_id, date_expiry, condition_date (False where there is none)
        """
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        if company not in self.env.companies:
            return []
        self.check_access("read")
        pairs = [(partner_id, categ_id) for partner_id in partner_ids for categ_id in categ_ids]
        return [
            {
                "partner_id": partner_id,
                "categ_id": categ_id,
                "state": found["state"] if found else "none",
                "qualification_id": found["id"] if found else False,
                "date_expiry": fields.Date.to_string(found["date_expiry"]) if found else False,
                "condition_date": fields.Date.to_string(found["condition_date"]) if found else False,
            }
            for (partner_id, categ_id), found in self._find_of(company, pairs).items()
        ]

    @api.model
    def _find_of(self, company, pairs):
        """{pair: dict of its qualification, or None}"""
        pairs = list(dict.fromkeys(pairs))
        partners = self.env["res.partner"].browse({partner_id for partner_id, _categ in pairs})
        # sudo: the category tree is no secret, and a company's contact may be hidden from the user
        commercial = {partner.id: partner.commercial_partner_id.id for partner in partners.sudo()}
        rows = self._status_rows(company, list(set(commercial.values())))
        above = self._categories_above({categ_id for _partner, categ_id in pairs if categ_id})
        today = self._today_of(company)
        found = {}
        for partner_id, categ_id in pairs:
            own = rows.get(commercial[partner_id], {})
            found[partner_id, categ_id] = self._nearest(own, above.get(categ_id, ()), today)
        return found

    @api.model
    def _nearest(self, rows, categories, today):
        for states in (DECIDED, ("draft", "asked", "review")):
            for categ_id in (*categories, False):
                for row in rows.get(categ_id, ()):
                    if row["state"] in states:
                        return row | {"state": self._state_on(row, today)}
        return None

    @api.model
    def _state_on(self, row, today):
        """The state as the calendar has it."""
        if row["state"] in ("qualified", "conditional") and row["date_expiry"] and row["date_expiry"] < today:
            return "expired"
        if row["state"] == "conditional" and row["condition_date"] and row["condition_date"] < today:
            return "suspended"
        return row["state"]

    @api.model
    def _status_rows(self, company, commercial_ids):
        """{commercial partner: {category or False: rows, latest first}}"""
        self.flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        found = defaultdict(lambda: defaultdict(list))
        for partner_id, categ_id, *values in self.env.execute_query(
            SQL(
                """
                SELECT p.commercial_partner_id, q.categ_id, q.id, q.state, q.date_expiry, q.condition_date,
                       q.conditions, q.suspended_reason
                  FROM scm_supplier_qualification q
                  JOIN res_partner p ON p.id = q.partner_id
                 WHERE q.company_id = %s AND q.active AND p.commercial_partner_id = ANY(%s)
              ORDER BY q.date_decided DESC NULLS LAST, q.id DESC
                """,
                company.id,
                commercial_ids,
            )
        ):
            names = ("id", "state", "date_expiry", "condition_date", "conditions", "suspended_reason")
            found[partner_id][categ_id or False].append(dict(zip(names, values, strict=True)))
        return found

    @api.model
    def _categories_above(self, categ_ids):
        """{category: itself and those above it, nearest first}"""
        # sudo: the tree is no secret
        categories = self.env["product.category"].sudo().search_fetch([("id", "in", list(categ_ids))], ["parent_path"])
        return {
            category.id: [int(part) for part in reversed(category.parent_path.strip("/").split("/"))]
            for category in categories
        }

    @api.model
    def _today_of(self, company):
        return local_today(company)
