from . import test_metric
from . import test_control_tower
from . import test_dashboard
from . import test_event_page
from . import test_tower_mail
from . import test_improvement_value
from . import test_regions
from . import test_units
