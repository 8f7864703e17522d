"""Response: how fast the supplier answers, acknowledges and mends. ``group`` (n,) is the supplier of each fact."""

import numpy as np

from .measure import mean_of, share_of


def rfq_hours(group, size, hours):
    """Mean working hours from the sending of an RFQ to the first answer. Hours.

    RFQs sent in the period; one without an answer counts with the hours that it has waited so far, which is less than
    it will be: silence is never better than an answer that came as late.
    """
    return mean_of(group, size, hours)


def acknowledged_share(group, size, acknowledged):
    """Orders confirmed in the period that the supplier acknowledged / orders confirmed. Share, 0 to 1."""
    acknowledged = np.asarray(acknowledged, bool)
    return share_of(group, size, acknowledged, np.ones(len(acknowledged)))


def acknowledgement_hours(group, size, hours):
    """Mean working hours from our confirmation to the acknowledgement, of orders that were acknowledged. Hours."""
    return mean_of(group, size, hours)


def actions_in_time(group, size, in_time):
    """Corrective actions whose answer fell due in the period and came by then / those that fell due. Share, 0 to 1."""
    in_time = np.asarray(in_time, bool)
    return share_of(group, size, in_time, np.ones(len(in_time)))
