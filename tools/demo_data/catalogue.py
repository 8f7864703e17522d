"""What the demo shop sells and who supplies it: words and figures, no Odoo.

Camphor Lane is an invented e-commerce shop in Taipei with a second warehouse in Shenzhen. Every category has nine kinds
of article in four looks; the looks make the products. `build` turns the words into arrays that the market draws from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Monthly factors of the yearly season, January first.
# fmt: off
SEASONS = {
    "flat": (1.00, 0.95, 1.00, 1.00, 1.00, 1.02, 1.00, 0.98, 1.00, 1.02, 1.05, 1.05),
    "summer": (0.35, 0.40, 0.60, 0.95, 1.45, 1.95, 2.10, 1.80, 1.15, 0.60, 0.35, 0.30),
    "winter": (1.90, 1.45, 0.95, 0.60, 0.40, 0.30, 0.30, 0.35, 0.60, 1.10, 1.70, 2.10),
    "school": (0.90, 1.35, 0.95, 0.80, 0.75, 0.80, 0.95, 1.75, 1.60, 0.85, 0.75, 0.80),
    "spring": (0.70, 0.80, 1.40, 1.60, 1.45, 1.15, 0.90, 0.80, 0.90, 0.95, 0.75, 0.65),
    "gift": (1.10, 0.95, 0.80, 0.80, 1.00, 0.85, 0.80, 0.95, 1.15, 0.95, 1.05, 1.45),
}


@dataclass(frozen=True)
class Category:
    """A product category: its looks, its kinds and how its buyers behave."""

    code: str
    name: str
    looks: tuple[str, ...]
    kinds: tuple[tuple[str, float, float, str], ...]  # name, price in TWD, kilograms, season
    vendors: tuple[int, ...]  # indices into VENDORS, main one first
    new_year: float  # peak factor in the weeks before Lunar New Year
    festival: float  # peak factor of 618 and Double 11
    return_rate: float
    growth: float  # per year


@dataclass(frozen=True)
class Vendor:
    """A supplier: what is typed in Odoo, and what it really does."""

    name: str
    city: str
    country: str
    typed_delay: int  # days on the price list; 0: nobody typed it
    promise_days: int  # what the buyer writes on the order
    mean_days: float  # what it takes
    spread: float  # sigma of the logarithm
    min_qty: float = 0.0
    unit: str = "unit"  # unit or dozen
    split_share: float = 0.06  # lines that come in two deliveries
    slip_share: float = 0.0  # orders whose date the vendor moves before it delivers


VENDORS = (
    Vendor("Jingdezhen Hearth Ceramics", "Jingdezhen", "CN", 28, 28, 29.0, 0.12),
    Vendor("Alishan Leaf Cooperative", "Chiayi", "TW", 7, 7, 6.6, 0.10),
    Vendor("Tainan Cotton Works", "Tainan", "TW", 14, 14, 13.5, 0.10),
    Vendor("Yiwu Bright Goods Trading", "Yiwu", "CN", 18, 18, 26.0, 0.38, split_share=0.22, slip_share=0.45),
    Vendor("Changhua Paper Mill", "Changhua", "TW", 10, 10, 10.0, 0.14, 12, "dozen"),
    Vendor("Shunde Small Appliances", "Foshan", "CN", 25, 25, 26.0, 0.16, 24),
    Vendor("Kaohsiung Outdoor Supply", "Kaohsiung", "TW", 0, 12, 12.5, 0.20),
    Vendor("Hsinchu Circuit House", "Hsinchu", "TW", 12, 12, 11.0, 0.12),
    Vendor("Ningbo Storage Systems", "Ningbo", "CN", 22, 22, 23.5, 0.20, 36, "dozen"),
    Vendor("Pingtung Natural Care", "Pingtung", "TW", 9, 9, 9.0, 0.15),
    Vendor("Guangzhou Playroom Toys", "Guangzhou", "CN", 0, 20, 24.0, 0.28, slip_share=0.20),
    Vendor("Osaka Household Import", "Osaka", "JP", 35, 35, 33.0, 0.10),
)

CATEGORIES = (
    Category("TEA", "Tea & Coffee", ("Alishan", "Sun Moon Lake", "Dong Ding", "Maokong"), (
        ("Oolong tea 150 g", 480, 0.18, "flat"), ("Black tea 100 g", 360, 0.13, "winter"),
        ("Green tea 150 g", 390, 0.18, "summer"), ("Tea bags, box of 30", 240, 0.12, "flat"),
        ("Drip coffee, box of 10", 320, 0.15, "flat"), ("Coffee beans 454 g", 520, 0.48, "flat"),
        ("Cold brew pouch, pack of 8", 280, 0.10, "summer"), ("Tea gift box", 1280, 1.10, "gift"),
        ("Roasted oolong 300 g", 860, 0.34, "winter")), (1, 11), 2.2, 1.5, 0.012, 0.08),
    Category("KIT", "Kitchen & Table", ("celadon", "ash white", "ink blue", "persimmon"), (
        ("Teapot 600 ml", 890, 0.75, "flat"), ("Tea cup, pair", 420, 0.40, "flat"),
        ("Noodle bowl", 260, 0.55, "winter"), ("Dinner plate 24 cm", 310, 0.70, "flat"),
        ("Soup spoon, set of 4", 190, 0.22, "flat"), ("Hot pot 3 l", 1680, 3.20, "winter"),
        ("Water jug 1.2 l", 540, 0.95, "summer"), ("Sauce dish, set of 6", 230, 0.36, "flat"),
        ("Rice container 5 kg", 760, 1.40, "flat")), (0, 11), 1.6, 2.0, 0.035, 0.05),
    Category("TEX", "Home Textiles", ("indigo", "sand", "moss", "plum"), (
        ("Duvet cover, double", 1980, 1.80, "winter"), ("Cooling mat, double", 1480, 1.60, "summer"),
        ("Pillow case, pair", 460, 0.35, "flat"), ("Wool throw", 1680, 1.20, "winter"),
        ("Bath towel", 390, 0.50, "flat"), ("Kitchen towel, set of 3", 260, 0.20, "flat"),
        ("Linen curtain", 1380, 1.40, "spring"), ("Cushion 45 cm", 490, 0.60, "flat"),
        ("Bath mat", 420, 0.70, "flat")), (2, 3), 1.5, 2.4, 0.085, 0.06),
    Category("PAP", "Stationery", ("plain", "grid", "dotted", "ruled"), (
        ("Notebook A5", 160, 0.25, "school"), ("Pocket notebook", 95, 0.10, "school"),
        ("Weekly planner", 420, 0.38, "winter"), ("Letter set", 180, 0.15, "gift"),
        ("Sticky notes, 6 pads", 110, 0.12, "school"), ("Sketch book A4", 340, 0.60, "school"),
        ("Red envelopes, pack of 12", 120, 0.06, "gift"), ("Index cards, 100", 85, 0.14, "school"),
        ("Wall calendar", 380, 0.45, "winter")), (4, 3), 2.6, 1.4, 0.015, 0.02),
    Category("APP", "Small Appliances", ("white", "black", "sage", "sakura"), (
        ("Desk fan", 1290, 1.90, "summer"), ("Ceramic heater", 1890, 2.60, "winter"),
        ("Electric kettle 1.5 l", 1090, 1.10, "flat"), ("Rice cooker 3 cups", 1990, 2.80, "flat"),
        ("Hand blender", 980, 0.90, "flat"), ("Dehumidifier bag, 4", 220, 1.20, "spring"),
        ("Portable juicer", 890, 0.70, "summer"), ("Milk frother", 690, 0.45, "winter"),
        ("Sandwich maker", 1190, 1.60, "flat")), (5, 3), 1.3, 2.9, 0.055, 0.12),
    Category("OUT", "Outdoor", ("olive", "graphite", "orange", "khaki"), (
        ("Camping chair", 1180, 2.40, "spring"), ("Insulated bottle 750 ml", 780, 0.40, "flat"),
        ("Sun hat", 560, 0.15, "summer"), ("Folding table", 1980, 4.50, "spring"),
        ("Rain jacket", 1680, 0.45, "spring"), ("Camping lantern", 890, 0.55, "spring"),
        ("Picnic mat", 640, 0.90, "spring"), ("Dry bag 20 l", 720, 0.35, "summer"),
        ("Hiking socks, pair", 290, 0.10, "winter")), (6, 3), 1.1, 2.0, 0.060, 0.10),
    Category("ELE", "Phone & Desk", ("white", "black", "clear", "blue"), (
        ("USB-C cable 1 m", 250, 0.05, "flat"), ("Fast charger 30 W", 590, 0.12, "flat"),
        ("Phone stand", 320, 0.20, "flat"), ("Power bank 10,000 mAh", 990, 0.24, "summer"),
        ("Wireless mouse", 690, 0.11, "school"), ("Desk lamp", 1290, 1.10, "school"),
        ("Cable box", 420, 0.50, "flat"), ("Earphone case", 280, 0.04, "flat"),
        ("Laptop sleeve 14 in", 760, 0.25, "school")), (7, 5), 1.2, 3.2, 0.045, 0.15),
    Category("STO", "Storage & Home", ("small", "medium", "large", "extra large"), (
        ("Stackable box", 290, 0.90, "flat"), ("Drawer organiser", 240, 0.45, "flat"),
        ("Laundry basket", 520, 1.10, "flat"), ("Vacuum bag, 3", 310, 0.30, "spring"),
        ("Shoe rack", 980, 3.40, "flat"), ("Wall shelf", 860, 2.20, "flat"),
        ("Bamboo basket", 450, 0.60, "flat"), ("Hanger, set of 10", 260, 0.70, "spring"),
        ("Door mat", 390, 1.30, "flat")), (8, 3), 1.8, 1.9, 0.030, 0.04),
    Category("CAR", "Body & Care", ("hinoki", "osmanthus", "green tea", "unscented"), (
        ("Soap bar 120 g", 180, 0.13, "flat"), ("Hand cream 50 ml", 260, 0.08, "winter"),
        ("Shampoo 400 ml", 480, 0.46, "flat"), ("Body lotion 300 ml", 520, 0.36, "winter"),
        ("Sunscreen 60 ml", 590, 0.09, "summer"), ("Bath salt 500 g", 390, 0.54, "winter"),
        ("Essential oil 10 ml", 680, 0.06, "gift"), ("Lip balm", 190, 0.02, "winter"),
        ("Mosquito spray 100 ml", 320, 0.13, "summer")), (9, 11), 1.4, 2.1, 0.010, 0.18),
    Category("TOY", "Kids & Play", ("panda", "formosan bear", "leopard cat", "whale"), (
        ("Plush toy 30 cm", 590, 0.35, "gift"), ("Wooden puzzle", 420, 0.60, "flat"),
        ("Bath toys, set of 4", 360, 0.25, "summer"), ("Picture book", 320, 0.40, "school"),
        ("Building blocks, 100", 890, 1.50, "gift"), ("Night light", 690, 0.30, "winter"),
        ("Backpack, kids", 980, 0.50, "school"), ("Rain boots, kids", 640, 0.70, "spring"),
        ("Lunch box, kids", 480, 0.35, "school")), (10, 3), 1.9, 2.3, 0.050, 0.03),
)

# fmt: on
PATTERNS = ("smooth", "erratic", "intermittent", "lumpy")
LIVES = ("normal", "new", "ended", "dead", "never")


@dataclass(frozen=True)
class Catalogue:
    """The products as parallel arrays of length n, and the words that belong to them."""

    codes: list[str]
    names: list[str]
    barcodes: list[str]
    category: np.ndarray  # index into CATEGORIES
    season: list[str]
    price: np.ndarray  # TWD
    cost: np.ndarray
    weight: np.ndarray
    vendor: np.ndarray  # index into VENDORS
    backup: np.ndarray  # the same, -1 where there is none
    pattern: np.ndarray  # index into PATTERNS
    life: np.ndarray  # index into LIVES
    rate: np.ndarray  # units a day, both warehouses, at the start
    in_second: np.ndarray  # kept in the second warehouse too

    def __len__(self):
        return len(self.codes)


def ean13(body: str) -> str:
    """The 13 digits of an EAN whose first 12 are `body`.

    >>> ean13('471000000001')
    '4710000000010'
    """
    digits = [int(c) for c in body]
    check = -sum(d * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10
    return body + str(check)


def build(rng: np.random.Generator, products: int) -> Catalogue:
    """Draw the first `products` articles, spread over all categories."""
    rows = [(c, k, look) for look in range(4) for k in range(9) for c in range(len(CATEGORIES))][:products]
    n = len(rows)
    category = np.array([c for c, _k, _l in rows])
    kinds = [CATEGORIES[c].kinds[k] for c, k, _l in rows]
    price = np.array([k[1] for k in kinds]) * rng.choice((0.95, 1.0, 1.0, 1.1), n)
    price = np.round(price / 10) * 10 - 1
    pattern = rng.choice(4, n, p=(0.38, 0.24, 0.28, 0.10))
    base = np.exp(rng.normal(0.0, 0.85, n)) * np.array((1.15, 1.0, 0.10, 0.45))[pattern]
    cheap = (450.0 / price) ** 0.45
    return Catalogue(
        codes=[f"{CATEGORIES[c].code}-{k + 1}{look + 1:02d}" for c, k, look in rows],
        names=[f"{CATEGORIES[c].kinds[k][0]}, {CATEGORIES[c].looks[look]}" for c, k, look in rows],
        barcodes=[ean13(f"4719{c:02d}{k:02d}{look:04d}") for c, k, look in rows],
        category=category,
        season=[k[3] for k in kinds],
        price=price,
        cost=np.round(price * rng.uniform(0.42, 0.62, n)),
        weight=np.array([k[2] for k in kinds]),
        vendor=np.array([CATEGORIES[c].vendors[0] for c in category]),
        backup=np.where(rng.random(n) < 0.35, [CATEGORIES[c].vendors[1] for c in category], -1),
        pattern=pattern,
        life=rng.choice(5, n, p=(0.80, 0.09, 0.06, 0.04, 0.01)),
        rate=base * cheap,
        in_second=rng.random(n) < 0.62,
    )
