"""Test kit of the suite: two companies with a warehouse each, users with least rights, and short factories.

Nothing here uses records that exist before the test, and no test depends on the day on which it runs.
"""

from contextlib import contextmanager
from datetime import date, datetime, time

import pytz
from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time, new_test_user


class ScmCase(TransactionCase):
    """What every test of the suite can use.

    * companies: ``company_a`` (EUR, Europe/Berlin; the one the environment works in) and ``company_b`` (JPY,
      Asia/Tokyo), each with its own warehouse: ``warehouse_a``, ``warehouse_b``
    * users of company A: ``planner`` (supply-chain user), ``manager`` (supply-chain manager), ``outsider`` (an
      employee without any supply-chain role); of company B: ``planner_b``. More: :meth:`_create_user`
    * partners: ``vendor``, ``customer``, of no company. Products: :meth:`_create_product`
    * flows on a given day, with the clock stopped: :meth:`_create_purchase`, :meth:`_receive`,
      :meth:`_return_to_vendor`, :meth:`_create_sale`, :meth:`_deliver`, :meth:`_set_stock`
    * :meth:`_as` looks at records as a user who has ticked all his companies
    * days: :meth:`_at` stops the clock at noon of a day in the time zone of the company
    * :meth:`_refused` for "it says why it refuses, and nothing is written"
    * :meth:`_query_count` for "as many queries for 1,000 records as for 10"
    """

    TODAY = date(2026, 11, 23)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, no_reset_password=True))
        cls._find_fixture() or cls._create_fixture()
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company_a.ids))
        warehouses = cls.env["stock.warehouse"].search([("company_id", "in", (cls.company_a + cls.company_b).ids)])
        cls.warehouse_a = warehouses.filtered(lambda warehouse: warehouse.company_id == cls.company_a)
        cls.warehouse_b = warehouses.filtered(lambda warehouse: warehouse.company_id == cls.company_b)

    # What every class starts with. Making it takes seconds, so a database that is only for tests may keep it.

    FIXTURE = ("company_a", "company_b", "vendor", "customer", "planner", "manager", "outsider", "planner_b")

    @classmethod
    def _create_fixture(cls):
        cls.company_a = cls._create_company("Company A", "base.EUR", "Europe/Berlin")
        cls.company_b = cls._create_company("Company B", "base.JPY", "Asia/Tokyo")
        cls.vendor, cls.customer = cls.env["res.partner"].create([{"name": "Vendor"}, {"name": "Customer"}])
        cls.planner = cls._create_user("planner", "scm_base.scm_group_user")
        cls.manager = cls._create_user("manager", "scm_base.scm_group_manager")
        cls.outsider = cls._create_user("outsider")
        cls.planner_b = cls._create_user("planner_b", "scm_base.scm_group_user", companies=cls.company_b)

    @classmethod
    def _find_fixture(cls):
        """Take what :meth:`keep_fixture` left in the database; whether it did."""
        for name in cls.FIXTURE:
            record = cls.env.ref(f"__scm_test__.{name}", raise_if_not_found=False)
            if not record:
                return False
            setattr(cls, name, record)
        return True

    @classmethod
    def keep_fixture(cls, env):
        """Make it in a database that is only for tests; the caller commits."""
        cls.env = env(context=dict(env.context, tracking_disable=True, no_reset_password=True))
        cls._create_fixture()
        env["ir.model.data"].create(
            [
                {"module": "__scm_test__", "name": name, "model": record._name, "res_id": record.id, "noupdate": True}
                for name, record in ((name, getattr(cls, name)) for name in cls.FIXTURE)
            ]
        )

    # Masters

    @classmethod
    def _create_company(cls, name, currency, tz):
        currency = cls.env.ref(currency)
        currency.active = True
        company = cls.env["res.company"].create({"name": name, "currency_id": currency.id})
        company.partner_id.tz = tz
        return company

    @classmethod
    def _create_user(cls, login, *groups, companies=None):
        """An employee with these groups and nothing more; ``companies``: the first one is his main company."""
        companies = companies or cls.company_a
        return new_test_user(
            cls.env,
            f"scm_{login}",
            ",".join(("base.group_user", *groups)),
            context={"no_reset_password": True, "mail_create_nosubscribe": True},
            name=login,
            email=f"{login}@scm.example",
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
            tz=companies[0].partner_id.tz,
        )

    @classmethod
    def _create_portal_user(cls, login, partner):
        """Somebody who works for the partner and sees company A's portal."""
        contact = cls.env["res.partner"].create(
            {"name": login.title(), "parent_id": partner.id, "email": f"{login}@portal.example"}
        )
        return new_test_user(
            cls.env,
            f"scm_portal_{login}",
            "base.group_portal",
            context={"no_reset_password": True},
            partner_id=contact.id,
            company_id=cls.company_a.id,
            company_ids=[Command.set(cls.company_a.ids)],
        )

    @staticmethod
    def _as(user, records):
        """The records (or model) in the eyes of a user with all his companies ticked."""
        return records.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    @classmethod
    def _create_product(cls, name="Product", vendor=None, price=10.0, delay=7, min_qty=0.0, **values):
        """A storable product that costs 10 and sells for 25; with ``vendor``, also a price-list line of that vendor."""
        values = {"is_storable": True, "standard_price": 10.0, "list_price": 25.0} | values
        if vendor:
            seller = {"partner_id": vendor.id, "price": price, "delay": delay, "min_qty": min_qty}
            values["seller_ids"] = [Command.create(seller)]
        return cls.env["product.product"].create({"name": name, **values})

    # Days

    @classmethod
    def _moment(cls, day, hour=12, company=None):
        """Naive UTC datetime of an hour of a day (date or ISO text) in the company's zone; datetimes as they are."""
        if isinstance(day, datetime):
            return day
        zone = pytz.timezone((company or cls.company_a).partner_id.tz)
        local = zone.localize(datetime.combine(fields.Date.to_date(day), time(hour)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    @classmethod
    def _at(cls, day, hour=12, company=None):
        """``with self._at('2026-03-02'):`` stops the clock there (a datetime is taken as UTC)."""
        return freeze_time(cls._moment(day, hour, company))

    # Purchase

    @classmethod
    def _create_purchase(cls, lines, day, planned=None, vendor=None, company=None, confirm=True, **values):
        """A purchase order of ``day``; each line is (product, quantity) or (product, quantity, planned day).

        ``planned`` is the promised day of lines that name none; without it Odoo takes the vendor's lead time.
        """
        company = company or cls.company_a
        with cls._at(day, company=company):
            order = (
                cls.env["purchase.order"]
                .with_company(company)
                .create(
                    {
                        "partner_id": (vendor or cls.vendor).id,
                        "company_id": company.id,
                        "picking_type_id": cls._warehouse(company).in_type_id.id,
                        "order_line": [Command.create(cls._purchase_line(line, planned, company)) for line in lines],
                        **values,
                    }
                )
            )
            if confirm:
                order.button_confirm()
        return order

    @classmethod
    def _purchase_line(cls, line, planned, company):
        product, quantity, *own_day = line
        values = {"product_id": product.id, "product_qty": quantity, "price_unit": product.standard_price}
        planned = own_day[0] if own_day else planned
        if planned:
            values["date_planned"] = cls._moment(planned, company=company)
        return values

    @classmethod
    def _receive(cls, order, day, quantities=None, hour=12):
        """Receive what is open, or only ``{product: quantity}``; the rest becomes a backorder. Returns the picking."""
        open_pickings = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        return cls._validate(open_pickings[:1], day, quantities, hour)

    @classmethod
    def _return_to_vendor(cls, picking, day, quantities=None):
        """Send back what a receipt brought, or only ``{product: quantity}``. Returns the return picking."""
        return cls._return(picking, day, quantities)

    # Sale

    @classmethod
    def _create_sale(cls, lines, day, company=None, confirm=True, hour=12, **values):
        """A sale order of ``day``; each line is (product, quantity) or (product, quantity, unit price)."""
        company = company or cls.company_a
        with cls._at(day, hour, company):
            order = (
                cls.env["sale.order"]
                .with_company(company)
                .create(
                    {
                        "partner_id": cls.customer.id,
                        "company_id": company.id,
                        "warehouse_id": cls._warehouse(company).id,
                        "date_order": cls._moment(day, hour, company),
                        "order_line": [Command.create(cls._sale_line(line)) for line in lines],
                        **values,
                    }
                )
            )
            if confirm:
                order.action_confirm()
        return order

    @classmethod
    def _sale_line(cls, line):
        product, quantity, *price = line
        values = {"product_id": product.id, "product_uom_qty": quantity}
        return values | {"price_unit": price[0]} if price else values

    @classmethod
    def _deliver(cls, order, day, quantities=None, hour=12):
        """Deliver what is open, or only ``{product: quantity}``. Returns the picking."""
        open_pickings = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        return cls._validate(open_pickings[:1], day, quantities, hour)

    @classmethod
    def _return_from_customer(cls, picking, day, quantities=None):
        """Take back what a delivery brought, or only ``{product: quantity}``. Returns the return picking."""
        return cls._return(picking, day, quantities)

    # Stock

    @classmethod
    def _set_stock(cls, product, quantity, warehouse=None, day=None):
        """Count the stock of a product in a warehouse (default: A) to ``quantity``."""
        warehouse = warehouse or cls.warehouse_a
        quants = cls.env["stock.quant"].with_company(warehouse.company_id).with_context(inventory_mode=True)
        with cls._at(day or cls.TODAY, company=warehouse.company_id):
            quants.create(
                {
                    "product_id": product.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "inventory_quantity": quantity,
                }
            ).action_apply_inventory()

    @classmethod
    def _warehouse(cls, company):
        return {cls.company_a: cls.warehouse_a, cls.company_b: cls.warehouse_b}.get(company) or cls.env[
            "stock.warehouse"
        ].search([("company_id", "=", company.id)], limit=1)

    @classmethod
    def _validate(cls, picking, day, quantities=None, hour=12):
        with cls._at(day, hour, picking.company_id):
            left, moves = dict(quantities or {}), picking.move_ids.sorted(lambda move: (move.date, move.id))
            for number, move in enumerate(moves):
                quantity = move.product_uom_qty
                if quantities is not None:
                    # several moves of one product are filled in the order of their days, the last with all the rest
                    is_last = move.product_id not in moves[number + 1 :].product_id
                    quantity = (
                        left.get(move.product_id, 0.0) if is_last else min(quantity, left.get(move.product_id, 0.0))
                    )
                    left[move.product_id] = left.get(move.product_id, 0.0) - quantity
                move.write({"quantity": quantity, "picked": bool(quantity)})
            picking.with_context(skip_backorder=True, skip_sms=True).button_validate()
        return picking

    @classmethod
    def _return(cls, picking, day, quantities):
        wizard = cls.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        )
        with cls._at(day, company=picking.company_id):
            wizard = wizard.create({})
            for line in wizard.product_return_moves:
                line.quantity = line.move_quantity if quantities is None else quantities.get(line.product_id, 0.0)
            return cls._validate(wizard._create_return(), day)

    # Speed

    @contextmanager
    def _refused(self, words, error=UserError):
        """The block raises an error that says these words (a regular expression), and writes nothing."""
        with self.assertRaisesRegex(error, words), self.env.cr.savepoint():
            yield
        self.env.invalidate_all()

    def _query_count(self, function, *args, **kwargs):
        """Number of SQL statements of one call with cold caches, what is left to flush included."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(*args, **kwargs)
        self.env.flush_all()
        return self.cr.sql_log_count - before
