from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

STATES = [("proposed", "To Confirm"), ("accepted", "In the Calendar"), ("dismissed", "Dismissed")]
CHANGED = [
    ("new", "New"),
    ("same", "Unchanged"),
    ("dates", "Dates changed"),
    ("discount", "Discount changed"),
    ("gone", "Source is gone"),
]


class ScmEventProposal(models.Model):
    """A promotion that Odoo knows of and that is not in the calendar of events unless a planner says so.

    One row per promotion, found again by the keys of its source records (``product.pricelist.item,7``), so that reading
    them twice proposes once. Written by :meth:`_refresh` only.
    """

    _name = "scm.event.proposal"
    _description = "Promotion Proposal"
    _order = "date_start, id"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    origin = fields.Selection([("pricelist", "Price list")], "Found In", required=True, readonly=True)
    source_keys = fields.Json(readonly=True, help="Records that the promotion was read from, as model,id.")
    date_start = fields.Date("First Day", required=True, readonly=True, help="Local day of the company.")
    date_end = fields.Date("Last Day", required=True, readonly=True)
    discount = fields.Float(readonly=True, aggregator="avg", help="Share of the price that is taken off: 0.2 is 20 %.")
    category_ids = fields.Many2many("product.category", string="Categories", readonly=True)
    product_ids = fields.Many2many("product.product", string="Products", readonly=True)
    product_count = fields.Integer(
        "Number of Products", readonly=True, help="Named one by one; 0: by category, or all."
    )
    scope = fields.Char(compute="_compute_scope")
    expected_uplift = fields.Float(
        help="What it is thought to do to demand on its days: 0.5 is half as much again. Change it before you accept.",
        aggregator="avg",
    )
    uplift_typed = fields.Boolean(readonly=True)
    why = fields.Json(readonly=True)
    state = fields.Selection(STATES, default="proposed", required=True, readonly=True, index=True)
    event_id = fields.Many2one("scm.event", readonly=True, index="btree_not_null", ondelete="set null")
    occurrence_id = fields.Many2one("scm.event.occurrence", readonly=True, index="btree_not_null", ondelete="set null")
    change_code = fields.Selection(CHANGED, "Change", readonly=True, default="new")
    change_note = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Decided By", readonly=True, ondelete="set null")
    date_decided = fields.Datetime("Decided On", readonly=True)

    _days = models.Constraint("CHECK(date_end >= date_start)", "A promotion cannot end before it starts.")
    _uplift = models.Constraint(
        "CHECK(expected_uplift >= -1 AND expected_uplift <= 100)",
        "An uplift below -100 % would mean negative demand; the most is 100 times the usual.",
    )

    @api.depends("category_ids", "product_ids", "product_count")
    def _compute_scope(self):
        for proposal in self:
            names = proposal.category_ids.mapped("display_name")
            if proposal.product_count == 1:
                names.append(proposal.product_ids.display_name)
            elif proposal.product_count:
                names.append(self.env._("%(count)s products", count=proposal.product_count))
            proposal.scope = ", ".join(names) or self.env._("All products")

    def write(self, vals):
        if not self.env.su and set(vals) - {"expected_uplift"}:
            raise AccessError(
                self.env._("Only the expected uplift of a proposal can be typed. Accept or dismiss it by its buttons.")
            )
        if "expected_uplift" in vals and "uplift_typed" not in vals:
            # sudo: the role of the user was checked by his right to write; the flag is closed to plain writing
            self.sudo().write({"uplift_typed": True} | vals)
            return True
        return super().write(vals)

    # ---------------------------------------------------------------- buttons

    def _check_manager(self):
        if not self.env.user.has_group("scm_base.scm_group_manager"):
            raise AccessError(self.env._("Only supply chain managers decide on promotions. Ask one of them."))
        self.check_access("write")

    def action_accept(self):
        """Put the promotions into the calendar of events; returns their events' ids. For supply-chain managers.

        What is in the calendar already stays as it is. Promotions with the same price list, products and categories
        become occurrences of one event, so that what the first did is learned for the next.
        """
        self._check_manager()
        self.filtered(lambda proposal: proposal.state != "accepted").sorted("date_start")._accept()
        return self.event_id.ids

    def action_dismiss(self):
        """It does not move demand: it is not proposed again. For supply-chain managers."""
        self._check_manager()
        if accepted := self.filtered(lambda proposal: proposal.state == "accepted" and proposal.occurrence_id):
            raise UserError(
                self.env._(
                    "%(name)s is in the calendar already. Archive its occurrence in the event instead.",
                    name=accepted[0].name,
                )
            )
        self._decide("dismissed")
        return True

    def action_reopen(self):
        """Dismissed by mistake: propose it again. For supply-chain managers."""
        self._check_manager()
        # sudo: the role is checked above; the state is closed to plain writing
        self.filtered(lambda proposal: proposal.state == "dismissed").sudo().write(
            {"state": "proposed", "user_id": False, "date_decided": False}
        )
        return True

    def action_open_event(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "scm.event",
            "res_id": self.event_id.id,
            "views": [(False, "form")],
        }

    @api.model
    def action_look(self, company_id=False):
        """Read price lists and programs of a company now, without waiting for the night. For supply-chain managers.

        :param company_id: by default the user's present company
        :return: dict ``new``, ``changed``, ``gone``: numbers of proposals
        """
        self.browse()._check_manager()
        company = self.env["res.company"].browse(company_id) if company_id else self.env.company
        company.check_access("read")
        if company not in self.env.companies:
            raise AccessError(self.env._("Tick %(company)s in the company switch first.", company=company.display_name))
        # sudo: role and company are checked above; price lists may be closed to a planner, the proposal shows no price
        return self.sudo()._refresh(company)

    @api.model
    def action_look_and_show(self):
        """Button of the list: :meth:`action_look`, then say what was found."""
        found = self.action_look()
        message = self.env._(
            "%(new)s new, %(changed)s changed, %(gone)s whose source is gone.",
            new=found["new"],
            changed=found["changed"],
            gone=found["gone"],
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ----------------------------------------------------------------- accept

    def _decide(self, state, **values):
        # sudo: the caller has checked the role; the decision is closed to plain writing
        self.sudo().write(
            {"state": state, "user_id": self.env.uid, "date_decided": fields.Datetime.now(), "change_code": "same"}
            | values
        )

    def _accept(self):
        """Events and occurrences of all proposals in one create each."""
        books = self._event_books()
        placed = [(proposal, proposal._place(books)) for proposal in self]
        fresh = [book for same in books.values() for book in same if not book["event"] and book["proposals"]]
        events = self.env["scm.event"].create([book["proposals"]._prepare_event_vals() for book in fresh])
        for book, event in zip(fresh, events, strict=True):
            book["event"] = event
        rows = self.env["scm.event.occurrence"].create(
            [proposal._prepare_occurrence_vals(book["event"]) for proposal, book in placed]
        )
        for (proposal, book), row in zip(placed, rows, strict=True):
            proposal._decide("accepted", event_id=book["event"].id, occurrence_id=row.id, change_note=False)

    def _scope_key(self):
        return self.company_id.id, self.origin, frozenset(self.category_ids.ids), frozenset(self.product_ids.ids)

    def _event_books(self):
        """{scope: events that earlier promotions of the same scope became, with the days that are taken}."""
        siblings = self.search(
            Domain("company_id", "in", self.company_id.ids)
            & Domain("event_id", "!=", False)
            & Domain("event_id.active", "=", True)
            & Domain("id", "not in", self.ids)
        )
        books = {}
        for sibling in siblings:
            event, same = sibling.event_id, books.setdefault(sibling._scope_key(), [])
            unchanged = event.category_ids == sibling.category_ids and event.product_ids == sibling.product_ids
            if unchanged and not event.warehouse_ids and all(book["event"] != event for book in same):
                days = [(row.date_start, row.date_end) for row in event.occurrence_ids]
                same.append({"event": event, "days": days, "proposals": self.browse()})
        return books

    def _place(self, books):
        """The event of the same scope that has these days free, or a new one."""
        gap = timedelta(days=1)
        same = books.setdefault(self._scope_key(), [])
        for book in same:
            if not any(first <= self.date_end + gap and self.date_start - gap <= last for first, last in book["days"]):
                break
        else:
            book = {"event": False, "days": [], "proposals": self.browse()}
            same.append(book)
        book["days"].append((self.date_start, self.date_end))
        book["proposals"] |= self
        return book

    def _prepare_event_vals(self):
        """One event of one or more proposals; what past ones did is learned, so that they need no expectation."""
        first = self[0]
        today = self.env["scm.demand.day"]._scm_company_today(first.company_id)
        coming = self.filtered(lambda proposal: proposal.date_end >= today)
        return {
            "name": first.name,
            "kind": "promotion",
            "source": "manual",
            "company_id": first.company_id.id,
            "category_ids": [Command.set(first.category_ids.ids)],
            "product_ids": [Command.set(first.product_ids.ids)],
            "discount": first.discount,
            "after_days": min(7, (first.date_end - first.date_start).days + 1),
            "expected_uplift": first.expected_uplift if coming == self else 0.0,
        }

    def _prepare_occurrence_vals(self, event):
        return {
            "event_id": event.id,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "strength": round(self.discount / event.discount, 2) if event.discount and self.discount else 1.0,
        }


class ScmEvent(models.Model):
    _inherit = "scm.event"

    discount = fields.Float(
        "Usual Discount", help="Share of the price that an occurrence of strength 1 takes off: 0.2 is 20 %."
    )
    proposal_ids = fields.One2many("scm.event.proposal", "event_id", "Read From", readonly=True)

    _discount = models.Constraint("CHECK(discount >= 0 AND discount <= 1)", "A discount lies between 0 and 100 %.")
