from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from odoo import api, models

from ..kernel import measure, risk, shrink

DAYS_OF_YEAR = 365
#: days when neither a receipt nor a price list says how long a supplier takes
UNKNOWN_LEAD_DAYS = 30.0
ALLOWED = ("qualified", "conditional")
FORBIDDEN = ("rejected", "expired", "suspended")


@dataclass
class Source:
    """A supplier of a product."""

    partner_id: int
    spend: float = 0.0
    quantity: float = 0.0
    lines: int = 0
    price: float = 0.0
    lead_days: float = UNKNOWN_LEAD_DAYS
    measured: bool = False
    status: str = "none"
    allowed: bool = True
    usable: bool = True
    share: float = 0.0
    switch_days: float = 0.0
    alone: bool = False


@dataclass
class Item:
    """A product that was bought."""

    product_id: int
    categ_id: int | bool = False
    abc: str | None = None
    margin: float = 0.0
    hhi: float = 0.0
    sources: list = field(default_factory=list)

    @property
    def main(self):
        return self.sources[0]

    @property
    def at_stake(self):
        return self.margin / DAYS_OF_YEAR * self.main.switch_days * self.main.share


@dataclass
class Refresh:
    """What one refresh of a company knows."""

    company: models.Model
    today: object
    items: list
    standings: dict = field(default_factory=dict)
    cards: dict = field(default_factory=dict)
    partner_leads: dict = field(default_factory=dict)
    typed_leads: dict = field(default_factory=dict)
    sourcing_ids: dict = field(default_factory=dict)


class ScmSupplierRisk(models.Model):
    """Facts put together: the suppliers of each product, their shares, and who may deliver instead."""

    _inherit = "scm.supplier.risk"

    @api.model
    def _gather(self, company):
        today = self._today(company)
        since = self._window_start(today)
        items = {}
        for product_id, partner_id, spend, quantity, lines in self._bought(company, since):
            item = items.setdefault(product_id, Item(product_id))
            price = spend / quantity if quantity else 0.0
            item.sources.append(Source(partner_id, max(spend, 0.0), quantity, lines, price))
        product_ids = list(items)
        leads, partner_leads = self._lead_means(company, since)
        for product_id, (categ_id, abc, margin) in self._products(company, product_ids, since).items():
            items[product_id].categ_id, items[product_id].abc, items[product_id].margin = categ_id, abc, margin
        listed = self._listed(company, product_ids, today)
        self._add_listed(items, listed, leads, partner_leads)
        data = Refresh(company, today, list(items.values()), partner_leads=partner_leads)
        partner_ids = list({source.partner_id for item in data.items for source in item.sources})
        partner_ids = list({*partner_ids, *self._qualified_partners(company)})
        data.standings = self.env["scm.supplier.standing"]._standing_of(company, partner_ids)
        data.cards = self._latest_cards(company)
        data.typed_leads = self._typed_means(listed)
        self._judge_sources(data)
        self._share_out(data.items)
        return data

    @api.model
    def _add_listed(self, items, listed, leads, partner_leads):
        """Suppliers that are only in the price list, and lead times of all."""
        for (product_id, partner_id), (delay, price) in listed.items():
            item = items[product_id]
            source = next((one for one in item.sources if one.partner_id == partner_id), None)
            if not source:
                source = Source(partner_id, price=price)
                item.sources.append(source)
            source.lead_days = delay
        for product_id, item in items.items():
            for source in item.sources:
                own = leads.get((product_id, source.partner_id))
                source.measured = own is not None
                if source.measured:
                    source.lead_days = own
                elif (product_id, source.partner_id) not in listed:
                    source.lead_days = partner_leads.get(source.partner_id, UNKNOWN_LEAD_DAYS)

    @api.model
    def _typed_means(self, listed):
        """{partner: mean days that the price lists say}"""
        days = defaultdict(list)
        for (_product_id, partner_id), (delay, _price) in listed.items():
            days[partner_id].append(delay)
        return {partner_id: sum(each) / len(each) for partner_id, each in days.items() if any(each)}

    @api.model
    def _judge_sources(self, data):
        """Whether each supplier of each product may deliver it, by qualification and grade."""
        status = self.env["scm.supplier.qualification"]._status_of(
            data.company, {(source.partner_id, item.categ_id) for item in data.items for source in item.sources}
        )
        categories = self.env["product.category"].browse({item.categ_id for item in data.items if item.categ_id})
        free = self.env["purchase.order"]._scm_free_categories(categories)
        gate_off = data.company.scm_qualification_gate == "off"
        for item in data.items:
            asked = not gate_off and item.categ_id not in free
            for source in item.sources:
                source.status = status[source.partner_id, item.categ_id]
                source.allowed = source.status in ALLOWED or (not asked and source.status not in FORBIDDEN)
                source.usable = source.allowed and self._consequence(data, source.partner_id) != "block"

    @api.model
    def _consequence(self, data, partner_id):
        return data.standings.get(partner_id, {}).get("consequence") or "normal"

    @api.model
    def _share_out(self, items):
        """Shares, concentration, and what would follow if each supplier stopped."""
        group = [index for index, item in enumerate(items) for _source in item.sources]
        spend = [source.spend for item in items for source in item.sources]
        for item, concentration in zip(items, risk.hhi_by(group, len(items), spend), strict=True):
            item.hhi = float(concentration)
            total = sum(source.spend for source in item.sources)
            item.sources.sort(key=lambda source: (-source.spend, -source.quantity, source.partner_id))
            for source in item.sources:
                source.share = source.spend / total if total else float(source is item.main)
                others = [one for one in item.sources if one is not source and one.usable]
                source.alone = not others
                source.switch_days = risk.days_to_switch((one.lead_days, one.lines > 0) for one in others)

    @api.model
    def _shrunk(self, partner_ids, delivered):
        """Lateness and defects, drawn to the mean of all suppliers by sample size; the mean where nothing was due."""
        rows = [delivered.get(partner_id, (0, 0.0, 0.0)) for partner_id in partner_ids]
        count = np.array([row[0] for row in rows], float)
        everybody, each = np.zeros(len(rows), int), np.arange(len(rows))
        shares = []
        for column in (1, 2):
            good = np.array([row[column] for row in rows], float) * count
            drawn = shrink.shrink(measure.share_of(each, len(rows), good, count, count), everybody)
            shares.append(np.where(np.isfinite(drawn.value), drawn.value, drawn.prior))
        late = 1 - shares[0] if count.any() else np.zeros(len(rows))
        return {
            partner_id: {"late": float(late[i]), "defects": float(shares[1][i]), "sample": int(count[i])}
            for i, partner_id in enumerate(partner_ids)
        }
