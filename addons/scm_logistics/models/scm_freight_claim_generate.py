from datetime import timedelta

import numpy as np
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_base.tools.zones import local_day_sql, local_today, zone_sql

from ..kernel import freight_claim as kernel
from .scm_freight_claim import KINDS

#: parcels handed over longer ago are history: no carrier pays for them
LOOK_BACK_DAYS = 400
#: calendars are read so far around the parcels: longer than any row of holidays
_CALENDAR_MARGIN = timedelta(days=60)
#: claims about the same parcel, the one before goes first
GOODS = ("lost", "damaged")


class ScmFreightClaim(models.Model):
    """Drafts of claims, synchronised: what holds now has one draft, what holds no more has none."""

    _inherit = "scm.freight.claim"

    @api.model
    def generate(self, company_id=False):
        """Draft the claims that hold now; public, also over RPC. For supply-chain managers.

        :param company_id: by default the user's present company
        :return: ``{"created": n, "withdrawn": n, "expired": n}``
        """
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        self.env["scm.carrier.month"]._check_manager(company)
        return self.sudo()._generate(company)  # sudo: role and company are checked above

    @api.model
    def _generate(self, company, kinds=None):
        kinds = kinds or tuple(kind for kind, _label in KINDS)
        today = local_today(company)
        rows = {}
        for kind in kinds:
            rows |= {row["source_key"]: row for row in getattr(self, f"_candidates_{kind}")(company, today)}
        least = max(company.scm_claim_minimum, company.currency_id.rounding)
        rows = {key: row for key, row in rows.items() if row["amount"] >= least and row["date_deadline"] >= today}
        keyed = self.search([("company_id", "=", company.id), ("kind", "in", kinds), ("source_key", "!=", False)])
        known = set(keyed.mapped("source_key"))
        drafts = keyed.filtered(lambda claim: claim.state == "draft")
        expired = drafts.filtered(lambda claim: claim.date_deadline and claim.date_deadline < today)
        gone = (drafts - expired).filtered(lambda claim: claim.source_key not in rows)
        expired.write({"state": "expired"})
        gone._withdraw()
        created = self.with_context(tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True).create(
            [row for key, row in rows.items() if key not in known]
        )
        return {"created": len(created), "withdrawn": len(gone), "expired": len(expired)}

    # What can be claimed

    @api.model
    def _candidates_lost(self, company, today):
        return self._goods_rows(company, today, "lost", SQL("p.is_lost"))

    @api.model
    def _candidates_damaged(self, company, today):
        return self._goods_rows(company, today, "damaged", SQL("p.is_damaged AND p.is_lost IS NOT TRUE"))

    @api.model
    def _goods_rows(self, company, today, kind, where):
        facts = self._parcel_facts(company, today, where)
        columns = ("value", "weight", "freight", "liability_parcel", "liability_kg")
        amounts = kernel.goods_claim(*([fact[name] for fact in facts] for name in columns)).tolist()
        money = company.currency_id
        return [
            self._prepare_claim(
                company,
                kind,
                fact,
                money.round(amount),
                fact["known"],
                terms=[
                    {"code": "claim_value", "value": fact["value"], "unit": money.name},
                    {"code": "claim_weight", "value": fact["weight"], "unit": "kg"},
                    {"code": "claim_limit_parcel", "value": fact["liability_parcel"], "unit": money.name},
                    {"code": "claim_limit_kg", "value": fact["liability_kg"], "unit": money.name},
                    {"code": "claim_freight", "value": fact["freight"], "unit": money.name},
                ],
            )
            for fact, amount in zip(facts, amounts, strict=True)
        ]

    @api.model
    def _candidates_late(self, company, today):
        """Delivered after the carrier's own guarantee: working days from our dock, whatever we promised."""
        where = SQL("d.scm_guaranteed_days > 0 AND d.scm_late_refund > 0 AND p.date_delivered IS NOT NULL")
        facts = self._parcel_facts(company, today, where)
        amounts = kernel.late_claim([fact["freight"] for fact in facts], [fact["refund"] for fact in facts]).tolist()
        limits = self._guaranteed_days(company, facts)
        money = company.currency_id
        return [
            self._prepare_claim(
                company,
                "late",
                fact,
                money.round(amount),
                fact["delivered"],
                terms=[
                    {"code": "claim_handed", "value": fact["handed"].isoformat()},
                    {"code": "claim_guaranteed", "value": limit.isoformat()},
                    {"code": "claim_delivered", "value": fact["delivered"].isoformat()},
                    {"code": "claim_freight", "value": fact["freight"], "unit": money.name},
                    {"code": "claim_refund", "value": fact["refund"], "unit": "percent"},
                ],
            )
            for fact, amount, limit in zip(facts, amounts, limits, strict=True)
            if fact["delivered"] > limit
        ]

    @api.model
    def _guaranteed_days(self, company, facts):
        """Last guaranteed day of each parcel, by its carrier's calendar; the calendars are read once."""
        if not facts:
            return []
        carriers = self.env["delivery.carrier"].browse({fact["carrier_id"] for fact in facts})
        handed = [fact["handed"] for fact in facts]
        longest = max(carriers.sudo().mapped("scm_guaranteed_days"))  # sudo: terms that we agreed on are no secret
        first, last = min(handed) - _CALENDAR_MARGIN, max(handed) + timedelta(days=2 * longest) + _CALENDAR_MARGIN
        open_days = carriers._scm_open_days(company, carriers, first, last)
        limits = {}
        for carrier in carriers.sudo():  # sudo: as above
            own = [fact for fact in facts if fact["carrier_id"] == carrier.id]
            closed = [first + timedelta(days=number) for number in np.flatnonzero(~open_days[carrier.id]).tolist()]
            days = kernel.guaranteed_day(
                [fact["handed"] for fact in own], carrier.scm_guaranteed_days, (True,) * 7, closed
            )
            limits |= dict(zip([fact["id"] for fact in own], days.tolist(), strict=True))
        return [limits[fact["id"]] for fact in facts]

    @api.model
    def _candidates_overcharge(self, company, today):
        """Charges of approved invoices beyond the tolerance."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id, l.invoice_id, l.parcel_id, l.carrier_id, l.difference::float AS difference, i.date, l.why,
                       COALESCE(d.scm_claim_days, 0) AS days
                  FROM scm_freight_invoice_line l JOIN scm_freight_invoice i ON i.id = l.invoice_id
                  JOIN delivery_carrier d ON d.id = l.carrier_id
                 WHERE i.company_id = %s AND i.state = 'approved' AND l.is_over AND l.difference > 0
                   AND i.date + d.scm_claim_days >= %s
                 ORDER BY l.id
                """,
                company.id,
                today,
            )
        )
        return [
            {
                "kind": "overcharge",
                "company_id": company.id,
                "carrier_id": row["carrier_id"],
                "parcel_id": row["parcel_id"],
                "invoice_id": row["invoice_id"],
                "line_id": row["id"],
                "amount": company.currency_id.round(row["difference"]),
                "date_known": row["date"],
                "date_deadline": kernel.deadline(row["date"], row["days"]),
                "source_key": f"line:{row['id']}",
                "why": row["why"],
                "user_id": False,
            }
            for row in rows
        ]

    # Facts

    @api.model
    def _parcel_facts(self, company, today, where):
        """Parcels of a carrier that may be claimed for, with what the carrier agreed to, in one query."""
        self.env.flush_all()
        zone = zone_sql("cp", "wp")
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT * FROM (
                       SELECT p.id, p.carrier_id, COALESCE(p.value, 0)::float AS value,
                              COALESCE(p.weight, 0)::float AS weight,
                              COALESCE(NULLIF(p.cost_invoiced, 0), p.cost_expected, 0)::float AS freight,
                              COALESCE(d.scm_liability_parcel, 0)::float AS liability_parcel,
                              COALESCE(d.scm_liability_kg, 0)::float AS liability_kg,
                              COALESCE(d.scm_late_refund, 0)::float AS refund, COALESCE(d.scm_claim_days, 0) AS days,
                              %(handed)s AS handed, %(delivered)s AS delivered,
                              COALESCE(%(known)s, %(delivered)s, %(handed)s) AS known
                         FROM scm_parcel p JOIN delivery_carrier d ON d.id = p.carrier_id
                         JOIN res_company c ON c.id = p.company_id JOIN res_partner cp ON cp.id = c.partner_id
                         LEFT JOIN stock_warehouse w ON w.id = p.warehouse_id
                         LEFT JOIN res_partner wp ON wp.id = w.partner_id
                        WHERE p.company_id = %(company)s AND p.date_handed > %(since)s AND %(where)s) f
                 WHERE GREATEST(f.known, f.delivered) + f.days >= %(today)s
                 ORDER BY f.id
                """,
                handed=local_day_sql(SQL("p.date_handed"), zone),
                delivered=local_day_sql(SQL("p.date_delivered"), zone),
                known=local_day_sql(SQL("p.status_at"), zone),
                company=company.id,
                since=today - timedelta(days=LOOK_BACK_DAYS),
                where=where,
                today=today,
            )
        )

    @api.model
    def _prepare_claim(self, company, kind, fact, amount, known, terms):
        family = "goods" if kind in GOODS else kind
        return {
            "kind": kind,
            "company_id": company.id,
            "carrier_id": fact["carrier_id"],
            "parcel_id": fact["id"],
            "amount": amount,
            "date_known": known,
            "date_deadline": kernel.deadline(known, fact["days"]),
            "source_key": f"{kind}:{fact['id']}",
            "user_id": False,
            "why": {
                "value": amount,
                "unit": company.currency_id.name,
                "method": f"claim_{kind}",
                "formula": f"claim_formula_{family}",
                "terms": terms,
            },
        }
