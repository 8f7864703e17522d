from . import scm_count_accuracy
from . import scm_count_accuracy_summary
from . import scm_flow_picker_day
