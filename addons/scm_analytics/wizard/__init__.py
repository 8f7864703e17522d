from . import scm_metric_restate
from . import scm_finding_dismiss
