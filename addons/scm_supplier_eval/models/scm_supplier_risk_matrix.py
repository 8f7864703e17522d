from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..kernel import risk

NAMES_IN_CELL = 6
PAGE_SIZE = 40


class ScmSupplierRisk(models.Model):
    """What the risk matrix shows."""

    _inherit = "scm.supplier.risk"

    @api.model
    @api.readonly
    def get_matrix(self):
        """Suppliers of the current company by likelihood and impact.

        :return: ``{'cells': [{'likelihood', 'impact', 'count', 'money', 'suppliers': [{'id', 'name'}, ...]}, ...],
            'likelihood_limits': shares, 'impact_limits': money, 'sums': {'suppliers', 'high', 'impact', 'single',
            'backups'}, 'date', 'currency_id', 'can_refresh'}``; classes run from 1 to 5, cells without suppliers are
            left out, a cell names those with the largest expected loss
        """
        self._check_reader()
        company = self.env.company
        names = ["partner_id", "likelihood_class", "impact_class", "impact", "date"]
        risks = self.search_fetch([("company_id", "=", company.id)], names)
        cells = defaultdict(list)
        for one in risks:
            cells[one.likelihood_class, one.impact_class].append(one)
        return {
            "cells": [self._cell(*key, found) for key, found in cells.items()],
            "likelihood_limits": list(risk.LIKELIHOOD_LIMITS),
            "impact_limits": [limit * self._margin(company) for limit in risk.IMPACT_LIMITS],
            "sums": self._sums(company, risks),
            "date": risks[0].date.isoformat() if risks else False,
            "currency_id": company.currency_id.id,
            "can_refresh": self.env.user.has_group("scm_base.scm_group_manager"),
        }

    @api.model
    @api.readonly
    def get_suppliers(self, likelihood=0, impact=0, offset=0, limit=PAGE_SIZE):
        """Suppliers of a cell, or of all with 0 and 0, the largest expected loss first.

        :return: ``{'rows': [{'id', 'partner_id', 'name', 'country', 'likelihood', 'impact', 'expected', 'spend',
            'spend_share', 'products', 'single', 'otif', 'trend', 'expired', 'expiring', 'actions', 'why', ...}],
            'total': count}``
        """
        self._check_reader()
        domain = Domain("company_id", "=", self.env.company.id)
        if likelihood:
            domain &= Domain("likelihood_class", "=", likelihood)
        if impact:
            domain &= Domain("impact_class", "=", impact)
        risks = self.search(domain, offset=offset, limit=limit)
        return {"rows": [one._supplier_row() for one in risks], "total": self.search_count(domain)}

    def _supplier_row(self):
        return {
            "id": self.id,
            "partner_id": self.partner_id.id,
            "name": self.partner_id.name or "",
            "country": self.country_id.name or "",
            "likelihood": self.likelihood,
            "likelihood_class": self.likelihood_class,
            "impact": self.impact,
            "impact_class": self.impact_class,
            "expected": self.expected,
            "spend": self.spend,
            "spend_share": self.spend_share,
            "products": self.product_count,
            "single": self.single_source_count,
            "otif": self.otif,
            "sample": self.sample,
            "trend": self.trend,
            "expired": self.expired_count,
            "expiring": self.expiring_count,
            "actions": self.action_count,
            "why": self.why or {},
        }

    @api.model
    def _cell(self, likelihood, impact, found):
        return {
            "likelihood": likelihood,
            "impact": impact,
            "count": len(found),
            "money": sum(one.impact for one in found),
            "suppliers": [
                {"id": one.partner_id.id, "name": one.partner_id.name or ""} for one in found[:NAMES_IN_CELL]
            ],
        }

    @api.model
    def _margin(self, company):
        [(margin,)] = self.env["scm.product.sourcing"]._read_group(
            [("company_id", "=", company.id)], aggregates=["margin_12m:sum"]
        )
        return margin or 0.0

    @api.model
    def _sums(self, company, risks):
        own = [("company_id", "=", company.id)]
        return {
            "suppliers": len(risks),
            "high": sum(one.likelihood_class + one.impact_class >= 8 for one in risks),
            "impact": max(risks.mapped("impact"), default=0.0),
            "single": self.env["scm.product.sourcing"].search_count(
                [*own, ("abc", "=", "A"), ("single_source", "=", True)]
            ),
            "backups": self.env["scm.backup.proposal"].search_count([*own, ("state", "=", "proposed")]),
        }

    @api.model
    def _check_reader(self):
        if not self.env.user.has_groups("scm_base.scm_group_user,purchase.group_purchase_user"):
            raise AccessError(
                self.env._("Risks are for supply chain and purchasing. Ask your administrator for the role.")
            )
