from . import control_tower
from . import regions
