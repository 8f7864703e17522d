from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..kernel.promise_answer import MAX_PARTS
from .portal import SupplierPortal

ORDERS_PER_PAGE = 20
NOTE_LENGTH = 500
URL = "/my/promises"


class PromisePortal(SupplierPortal):
    """``/my/promises``: the open lines of the supplier's orders, when they come and how much."""

    def _scm_counters(self):
        return {**super()._scm_counters(), "scm_promise_count": self._scm_count_open}

    def _scm_domain_lines(self):
        lines = request.env["purchase.order.line"]
        own = self._scm_own("order_id.partner_id.commercial_partner_id", "order_id.company_id")
        return Domain(own) & lines._scm_domain_open()

    def _scm_count_open(self):
        # sudo: the domain holds the supplier's own lines only
        return request.env["purchase.order.line"].sudo().search_count(self._scm_domain_lines())

    def _scm_find_line(self, line_id):
        # sudo: the domain holds the supplier's own lines only
        lines = request.env["purchase.order.line"].sudo()
        return lines.search(self._scm_domain_lines() & Domain("id", "=", line_id), limit=1)

    @route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", methods=["GET"], website=True)
    def scm_promises(self, page=1, show="all", **_kw):
        """The open lines by order, the most urgent order first."""
        # sudo: the domain holds the supplier's own lines only
        lines = request.env["purchase.order.line"].sudo().search(self._scm_domain_lines(), order="date_planned, id")
        unconfirmed = lines.filtered(lambda line: not line.scm_answer_date)
        shown = unconfirmed if show == "open" else lines
        orders = list(shown.grouped("order_id"))
        pager = portal_pager(URL, len(orders), page, ORDERS_PER_PAGE, url_args={"show": show})
        orders = orders[pager["offset"] : pager["offset"] + ORDERS_PER_PAGE]
        rows = self._scm_line_rows(shown.filtered(lambda line: line.order_id in orders))
        return self._scm_render(
            "portal_promises",
            "scm_promises",
            cards=[
                {"order": order, "rows": [row for row in rows if row["line"].order_id == order]} for order in orders
            ],
            pager=pager,
            show=show,
            crumbs=[{"text": request.env._("Deliveries")}],
            counts={
                "all": len(lines),
                "open": len(unconfirmed),
                "overdue": sum(self._scm_is_overdue(line) for line in lines),
            },
            max_parts=MAX_PARTS,
        )

    def _scm_line_rows(self, lines):
        """What the page shows of each line."""
        quantities = lines._scm_open_quantities()
        plans = lines._scm_open_parts(quantities)
        rows = []
        for line in lines:
            today = line._scm_local_today()
            rows.append(
                {
                    "line": line,
                    "open": quantities[line],
                    "promise": line.scm_promise_date,
                    "today": today,
                    "parts": plans[line],
                    "days_left": (plans[line][0][0] - today).days,
                }
            )
        return rows

    def _scm_is_overdue(self, line):
        return line._scm_planned_days()[line] < line._scm_local_today()

    @route(f"{URL}/<int:line_id>", type="http", auth="user", methods=["POST"], website=True)
    def scm_promise_answer(self, line_id, note="", **_kw):
        """Take the answer about one line: days and quantities in parallel lists ``date`` and ``quantity``."""
        line = self._scm_find_line(line_id)
        if not line:
            raise request.not_found()
        return self._scm_try(
            f"{URL}#order-{line.order_id.id}",
            request.env._("Thank you. We have noted when %s comes.", line.product_id.display_name),
            lambda: line.scm_answer_promise(self._scm_form_parts(), note.strip()[:NOTE_LENGTH]),
        )

    def _scm_form_parts(self):
        form = request.httprequest.form
        return [
            {"date": day.strip(), "quantity": self._scm_number(quantity)}
            for day, quantity in zip(form.getlist("date"), form.getlist("quantity"), strict=False)
            if day.strip() and quantity.strip()
        ]

    @route(f"{URL}/orders/<int:order_id>/confirm", type="http", auth="user", methods=["POST"], website=True)
    def scm_promise_confirm_order(self, order_id, **_kw):
        """Confirm all open lines of an order that are not confirmed yet, on the days that are announced."""
        # sudo: the domain holds the supplier's own lines only
        lines = (
            request.env["purchase.order.line"]
            .sudo()
            .search(self._scm_domain_lines() & Domain("order_id", "=", order_id))
        )
        if not lines:
            raise request.not_found()
        lines = lines.filtered(lambda line: not line.scm_answer_date and not self._scm_is_overdue(line))
        return self._scm_try(
            f"{URL}#order-{order_id}",
            request.env._("Thank you. %s lines are confirmed.", len(lines)),
            lines.scm_confirm_promise,
        )

    def _scm_number(self, text):
        """A quantity as people type it: 1,5 and 1.5 are the same."""
        try:
            return float(text.strip().replace(" ", "").replace(",", "."))
        except ValueError:
            raise UserError(request.env._("'%s' is not a quantity.", text[:20]))
