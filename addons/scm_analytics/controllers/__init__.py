from . import control_tower
