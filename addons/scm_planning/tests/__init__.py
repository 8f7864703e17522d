from . import test_demand
from . import test_demand_panel
from . import test_stockout
from . import test_event
from . import test_forecast_run
from . import test_forecast
