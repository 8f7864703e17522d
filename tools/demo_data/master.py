"""Company, warehouses, users, vendors, products and price lists of the demo shop, through the ORM."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from odoo.fields import Command

from .catalogue import CATEGORIES, LIVES, VENDORS, Catalogue
from .places import addresses

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_reset_password": True,
}
SELLING_DELAY_DAYS = 2

SURNAMES = (
    "Chen",
    "Lin",
    "Huang",
    "Chang",
    "Lee",
    "Wang",
    "Wu",
    "Liu",
    "Tsai",
    "Yang",
    "Hsu",
    "Cheng",
    "Hsieh",
    "Kuo",
    "Hung",
    "Chiu",
    "Tseng",
    "Liao",
    "Lai",
    "Chou",
    "Yeh",
    "Su",
    "Chuang",
    "Lu",
    "Chiang",
    "Ho",
    "Hsiao",
    "Lo",
)
GIVEN = (
    "Yi-Ting",
    "Chia-Hao",
    "Ya-Wen",
    "Kuan-Yu",
    "Hsin-Yi",
    "Po-Han",
    "Shu-Fen",
    "Chun-Wei",
    "Mei-Ling",
    "Tzu-Hsuan",
    "Pei-Shan",
    "Wei-Lun",
    "Yu-Chen",
    "Ming-Che",
    "Szu-Han",
    "Li-Hua",
    "Cheng-En",
    "Wan-Ju",
    "Jia-Wei",
    "Hui-Min",
    "Zi-Yu",
    "Hao-Ran",
    "Xin-Yi",
    "Yu-Xuan",
    "Si-Qi",
    "Jun-Jie",
)
TAIWAN = (
    "Taipei",
    "New Taipei",
    "Taoyuan",
    "Hsinchu",
    "Taichung",
    "Changhua",
    "Tainan",
    "Kaohsiung",
    "Hualien",
    "Yilan",
)
CHINA = ("Shenzhen", "Guangzhou", "Dongguan", "Xiamen", "Hangzhou", "Shanghai", "Chengdu", "Wuhan")
SHOPS = (
    "Morning Street Cafe",
    "Riverside Tea House",
    "Little Bear Nursery",
    "Blue Door Guesthouse",
    "Cedar Office Park",
    "Lotus Yoga Studio",
    "Old Pier Bookshop",
    "Sunrise Bakery",
    "Green Hill School",
    "Harbour View Hotel",
)

USERS = (
    (
        "planner",
        "Mei Lin (planner)",
        (
            "scm_base.scm_group_manager",
            "stock.group_stock_manager",
            "purchase.group_purchase_user",
            "sales_team.group_sale_salesman_all_leads",
            "base.group_allow_export",
        ),
    ),
    (
        "buyer",
        "Wei Chen (buyer)",
        ("scm_base.scm_group_user", "stock.group_stock_user", "purchase.group_purchase_manager"),
    ),
    ("viewer", "Ting Wu (viewer)", ("scm_base.scm_group_user",)),
)


@dataclass
class Master:
    """Records that the ledger needs."""

    company: object
    warehouses: list
    vendors: object
    products: object
    unit: object
    dozen: object
    pack: object
    buyer_id: int
    planner: object


def create(env, catalogue: Catalogue, start: datetime) -> Master:
    """Create everything that is not a movement."""
    env = env(context=dict(env.context, **QUIET, tz="Asia/Taipei"))
    company, warehouses = _company(env)
    unit, pack, dozen = (env.ref(f"uom.product_uom_{name}") for name in ("unit", "pack_6", "dozen"))
    dozen.active = True
    users = _users(env, company)
    vendors = _vendors(env)
    products = _products(env, catalogue, pack)
    _price_lists(env, catalogue, products, vendors, unit, dozen, company)
    env["product.value"].search([("product_id", "in", products.ids)]).date = start
    return Master(company, warehouses, vendors, products, unit, dozen, pack, users["buyer"].id, users["planner"])


def _company(env):
    company = env.company
    twd, taiwan, china = env.ref("base.TWD"), env.ref("base.tw"), env.ref("base.cn")
    twd.active = True
    company.write(
        {
            "name": "Camphor Lane",
            "country_id": taiwan.id,
            "currency_id": twd.id,
            "city": "Taipei",
            "street": "18 Dihua Street",
            "email": "hello@camphorlane.example.com",
            # what a customer sees per line adds up to what he pays, whatever Odoo proposes for new companies
            "tax_calculation_rounding_method": "round_per_line",
        }
    )
    company.partner_id.tz = "Asia/Taipei"
    env["product.pricelist"].search([("company_id", "in", (False, company.id))]).currency_id = twd
    first = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    first.write({"name": "Taipei", "code": "TPE"})
    partner = env["res.partner"].create(
        {
            "name": "Camphor Lane, Shenzhen warehouse",
            "country_id": china.id,
            "city": "Shenzhen",
            "tz": "Asia/Shanghai",
            "company_id": company.id,
        }
    )
    second = env["stock.warehouse"].create(
        {"name": "Shenzhen", "code": "SZX", "partner_id": partner.id, "company_id": company.id}
    )
    # the shop plans its waves itself; copies of a transfer would all name the batch of the first
    (first.in_type_id | first.out_type_id | second.in_type_id | second.out_type_id).auto_batch = False
    return company, [first, second]


def _users(env, company):
    """Three people with passwords that are their logins: for a demonstration on one's own machine only."""
    created = {}
    for login, name, groups in USERS:
        found = [env.ref(group, raise_if_not_found=False) for group in groups]
        created[login] = env["res.users"].create(
            {
                "login": login,
                "password": login,
                "name": name,
                "tz": "Asia/Taipei",
                "email": f"{login}@camphorlane.example.com",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.link(env.ref("base.group_user").id), *(Command.link(g.id) for g in found if g)],
            }
        )
    env.ref("base.user_admin").write({"tz": "Asia/Taipei"})
    return created


