from . import photos
