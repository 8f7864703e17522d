"""Reviews from a marketplace and ratings of returns: what customers say without giving a reason."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np

REVIEWS = 260
RATED = 80
DAYS = 150
GOOD = 0.45  # of the reviews

#: (stars, text) with a place for the thing and for how long
PRAISE = (
    (5, "{thing}很好用，會再回購"),
    (5, "質感很好，{thing}比想像中漂亮"),
    (4, "出貨快，{thing}包裝也仔細"),
    (4, "{thing} is lovely, arrived in two days"),
    (5, "Great quality, I use the {thing} every day"),
)
COMPLAINTS = (
    (1, "{thing}用了{weeks}個禮拜就壞了，品質很差"),
    (1, "才{weeks}週{thing}就斷掉，不耐用"),
    (2, "The {thing} broke after {weeks} weeks of use"),
    (2, "{thing}的顏色跟照片差很多，照片比較亮"),
    (2, "Colour of the {thing} is darker than in the picture"),
    (1, "{thing}外箱沒事，裡面卻碎了，沒有緩衝材"),
    (1, "The {thing} was cracked inside, there was no padding in the box"),
    (2, "等了{weeks}個禮拜{thing}才到，太慢了"),
    (2, "Delivery of the {thing} took {weeks} weeks, far too slow"),
    (2, "{thing}尺寸跟網頁寫的不一樣，量起來小了三公分"),
    (1, "收到的{thing}少了配件，盒子裡沒有說明書"),
    (1, "寄錯商品，我訂的不是{thing}"),
    (3, "{thing}普通，沒有想像中好"),
    (3, "The {thing} is okay, nothing special"),
)
AFTER_RETURN = (
    (5, "退貨很順利，隔天就退款"),
    (4, "Quick refund, thank you"),
    (5, ""),
    (4, ""),
    (2, "退款等太久了，客服沒有回覆"),
    (1, "Waited two weeks for the refund"),
    (2, "運費要自己付，不合理"),
)


def create_voice(env, company, today, seed=47) -> int:
    """Reviews and ratings, taken in, cut and compared as the nightly run does it; how many voices there are."""
    if "scm.feedback" not in env:
        return 0
    rng = np.random.default_rng(seed)
    products = _products(env, company)
    if not products:
        return 0
    env["scm.feedback"].create([_review(rng, company, product, today) for product in _draw(rng, products, REVIEWS)])
    _rate(env, rng, company)
    env["scm.feedback.run"]._start(company)._process()
    return env["scm.feedback"].search_count([("company_id", "=", company.id)])


def _products(env, company):
    """What sells most: reviews are about what people buy."""
    groups = env["sale.order.line"]._read_group(
        [("company_id", "=", company.id), ("product_id.is_storable", "=", True)],
        ["product_id"],
        order="product_uom_qty:sum DESC, product_id",
        limit=25,
    )
    return [product for (product,) in groups]


def _draw(rng, things, count):
    weight = 1.0 / np.arange(1, len(things) + 1) ** 0.7
    return [things[at] for at in rng.choice(len(things), count, p=weight / weight.sum())]


def _review(rng, company, product, today):
    pool = PRAISE if rng.random() < GOOD else COMPLAINTS
    stars, text = pool[rng.integers(len(pool))]
    day = today - timedelta(days=int(rng.integers(1, DAYS)))
    return {
        "company_id": company.id,
        "source": "import",
        "date": datetime.combine(day, time(int(rng.integers(0, 14)), int(rng.integers(60)))),
        "text": text.format(thing=product.name, weeks=int(rng.integers(2, 7))),
        "rating": float(stars),
        "product_id": product.id,
    }


def _rate(env, rng, company):
    """What customers say about returns that are closed."""
    closed = env["scm.return"].search(
        [("company_id", "=", company.id), ("state", "=", "closed")], order="id DESC", limit=RATED
    )
    model = env["ir.model"]._get_id("scm.return")
    rows = []
    for request in closed:
        stars, text = AFTER_RETURN[rng.integers(len(AFTER_RETURN))]
        rows.append(
            {
                "res_model_id": model,
                "res_id": request.id,
                "partner_id": request.partner_id.id,
                "rating": float(stars),
                "feedback": text,
                "consumed": True,
            }
        )
    ratings = env["rating.rating"].create(rows)
    # Odoo stamps them with now
    ratings.flush_recordset()
    env.cr.execute(
        "UPDATE rating_rating SET rated_on = request.date_closed FROM scm_return request"
        " WHERE rating_rating.id = ANY(%s) AND request.id = rating_rating.res_id",
        [ratings.ids],
    )
    ratings.invalidate_recordset()
