import re
import secrets

from odoo.exceptions import UserError, ValidationError
from odoo.http import request, route
from odoo.tools import format_amount
from werkzeug.urls import url_encode

from odoo.addons.scm_base.tools.photos import MAX_REQUEST_BYTES

from .return_frame import ANSWERS_PER_MINUTE, FORMS_PER_MINUTE, ReturnFrame

MAX_TEXT = 2000
PICK = re.compile(r"pick_(\d{1,12}-\d{1,12}-\d{1,12})$")
ORDER_URL = "/my/orders/<int:order_id>/return"
#: what the form asks of each item
FIELDS = ("quantity", "reason", "condition", "comment", "wish", "variant")


class ReturnAsk(ReturnFrame):
    """Ask for a return in two steps: what and why, then what comes of it. Nothing is written before the second."""

    # From the portal's order page, by login or by the order's own link

    @route(ORDER_URL, type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def scm_order_return(self, order_id, access_token=None, **_kw):
        """The form."""
        return self._return_ask_form(self._return_place(order_id, access_token))

    @route(f"{ORDER_URL}/check", type="http", auth="public", methods=["POST"], website=True)
    def scm_order_return_check(self, order_id, access_token=None, **post):
        """What comes of it."""
        return self._return_ask_check(self._return_place(order_id, access_token), post)

    @route(
        f"{ORDER_URL}/send",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST_BYTES,
    )
    def scm_order_return_send(self, order_id, access_token=None, **post):
        """Ask for it."""
        return self._return_ask_send(self._return_place(order_id, access_token), post)

    @route(f"{ORDER_URL}/explain", type="jsonrpc", auth="public", methods=["POST"], website=True)
    def scm_order_return_explain(self, order_id, access_token=None, values=None, **_kw):
        """What would come of the items that are ticked, while the form is filled in."""
        return self._return_ask_explain(self._return_place(order_id, access_token), values)

    def _return_place(self, order_id, access_token):
        """Where the form stands: the order, its address, and what it hands on."""
        order = self._return_order(order_id, access_token)
        return order and {
            "order": order,
            "base": f"/my/orders/{order.id}/return",
            "hidden": {"access_token": access_token} if access_token else {},
            "back": order.get_portal_url(),
            "channel": "portal",
        }

    # The steps, for every place

    def _return_ask_form(self, place, post=None, error="", status=200):
        if not place:
            return self._return_missing()
        order = place["order"]
        # sudo: the reasons are shown to everybody who may ask
        returns = request.env["scm.return"].sudo()
        return self._return_page(
            "return_form",
            status=status,
            place=place,
            order=order,
            items=order._scm_return_items(),
            reasons=returns._portal_reasons(),
            conditions=returns.line_ids._fields["condition"]._description_selection(request.env),
            post=post or {},
            error=error,
        )

    def _return_ask_check(self, place, post):
        if not place:
            return self._return_missing()
        order = place["order"]
        items = self._return_ask_items(order, pictures=True)
        try:
            rows = self._return_ask_rows(order, items, post)
            # photos are asked for on the next page
            asked = [row | {"photos": True} for row in rows.values()]
            answers = order.env["scm.return"]._portal_check(order, asked)
        except (UserError, ValidationError) as error:
            return self._return_ask_form(place, post, str(error.args[0]), status=422)
        cards = [
            {"item": items[name], "row": row, "answer": self._return_ask_words(order, answer)}
            for (name, row), answer in zip(rows.items(), answers, strict=True)
        ]
        return self._return_page(
            "return_check",
            place=place,
            order=order,
            cards=cards,
            post=post,
            key=secrets.token_urlsafe(18),
            refused=all(card["answer"]["decision"] == "refuse" for card in cards),
        )

    def _return_ask_send(self, place, post):
        if not place:
            return self._return_missing()
        if post.get("step") == "back":
            return self._return_ask_form(place, post)
        order, key = place["order"], post.get("request_key") or ""
        if not self._return_passes("form", ("order", order.id), FORMS_PER_MINUTE):
            return self._return_ask_form(
                place, post, request.env._("Please wait a minute before you send it again."), status=429
            )
        try:
            rows = self._return_ask_rows(order, self._return_ask_items(order), post)
        except (UserError, ValidationError) as error:
            known = order.env["scm.return"]._portal_known(order, key)
            return (
                self._return_ask_done(known)
                if known
                else self._return_ask_form(place, post, str(error.args[0]), status=422)
            )
        photos = {number: request.httprequest.files.getlist(f"photos_{name}") for number, name in enumerate(rows)}
        try:
            with request.env.cr.savepoint():
                asked = order.env["scm.return"]._portal_ask(
                    order,
                    list(rows.values()),
                    key,
                    photos,
                    comment=(post.get("comment") or "").strip()[:MAX_TEXT],
                    channel=place["channel"],
                    partner=self._return_partner(order),
                )
        except (UserError, ValidationError) as error:
            return self._return_ask_form(place, post, str(error.args[0]), status=422)
        return self._return_ask_done(asked)

    def _return_ask_done(self, asked):
        """To the return's page; whoever has no login gets its secret."""
        mine = self._return_is_known() and self._return_find(asked.id)
        link = "" if mine else f"?{url_encode({'access_token': asked._portal_ensure_token()})}"
        return self._return_back(
            f"/my/returns/{asked.id}{link}", "success", request.env._("Thank you. Your number is %s.", asked.name)
        )

    def _return_ask_explain(self, place, values):
        """``{"rows": {key: words}}``, or ``{"error": text}`` where something is still to be filled in."""
        free = self._return_passes("answer", request.httprequest.remote_addr, ANSWERS_PER_MINUTE)
        if not place or not free or not isinstance(values, dict):
            return {"rows": {}, "error": ""}
        order = place["order"]
        try:
            told = {str(name): str(value)[:MAX_TEXT] for name, value in values.items()}
            rows = self._return_ask_rows(order, self._return_ask_items(order), told)
            asked = [row | {"photos": True} for row in rows.values()]
            answers = order.env["scm.return"]._portal_explain(order, asked)
        except (UserError, ValidationError) as error:
            return {"rows": {}, "error": str(error.args[0])}
        return {
            "rows": {name: self._return_ask_words(order, answer) for name, answer in zip(rows, answers, strict=True)},
            "error": "",
        }

    def _return_ask_items(self, order, pictures=False):
        """What can be given back, by its name in the form."""
        return {item["key"]: item for item in order._scm_return_items(pictures=pictures)}

    def _return_ask_rows(self, order, items, post):
        """Rows of the ticked items by their name in the form, for ``scm.return._request``."""
        rows = {}
        for field in post:
            match = PICK.match(field)
            if not match:
                continue
            item = items.get(match[1])
            if not item:
                raise UserError(request.env._("An item is not part of order %(order)s.", order=order.name))
            row = {name: post.get(f"{name}_{item['key']}") or "" for name in FIELDS}
            row["comment"] = row["comment"].strip()[:MAX_TEXT]
            rows[item["key"]] = row | {
                "sale_line_id": item["line"].id,
                "product_id": item["product"].id,
                "lot": item["lot"],
                "key": item["key"],
            }
        if not rows:
            raise UserError(request.env._("Please choose what you want to give back."))
        return rows

    def _return_ask_words(self, order, answer):
        """What the policy answers on a row, in words and formatted money."""
        names = order.env["scm.return"]._portal_outcomes()
        value, fee = answer.get("value") or 0.0, answer.get("fee") or 0.0
        refund = max(value * (answer.get("refund_percent") or 0.0) / 100.0 - fee, 0.0)
        money = {
            "refund": refund,
            "credit": refund,
            "keep": value * (answer.get("keep_percent") or 0.0) / 100.0,
        }
        shown = lambda amount: format_amount(order.env, amount, order.currency_id)  # noqa: E731
        return {
            "decision": answer.get("decision") or "review",
            "text": answer.get("text") or "",
            "fee": shown(fee) if fee else "",
            "freight": answer.get("freight_payer") or "",
            "evidence": answer.get("evidence") or "none",
            "outcomes": [
                {"code": code, "label": names[code], "money": shown(money[code]) if code in money else ""}
                for code in answer.get("outcomes") or []
            ],
        }
