from . import scm_metric_restate
