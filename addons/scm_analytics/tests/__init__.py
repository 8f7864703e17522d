from . import test_metric
from . import test_control_tower
