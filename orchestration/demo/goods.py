"""The goods: names in each language, sizes, prices. All are invented."""

from __future__ import annotations

from dataclasses import dataclass

SIZES = ("S", "M", "L", "XL")


@dataclass(frozen=True)
class Item:
    """A listing before its sizes: code, price in US cents, name in each language."""

    code: str
    price: int
    english: str
    german: str = ""
    japanese: str = ""

    def name(self, language: str) -> str:
        """Return the name a marketplace of this language shows."""
        return {"en": self.english, "de": self.german, "ja": self.japanese}[language]


CLOTHING = (
    Item("RAINJ", 8995, "Ridgeline Men’s Waterproof Rain Jacket"),
    Item("FLEECE", 4995, "Alder Women’s Fleece Pullover – ¼ Zip"),
    Item("TREK", 6495, 'Trekker Stretch Trousers, 30" Inseam'),
    Item("BASE", 3295, "Merino Base Layer Top"),
    Item("DOWN", 12995, "Col du Givré Packable Down Vest"),
    Item("BEANIE", 1995, "Ribbed Knit Beanie “Summit”"),
)
FOOTWEAR = (
    Item("TRAIL", 9495, "Scree Trail Running Shoe"),
    Item("BOOT", 13995, 'Granite Mid Hiking Boot, 6" Shaft'),
    Item("SANDAL", 4495, "River Crossing Sandal"),
    Item("MOC", 3995, "Hütte Camp Moccasin"),
)
CAMPING = (
    Item("STOVE12", 5495, 'Camp Griddle 12" x 8" Cast Iron'),
    Item("TENT2", 15995, "Two-Person Tent, 3-Season"),
    Item("LAMP", 2995, "Rechargeable Lantern 400 lm"),
    Item("PAD", 3995, 'Insulated Sleeping Pad 72"'),
    Item("MUG", 1495, "Enamel Mug – Café Brûlot Edition"),
    Item("CHAIR", 4995, "Folding Camp Chair, 300 lb"),
    Item("HAMMOCK", 2795, "Parachute Hammock with Straps"),
    Item("FILTER", 3495, "Squeeze Water Filter 0.1 µm"),
)
COSTUME_ITEMS = (
    Item("PIRATE", 3995, 'Pirate Captain’s Costume with 15" Cutlass'),
    Item("ASTRO", 4495, "Astronaut Jumpsuit Costume"),
    Item("WITCH", 2995, 'Señora Witch Costume & 18" Hat'),
    Item("DINO", 5495, "Inflatable Dinosaur Costume"),
    Item("ROBE", 3495, "Boxing Champion Robe"),
)
BEDDING = (
    Item(
        "DUVET",
        5995,
        "Cotton Duvet Cover",
        "Bettwäsche-Bezug Baumwolle",
        "綿の掛け布団カバー",
    ),
    Item(
        "PILLOW",
        2995,
        "Memory Foam Pillow",
        "Kopfkissen für Nackenstütze",
        "低反発まくら",
    ),
    Item(
        "SHEET",
        3495,
        'Fitted Sheet 16" Deep',
        "Spannbettlaken, Höhe 40 cm",
        "ボックスシーツ",
    ),
    Item("THROW", 2795, "Knitted Throw", "Gestrickte Wohndecke", "ニットブランケット"),
    Item(
        "TOPPER",
        8995,
        'Mattress Topper 2"',
        "Matratzentopper, weich",
        "マットレストッパー",
    ),
)
KITCHEN = (
    Item("SCALE", 1995, "Kitchen Scale", "Küchenwaage digital", "キッチンスケール"),
    Item(
        "PAN10", 3495, 'Frying Pan 10"', "Bratpfanne 26 cm, für Öfen", 'フライパン 10"'
    ),
    Item("KETTLE", 4495, "Gooseneck Kettle", "Schwanenhalskessel", "細口ケトル"),
    Item(
        "BOWLS",
        2495,
        "Mixing Bowls, Set of 5",
        "Rührschüsseln, 5er-Set",
        "ボウル５点セット",
    ),
    Item("KNIFE8", 5495, 'Chef’s Knife 8"', "Kochmesser, 20 cm – scharf", "三徳包丁"),
    Item(
        "PRESS",
        2995,
        "French Press 34 oz",
        "Kaffeebereiter, große Kanne",
        "フレンチプレス",
    ),
)
LIGHTING = (
    Item(
        "DESK",
        3995,
        "LED Desk Lamp",
        "Schreibtischlampe mit Überlastschutz",
        "デスクライト",
    ),
    Item("STRIP", 1795, "Light Strip 16 ft", "LED-Lichtstreifen 5 m", "テープライト"),
    Item("FLOOR", 6995, 'Arc Floor Lamp 66"', "Bogenleuchte für Räume", "フロアランプ"),
    Item(
        "NIGHT",
        1495,
        "Night Light, 2-Pack",
        "Nachtlicht, 2 Stück",
        "ナイトライト２個組",
    ),
)
STORAGE = (
    Item(
        "BOX",
        2495,
        'Folding Storage Box 15" 18"',
        "Faltbox, Größe L",
        "折りたたみ収納ボックス",
    ),
    Item("RACK", 4995, "Shoe Rack", "Schuhregal für Flure", "シューズラック"),
    Item(
        "JARS", 2295, "Glass Jars, Set of 6", "Vorratsgläser, 6 Stück", "ガラス保存容器"
    ),
    Item("HOOKS", 1295, "Wall Hooks", "Wandhaken", "壁掛けフック"),
)

ITEMS: dict[str, tuple[tuple[Item, ...], tuple[str, ...]]] = {
    "clothing": (CLOTHING, SIZES),
    "footwear": (FOOTWEAR, ("8", "9", "10", "11")),
    "camping": (CAMPING, ("",)),
    "costumes": (COSTUME_ITEMS, SIZES[:3]),
    "bedding": (BEDDING, ("A", "B")),
    "kitchen": (KITCHEN, ("",)),
    "lighting": (LIGHTING, ("", "2")),
    "storage": (STORAGE, ("",)),
}
MIS_SIZED = {"RAINJ", "BOOT", "PIRATE"}
BAD_LOTS = {"LAMP": 0.5, "STRIP": 0.75, "KETTLE": 0.85}
"""Listings on which a wrong size chart, or a faulty lot, shows in the returns."""

FLAW_FACTORS = {"STRIP": 3.0, "KETTLE": 4.0}
"""How much more often a flawed listing comes back, where not 1.9 times."""

COLOURS = ("black", "navy", "red", "olive")
COLOURED = {"clothing", "footwear"}
