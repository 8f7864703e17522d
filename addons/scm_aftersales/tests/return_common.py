"""Cases for after-sales: delivered orders and returns of them, on top of the suite's test kit."""

from datetime import timedelta

from odoo.addons.scm_base.tests.common import ScmCase


class ReturnCase(ScmCase):
    """Adds ``agent`` (sales, all documents), ``packer`` (stock) and factories for company A.

    * :meth:`_sold` sells and delivers, on days before ``TODAY``; returns the order
    * :meth:`_row` is a row of ``scm.return.request_return`` for an order's first line
    * :meth:`_ask` asks for a return as the agent, by the public method, at noon of ``TODAY``
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("agent", "sales_team.group_sale_salesman_all_leads")
        cls.packer = cls._create_user("packer", "stock.group_stock_user")
        cls.product = cls._create_product("Lamp")

    @classmethod
    def _sold(cls, lines=None, days=5, **order):
        """An order, delivered whole ``days`` ago; ``lines``: [(product, quantity)], ten lamps if empty."""
        lines = lines or [(cls.product, 10.0)]
        for product, quantity in lines:
            cls._set_stock(product, quantity)
        sale = cls._create_sale(lines, cls.TODAY - timedelta(days=days + 1), **order)
        cls._deliver(sale, cls.TODAY - timedelta(days=days))
        return sale

    @classmethod
    def _row(cls, order, quantity=1.0, line=0, **values):
        return {
            "sale_line_id": order.order_line[line].id,
            "quantity": quantity,
            "reason": "not_liked",
            "wish": "refund",
        } | values

    @classmethod
    def _ask(cls, order, *rows, user=None, day=None, **values):
        """The return for these rows (one lamp if there is none), in the eyes of nobody in particular."""
        returns = cls._as(user or cls.agent, cls.env["scm.return"])
        with cls._at(day or cls.TODAY):
            answer = returns.request_return(order.id, list(rows) or [cls._row(order)], **values)
        return cls.env["scm.return"].browse(answer["id"])
