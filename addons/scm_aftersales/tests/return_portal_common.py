"""What tests of the customer's pages share."""

import io
import json

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase
from PIL import Image

from odoo.addons.scm_base.tests.common import ScmCase

from ..controllers import return_frame
from .return_common import ReturnCase


def picture(kind="JPEG", size=(40, 30), **options):
    """A red picture as a file's content."""
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, kind, **options)
    return written.getvalue()


class ReturnPortalCase(ReturnCase, HttpCase):
    """Two customers with a portal login each, an order and a return of both, and one of the first in company B.

    * ``anna`` (with her colleague ``ada``) of ``customer``, ``otto`` of ``other``: logins for company A only
    * ``order``: ten lamps, delivered; ``one``: a return of one of them; ``other_order``, ``other_one``: Otto's;
      ``far_order``: Anna's in company B
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"name": "Anna & Co", "is_company": True, "email": "shop@anna.example"})
        cls.other = cls.env["res.partner"].create(
            {"name": "Otto Ltd", "is_company": True, "email": "shop@otto.example"}
        )
        cls.anna, cls.ada = (cls._create_portal_user(name, cls.customer) for name in ("anna", "ada"))
        cls.otto = cls._create_portal_user("otto", cls.other)
        cls.order, cls.other_order = cls._sold(), cls._sold(partner_id=cls.other.id)
        cls.far_order = cls._sold_far()
        cls.one, cls.other_one = cls._ask(cls.order), cls._ask(cls.other_order)
        cls.photo = cls._hang_photo(cls.one)
        cls.other_photo = cls._hang_photo(cls.other_one)

    def setUp(self):
        super().setUp()
        return_frame.gate.buckets.clear()

    @classmethod
    def _sold_far(cls):
        product = cls._create_product("Far lamp")
        cls._set_stock(product, 1.0, warehouse=cls.warehouse_b)
        order = ScmCase._create_sale.__func__(cls, [(product, 1.0)], cls.TODAY, company=cls.company_b)
        cls._deliver(order, cls.TODAY)
        return order

    @classmethod
    def _hang_photo(cls, request):
        photo = cls.env["ir.attachment"].create(
            {"name": "photo.jpg", "raw": b"\xff\xd8\xff", "res_model": "scm.return", "res_id": request.id}
        )
        request.line_ids[:1].attachment_ids = photo
        return photo

    @classmethod
    def _parcel(cls, order, direction="out"):
        return cls.env["scm.parcel"].create(
            {
                "name": f"P{order.id}",
                "tracking_ref": f"P{order.id}{direction}",
                "direction": direction,
                "company_id": order.company_id.id,
                "partner_id": order.partner_id.id,
                "warehouse_id": order.warehouse_id.id,
                "sale_ids": [Command.set(order.ids)],
            }
        )

    def _login(self, user):
        self.authenticate(user.login, user.login) if user else self.authenticate(None, None)

    def _post(self, url, data=None, files=None, token=True):
        data = dict(data or {})
        if token:
            data["csrf_token"] = Request.csrf_token(self)
        return self.url_open(url, data=data or {"x": "1"}, files=files, allow_redirects=False)

    def _explain(self, url, **params):
        answer = self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()["result"]

    @staticmethod
    def _key(order, line=0, lot=0):
        line = order.order_line[line]
        return f"{line.id}-{line.product_id.id}-{lot}"

    def _form(self, order, **values):
        """What the form of an order sends for its first item."""
        key = self._key(order)
        values = {"quantity": "2", "reason": "too_small", "condition": "opened", "wish": "refund"} | values
        return {f"pick_{key}": "1", **{f"{name}_{key}": value for name, value in values.items()}}
