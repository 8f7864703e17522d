from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

APPROVERS = ("stock.group_stock_manager", "scm_base.scm_group_manager")


class ScmCountTask(models.Model):
    """A manager's word on differences, and the correction of the stock."""

    _inherit = "scm.count.task"

    may_approve = fields.Boolean(compute="_compute_may_approve", help="The reader may approve and reject.")

    cause_names = fields.Char("Causes", compute="_compute_cause_names")
    history_ids = fields.Many2many(
        "scm.count.task", string="Counts before", compute="_compute_history_ids", help="The last ten of the same place."
    )

    @api.depends("line_ids.cause_id")
    def _compute_cause_names(self):
        for task in self:
            task.cause_names = ", ".join(task.line_ids.cause_id.mapped("name"))

    @api.depends("location_id")
    def _compute_history_ids(self):
        """Ten at most: this is for one form at a time."""
        for task in self:
            task.history_ids = task.location_id and self.search(
                [("location_id", "=", task.location_id.id), ("id", "!=", task._origin.id)], order="date desc", limit=10
            )

    @api.depends_context("uid")
    def _compute_may_approve(self):
        self.may_approve = self._is_approver()

    @api.model
    def _is_approver(self):
        return any(self.env.user.has_group(group) for group in APPROVERS)

    @api.model
    def _check_approver(self):
        if not self._is_approver():
            raise AccessError(
                self.env._("Only managers of the inventory or of the supply chain decide about differences.")
            )

    @api.model
    def approve(self, task_ids, cause=False):
        """Correct the stock by what was found. For managers (Inventory: Administrator, or Supply Chain: Manager).

        The stock is moved by the difference that was found, so that what moved after the count stays as it is.

        :param task_ids: ids of counts that wait for approval
        :param cause: code of a cause (``pick``, ``putaway``, ...) for all lines that have none yet
        :return: ``{'done': number of counts}``
        :raises UserError: where a cause is missing, or the stock was corrected by other means after the count
        """
        self._check_approver()
        tasks = self._locked(set(task_ids))
        tasks._check_waiting()
        tasks._set_cause(cause)
        for task in tasks:
            lines = task.line_ids.filtered("difference")
            clash = task._find_clash(lines)
            if clash:
                raise UserError(task._clash_words(clash))
            task._apply(lines)
        tasks.write({"approved_by_id": self.env.uid})
        tasks._close()
        return {"done": len(tasks)}

    @api.model
    def reject(self, task_ids, reason, again=True):
        """Do not believe a count: have it made again, or cancel it. For managers, as :meth:`approve`.

        :param reason: what the next counter, and who looks back, should know
        :param again: count again, by another person than the first; else nothing is corrected and the count is over
        :return: ``{'rejected': number of counts}``
        """
        self._check_approver()
        tasks = self._locked(set(task_ids))
        tasks._check_waiting()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why %(names)s is rejected.", names=tasks._names()))
        for task in tasks:
            task.note = "\n".join(filter(None, (task.note, reason)))
            if again:
                task.write({"state": "recount", "round": task.round + 1, "user_id": False, "claimed_at": False})
        if not again:
            tasks._cancel(reason)
        return {"rejected": len(tasks)}

    @api.model
    def cancel(self, task_ids, reason):
        """Take counts out of the work, with the reason. For managers, as :meth:`approve`.

        :return: ``{'cancelled': number of counts}``
        """
        self._check_approver()
        tasks = self._locked(set(task_ids))
        over = tasks.filtered(lambda task: task.state in ("done", "cancelled"))
        if over:
            raise UserError(self.env._("%(names)s: already closed.", names=over._names()))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why %(names)s is cancelled.", names=tasks._names()))
        tasks._cancel(reason.strip())
        return {"cancelled": len(tasks)}

    def action_approve(self):
        self.approve(self.ids)
        return True

    def _cancel(self, reason):
        self.write({"state": "cancelled", "cancel_reason": reason, "done_at": fields.Datetime.now()})

    def _check_waiting(self):
        other = self.filtered(lambda task: task.state != "approval")
        if other:
            raise UserError(
                self.env._("%(names)s: not waiting for approval. Choose counts that do.", names=other._names())
            )

    def _names(self):
        names = [f"{task.name} ({task.location_name})" for task in self[:5]]
        return ", ".join(names) + (" …" if len(self) > 5 else "")

    def _set_cause(self, code):
        cause = self.env["scm.count.cause"]
        if code:
            cause = cause.search([("code", "=", code)], limit=1)
            if not cause:
                raise UserError(self.env._("There is no cause with the code “%(code)s”.", code=code))
        bare = self.line_ids.filtered(lambda line: line.difference and not line.cause_id)
        if bare and not cause:
            raise UserError(
                self.env._(
                    "%(place)s, %(product)s: say the cause of the difference first.",
                    place=bare[0].location_id.complete_name or bare[0].task_id.location_name,
                    product=bare[0].product_id.display_name,
                )
            )
        bare.cause_id = cause

    # Correction

    def _apply_alone(self, lines):
        """Whether the stock could be corrected without a person."""
        if self._find_clash(lines):
            return False
        self._apply(lines)
        return True

    def _find_clash(self, lines):
        """The first line whose stock was corrected by other means since: that would be two corrections of one fault."""
        moments = {line._key()[:4]: line._moment() for line in lines}
        if not moments or not self.location_id:
            return lines[:1]
        book = self._read_book(moments, fields.Datetime.now())
        return lines.filtered(lambda line: book.get(line._key()[:4], {}).get("corrected"))[:1]

    def _clash_words(self, line):
        if not self.location_id:
            return self.env._("%(place)s does not exist any more. Reject the count.", place=self.location_name)
        return self.env._(
            "%(place)s: the stock of %(product)s was corrected after it was counted. Reject this count and have it "
            "made again, or the same difference is corrected twice.",
            place=self.location_name,
            product=line.product_id.display_name,
        )

    def _apply(self, lines):
        """Through Odoo's own inventory adjustment, so that valuation and history know of it."""
        self.ensure_one()
        if not lines:
            return
        lines._create_lots()
        groups = defaultdict(list)
        for line, quant in zip(lines, self._quants_of(lines), strict=True):
            groups[line.cause_id].append((line, quant))
        for cause, pairs in groups.items():
            self._adjust(pairs, cause)
        lines.write({"is_applied": True})

    def _adjust(self, pairs, cause):
        for line, quant in pairs:
            quant.inventory_quantity = quant.quantity + line.difference
        quants = self.env["stock.quant"].union(*(quant for _line, quant in pairs))
        name = " · ".join(filter(None, (self.name, cause.name)))
        quants.with_context(
            inventory_name=name, scm_count_lines={quant.id: line.id for line, quant in pairs}
        )._apply_inventory()
        quants.inventory_quantity_set = False

    def _quants_of(self, lines):
        """The quant of each line, made where there is none; one query and one create."""
        # sudo: corrections were approved by a manager, or allowed below a limit by the warehouse's setting
        quants = self.env["stock.quant"].sudo().with_company(self.company_id)
        standing = {}
        for quant in quants.search(
            [("location_id", "=", self.location_id.id), ("product_id", "in", lines.product_id.ids)], order="id desc"
        ):
            key = (quant.product_id.id, quant.lot_id.id or 0, quant.package_id.id or 0, quant.owner_id.id or 0)
            standing[key] = quant
        missing = [line for line in lines if line._key()[:4] not in standing]
        made = quants.create(
            [
                {
                    "product_id": line.product_id.id,
                    "location_id": self.location_id.id,
                    "lot_id": line.lot_id.id,
                    "package_id": line.package_id.id,
                    "owner_id": line.owner_id.id,
                }
                for line in missing
            ]
        )
        standing.update({line._key()[:4]: quant for line, quant in zip(missing, made, strict=True)})
        return [standing[line._key()[:4]] for line in lines]
