from . import stock_return_picking
from . import scm_return_tracking
from . import scm_return_finding_dismiss
from . import scm_care_effect
from . import scm_care_preview
