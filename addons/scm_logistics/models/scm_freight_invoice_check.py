import json

import numpy as np
from odoo import models
from odoo.tools import SQL

from ..kernel import freight_check as kernel
from .scm_tracking_key import tracking_key_sql


class ScmFreightInvoice(models.Model):
    """The check: match, price, compare, explain. A few statements for an invoice of any length."""

    _inherit = "scm.freight.invoice"

    def _check_lines(self):
        self.ensure_one()
        self.env.flush_all()
        matched = SQL("SELECT DISTINCT parcel_id FROM scm_freight_invoice_line WHERE invoice_id = %s", self.id)
        before = {parcel_id or 0 for (parcel_id,) in self.env.execute_query(matched)}
        self._match_parcels()
        self._match_charges()
        lines = self._read_lines()
        self._store_found(lines, *self._compare(lines))
        self.write({"state": "checked"})
        self._store_totals()
        self.env["scm.parcel"].browse((before | {line["parcel_id"] for line in lines}) - {0})._fill_cost_invoiced()

    # Match

    def _match_parcels(self):
        """By tracking number; where several parcels had it, by carrier and by the day nearest before the invoice."""
        # the keys as one parameter: parcels are then found by their index, whatever is known of a new invoice's lines
        keys = self.env.execute_query(
            SQL(
                "SELECT DISTINCT %s FROM scm_freight_invoice_line WHERE invoice_id = %s",
                tracking_key_sql("tracking_ref"),
                self.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                WITH near AS MATERIALIZED (
                     SELECT p.id, p.carrier_id, p.date_handed::date AS handed, %(parcel_key)s AS key
                       FROM scm_parcel p WHERE p.company_id = %(company)s AND %(parcel_key)s = ANY(%(keys)s)),
                wanted AS MATERIALIZED (
                     SELECT l.id, %(line_key)s AS key FROM scm_freight_invoice_line l WHERE l.invoice_id = %(invoice)s),
                match AS MATERIALIZED (
                     SELECT DISTINCT ON (w.id) w.id, n.id AS parcel_id, n.carrier_id
                       FROM wanted w LEFT JOIN near n ON n.key = w.key
                      ORDER BY w.id, (n.carrier_id = %(carrier)s::int) DESC NULLS LAST,
                               (n.handed <= %(date)s::date) DESC NULLS LAST, abs(%(date)s::date - n.handed) NULLS LAST,
                               n.id DESC)
                UPDATE scm_freight_invoice_line l
                   SET parcel_id = m.parcel_id, carrier_id = COALESCE(m.carrier_id, %(carrier)s::int)
                  FROM match m WHERE l.id = m.id
                """,
                line_key=tracking_key_sql("l.tracking_ref"),
                parcel_key=tracking_key_sql("p.tracking_ref"),
                keys=[key for (key,) in keys],
                company=self.company_id.id,
                carrier=self.carrier_id.id or None,
                date=self.date,
                invoice=self.id,
            )
        )
        self.env["scm.freight.invoice.line"].invalidate_model()
        # who bills an unknown parcel most likely brought the others
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_freight_invoice_line SET carrier_id = (
                       SELECT carrier_id FROM scm_freight_invoice_line WHERE invoice_id = %(invoice)s
                          AND carrier_id IS NOT NULL GROUP BY carrier_id ORDER BY count(*) DESC, carrier_id LIMIT 1)
                 WHERE invoice_id = %(invoice)s AND carrier_id IS NULL
                """,
                invoice=self.id,
            )
        )

    def _match_charges(self):
        """What the words on the file mean: charges by their keywords, zones by their names."""
        names = self.env.execute_query(
            SQL(
                "SELECT DISTINCT COALESCE(name, ''), COALESCE(carrier_id, 0), COALESCE(zone_name, '')"
                " FROM scm_freight_invoice_line WHERE invoice_id = %s",
                self.id,
            )
        )
        known = self.env["scm.freight.charge"]._known(self.company_id)
        zones = self.env["scm.zone"].search_fetch([("company_id", "in", (False, self.company_id.id))], ["name"])
        zone_ids = {zone.name.strip().casefold(): zone.id for zone in reversed(zones)}
        rows = []
        for name, carrier_id, zone in names:
            charge = self._charge(name, carrier_id, known)
            rows.append(
                {
                    "name": name,
                    "carrier": carrier_id,
                    "zone": zone,
                    "charge_id": charge.id if charge else None,
                    "is_freight": not name.strip() or bool(charge and charge.is_freight),
                    "zone_id": zone_ids.get(zone.strip().casefold()),
                }
            )
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_freight_invoice_line l
                   SET charge_id = r.charge_id, is_freight = r.is_freight, zone_id = r.zone_id
                  FROM jsonb_to_recordset(%s::jsonb) AS r(name text, carrier int4, zone text, charge_id int4,
                                                         is_freight bool, zone_id int4)
                 WHERE l.invoice_id = %s AND COALESCE(l.name, '') = r.name
                   AND COALESCE(l.carrier_id, 0) = r.carrier AND COALESCE(l.zone_name, '') = r.zone
                """,
                json.dumps(rows),
                self.id,
            )
        )

    @staticmethod
    def _charge(name, carrier_id, known):
        if not name.strip():
            return None
        own = [(charge, words) for charge, words in known if charge.carrier_id.id in (False, carrier_id)]
        # what was agreed with the carrier or by the company goes before what is shipped
        for rank in ((True, True), (True, False), (False, True), (False, False)):
            near = [one for one in own if (bool(one[0].carrier_id), bool(one[0].company_id)) == rank]
            number = kernel.charge_of(name, [words for _charge, words in near])
            if number >= 0:
                return near[number][0]
        return None

    # Compare

    def _read_lines(self):
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id, COALESCE(l.parcel_id, 0) AS parcel_id, l.is_freight, l.amount::float AS amount,
                       COALESCE(l.weight_billed, 0) AS weight_billed, COALESCE(l.zone_id, 0) AS zone_id,
                       COALESCE(l.charge_id, 0) AS charge_id, COALESCE(c.basis, 'none') AS basis,
                       COALESCE(c.value, 0) AS value
                  FROM scm_freight_invoice_line l LEFT JOIN scm_freight_charge c ON c.id = l.charge_id
                 WHERE l.invoice_id = %s ORDER BY l.sequence, l.id
                """,
                self.id,
            )
        )

    def _compare(self, lines):
        """(:class:`Checked`; why record of each line that is not as expected; amounts in the company's currency)"""
        company = self.company_id
        rate = 1.0
        if self.currency_id != company.currency_id:
            rate = self.env["res.currency"]._get_conversion_rate(
                self.currency_id, company.currency_id, company, self.date
            )
        amounts = [company.currency_id.round(line["amount"] * rate) for line in lines]
        facts, own, by_weight, by_zone = self._expected(lines)
        freight = np.nan_to_num(own)
        basis, value = [line["basis"] for line in lines], [line["value"] for line in lines]
        billed = kernel.Billed(
            np.array(amounts, float),
            np.array([line["is_freight"] for line in lines], bool),
            np.array([bool(line["parcel_id"]) for line in lines], bool),
            self._repeated(lines),
            own,
            by_weight,
            by_zone,
            kernel.agreed_amount(basis, value, freight),
        )
        # carriers round each charge, and so do we
        floor = max(company.scm_freight_tolerance_amount, company.currency_id.rounding)
        found = kernel.check(billed, company.scm_freight_tolerance, floor)
        why = [
            # a line that is as expected proposes nothing
            self._why(line, facts.get(line["parcel_id"]), number, billed, found) if found.reason[number] else None
            for number, line in enumerate(lines)
        ]
        return found, why, amounts

    def _expected(self, lines):
        """Facts by parcel; (n,) each: freight frozen at hand-over, and as the billed weight and zone change it."""
        prices = self.env["scm.freight.price"]
        parcel_ids = {line["parcel_id"] for line in lines} - {0}
        prices._fill(parcel_ids)
        facts = {}
        if parcel_ids:
            rows = self.env.execute_query_dict(prices._facts_sql(SQL("p.id = ANY(%s)", list(parcel_ids))))
            facts = {fact["id"]: fact for fact in rows}
        own, by_weight, by_zone = (np.full(len(lines), np.nan) for _ in range(3))
        priced = [
            number for number, line in enumerate(lines) if (facts.get(line["parcel_id"]) or {}).get("cost_expected")
        ]
        if not priced:
            return facts, own, by_weight, by_zone
        mine = [facts[lines[number]["parcel_id"]] for number in priced]
        frozen = np.array([fact["cost_expected"] for fact in mine], float)
        weight = np.array(
            [lines[number]["weight_billed"] or fact["weight"] for number, fact in zip(priced, mine, strict=True)], float
        )
        zone = np.array(
            [lines[number]["zone_id"] or fact["zone"] for number, fact in zip(priced, mine, strict=True)], np.int64
        )
        base, _source = prices._price(mine)
        heavier, _source = prices._price(mine, weight=weight)
        farther, _source = prices._price(mine, weight=weight, zone=zone)
        own[priced], by_weight[priced], by_zone[priced] = frozen, frozen + heavier - base, frozen + farther - base
        return facts, own, by_weight, by_zone

    def _repeated(self, lines):
        """Charges of this invoice that were billed before, on it or on an earlier one of the same company."""
        parcel_ids = list({line["parcel_id"] for line in lines} - {0})
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.id, l.parcel_id, CASE WHEN l.is_freight THEN 0 ELSE COALESCE(l.charge_id, -1) END
                  FROM scm_freight_invoice_line l JOIN scm_freight_invoice i ON i.id = l.invoice_id
                 WHERE l.parcel_id = ANY(%s) AND l.amount > 0 AND i.state != 'cancelled'
                 ORDER BY i.date, i.id, l.sequence, l.id
                """,
                parcel_ids,
            )
        )
        flags = kernel.repeated([row[1] for row in rows], [row[2] for row in rows]).tolist()
        again = {row[0] for row, flag in zip(rows, flags, strict=True) if flag}
        return np.array([line["id"] in again for line in lines], bool)

    def _why(self, line, fact, number, billed, found):
        """What made the difference, for the line's why button."""
        money = self.company_id.currency_id.name
        terms = [
            {"code": "freight_billed", "value": float(billed.amount[number]), "unit": money},
            {"code": "freight_expected", "value": float(found.expected[number]), "unit": money},
        ]
        if fact and line["is_freight"]:
            terms.append({"code": "freight_weight_ours", "value": float(fact["weight"]), "unit": "kg"})
            if line["weight_billed"]:
                terms.append({"code": "freight_weight_billed", "value": float(line["weight_billed"]), "unit": "kg"})
            terms.append({"code": "freight_source", "value": f"freight_source_{fact['cost_source'] or 'none'}"})
        terms += [
            {"code": f"freight_part_{name}", "value": round(float(part), 4), "unit": money}
            for name, part in zip(kernel.PARTS, found.parts[number], strict=True)
            if abs(part) > kernel.EPS
        ]
        return {
            "value": round(float(found.difference[number]), 4),
            "unit": money,
            "method": "freight_check",
            "formula": "freight_check_formula",
            "terms": terms,
            "notes": [f"freight_reason_{kernel.REASONS[found.reason[number]]}"],
        }

    def _store_found(self, lines, found, why, amounts):
        money = self.company_id.currency_id.round
        rows = []
        for number, line in enumerate(lines):
            row = {"id": line["id"], "expected": money(float(found.expected[number])),
                   "difference": money(float(found.difference[number])), "over": bool(found.over[number]),
                   "reason": kernel.REASONS[found.reason[number]], "why": why[number],
                   "billed": amounts[number]}  # fmt: skip
            row |= {name: float(part) for name, part in zip(kernel.PARTS, found.parts[number], strict=True)}
            rows.append(row)
        parts = SQL(", ").join(SQL("%s = r.%s", SQL.identifier(f"diff_{name}"), SQL.identifier(name))
                               for name in kernel.PARTS)  # fmt: skip
        types = SQL(", ").join(SQL("%s numeric", SQL.identifier(name)) for name in kernel.PARTS)
        self.env.cr.execute(
            SQL(
                """
                UPDATE scm_freight_invoice_line l
                   SET expected = r.expected, difference = r.difference, is_over = r.over, reason = r.reason,
                       why = r.why, amount_company = r.billed, %s
                  FROM jsonb_to_recordset(%s::jsonb) AS r(id int4, expected numeric, difference numeric, over bool,
                                                         reason text, why jsonb, billed numeric, %s)
                 WHERE l.id = r.id
                """,
                parts,
                json.dumps(rows),
                types,
            )
        )
        self.env["scm.freight.invoice.line"].invalidate_model()

    def reasons(self):
        """Sum and count of the differences of an invoice by reason, the largest first; public, also over RPC.

        :return: ``[{"reason": code, "label": text, "count": n, "difference": money}]``
        """
        self.ensure_one()
        self.check_access("read")
        return (self.reason_view or {}).get("rows", [])
