from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from psycopg2.extras import Json, execute_values

from ..kernel import risk
from .scm_supplier_risk_gather import ALLOWED, DAYS_OF_YEAR


class ScmSupplierRisk(models.Model):
    """Refresh of sourcing, risk and backups: few set-based queries, the kernel, bulk writes."""

    _inherit = "scm.supplier.risk"

    def action_refresh(self):
        """Work out sourcing, risk and backups of the current company now; for supply chain managers, also over RPC.

        :return: ``{'products', 'suppliers', 'backups'}``: how many there are
        """
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(
                self.env._("Only a supply chain manager can refresh risks. They are refreshed each night anyway.")
            )
        # sudo: the role is checked above, and nobody writes these rows by hand
        return self.sudo()._refresh(self.env.company)

    @api.model
    def _cron_refresh(self):
        for company in self.env["stock.warehouse"].search([]).company_id:  # pylint: disable=no-search-all
            self.with_company(company)._refresh(company)

    @api.model
    def _refresh(self, company):
        """Work everything out anew; the number of queries does not depend on the number of suppliers or products."""
        self.env.flush_all()
        # compiling the query of the receipt facts takes far longer than running it
        self.env.cr.execute("SET LOCAL jit = off")
        data = self._gather(company)
        self._write_sourcing(data)
        suppliers = self._write_risks(data)
        backups = self.env["scm.backup.proposal"]._propose(data)
        self._sync_single_source(data)
        self.env.invalidate_all()
        return {"products": len(data.items), "suppliers": suppliers, "backups": backups}

    # Write

    @api.model
    def _write_sourcing(self, data):
        countries = self._countries({item.main.partner_id for item in data.items})
        rows = [
            (
                data.company.id, item.product_id, item.categ_id or None, item.abc,
                sum(source.lines > 0 for source in item.sources), item.main.partner_id, item.main.share,
                countries.get(item.main.partner_id), sum(source.spend for source in item.sources), item.hhi,
                item.main.alone, sum(source.status in ALLOWED for source in item.sources), item.main.switch_days,
                item.margin, item.at_stake, data.today,
            )
            for item in data.items
        ]  # fmt: skip
        columns = (
            "company_id", "product_id", "categ_id", "abc", "supplier_count", "main_partner_id", "main_share",
            "country_id", "spend_12m", "hhi", "single_source", "qualified_count", "switch_days", "margin_12m",
            "at_stake", "date",
        )  # fmt: skip
        self._upsert("scm_product_sourcing", columns, ("company_id", "product_id"), rows)
        self._drop_others(data.company, "scm_product_sourcing", "product_id", [item.product_id for item in data.items])
        data.sourcing_ids = dict(
            self.env.execute_query(
                SQL("SELECT product_id, id FROM scm_product_sourcing WHERE company_id = %s", data.company.id)
            )
        )
        self._write_sources(data)

    @api.model
    def _write_sources(self, data):
        self.env.execute_query(
            SQL("DELETE FROM scm_product_sourcing_line WHERE company_id = %s RETURNING NULL", data.company.id)
        )
        columns = (
            "sourcing_id", "company_id", "product_id", "partner_id", "share", "spend", "price", "lead_days",
            "lead_measured", "qualification", "usable",
        )  # fmt: skip
        rows = [
            (
                data.sourcing_ids[item.product_id], data.company.id, item.product_id, one.partner_id, one.share,
                one.spend, one.price, one.lead_days, one.measured, one.status, one.usable,
            )
            for item in data.items
            for one in item.sources
        ]  # fmt: skip
        self._upsert("scm_product_sourcing_line", columns, (), rows)

    @api.model
    def _countries(self, partner_ids):
        partners = self.env["res.partner"].browse(partner_ids)
        return {partner.id: partner.country_id.id or None for partner in partners}

    @api.model
    def _write_risks(self, data):
        """One row per supplier from whom something was bought; returns how many."""
        rows = self._risk_rows(data)
        columns = tuple(rows[0]) if rows else ()
        self._upsert(
            "scm_supplier_risk", columns, ("company_id", "partner_id"), [tuple(row.values()) for row in rows]
        )
        self._drop_others(data.company, "scm_supplier_risk", "partner_id", [row["partner_id"] for row in rows])
        return len(rows)

    @api.model
    def _risk_rows(self, data):
        spends = self._by_partner(data)
        partner_ids = sorted(spends)
        since = self._window_start(data.today)
        delivered = self._shrunk(partner_ids, self._delivered(data.company, since))
        evidence = self._critical_evidence(data.company, data.today)
        actions = self._open_actions(data.company)
        all_spend = sum(row["spend"] for row in spends.values())
        all_margin = sum(item.margin for item in data.items)
        rows = []
        for partner_id in partner_ids:
            mine = spends[partner_id]
            expired, expiring = evidence.get(partner_id, (0, 0))
            facts = {
                **delivered[partner_id],
                "trend": data.cards.get(partner_id, (0.0, 0.0))[1],
                "consequence": self._consequence(data, partner_id),
                "expired": expired,
                "expiring": expiring,
                "unqualified_share": mine["forbidden"] / mine["spend"] if mine["spend"] else 0.0,
            }
            rows.append(
                self._risk_row(data, partner_id, mine, facts)
                | {
                    "spend_share": mine["spend"] / all_spend if all_spend else 0.0,
                    "impact_class": int(
                        risk.classes([mine["impact"] / all_margin if all_margin else 0.0], risk.IMPACT_LIMITS)[0]
                    ),
                    "action_count": actions.get(partner_id, 0),
                }
            )
        for row in rows:
            row["cell"] = f"L{row['likelihood_class']}-I{row['impact_class']}"
        return rows

    @api.model
    def _risk_row(self, data, partner_id, mine, facts):
        sample = facts.pop("sample")
        found = risk.levels(**facts)
        chance = risk.likelihood(found)
        return {
            "company_id": data.company.id,
            "partner_id": partner_id,
            "spend": mine["spend"],
            "product_count": mine["products"],
            "single_source_count": mine["alone"],
            "likelihood": chance,
            "likelihood_class": int(risk.classes([chance], risk.LIKELIHOOD_LIMITS)[0]),
            "impact": mine["impact"],
            "expected": chance * mine["impact"],
            "otif": 1 - facts["late"],
            "sample": sample,
            "expired_count": facts["expired"],
            "expiring_count": facts["expiring"],
            "trend": facts["trend"],
            "date": data.today,
            "why": Json(self._why(data, facts, found, chance, mine, sample)),
        }

    @api.model
    def _by_partner(self, data):
        """{partner: spend, spend that its qualification does not cover, products, single-source products, impact}"""
        found = defaultdict(lambda: {"spend": 0.0, "forbidden": 0.0, "products": 0, "alone": 0, "impact": 0.0})
        for item in data.items:
            for source in item.sources:
                if not source.lines:
                    continue
                row = found[source.partner_id]
                row["spend"] += source.spend
                row["forbidden"] += 0.0 if source.allowed else source.spend
                row["products"] += 1
                row["alone"] += source.alone
                row["impact"] += item.margin / DAYS_OF_YEAR * source.share * source.switch_days
        return found

    @api.model
    def _why(self, data, facts, found, chance, mine, sample):
        money = data.company.currency_id.name
        causes = [
            {"code": f"risk_{cause}", "value": round(risk.STRENGTHS[cause] * level, 4), "unit": "percent"}
            for cause, level in found.items()
            if level > 0
        ]
        measured = [
            {"code": "risk_otif", "value": round(1 - facts["late"], 4), "unit": "percent"},
            {"code": "risk_bad_share", "value": round(facts["defects"], 4), "unit": "percent"},
            {"code": "risk_impact", "value": round(mine["impact"], 2), "unit": money},
            {"code": "risk_alone", "value": mine["alone"]},
        ]
        return {
            "value": round(chance, 4),
            "unit": "percent",
            "method": "risk_method",
            "formula": "risk_formula",
            "sample": sample,
            "window": {"from": self._window_start(data.today).isoformat(), "to": data.today.isoformat()},
            "terms": [*causes, *measured],
            "notes": [] if sample else ["risk_no_deliveries"],
        }

    # Alerts

    @api.model
    def _sync_single_source(self, data):
        items = [item for item in data.items if item.abc == "A" and item.main.alone]
        products = self.env["product.product"].browse([item.product_id for item in items])
        names = {product.id: product.display_name for product in products}
        self.env["scm.alert"]._sync(
            "supplier_single_source",
            data.company,
            [
                {
                    "subject_key": str(item.product_id),
                    "name": names[item.product_id],
                    "product_id": item.product_id,
                    "partner_id": item.main.partner_id,
                    "res_model": "scm.product.sourcing",
                    "res_id": data.sourcing_ids[item.product_id],
                    "money_at_stake": item.at_stake,
                    "why": self._stake_why(data, item),
                }
                for item in items
            ],
        )

    @api.model
    def _stake_why(self, data, item):
        money = data.company.currency_id.name
        return {
            "value": round(item.at_stake, 2),
            "unit": money,
            "method": "stake_method",
            "formula": "stake_formula",
            "terms": [
                {"code": "stake_margin_day", "value": round(item.margin / DAYS_OF_YEAR, 2), "unit": money},
                {"code": "stake_share", "value": round(item.main.share, 4), "unit": "percent"},
                {"code": "stake_switch_days", "value": round(item.main.switch_days, 1), "unit": "days"},
            ],
        }

    # Tables

    @api.model
    def _upsert(self, table, columns, key, rows, where=""):
        """Insert rows, or update those that exist by their key; one statement."""
        if not rows:
            return
        names, others = ", ".join(columns), [name for name in columns if name not in key]
        conflict = ""
        if key:
            updated = ", ".join(f"{name} = EXCLUDED.{name}" for name in others)
            conflict = f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {updated} {where}"
        execute_values(
            self.env.cr._obj, f"INSERT INTO {table} ({names}) VALUES %s{conflict}", rows, page_size=len(rows)
        )

    @api.model
    def _drop_others(self, company, table, column, kept):
        self.env.execute_query(
            SQL(
                "DELETE FROM %s WHERE company_id = %s AND %s NOT IN (SELECT unnest(%s::int[])) RETURNING NULL",
                SQL.identifier(table),
                company.id,
                SQL.identifier(column),
                kept,
            )
        )
