"""What the tests of policy and proposals share: forecasts without a run, and proposals of today."""

from datetime import timedelta

import numpy as np

from odoo.addons.scm_base.tests.common import ScmCase

from ..kernel.datatypes import DemandPanel, ForecastOptions
from ..kernel.forecast import forecast


class PolicyCase(ScmCase):
    """ScmCase with:

    * ``buyer``: a supply-chain manager who also may write reordering rules (Odoo's own right)
    * :meth:`_create_forecast`: a published current forecast learned from weekly quantities
    * :meth:`_refresh`, :meth:`_proposal`: the plan as of ``TODAY`` (a Monday)
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._create_user("buyer", "scm_base.scm_group_manager", "stock.group_stock_manager")
        cls.env["scm.inventory.policy"]._ensure_defaults(cls.company_a + cls.company_b)

    @classmethod
    def _create_forecast(cls, history, company=None):
        """``history``: {product or (product, warehouse): 104 weekly quantities up to last Sunday, or one for all}."""
        company = company or cls.company_a
        warehouse = cls._warehouse(company)
        keys, rows = [], []
        for key, quantities in history.items():
            product, place = key if isinstance(key, tuple) else (key, warehouse)
            keys.append((product.id, place.id))
            rows.append(np.full(104, float(quantities)) if np.isscalar(quantities) else np.asarray(quantities, float))
        panel = DemandPanel(np.array(rows), cls.TODAY - timedelta(weeks=104), "W", np.zeros(len(keys), int))
        result = forecast(panel, ForecastOptions(horizon=26, levels=(0.05, 0.5, 0.8, 0.95)))
        with cls._at(cls.TODAY, company=company):
            run = cls.env["scm.forecast.run"].create(
                {
                    "company_id": company.id, "kind": "forecast", "freq": "W", "date": cls.TODAY,
                    "date_from": cls.TODAY, "horizon": 26, "item_count": len(keys), "state": "done", "step": "end",
                }
            )  # fmt: skip
            extra = {"recent": panel.quantity[:, -13:].mean(axis=1)}
            run._keep_spool(keys, result, extra)
            cls.env["scm.forecast"]._write_batch(run, keys, result, extra, np.arange(len(keys)))
            run._publish_forecast()
        return run

    @classmethod
    def _set_class(cls, product, abc, xyz, warehouse=None):
        warehouse = warehouse or cls.warehouse_a
        cls.env["scm.product.class"].create(
            {
                "product_id": product.id, "warehouse_id": warehouse.id, "company_id": warehouse.company_id.id,
                "abc_value": abc, "abc_picks": abc, "abc_volume": abc, "xyz": xyz, "date": cls.TODAY,
            }
        )  # fmt: skip

    @classmethod
    def _create_rule(cls, product, low, high, warehouse=None, **values):
        warehouse = warehouse or cls.warehouse_a
        return cls.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id, "warehouse_id": warehouse.id, "location_id": warehouse.lot_stock_id.id,
                "company_id": warehouse.company_id.id, "product_min_qty": low, "product_max_qty": high,
                "trigger": "manual", **values,
            }
        )  # fmt: skip

    @classmethod
    def _refresh(cls, company=None, day=None, product_ids=None):
        company = company or cls.company_a
        with cls._at(day or cls.TODAY, company=company):
            return cls.env["scm.policy.proposal"]._refresh(company, product_ids)

    @classmethod
    def _proposal(cls, product, warehouse=None):
        return cls.env["scm.policy.proposal"].search(
            [("product_id", "=", product.id), ("warehouse_id", "=", (warehouse or cls.warehouse_a).id)]
        )
