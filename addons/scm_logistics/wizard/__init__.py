from . import scm_tracking_sample
from . import scm_carrier_restate
from . import scm_parcel_report
from . import scm_parcel_reschedule
