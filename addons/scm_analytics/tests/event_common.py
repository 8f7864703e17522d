"""Cases for the event page: an event of two days with sales by the hour, on top of the suite's test kit."""

from datetime import date, datetime

from odoo.fields import Command

from odoo.addons.scm_base.tests.common import ScmCase


class EventCase(ScmCase):
    """An event ``sale_days`` on 10 and 11 November 2026 and a year before; ``lamp`` and ``kettle``; short ways to sell
    at an hour, to look at the page, and to find a row of it."""

    FIRST = date(2026, 11, 10)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamp = cls._create_product("Lamp", list_price=20.0)
        cls.kettle = cls._create_product("Kettle", list_price=50.0)
        cls.event = cls.env["scm.event"].create(
            {
                "name": "Sale Days",
                "kind": "festival",
                "source": "manual",
                "company_id": cls.company_a.id,
                "product_ids": [Command.set((cls.lamp + cls.kettle).ids)],
                "occurrence_ids": [
                    Command.create({"date_start": "2026-11-10", "date_end": "2026-11-11"}),
                    Command.create({"date_start": "2025-11-10", "date_end": "2025-11-11"}),
                ],
            }
        )
        cls.now, cls.before = cls.event.occurrence_ids.sorted("date_start", reverse=True)

    @classmethod
    def _sell(cls, moment, quantity=1.0, product=None, price=10.0, **order):
        """An order of a local moment (text or datetime) of company A."""
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return cls._create_sale(
            [(product or cls.lamp, quantity, price)], moment.date(), hour=moment.hour, **order
        )

    def _page(self, moment="2026-11-11 12:00", user=None, **kwargs):
        """The page as a user sees it at a local moment."""
        at = datetime.fromisoformat(moment)
        with self._at(at.date(), at.hour):
            kwargs = {"occurrence_id": self.now.id} | kwargs
            return self._as(user or self.planner, self.env["scm.event.page"]).get_page(**kwargs)

    def _watch(self):
        return self.env["scm.event.watch"].search(
            [("occurrence_id", "=", self.now.id), ("company_id", "=", self.company_a.id)]
        )

    @staticmethod
    def _row(rows, **values):
        return next(row for row in rows if all(row[name] == value for name, value in values.items()))
