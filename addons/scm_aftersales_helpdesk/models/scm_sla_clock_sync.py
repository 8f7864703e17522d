from odoo import api, fields, models
from odoo.tools import SQL

from .scm_sla_clock import CLOCK_KINDS

#: first message of one of us that reached the customer, by ticket
_ANSWERS = """
    SELECT message.res_id, MIN(message.date)
      FROM mail_message message
      JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id AND subtype.internal IS NOT TRUE
      JOIN helpdesk_ticket ticket ON ticket.id = message.res_id
     WHERE message.model = 'helpdesk.ticket' AND message.res_id = ANY(%(tickets)s)
       AND message.message_type IN ('comment', 'email', 'email_outgoing') AND message.is_internal IS NOT TRUE
       AND EXISTS (SELECT 1 FROM res_users one
                    WHERE one.partner_id = message.author_id AND one.share IS NOT TRUE)
       AND EXISTS (SELECT 1 FROM mail_notification notice JOIN res_partner person ON person.id = notice.res_partner_id
                    WHERE notice.mail_message_id = message.id
                      AND (person.id = ticket.partner_id
                           OR (person.partner_share AND (ticket.partner_id IS NULL
                               OR person.commercial_partner_id = ticket.commercial_partner_id))))
     GROUP BY message.res_id
"""


class ScmSlaClock(models.Model):
    """Clocks are made to say what their tickets say: started, aimed, paused, stopped. Twice is as once."""

    _inherit = "scm.sla.clock"

    @api.model
    def _sync(self, tickets, start=None):
        """Clocks of these tickets, set-based. The caller runs as superuser, after its own check.

        :param start: when new clocks begin; else when their tickets were made
        """
        now = fields.Datetime.now()
        clocks = self.search([("ticket_id", "in", tickets.ids)])
        known = {(clock.ticket_id, clock.kind): clock for clock in clocks}
        running = tickets.filtered(lambda ticket: not ticket._scm_is_over())
        policies = self.env["scm.sla.policy"]._match(running)
        fresh, dropped = [], self.browse()
        for ticket in running:
            for kind, _label in CLOCK_KINDS:
                clock, aim = known.get((ticket, kind)), self._aim(policies[ticket.id], ticket, kind)
                if clock and not clock.date_stopped:
                    dropped |= clock if not aim else self.browse()
                    clock.write(clock._changes(aim))
                elif aim and not clock:
                    begin = (start or ticket.create_date).replace(microsecond=0)
                    fresh.append({"ticket_id": ticket.id, "kind": kind, "date_start": begin, **aim})
        dropped.unlink()
        clocks = (clocks - dropped) | self._start(fresh)
        for clock in clocks:
            clock.write(clock._changes(clock._follow(now)))
        clocks._refresh(now)
        return clocks

    @api.model
    def _aim(self, policy, ticket, kind):
        """What a policy wants of a ticket's clock; empty where it wants nothing."""
        hours = policy[f"hours_{kind}"] if policy else 0.0
        if not hours:
            return {}
        return {
            "policy_id": policy.id,
            "calendar_id": policy._calendar_of(ticket).id,
            "hours_allowed": hours,
            "warn_share": policy.warn_share,
        }

    @api.model
    def _start(self, values):
        """New clocks; those of tickets that were answered before they had a clock are stopped at that answer."""
        clocks = self.create(values)
        waiting = clocks.filtered(lambda clock: clock.kind == "response")
        if waiting:
            self.env["mail.message"].flush_model()
            self.env["mail.notification"].flush_model()
            self.env["helpdesk.ticket"].flush_model(["partner_id", "commercial_partner_id"])
            answers = dict(self.env.execute_query(SQL(_ANSWERS, tickets=waiting.ticket_id.ids)))
            for clock in waiting.filtered(lambda clock: clock.ticket_id.id in answers):
                moment = answers[clock.ticket_id.id].replace(microsecond=0)
                clock.write({"date_answered": moment, "date_stopped": moment})
        return clocks

    def _follow(self, now):
        """Stops and pauses that the ticket's stage asks for now."""
        ticket, stamp = self.ticket_id, fields.Datetime.to_string(now)
        pauses, values = [list(span) for span in self.pauses or []], {}
        is_paused = self._is_paused()
        waits = self.kind == "resolution" and ticket.stage_id.scm_is_waiting and not ticket._scm_is_over()
        if ticket._scm_is_over():
            values["date_stopped"] = self.date_stopped or now
        elif self.date_stopped and not self.date_answered:
            # taken up again: nobody waited for us while it was closed
            pauses.append([fields.Datetime.to_string(self.date_stopped), stamp])
            values["date_stopped"] = False
        if is_paused and not waits:
            pauses[-1][1] = stamp
        elif waits and not is_paused:
            pauses.append([stamp, None])
        return values | {"pauses": pauses or False}

    def _stop_answered(self, moment):
        """The customer was answered at a moment."""
        for clock in self:
            clock.write({"date_answered": moment, "date_stopped": clock.date_stopped or moment})
        self._refresh(fields.Datetime.now())

    def _refresh(self, now):
        """State, deadline and hours as they are now; only what differs is written. Returns those that changed state."""
        changed = self.browse()
        for clock, values in self._shown(now):
            changed |= clock if values["state"] != clock.state else self.browse()
            values = clock._changes(values)
            if values:
                clock.write(values)
        reopened = self.filtered(lambda clock: not clock.date_stopped)
        if reopened:
            # averages leave out what is open: a float field cannot be emptied through the ORM
            self.flush_model(["in_time"])
            self.env.cr.execute(
                SQL("UPDATE scm_sla_clock SET in_time = NULL WHERE in_time IS NOT NULL AND id = ANY(%s)", reopened.ids)
            )
        return changed

    def _shown(self, now):
        """(clock, values that say what it shows at a moment)."""
        readings = self._readings(now)
        for clock in self:
            reading = readings[clock.id]
            values = {
                "state": reading.state,
                "date_deadline": reading.deadline or False,
                "date_warn": reading.warn_at or False,
                "hours_elapsed": round(reading.elapsed / 3600, 4),
                "is_breached": reading.state == "breached",
            }
            if clock.date_stopped:
                values["in_time"] = 0.0 if reading.state == "breached" else 100.0
            yield clock, values

    def _changes(self, values):
        """Those values that the clock does not have yet."""
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value or name == "in_time"
        }
