from . import scm_tracking_sample
