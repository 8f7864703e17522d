from . import scm_reschedule
from . import scm_alert_snooze
from . import scm_split_promise
from . import scm_split_promise_part
