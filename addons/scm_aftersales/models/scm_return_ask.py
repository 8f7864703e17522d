"""From a customer's form to a return."""

from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.scm_base.tools.photos import MAX_PHOTO_BYTES, MAX_PHOTOS, PhotoError, read_photos

MAX_KEY = 64


class ScmReturn(models.Model):
    """What customers choose from, and how their form becomes a return. The callers have checked token or partner."""

    _inherit = "scm.return"

    @api.model
    def _portal_outcomes(self):
        """What can come of a return, in words for customers."""
        return {
            "refund": self.env._("Money back"),
            "exchange": self.env._("Exchange"),
            "repair": self.env._("Repair"),
            "credit": self.env._("Store credit"),
            "keep": self.env._("Keep it, with money back"),
        }

    @api.model
    def _portal_reasons(self):
        """Reasons on two levels: [(group's name, [(code, name, whether more words are asked)])]."""
        reasons = self.env["scm.return.reason"].search([("child_ids", "=", False)])
        groups = reasons.grouped("parent_id")
        return [
            (group.name or "", [(one.code, one.name, one.needs_comment) for one in found])
            for group, found in sorted(groups.items(), key=lambda pair: (pair[0].sequence, pair[0].id))
        ]

    @api.model
    def _portal_check(self, order, rows):
        """What the policy would decide, row by row; raises what the customer must mend. Writes nothing.

        :return: as ``scm.return.policy._explain``
        """
        free, asked = self._returnable(order), defaultdict(float)
        for row in rows:
            values = self._request_line(order, row)
            reason = self.env["scm.return.reason"].browse(values["reason_id"])
            if not reason:
                raise UserError(self.env._("Please choose why you give it back."))
            if reason.needs_comment and not values["comment"].strip():
                raise UserError(self.env._("“%(reason)s”: please say in a few words more.", reason=reason.name))
            asked[values["sale_line_id"], values["product_id"]] += values["quantity"]
        for key, quantity in asked.items():
            self._check_free(*key, quantity, free.get(key, {"free": 0.0})["free"])
        return self._portal_explain(order, rows)

    @api.model
    def _portal_explain(self, order, rows):
        """What the policy would decide, row by row; where it says nothing, a person decides."""
        return self.env["scm.return.policy"]._explain(order, rows) or [
            {"decision": "review", "outcomes": list(self._portal_outcomes())} for _row in rows
        ]

    @api.model
    def _portal_ask(self, order, rows, key, photos=None, **values):
        """The return for a form, made once: the same form sent again gives the same return.

        :param key: secret of the form
        :param photos: ``{index of the row: uploads}``
        """
        order._scm_touch_returns()
        known = self._portal_known(order, key)
        if known:
            return known
        pictures = {index: self._portal_photos(files) for index, files in (photos or {}).items()}
        if sum(map(len, pictures.values())) > MAX_PHOTOS:
            raise UserError(self.env._("At most %s photos in one return.", MAX_PHOTOS))
        self._portal_check_photos(order, rows, pictures)
        request = self._request(order, rows, **values)
        request.request_key = (key or "")[:MAX_KEY] or False
        request._portal_exchange(rows)
        request._portal_attach(pictures)
        request.message_subscribe(request.partner_id.ids)
        request._portal_ensure_token()
        return request

    @api.model
    def _portal_check_photos(self, order, rows, pictures):
        rows = [row | {"photos": bool(pictures.get(index))} for index, row in enumerate(rows)]
        for index, answer in enumerate(self._portal_check(order, rows)):
            if answer.get("evidence") in ("photo", "both") and not pictures.get(index):
                product = self.env["product.product"].browse(rows[index]["product_id"])
                raise UserError(
                    self.env._("%(product)s: please add a photo, so that we can decide.", product=product.display_name)
                )

    @api.model
    def _portal_known(self, order, key):
        """The return that a form has made already, if it has."""
        key = (key or "")[:MAX_KEY]
        return self.search([("order_id", "=", order.id), ("request_key", "=", key)], limit=1) if key else self.browse()

    def _portal_exchange(self, rows):
        """What the customer wants instead; only another variant of the same product."""
        for line, row in zip(self.line_ids, rows, strict=True):
            if row.get("variant") and line.wish == "exchange":
                chosen = line.product_id._scm_siblings().filtered(
                    lambda one, row=row: str(one.id) == str(row["variant"])
                )
                if not chosen:
                    raise UserError(self.env._("%s: this cannot be had in exchange.", line.product_id.display_name))
                line.exchange_product_id = chosen

    def _portal_attach(self, pictures):
        """Hang photos on the lines, which stand in the order of the form's rows."""
        for index, contents in pictures.items():
            line = self.line_ids[index]
            line.attachment_ids = self.env["ir.attachment"].create(
                [
                    {
                        "name": f"{self.name}-{index + 1}-{number}.jpg",
                        "raw": content,
                        "mimetype": "image/jpeg",
                        "res_model": "scm.return",
                        "res_id": self.id,
                        "company_id": self.company_id.id,
                    }
                    for number, content in enumerate(contents, start=1)
                ]
            )

    @api.model
    def _portal_photos(self, files):
        """JPEGs of our own from what a form sent; an error in words for the first that is none."""
        try:
            return read_photos(files)
        except PhotoError as error:
            megabytes = MAX_PHOTO_BYTES // 1024 // 1024
            raise UserError(
                {
                    "kind": self.env._("%s is not a photo that we can read. Please send JPEG or PNG.", error.name),
                    "size": self.env._("%(name)s is larger than %(mb)s MB.", name=error.name, mb=megabytes),
                    "empty": self.env._("%s is empty.", error.name),
                    "count": self.env._("At most %s photos in one return.", MAX_PHOTOS),
                }[error.code]
            ) from error
