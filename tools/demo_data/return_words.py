"""What customers of the demo company write when they send something back: most in Chinese, some in English."""

WORDS = {
    "not_liked": (
        "實際看到覺得不適合我家的風格",
        "質感跟我想像的不一樣，想退",
        "家人不喜歡，所以退回",
        "Nice, but not my style after all",
        "摸起來的感覺我不喜歡",
    ),
    "no_longer_needed": (
        "已經買到別的了，不需要了",
        "計畫改變，用不到了",
        "We no longer need it",
        "朋友送了一個一樣的",
    ),
    "ordered_by_mistake": ("不小心按到兩次，多訂了一個", "下錯單了，抱歉", "Ordered twice by mistake", "選錯品項"),
    "better_price": ("隔壁平台便宜一百多", "剛買完就降價", "Found it cheaper elsewhere"),
    "not_as_described": (
        "網頁說可以微波，盒子上卻寫不行",
        "說明寫附蓋子，實際沒有",
        "The page says waterproof, the label says it is not",
        "材質與商品頁不符",
        "功能跟介紹的不同",
    ),
    "colour_differs": (
        "顏色比照片深很多，照片是米白，收到是黃的",
        "色差太大了，跟圖片完全不同",
        "The colour is much darker than in the picture",
        "照片看起來是藍色，實際偏綠",
        "實品顏色跟網站上的照片差很多",
    ),
    "size_differs": (
        "尺寸表寫 40 公分，量起來只有 36",
        "比標示的小一號",
        "The size chart is off by several centimetres",
    ),
    "defective": (
        "插電後完全沒有反應",
        "開關按下去不會亮，應該是故障",
        "用第一次就跳電，有燒焦味",
        "It does not switch on at all",
        "馬達不轉，只有嗡嗡聲",
        "收到就是壞的，無法開機",
    ),
    "broke_soon": ("用不到兩個禮拜把手就斷了", "拉鍊三天就壞了", "The handle broke after a week", "縫線很快就鬆開"),
    "damaged_parcel": (
        "紙箱被壓扁，裡面碎了",
        "外箱破洞而且濕掉",
        "The parcel arrived crushed",
        "宅配送來時箱子已經變形",
    ),
    "damaged_inside": (
        "外箱完好，但杯子裂了，沒有緩衝材",
        "裡面沒有包氣泡紙，邊角撞凹",
        "The box was fine but the item inside was cracked",
        "螢幕有刮痕，包裝太薄",
    ),
    "wrong_item": ("寄錯商品，我訂的是茶壺卻收到杯子", "這不是我訂的東西", "I got something I did not order"),
    "wrong_variant": ("訂黑色來白色", "尺寸寄錯，訂 L 來 M", "Wrong colour was sent"),
    "parts_missing": ("少了一條充電線", "說明書和螺絲都沒附", "The lid is missing"),
    "too_late": ("等了十天才到，已經用不到了", "生日都過了才送到", "It came a week after the promised day"),
}
