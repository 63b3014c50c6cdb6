"""Personal data: which columns never land, and how free text is masked."""

from __future__ import annotations

import re

# Words in a header that smell of a person, matched as whole words of the normalised
# name. A column dropped without need is named in the ledger; one kept by mistake leaks.
PERSONAL_WORDS = re.compile(
    r"""(?:^|_)(?:
    names?|firstname|lastname|surname|nombre|nom|nome|vorname|nachname
    |emails?|e_?mail|mail|correo|courriel
    |phone|telephone|mobile|fax|tel|telefon|telefono
    |address(?:es)?|addr|adresse|direccion|indirizzo|street|strasse|rue
    |city|town|ort|ville|ciudad|citta|province|county
    |postal|postcode|zip|zipcode|plz
    |buyers?|recipients?|customers?|contact|person|rater|reviewer|gift_message
    |birth|birthday|passport|cpf|cnpj|nif|vatin|tax_?id
    )(?:_|$)
    |姓名|电话|電話|地址|住所|氏名|邮箱|メール|买家""",
    re.VERBOSE,
)

# Order ids and ISO dates stay: their hyphens are hidden from the patterns below.
KEPT = (
    r"\b([0-9]{3})-([0-9]{7})-([0-9]{7})\b",
    r"\b(20[0-9]{2})-([01][0-9])-([0-3][0-9])\b",
)
KEPT_HYPHEN = "\u2011"
DIGIT = "[0-9０-９]"
WORD = r"[\p{L}\p{N}'’.-]"  # \w knows no letter beyond ASCII
EMAIL = r"""[^\s@＠<>()"]+\s?[@＠]\s?[\p{L}\p{N}-]+(?:[.．][\p{L}\p{N}-]+)+"""
ADDRESSES = (
    # street and number: English, also abbreviated
    r"\b[0-9]{1,5}[A-Za-z]?,?\s+(?:[NSEW]\.?\s+)?(?:[A-Z]" + WORD + r"*\s+){1,3}"
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|"
    r"Way|Place|Pl|Terrace|Close|Crescent|Highway|Hwy|Parkway|Pkwy)\b\.?",
    r"\b[0-9]{1,5}\s+(?:" + WORD + r"+\s+){1,2}(?:street|avenue|road|lane|boulevard)\b",
    r"(?i:\b(?:apt|apartment|suite|flat)\.?\s*#?\s*[0-9]+[a-z]?\b)",
    r"(?i:\bp\.?\s?o\.?\s?box\s+[0-9]+)",
    # German, Dutch, Nordic; "Platz 1" alone is a rank in a chart
    r"(?i:[\p{L}.-]{2,}(?:stra(?:ß|ss)e|str\.|weg|gasse|allee|platz|straat|laan|gatan|"
    r"vägen)\s+[0-9]{1,4}\s?[a-z]?\b)",
    r"\p{Lu}[\p{L}.-]+\s(?:Stra(?:ß|ss)e|Str\.|Allee|Gasse)\s+[0-9]{1,4}\s?[a-z]?\b",
    # French, Spanish, Italian, Portuguese, Polish: the name has a capital
    r"(?i:\b(?:rue|avenue|boulevard|calle|avenida|plaza|paseo|via|viale|piazza|corso|"
    r"rua|ulica|ul\.))\s+(?:(?:de|del|della|du|des|da|do|dos|la|le|les|los)\s+)*"
    r"(?:\p{Lu}" + WORD + r"*,?\s+){1,4}(?:n[ºo°.]*\s*)?[0-9]{1,4}\b",
    r"\b[0-9]{1,4},?\s+(?:bis\s+)?(?i:rue|avenue|boulevard|chemin|place)\s+"
    r"(?:(?:de|du|des|la|le|les)\s+|d['’]|l['’])*\p{Lu}" + WORD + r"+",
    # Japanese and Chinese
    rf"〒\s?{DIGIT}{{3}}[-－‐]{DIGIT}{{4}}",
    r"\p{Han}{1,6}[都道府県省市区县][\p{Han}\p{Hiragana}\p{Katakana}]{1,20}?"
    rf"{DIGIT}{{1,4}}(?:号|弄|室|丁目|番|[-－])[\p{{Han}}0-9０-９-]*",
    rf"{DIGIT}+(?:号楼|号院|单元|栋)[\p{{Han}}0-9-]*",
    # British and Canadian post codes, American state and post code
    r"\b[A-Z]{1,2}[0-9][A-Z0-9]?\s[0-9][A-Z]{2}\b",
    r"\b[A-Z][0-9][A-Z]\s[0-9][A-Z][0-9]\b",
    r"\b[A-Z]{2}\s+[0-9]{5}(?:-[0-9]{4})?\b",
)
# Eight digits or more, however they are grouped; a short local number; an area code,
# a slash and the rest, as in 030/1234567, which a date never looks like.
PHONE = (
    rf"[+＋]?\(?{DIGIT}(?:[\s().－-]{{0,3}}{DIGIT}){{7,}}|\b[0-9]{{3}}-[0-9]{{4}}\b"
    rf"|(?:[+＋]{DIGIT}{{2,3}}[\s()0]{{1,4}}[1-9]|\b0[1-9]){DIGIT}{{1,3}}\s?/\s?"
    rf"{DIGIT}(?:[\s-]?{DIGIT}){{3,}}"
)
MASKS = ((EMAIL, "[email]"), ("|".join(ADDRESSES), "[address]"), (PHONE, "[phone]"))
# An unknown column may hold anything, so of its values only these land: dates, plain
# numbers, flags, codes. A code has a digit or an underscore, or at most three letters:
# a word alone may be somebody's name.
MONTH = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
TIME = "(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]+)?)?)?"
ZONE = "(?: ?(?:Z|UTC|[+-][0-9]{2}:?(?:[0-9]{2})?))?"
DATED = (
    r"(?:[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2}"
    r"|[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{2}|[0-9]{4})"
    rf"|[0-9]{{1,2}}[ ./-]{MONTH}[ ./-][0-9]{{2,4}}){TIME}{ZONE}"
)
CODE = (
    "(?i:[0-9.,:+%/-]{1,40}|y|n|yes|no|true|false|[a-z]{1,3}"
    "|[a-z0-9.:+/=#-]*[0-9_][a-z0-9._:+/=#-]*)"
)
# Values in quarantine that show nothing but how they are wrong: without a letter, or
# with those of a date only.
NO_LETTER = r"[^\p{L}\p{M}]"
SHOWN = f"{NO_LETTER}*"
SHOWN_DATE = (
    f"{NO_LETTER}*(?:[0-9](?:[ ./-]{MONTH}[ ./-]|T)[0-9]{NO_LETTER}*)?"
    "(?:[0-9] ?(?:Z|UTC))?"
)
# A day with its year, which the pattern of telephone numbers takes for one of them.
YEAR, PART = "(?:19|20)[0-9]{2}", "[0-9]{1,2}"
SHOWN_DAY = f"(?:{PART}[.-]{PART}[.-]{YEAR}|{YEAR}[.-]{PART}[.-]{PART}){TIME}{ZONE}"
# Capitals first, so that the signs they become are not taken for letters again.
SIGNS = (
    (r"\p{Lu}", "A"),
    (r"[\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{M}]", "a"),
    (r"\p{N}", "9"),
)
# What no pattern can match without: most texts are not searched further.
TELLTALE = r"[0-9０-９@＠]|\p{Han}"


