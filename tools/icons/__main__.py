"""Write the icons of the addons: ``python -m icons`` in this folder's parent, with Odoo on the path.

A tile in the colour of the area with a sign of Font Awesome (SIL OFL 1.1), which Odoo brings; a bridge between two
areas has the colours of both. The icon of scm_base, which stands for the app, is drawn by hand.
"""

from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ADDONS = Path(__file__).resolve().parents[2] / "addons"
SIZE, SCALE = 140, 4
PLANNING, SUPPLIERS, WAREHOUSE, DELIVERY, AFTER_SALES, ANALYTICS, OTHERS = (
    "#714b67", "#1b7f79", "#b8631b", "#2c6fbb", "#b23a48", "#4a4e9a", "#5c6670",
)  # fmt: skip
# addon: its colours, and the sign in the font
ICONS = {
    "scm_planning": ([PLANNING], "\uf201"),
    "scm_planning_loyalty": ([PLANNING, OTHERS], "\uf02b"),
    "scm_planning_mrp": ([PLANNING, OTHERS], "\uf085"),
    "scm_planning_supplier_eval": ([PLANNING, SUPPLIERS], "\uf0ec"),
    "scm_planning_warehouse": ([PLANNING, WAREHOUSE], "\uf201"),
    "scm_supplier_eval": ([SUPPLIERS], "\uf2b5"),
    "scm_warehouse": ([WAREHOUSE], "\uf1b3"),
    "scm_logistics": ([DELIVERY], "\uf0d1"),
    "scm_logistics_warehouse": ([DELIVERY, WAREHOUSE], "\uf0d1"),
    "scm_aftersales": ([AFTER_SALES], "\uf112"),
    "scm_aftersales_helpdesk": ([AFTER_SALES, OTHERS], "\uf1cd"),
    "scm_aftersales_supplier_eval": ([AFTER_SALES, SUPPLIERS], "\uf112"),
    "scm_aftersales_warehouse": ([AFTER_SALES, WAREHOUSE], "\uf112"),
    "scm_analytics": ([ANALYTICS], "\uf0e4"),
    "scm_queue_job": ([OTHERS], "\uf0ae"),
}


def font(size):
    web = Path(find_spec("odoo").submodule_search_locations[0]) / "addons/web/static"
    return ImageFont.truetype(next(web.rglob("fontawesome-webfont.ttf")), size)


def draw(colours, sign):
    """One icon, four times as large and then reduced, which smooths its edges."""
    side = SIZE * SCALE
    tile = Image.new("RGBA", (side, side), colours[0])
    pen = ImageDraw.Draw(tile)
    if len(colours) > 1:
        pen.polygon([(side, 0), (side, side), (0, side)], fill=colours[1])
    pen.text((side / 2, side / 2), sign, font=font(side // 2), fill="white", anchor="mm")
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, side, side), radius=side // 6, fill=255)
    tile.putalpha(mask)
    return tile.resize((SIZE, SIZE), Image.LANCZOS)


if __name__ == "__main__":
    for name, (colours, sign) in ICONS.items():
        path = ADDONS / name / "static/description/icon.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(colours, sign).save(path, optimize=True)
