from . import scm_run_mixin
from . import scm_forecast_run
