from . import scm_reschedule
from . import scm_alert_snooze
