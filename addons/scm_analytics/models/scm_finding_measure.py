from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.scm_aftersales.models.scm_improvement_return import completed_sql

#: young deliveries of which less than this share of the returns has come say nothing yet
LEAST_SHARE = 0.3


class Measure(NamedTuple):
    """What is compared week by week: sums of SQL expressions over the facts ``fact`` of a source.

    ``parts`` are the columns that make a cell; ``hits`` over ``size`` is the rate or mean, of sums ``hits`` alone;
    ``worth`` is the money in the hits (of sums: the revenue), ``smallest`` the change that matters at least, in the
    unit of the change.
    """

    kind: str
    measure: str
    dimension: str
    area: str
    source: str
    parts: tuple
    test: str
    unit: str
    hits: str
    size: str = "1"
    worth: str = "0"
    smallest: float = 0.0


class ScmFindingMeasure(models.AbstractModel):
    """The weekly figures that the nightly search compares, and their facts."""

    _name = "scm.finding.measure"
    _description = "Measures of Findings"

    @api.model
    def _measures(self):
        """Hook: ``{code: Measure}``, all that is tested week by week."""
        region = {"kind": "growth", "area": "analytics", "dimension": "region", "parts": ("region_id",)}
        category = {"kind": "growth", "area": "planning", "dimension": "category", "parts": ("categ_id",)}
        revenue = {"measure": "revenue", "test": "growth", "unit": "money", "hits": "fact.revenue"}
        units = {"measure": "units", "test": "growth", "unit": "count", "hits": "fact.units"}
        sold = {"source": "lines", "worth": "fact.revenue"}
        lane = {"kind": "lane", "area": "logistics", "dimension": "lane", "source": "parcels"}
        lane |= {"parts": ("carrier_id", "region_id")}
        back = {"kind": "return_rate", "area": "aftersales", "measure": "return_rate", "source": "returned"}
        back |= {"hits": "fact.hits", "size": "fact.size", "worth": "fact.cost", "smallest": 0.01}
        supplier = {"kind": "supplier", "area": "supplier", "dimension": "supplier", "parts": ("partner_id",)}
        rate, mean = {"test": "rate", "unit": "percent"}, {"test": "mean", "unit": "days"}
        return {
            "region_revenue": Measure(**region, **revenue, **sold),
            "region_units": Measure(**region, **units, **sold),
            "category_revenue": Measure(**category, **revenue, **sold),
            "category_units": Measure(**category, **units, **sold),
            "category_return_rate": Measure(**back, **rate, dimension="category", parts=("categ_id",)),
            "region_return_rate": Measure(**back, **rate, dimension="region", parts=("region_id",)),
            "lane_late": Measure(
                **lane,
                **rate,
                measure="late",
                hits="fact.is_late::int",
                size="(fact.date_promised IS NOT NULL)::int",
                worth="fact.is_late::int * fact.cost_late",
                smallest=0.03,
            ),
            "lane_transit": Measure(
                **lane,
                **mean,
                measure="transit",
                hits="fact.days",
                size="(fact.days IS NOT NULL)::int",
                smallest=0.25,
            ),
            "supplier_not_otif": Measure(
                **supplier,
                **rate,
                measure="not_otif",
                source="receipts",
                hits="fact.due_count * (NOT fact.is_otif)::int",
                size="fact.due_count",
                worth="fact.due_count * (NOT fact.is_otif)::int * fact.worth",
                smallest=0.05,
            ),
            "supplier_days_late": Measure(
                **supplier,
                **mean,
                measure="days_late",
                source="receipts",
                hits="fact.days_late * fact.due_count",
                size="fact.due_count",
                smallest=1.0,
            ),
            "supplier_rejected": Measure(
                **supplier,
                **rate,
                measure="rejected",
                source="inspections",
                hits="LEAST(fact.qty_rejected, fact.qty_checked)",
                size="fact.qty_checked",
                worth="LEAST(fact.qty_rejected, fact.qty_checked) * fact.worth",
                smallest=0.01,
            ),
        }

    @api.model
    def _facts(self, source, company, first, last):
        """SQL of the facts of a source, with what measures need beside the columns of ``scm.metric.source``."""
        if hasattr(self, f"_facts_{source}"):
            self.env.flush_all()
            return getattr(self, f"_facts_{source}")(company, first, last)
        return self.env["scm.metric.source"]._query(source, company, first, last)

    @api.model
    def _record_model(self, source):
        """Model of the ``record_id`` of a source."""
        models_of = self.env["scm.metric.source"]._record_models()
        return models_of["delivered" if source == "returned" else source]

    @api.model
    def _facts_parcels(self, company, first, last):
        """Parcels with what a late one costs the company."""
        return SQL(
            "SELECT parcel.*, %s::float8 AS cost_late FROM (%s) parcel",
            company.scm_cost_late or 0.0,
            self.env["scm.metric.source"]._query("parcels", company, first, last),
        )

    @api.model
    def _facts_receipts(self, company, first, last):
        """Purchase lines due with their value in company currency."""
        return SQL(
            """SELECT receipt.*, line.price_subtotal / COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS worth
                 FROM (%s) receipt
                 JOIN purchase_order_line line ON line.id = receipt.record_id
                 JOIN purchase_order purchase ON purchase.id = line.order_id""",
            self.env["scm.metric.source"]._query("receipts", company, first, last),
        )

    @api.model
    def _facts_inspections(self, company, first, last):
        """Units inspected with the cost of one."""
        return SQL(
            """SELECT checked.*, COALESCE((product.standard_price ->> %s)::float8, 0) AS worth
                 FROM (%s) checked
                 JOIN scm_receipt_inspection inspection ON inspection.id = checked.record_id
                 JOIN product_product product ON product.id = inspection.product_id""",
            str(company.id),
            self.env["scm.metric.source"]._query("inspections", company, first, last),
        )

    @api.model
    def _facts_returned(self, company, first, last):
        """Units delivered, young ones with the share of their returns that must have come by now, and returned."""
        curve = self.env["scm.return.fact"].sudo()._curve(company).tolist()  # sudo: shares, no documents
        return SQL(
            """SELECT fact.*, fact.delivered * done.share AS size,
                      LEAST(fact.returned, fact.delivered * done.share) AS hits
                 FROM (SELECT source.*, source.day AS delivery_date FROM (%(facts)s) source) fact
                CROSS JOIN LATERAL (SELECT %(share)s AS share) done
                WHERE fact.delivered > 0 AND done.share >= %(least)s""",
            facts=self.env["scm.metric.source"]._query("delivered", company, first, last),
            share=completed_sql(curve, company._scm_local_today()),
            least=LEAST_SHARE,
        )
