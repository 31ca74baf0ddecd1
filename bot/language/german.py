"""German: the rules that hold for every language, with German times, causes, blame and abbreviations."""

from bot.language.english import words
from bot.language.phrases import Phrase, Phrases
from bot.language.tongue import Times, Tongue, listed

_FEW = r"(?:\d+|einer?|einem|zwei|drei|vier|fünf|zehn|zwanzig|dreißig|einer halben|wenigen|ein paar|einigen|den letzten \w+)"
_UNIT = r"(?:Sekunden?|Minuten?|Stunden?|Tag(?:en)?)"
_INCIDENT = r"(?:dieser?|dieses|diesem|der|des|dem)? ?(?:\w+ )?(?:Störung|Problems?|Vorfalls?|Ausfalls?|Verzögerung)"

GERMAN = Tongue(
    times=Times(
        clock=r"(?<![\d:.,/+])(?:[01]?\d|2[0-3])[:.][0-5]\d(?=\s?Uhr)|(?<![\d:.,/+])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])"
        r"|(?<![\d:.,/+])(?:[01]?\d|2[0-3])(?=\sUhr)|\b(?:gegen|um|bis|seit|ab) (?:Mittag|Mitternacht)\b",
        zone=r"(?:Uhr\s?)?[(\[]?(?:UTC|GMT|ME?S?Z|CES?T|Z)(?:\s?[+-]\s?\d{1,2})?(?![A-Za-z])"
        r"|(?:Uhr\s)?\(?(?:deutscher|österreichischer|Schweizer|Berliner|Wiener|Zürcher|Ihrer) (?:Orts)?[Zz]eit\b",
        joins=r"(?:,|und|bis|oder|-|–|/|\s|Uhr)+",
        not_behind=r"\b(?:Verhältnis|Ergebnis|Zeile|Version|Spielstand|Stand von)\b[^.!?\n]{0,40}$",
        not_before=r"\s?(?:Minuten|Stunden|Std|min\b|Sekunden)",
        relative=Phrases(
            found=(
                Phrase(rf"\bvor {_FEW} {_UNIT}\b"),
                Phrase(rf"\b(?:in|innerhalb) (?:der nächsten|den nächsten|den letzten|der letzten) (?:\w+ )?{_UNIT}\b"),
                Phrase(
                    r"\b(?:Update|Meldung|Nachricht|melden|wieder|mehr)\b[^.!?\n]{0,30}?"
                    rf"\s(?P<hit>in (?:etwa |rund )?{_FEW} {_UNIT})\b"
                ),
                Phrase(
                    r"\b(?:gestern|vorhin|soeben|gerade eben|heute (?:Morgen|Vormittag|Mittag|Nachmittag|Abend|Nacht|früh))\b"
                ),
                Phrase(r"(?-i:\bmorgen\b)"),
            ),
            spared=(r"\bden letzten (?:24|48|72) Stunden\b",),
        ),
    ),
    causes=Phrases(
        found=(
            Phrase(r"\bverursacht (?:durch|von)\b|\b(?:durch|von)\b[^.!?\n]{1,60} verursacht\b"),
            Phrase(r"\bausgelöst (?:durch|von)\b|\bdurch\b[^.!?\n]{1,60} ausgelöst\b"),
            Phrase(r"\b(?:aufgrund|auf Grund|wegen|infolge)\b"),
            Phrase(r"\b(?:Grundu|Hauptu|U)rsache (?:ist|war|sind|des|der|für)\b"),
            Phrase(r"\bzurückzuführen\b"),
            Phrase(r"\b(?:Grund|Auslöser) (?:dafür |für [^.!?\n]{1,40})?(?:ist|war)\b"),
        ),
        spared=(
            rf"\b(?:aufgrund|auf Grund|wegen|infolge) {_INCIDENT}\b",
            r"\bUrsache (?:ist|war)?[^.!?\n]{0,30}(?:unbekannt|nicht|unklar|noch offen)",
        ),
    ),
    blame=Phrases(
        found=(
            Phrase(r"\b(?:menschliches Versagen|Bedienfehler|Anwenderfehler)\b"),
            Phrase(r"\b(?:Fahrlässigkeit|fahrlässig|schlampig|inkompetent)\w*"),
            Phrase(r"\b(?:schuld|Schuld)\b"),
            Phrase(
                r"\b(?:Mitarbeiter|Kollegen?|Techniker|Entwickler|Administrator|Dienstleister|Lieferant|Team)(?:in|innen)?"
                r" (?:hat|haben|hatte|hatten)\b[^.!?\n]{0,40}\b(?:vergessen|versäumt|übersehen|ignoriert)\b"
            ),
        ),
        spared=(r"\b(?:nicht|kein\w*|niemand)\b[^.!?\n]{0,20}\bschuld\b",),
    ),
    tone=Phrases(
        (
            Phrase(r"!+(?=\s|$)", "End the sentence with a full stop.", "."),
            Phrase(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]+", "Leave the picture out."),
        )
    ),
    known=words.KNOWN
    | listed("AGB EC PLZ DSGVO USt MwSt KFZ PKW LKW MEZ MESZ EDV TÜV GKV DE AT CH ZB BLZ SEPA ÖPNV ICE BGB AG KG"),
    loud=listed(
        "alle nicht kein keine und oder aber neu nur bitte nie muss stopp ist sind wir sie es in zu auf an aus ja nein"
    ),
    words=words.WORDS
    | listed("mai ernst wolf frank rosa linde stern kurt klaus hans engel heide stein berg winter sommer lenz"),
)
