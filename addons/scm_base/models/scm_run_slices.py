import itertools

from odoo import models
from odoo.tools import SQL


class ScmRunMixin(models.AbstractModel):
    """Parts of a run that several workers may do side by side.

    A step that can be cut asks, each time it is called, whether its slices are done::

        def _step_policy(self):
            if not self._sliced("policy", self._policy_slices):
                return 0
            return self._go_on()

        def _slice_policy(self, work):
            ...
            return number_of_subjects_finished

    One process does the slices one after the other, with a commit behind each (:meth:`_process`). Where several
    workers are at hand (scm_queue_job), each calls :meth:`_process_slice` for a slice of its own. Either way a slice is
    one transaction, whoever is killed leaves his slice open, and the run goes on when none is open any more.
    """

    _inherit = "scm.run.mixin"

    def _sliced(self, part, cut):
        """True once all slices of a part of the run are done; called first, it cuts them.

        :param part: name of the part; the method ``_slice_<part>(work)`` does one slice and returns how many subjects
            it finished. It may write only what belongs to its slice, never the run, because others write beside it.
        :param cut: function that returns the list of works, one per slice, each of them as JSON can hold it
        """
        self.ensure_one()
        states = set(self._slices([("part", "=", part)]).mapped("state"))
        if states:
            return states == {"done"}
        works = cut()
        self._slices_model().create(
            [
                {
                    "run_model": self._name,
                    "run_id": self.id,
                    "company_id": self.company_id.id,
                    "part": part,
                    "work": work,
                }
                for work in works
            ]
        )
        return not works

    def _slices_model(self):
        # sudo: slices are the run's own notes, closed to users; who may start and read a run is checked there
        return self.env["scm.run.slice"].sudo()

    def _slices(self, domain=(), limit=None):
        mine = [("run_model", "=", self._name), ("run_id", "in", self.ids)]
        return self._slices_model().search([*mine, *domain], limit=limit)

    def _open_slices(self, limit=None):
        return self._slices([("state", "=", "open")], limit)

    def _uncounted_slices(self):
        """``{run id: subjects}`` that slices finished and the runs have not counted yet."""
        mine = [("run_model", "=", self._name), ("run_id", "in", self.ids), ("finished", ">", 0)]
        return dict(self._slices_model()._read_group(mine, ["run_id"], ["finished:sum"]))

    def _count_slices(self):
        """Subjects that slices finished beside this process since the last count."""
        uncounted = self._slices([("finished", ">", 0)])
        count = sum(uncounted.mapped("finished"))
        uncounted.finished = 0
        return count

    def _do_slice(self, part):
        finished = getattr(self, f"_slice_{part.part}")(part.work)
        part.state = "done"
        return finished

    def _process_slice(self, slice_id):
        """Do one slice, in the present transaction, while others do theirs.

        :return: False when the rest of the run is being done just now, so that this has to be tried again
        """
        self.ensure_one()
        if not self._lock_for_batch(shared=True):
            return not self.exists()
        part = self._claim_slice(slice_id)
        if part and self.state == "running":
            self._guarded(lambda: part.write({"finished": self._do_slice(part)}))
        return True

    def _claim_slice(self, slice_id):
        """The slice, locked for this transaction; nothing when it is done or another has it."""
        claim = SQL("SELECT id FROM scm_run_slice WHERE id = %s AND state = 'open' FOR UPDATE SKIP LOCKED", slice_id)
        return self._slices_model().browse(row[0] for row in self.env.execute_query(claim))

    def _finish(self, state, message=False):
        if state == "done":
            self._slices().unlink()
        return super()._finish(state, message)


def ranges(count, size):
    """Works of ``count`` subjects in slices of ``size``: lists ``[first, end]``.

    >>> ranges(5, 2)
    [[0, 2], [2, 4], [4, 5]]
    """
    edges = [*range(0, count, size), count]
    return [list(pair) for pair in itertools.pairwise(edges)] if count else []
