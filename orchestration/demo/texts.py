"""What buyers write, in three languages. All names, addresses and numbers are invented.

Mail addresses are under ``example.com`` and telephone numbers from the range kept for
fiction, so that the rules that mask personal data have something to find.
"""

from __future__ import annotations

RETURN_COMMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "changed_mind": ("No longer needed.", "Ordered two, keeping the other one"),
        "ordered_wrong": ("my mistake, clicked the wrong one",),
        "better_price": ("found it cheaper around the corner",),
        "too_small": ("Way too tight, I usually wear this size", "runs small"),
        "too_large": ("much too big",),
        "style": ("Colour looks different on me, not my style",),
        "not_compatible": ("does not fit my old one",),
        "used": ("worked once, did not like it",),
        "defective": ("Stopped working after two days", "broken out of the box"),
        "bad_description": ("not as shown in the pictures",),
        "poor_quality": ("cheap feel, seams come apart",),
        "missing_parts": ("screws were missing, mail me at buyer@example.com",),
        "wrong_item": ("got a different colour than ordered",),
        "carrier_damage": ("Box was crushed, call me +1 206 555 0199",),
        "handling_damage": ("arrived scratched, box was fine",),
        "late": ("came after the party",),
    },
    "de": {
        "changed_mind": ("Doch nicht benötigt.",),
        "ordered_wrong": ("Falsch bestellt, mein Fehler",),
        "better_price": ("anderswo günstiger gefunden",),
        "not_compatible": ("passt nicht zu meinem Gerät",),
        "used": ("einmal benutzt, gefällt nicht",),
        "defective": ("Funktioniert nicht mehr, schon nach zwei Tagen",),
        "bad_description": ("entspricht nicht der Beschreibung",),
        "poor_quality": ("wirkt billig, Nähte lösen sich",),
        "missing_parts": ("Schrauben fehlen, bitte an kaeufer@example.com schreiben",),
        "wrong_item": ("falsche Farbe geliefert",),
        "carrier_damage": ("Paket völlig zerdrückt",),
        "handling_damage": ("zerkratzt, Verpackung heil",),
        "late": ("kam zu spät",),
    },
    "ja": {
        "changed_mind": ("不要になりました。",),
        "ordered_wrong": ("間違えて注文しました",),
        "better_price": ("他店の方が安かった",),
        "not_compatible": ("サイズが合いません",),
        "used": ("一度使いましたが合いませんでした",),
        "defective": ("二日で動かなくなった",),
        "bad_description": ("写真と違う",),
        "poor_quality": ("作りが雑です",),
        "missing_parts": ("ネジが足りません buyer@example.com",),
        "wrong_item": ("色が違うものが届いた",),
        "carrier_damage": ("箱がつぶれていました",),
        "handling_damage": ("傷がありました",),
        "late": ("届くのが遅すぎた",),
    },
}

FEEDBACK_COMMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "late_refund": (
            "Sent it back weeks ago and still waiting for my refund",
            "Refund took forever. Reach me at shopper@example.com",
        ),
        "return": ("Return label never worked", "They blamed me for the damage"),
        "plain": ("Arrived late and badly packed", "Not what I hoped for"),
        "praise": ("Fast shipping, easy return!", "Great seller, would buy again"),
    },
    "de": {
        "late_refund": ("Warte seit Wochen auf die Rückerstattung",),
        "return": ("Rücksendung war sehr umständlich",),
        "plain": ("Lieferung verspätet, schlecht verpackt",),
        "praise": ("Schnelle Lieferung, gerne wieder!",),
    },
    "ja": {
        "late_refund": ("返金がまだ届きません",),
        "return": ("返品手続きが面倒でした",),
        "plain": ("梱包が雑で到着も遅い",),
        "praise": ("対応が早く、また利用したいです",),
    },
}

REPLIES = {
    "en": "We are sorry. The refund has been sent, please write to care@example.com",
    "de": "Das tut uns leid. Die Erstattung ist unterwegs.",
    "ja": "申し訳ございません。返金手続きを完了しました。",
}


def comment_rows() -> list[tuple[str, str, str, int, int, str]]:
    """Return ``(kind, language, topic, number, count, text)`` of every comment."""
    return [
        (kind, language, topic, number, len(texts), text)
        for kind, source in (
            ("return", RETURN_COMMENTS),
            ("feedback", FEEDBACK_COMMENTS),
        )
        for language, topics in source.items()
        for topic, texts in topics.items()
        for number, text in enumerate(texts)
    ]
