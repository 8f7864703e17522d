from . import scm_tracking_sample
from . import scm_carrier_restate
