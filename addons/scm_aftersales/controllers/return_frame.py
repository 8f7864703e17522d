"""What the customer's pages of returns share: who is asking, what is his, and how pages and notices travel.

Portal users and visitors have no rights on our models. An order or return is given on only to a user of the portal
whose company it belongs to, or to whoever has its secret; an id that is not his answers as one that does not exist.
"""

import time

from odoo.exceptions import UserError, ValidationError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.scm_base.tools.photos import ACCEPT, MAX_PHOTO_BYTES, MAX_PHOTOS
from odoo.addons.scm_logistics.kernel.pacing import Gate

NOTICE_KEY = "scm_return_notice"
#: per worker process and minute: wrong secrets of one address, forms of one order, live answers of one address
TRIES_PER_MINUTE, FORMS_PER_MINUTE, ANSWERS_PER_MINUTE = 30, 10, 120
gate, clock = Gate(), time.monotonic


class ReturnFrame(CustomerPortal):
    """Base of the customer's pages; each page is a file of its own."""

    # Who is asking

    def _return_is_known(self):
        return not request.env.user._is_public()

    def _return_find(self, return_id, access_token=None):
        """The return if the visitor may see it, else an empty one."""
        # sudo: portal users have no rights; the domain or the secret is the check
        returns = request.env["scm.return"].sudo()
        if self._return_is_known():
            found = returns.search([("id", "=", return_id), *returns._portal_domain(request.env.user)], limit=1)
            if found:
                return found.with_company(found.company_id)
        if not access_token or not self._return_may_try():
            return returns
        found = returns.browse(return_id).exists()
        return found.with_company(found.company_id) if found._is_token(access_token) else returns

    def _return_order(self, order_id, access_token=None):
        """The confirmed order if the visitor may give back goods of it, else an empty one."""
        # sudo: as above; the domain or the secret is the check
        orders = request.env["sale.order"].sudo()
        if self._return_is_known():
            user = request.env.user
            found = orders.search(
                [
                    ("id", "=", order_id),
                    ("state", "=", "sale"),
                    ("partner_id", "child_of", user.partner_id.commercial_partner_id.ids),
                    ("company_id", "in", user.company_ids.ids),
                ],
                limit=1,
            )
            if found:
                return found.with_company(found.company_id)
        if not access_token or not self._return_may_try():
            return orders
        found = orders.browse(order_id).exists()
        fits = found.access_token and consteq(found.access_token, access_token) and found.state == "sale"
        return found.with_company(found.company_id) if fits else orders

    def _return_partner(self, record):
        """Who speaks: the contact that is logged in, if he belongs to the customer; else the customer."""
        partner = request.env.user.partner_id
        family = record.partner_id.commercial_partner_id
        return partner if self._return_is_known() and partner.commercial_partner_id == family else record.partner_id

    def _return_may_try(self):
        return self._return_passes("try", request.httprequest.remote_addr, TRIES_PER_MINUTE)

    def _return_passes(self, what, key, per_minute):
        return gate.passes((what, key), per_minute, clock())

    # Pages

    def _return_page(self, template, status=200, **values):
        """Render a page, with the notice that the last request left."""
        response = request.render(
            f"scm_aftersales.{template}",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "scm_returns",
                "known": self._return_is_known(),
                "notice": request.session.pop(NOTICE_KEY, None),
                "accept": ACCEPT,
                "max_photos": MAX_PHOTOS,
                "max_mb": MAX_PHOTO_BYTES // 1024 // 1024,
                **values,
            },
            headers={"Cache-Control": "no-store", "Referrer-Policy": "same-origin"},
        )
        response.status_code = status
        return response

    def _return_missing(self):
        return self._return_page("return_missing", status=404)

    def _return_back(self, url, kind, text):
        """Back to a page that says what was done (303: a reload does not send the form again)."""
        request.session[NOTICE_KEY] = {"kind": kind, "text": text}
        return request.redirect(url, code=303)

    def _return_try(self, url, done, function):
        """Call a function in a savepoint; back to the page with ``done``, or with what is to be mended."""
        try:
            with request.env.cr.savepoint():
                function()
        except (UserError, ValidationError) as error:
            return self._return_back(url, "danger", str(error.args[0] if error.args else error))
        return self._return_back(url, "success", done)