def is_personal_name(column: str) -> bool:
    """Say whether an unknown column's normalised name smells of personal data."""
    return PERSONAL_WORDS.search(column) is not None


def masked(expression: str) -> str:
    """Return SQL that masks e-mail, phone and address patterns in ``expression``."""
    sql, shown = expression, KEPT_HYPHEN.join((r"\1", r"\2", r"\3"))
    for pattern in KEPT:
        sql = f"regexp_replace({sql}, {_literal(pattern)}, '{shown}', 'g')"
    for pattern, replacement in MASKS:
        sql = f"regexp_replace({sql}, {_literal(pattern)}, '{replacement}', 'g')"
    return (
        f"case when regexp_matches({expression}, '{TELLTALE}') "
        f"then replace({sql}, '{KEPT_HYPHEN}', '-') else {expression} end"
    )


def masked_but_days(expression: str, is_date: str) -> str:
    """Return SQL that masks like ``masked``, but leaves a day where it is a date's.

    Args:
        expression: The value.
        is_date: SQL that says whether a date belongs there.
    """
    is_day = f"regexp_full_match({expression}, {_literal(SHOWN_DAY)})"
    return (
        f"case when {is_date} and {is_day} then {expression} "
        f"else {masked(expression)} end"
    )


def without_emails(expression: str) -> str:
    """Return SQL that masks e-mail addresses alone, cheaply where there are none."""
    return (
        f"case when contains({expression}, '@') or contains({expression}, '＠') then "
        f"regexp_replace({expression}, {_literal(EMAIL)}, '[email]', 'g') "
        f"else {expression} end"
    )


def code_or_kind(expression: str) -> str:
    """Return SQL that keeps a number, date, flag or code; of other texts the kind.

    ``(word)`` is one word of letters, ``(text)`` anything else.
    """
    return (
        f"case when regexp_full_match({expression}, {_literal(DATED)}) "
        f"then {expression} when length({expression}) <= 40 "
        f"and regexp_full_match({expression}, {_literal(CODE)}) "
        f"then {masked(expression)} "
        rf"when regexp_full_match({expression}, '\p{{L}}+') then '(word)' "
        f"when {expression} is not null then '(text)' end"
    )


def shaped(expression: str, is_date: str) -> str:
    """Return SQL for a wrong value that shows what is wrong and nothing of a person.

    A value with letters becomes its shape: ``Aaaaaaaaaa`` for ``Alcobendas``; digits
    become 9, punctuation stays. Without letters it stays: somebody has to see 1,234.

    Args:
        expression: The value.
        is_date: SQL that says whether the letters of a date may show too.
    """
    sql = expression
    for letters, sign in SIGNS:
        sql = f"regexp_replace({sql}, '{letters}', '{sign}', 'g')"
    return (
        f"case when regexp_full_match({expression}, {_literal(SHOWN)}) "
        f"or ({is_date} and regexp_full_match({expression}, {_literal(SHOWN_DATE)})) "
        f"then {expression} else {sql} end"
    )


def _literal(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"
