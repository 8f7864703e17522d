from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ScmParcel(models.Model):
    """News about a parcel become messages; a person tells the customer, names a new day or puts a parcel aside."""

    _inherit = "scm.parcel"

    def _after_state(self, changes):
        result = super()._after_state(changes)
        self.env["scm.parcel.message"]._draft_for_changes(self, changes)
        return result

    @api.model
    def _set_expected(self, rows, cause, reason=""):
        moved = super()._set_expected(rows, cause, reason)
        # what was promised with the order is no news, and who asked for another day knows it
        if moved and cause not in ("order", "customer"):
            self.env["scm.parcel.message"]._draft_for_slips(moved)
        return moved

    def _check_dispatcher(self):
        self.check_access("read")
        user = self.env.user
        if not (user.has_group("stock.group_stock_user") or user.has_group("scm_base.scm_group_manager")):
            raise AccessError(self.env._("Only people of the warehouse and supply chain managers work on this list."))

    def action_take_suggested_day(self):
        """Expect each of these parcels on the day by which nine of ten such parcels arrive.

        :return: number of parcels whose day moved
        """
        self._check_dispatcher()
        rows = {
            parcel.id: parcel.date_suggested
            for parcel in self
            if parcel.date_suggested and parcel.date_suggested > (parcel.date_expected or parcel.date_promised)
        }
        if not rows:
            raise UserError(
                self.env._(
                    "No later day is suggested for “%(parcel)s”: it is expected soon enough, or nothing is "
                    "known of its lane.",
                    parcel=self[:1].display_name,
                )
            )
        # sudo: the role was checked above; a new day writes fields that nobody types
        return len(self.sudo()._set_expected(rows, "lane", self.env._("Usual time of the lane, given the time so far")))

    def action_tell_customer(self):
        """Draft a message with the new day for each of these parcels, whatever the rules say, and show the drafts."""
        self._check_dispatcher()
        now, messages = fields.Datetime.now(), self.env["scm.parcel.message"]
        todo = self.filtered(lambda one: not one.is_final)
        if not todo:
            raise UserError(
                self.env._("“%(parcel)s” has ended: nothing is late any more.", parcel=self[:1].display_name)
            )
        # sudo: the role was checked above
        pending = messages.sudo().search(
            [("parcel_id", "in", todo.ids), ("kind", "=", "delayed"), ("state", "=", "draft")]
        )
        new = todo - pending.parcel_id
        # sudo: the role was checked above
        for company, parcels in new.sudo().grouped("company_id").items():
            messages._draft(company, [parcel._prepare_told(now) for parcel in parcels], by_hand=True)
        found = messages.search(
            [("parcel_id", "in", todo.ids), ("kind", "=", "delayed"), ("state", "in", ("draft", "suppressed"))]
        )
        return messages._open(found)

    def _prepare_told(self, now):
        days = [day for day in (self.date_expected, self.date_suggested) if day]
        day = max(days, default=False)
        return {
            "parcel": self,
            "kind": "delayed",
            "subject_key": f"hand:{day}@{now.date()}",
            "news_at": now,
            "date_before": self.date_promised,
            "date_told": day,
        }

    def action_put_aside(self, days=1):
        """Take these parcels off the morning list until a later day, as somebody takes care of them.

        :param days: until so many days from today
        """
        self._check_dispatcher()
        if not isinstance(days, int) or not 1 <= days <= 60:
            raise UserError(self.env._("Put parcels aside for 1 to 60 days."))
        until = fields.Date.add(fields.Date.context_today(self), days=days)
        # sudo: the role was checked above; what is wrong with a parcel is written by its check
        self.sudo().write({"watch_until": until, "watch_user_id": self.env.uid})
        return True

    def action_take_up(self):
        """Say that the present user takes care of these parcels."""
        self._check_dispatcher()
        self.sudo().write({"watch_user_id": self.env.uid})  # sudo: the role was checked above
        return True

    def action_open_customer_messages(self):
        self.check_access("read")
        return self.env["scm.parcel.message"]._open(self.customer_message_ids)

    @api.model
    @api.readonly
    def morning_summary(self):
        """What is wrong this morning in the user's companies, parcels that were put aside left out.

        :return: ``{'open': parcels on their way, 'late': late ones, 'causes': [{'cause', 'label', 'count', 'money'}],
            'currency_id', 'drafts': messages to approve, 'disruptions': active ones}``
        """
        self.check_access("read")
        base = [("company_id", "in", self.env.companies.ids)]
        today = fields.Date.context_today(self)
        listed = [*base, ("watch_cause", "!=", False), "|", ("watch_until", "=", False), ("watch_until", "<=", today)]
        groups = self._read_group(listed, ["watch_cause"], ["__count", "money_at_stake:sum"])
        counts = {cause: (count, money) for cause, count, money in groups}
        labels = self._fields["watch_cause"]._description_selection(self.env)
        return {
            "open": self.search_count([*base, ("is_final", "=", False), ("direction", "=", "out")]),
            "causes": [
                {"cause": code, "label": label, "count": counts[code][0], "money": float(counts[code][1] or 0.0)}
                for code, label in labels
                if code in counts
            ],
            "currency_id": self.env.company.currency_id.id,
            "drafts": self.env["scm.parcel.message"].search_count([*base, ("state", "=", "draft")]),
            "disruptions": self.env["scm.disruption"].search_count([*base, ("state", "=", "active")]),
        }