def _vendors(env):
    countries = {code: env.ref(f"base.{code.lower()}").id for code in {v.country for v in VENDORS}}
    return env["res.partner"].create(
        [
            {
                "name": v.name,
                "is_company": True,
                "city": v.city,
                "country_id": countries[v.country],
                "supplier_rank": 1,
                "email": f"sales@{v.name.split()[0].lower()}-{v.name.split()[1].lower()}.example.com",
                "lang": "en_US",
            }
            for v in VENDORS
        ]
    )


def _products(env, catalogue, pack):
    parent = env["product.category"].create({"name": "Camphor Lane"})
    categories = env["product.category"].create([{"name": c.name, "parent_id": parent.id} for c in CATEGORIES])
    rows = []
    for i in range(len(catalogue)):
        category = CATEGORIES[catalogue.category[i]]
        rows.append(
            {
                "name": catalogue.names[i],
                "default_code": catalogue.codes[i],
                "barcode": catalogue.barcodes[i],
                "categ_id": categories[catalogue.category[i]].id,
                "type": "consu",
                "is_storable": True,
                "list_price": catalogue.price[i],
                "standard_price": catalogue.cost[i],
                "weight": catalogue.weight[i],
                "volume": round(catalogue.weight[i] * 0.004, 4),
                "sale_delay": SELLING_DELAY_DAYS,
                "purchase_ok": True,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                "uom_ids": [Command.set(pack.ids if category.code in ("TEA", "CAR") else [])],
                "sale_ok": LIVES[catalogue.life[i]] != "dead",
            }
        )
    return env["product.product"].create(rows)


def _price_lists(env, catalogue, products, vendors, unit, dozen, company):
    """Price lists as a shop has them: some without a lead time, some by the dozen, some products without a vendor."""
    rows = []
    for i, product in enumerate(products):
        if i % 97 == 41:  # a few products that nobody told Odoo where to buy
            continue
        for rank, index in enumerate((catalogue.vendor[i], catalogue.backup[i])):
            if index < 0:
                continue
            vendor = VENDORS[index]
            by_dozen = vendor.unit == "dozen"
            cost = float(catalogue.cost[i]) * (1.0 if rank == 0 else 1.12)
            rows.append(
                {
                    "partner_id": vendors[int(index)].id,
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "sequence": rank + 1,
                    "delay": vendor.typed_delay,
                    "price": round(cost * 12 if by_dozen else cost, 2),
                    "min_qty": vendor.min_qty / 12 if by_dozen else vendor.min_qty,
                    "product_uom_id": (dozen if by_dozen else unit).id,
                    "currency_id": company.currency_id.id,
                    "company_id": company.id,
                }
            )
    env["product.supplierinfo"].create(rows)


def customers(env, rng, loader, count: int):
    """Private customers by COPY from one that the ORM made, and shops that buy by the box.

    :return: ids of the people, who of them lives in China, ids of the shops
    """
    countries = [env.ref("base.tw").id, env.ref("base.cn").id]
    shops = (
        env["res.partner"]
        .with_context(**QUIET)
        .create(
            [
                {"name": name, "is_company": True, "city": "Taipei", "country_id": countries[0], "customer_rank": 1}
                for name in SHOPS
            ]
        )
    )
    for shop, *values in zip(shops, *addresses(env, ["Taipei"] * len(shops), seed=3).values(), strict=True):
        shop.write(dict(zip(addresses(env, []), values, strict=True)))
    model = env["res.partner"].with_context(**QUIET).create({"name": "Chen Yi-Ting", "customer_rank": 1})
    env.flush_all()
    env.cr.execute("SELECT * FROM res_partner WHERE id = %s", [model.id])
    prototype = dict(zip([d.name for d in env.cr.description], env.cr.fetchone(), strict=False))
    ids = loader.ids("res_partner", count)
    names = [
        f"{SURNAMES[a]} {GIVEN[b]}"
        for a, b in zip(rng.integers(0, len(SURNAMES), count), rng.integers(0, len(GIVEN), count), strict=False)
    ]
    in_china = np.arange(count) % 3 == 2
    city = [
        (CHINA if abroad else TAIWAN)[k % (8 if abroad else 10)]
        for k, abroad in zip(rng.integers(0, 1000, count), in_china, strict=False)
    ]
    email = [f"customer{k}@example.com" for k in range(1, count + 1)]
    loader.copy(
        "res_partner",
        {
            "id": ids,
            "commercial_partner_id": ids,
            "name": names,
            "complete_name": names,
            "email": email,
            "city": city,
            **addresses(env, city),
            "email_normalized": email,
            "country_id": np.where(in_china, countries[1], countries[0]),
        },
        prototype,
    )
    env.invalidate_all()
    return ids, in_china, np.array(shops.ids)
