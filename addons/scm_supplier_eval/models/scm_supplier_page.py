from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.scm_base.tools.zones import local_today

PAGE_SIZE = 40
#: figures by which the list may be ordered, the largest first
SORTS = ("risk_value", "risk", "value", "lines", "unconfirmed", "actions", "documents", "score", "name")
CARDS_IN_TREND = 8


class ScmSupplierPage(models.AbstractModel):
    """One page per supplier with everything open, and the list that leads to it."""

    _name = "scm.supplier.page"
    _description = "Supplier Page"

    @api.model
    @api.readonly
    def get_suppliers(self, search="", only="", sort="risk_value", offset=0, limit=PAGE_SIZE):
        """Suppliers with something open in the current company, or with a standing, and how much.

        :param search: part of the name
        :param only: a figure that must be above zero: risk, unconfirmed, actions, documents, questionnaires, ...
        :param sort: a figure, the largest first; or ``name``
        :return: ``{'rows': [{'id', 'name', 'country', 'group', 'grade', 'score', 'risk', 'risk_value', ...}],
            'total': count, 'sums': {figure: sum over all of them}, 'currency_id': id}``
        """
        self._check_reader()
        if sort not in SORTS:
            raise UserError(
                self.env._(
                    "Suppliers cannot be sorted by '%(sort)s'. Known: %(known)s.", sort=sort, known=", ".join(SORTS)
                )
            )
        company = self.env.company
        counts = self.env["scm.supplier.open"]._counts(company)
        standings = self._standings(company)
        known = Domain("id", "in", list({*counts, *standings}))
        partners = self.env["res.partner"].search(known & Domain("name", "ilike", search or ""), order="name, id")
        names = self.env["scm.supplier.open"]._count_names()
        empty = dict.fromkeys(names, 0)
        rows = [self._supplier_row(partner, counts.get(partner.id, empty), standings) for partner in partners]
        sums = {name: sum(row[name] for row in rows) for name in names}
        if only in names:
            rows = [row for row in rows if row[only]]
        if sort != "name":
            rows.sort(key=lambda row: -(row[sort] or 0))
        return {
            "rows": rows[offset : offset + limit],
            "total": len(rows),
            "sums": sums,
            "currency_id": company.currency_id.id,
        }

    @api.model
    def _supplier_row(self, partner, counts, standings):
        standing = standings.get(partner.id, {})
        return {
            "id": partner.id,
            "name": partner.name or "",
            "country": partner.country_id.name or "",
            "group": partner.scm_supplier_group_id.name or "",
            "grade": standing.get("grade", ""),
            "color": standing.get("color", ""),
            "score": standing.get("score", False),
            "state": standing.get("state", ""),
            **counts,
        }

    @api.model
    @api.readonly
    def get_page(self, partner_id):
        """Everything open with a supplier in the current company, its standing and its latest scorecards.

        :param partner_id: the supplier; a contact counts as its company
        :return: ``{'partner': {...}, 'standing': {...}, 'cards': [...], 'lines': [...], 'actions': [...],
            'documents': [...], 'questionnaires': [...], 'contests': [...], 'qualifications': [...], 'counts': {...},
            'mail': {...}, 'currency_id': id}``
        """
        self._check_reader()
        partner = self.env["res.partner"].browse(partner_id).exists().commercial_partner_id
        if not partner:
            raise UserError(self.env._("There is no supplier with the id %s.", partner_id))
        company = self.env.company
        items = self.env["scm.supplier.open"]._open_items(company, partner)[partner.id]
        return {
            "partner": self._partner_values(partner),
            "standing": self._standings(company, partner).get(partner.id, {}),
            **items,
            "cards": self._cards(company, partner),
            "qualifications": self._qualifications(company, partner),
            "counts": self._page_counts(items),
            "mail": self._mail(company, partner),
            "today": local_today(company).isoformat(),
            "currency_id": company.currency_id.id,
        }

    # Parts of it

    @api.model
    def _check_reader(self):
        if not self.env.user.has_groups("scm_base.scm_group_user,purchase.group_purchase_user"):
            raise AccessError(
                self.env._("The supplier page is for supply chain and purchasing. Ask your administrator for the role.")
            )

    @api.model
    def _partner_values(self, partner):
        contacts = partner.child_ids.filtered("email") or partner.filtered("email")
        return {
            "id": partner.id,
            "name": partner.name or "",
            "city": partner.city or "",
            "country": partner.country_id.name or "",
            "group": partner.scm_supplier_group_id.name or "",
            "email": partner.email or "",
            "phone": partner.phone or "",
            "is_customer": partner.customer_rank > 0,
            "contacts": [
                {"id": contact.id, "name": contact.name or "", "email": contact.email, "job": contact.function or ""}
                for contact in contacts[:3]
            ],
        }

    @api.model
    def _standings(self, company, partners=None):
        """{partner_id: what the page shows of its standing}"""
        domain = Domain("company_id", "=", company.id)
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.ids)
        return {
            standing.partner_id.id: {
                "id": standing.id,
                "grade": standing.effective_grade_id.name or "",
                "color": standing.effective_grade_id.color or "",
                "score": standing.score if standing.grade_id else False,
                "state": standing.state,
                "consequence": standing.consequence,
                "share_limit": standing.share_limit,
                "override": standing.override_reason or "",
                "override_until": standing.override_until.isoformat() if standing.override_until else False,
                "date_probation": standing.date_probation.isoformat() if standing.date_probation else False,
            }
            for standing in self.env["scm.supplier.standing"].search(domain)
        }

    @api.model
    def _cards(self, company, partner):
        """The latest published cards, the latest first."""
        cards = self.env["scm.scorecard"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("state", "in", ("published", "restated")),
            ],
            order="date_to desc",
            limit=CARDS_IN_TREND,
        )
        return [
            {
                "id": card.id,
                "name": card.period,
                "total": card.total,
                "rank": card.rank,
                "rank_of": card.rank_of,
                "grade": card.grade_id.name or "",
                "answer": card.supplier_answer,
            }
            for card in cards
        ]

    @api.model
    def _qualifications(self, company, partner):
        """Decided qualifications, what ends first."""
        found = self.env["scm.supplier.qualification"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", partner.id),
                ("state", "in", ("qualified", "conditional", "rejected", "expired", "suspended")),
            ],
            order="date_expiry, id",
        )
        return [
            {
                "id": one.id,
                "category": one.categ_id.display_name or self.env._("All products"),
                "state": one.state,
                "score": one.score,
                "date": one.date_expiry.isoformat() if one.date_expiry else False,
            }
            for one in found
        ]

    @api.model
    def _page_counts(self, items):
        lines = items["lines"]
        risky = [line for line in lines if line["risks"]]
        return {
            "lines": len(lines),
            "value": sum(line["amount"] for line in lines),
            "risk": len(risky),
            "risk_value": sum(line["amount"] for line in risky),
            "overdue": sum("overdue" in line["risks"] for line in lines),
            "unconfirmed": sum(not line["confirmed"] for line in lines),
        }

    @api.model
    def _mail(self, company, partner):
        latest = self.env["scm.supplier.digest"].search(
            [("company_id", "=", company.id), ("partner_id", "=", partner.id), ("state", "=", "sent")], limit=1
        )
        return {
            "mode": company.scm_supplier_mail,
            "off": partner.scm_no_weekly_mail,
            "sent": latest.date_sent.date().isoformat() if latest else False,
        }
