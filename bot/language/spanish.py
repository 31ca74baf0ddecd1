"""Spanish: the rules that hold for every language, with Spanish times, causes, blame and abbreviations."""

from bot.language.english import words
from bot.language.phrases import Phrase, Phrases
from bot.language.tongue import Times, Tongue, listed

_FEW = r"(?:\d+|un|una|dos|tres|cuatro|cinco|diez|veinte|treinta|media|unos|unas|pocos|pocas|algunos|varios)"
_UNIT = r"(?:segundos?|minutos?|horas?|días?|momentos?)"
_INCIDENT = (
    r"(?:a )?(?:l |la |el |este |esta |dicho |dicha )?(?:incidencia|incidente|problema|interrupción|avería|retraso)"
)

SPANISH = Tongue(
    times=Times(
        clock=r"(?<![\d:.,/+])(?:[01]?\d|2[0-3]):[0-5]\d(?:\s?[ap]\.?\s?m\b\.?)?(?![\d:])"
        r"|(?<![\d:.,/+])(?:1[0-2]|0?[1-9])\s?[ap]\.?\s?m\b\.?"
        r"|(?<![\d:.,/+])(?:[01]?\d|2[0-3])[.][0-5]\d(?=\s?h\b)|\b(?:al|a|desde el|hasta el) (?:mediodía|medianoche)\b",
        zone=r"(?:h(?:oras)?\.?\s?)?[(\[]?(?:UTC|GMT|CES?T|ART|BRT|CLS?T|COT|PET|[ECMP][SD]T|Z)(?:\s?[+-]\s?\d{1,2})?(?![A-Za-z])"
        r"|(?:h\.?,?\s|,\s)?\(?(?:hora )(?:peninsular|local de|de|del) ?\w*",
        joins=r"(?:,|y|a|e|hasta|las|o|-|–|/|\s|h\.?|horas)+",
        not_behind=r"\b(?:marcador|proporción|línea|versión|resultado)\b[^.!?\n]{0,40}$",
        not_before=r"\s?(?:minutos|horas de|min\b|segundos)",
        relative=Phrases(
            found=(
                Phrase(rf"\bhace (?:aproximadamente |unos |unas )?{_FEW} {_UNIT}\b"),
                Phrase(rf"\b(?:en|durante) (?:los|las) (?:últimos|últimas|próximos|próximas) (?:\w+ )?{_UNIT}\b"),
                Phrase(
                    r"\b(?:actualización|noticias|información|informaremos|volveremos)\b[^.!?\n]{0,30}?"
                    rf"\s(?P<hit>(?:en|dentro de) (?:unos |unas )?{_FEW} {_UNIT})\b"
                ),
                Phrase(r"\b(?:ayer|anoche|hace poco|ahora mismo|esta (?:mañana|tarde|noche)|más tarde hoy)\b"),
                Phrase(r"\b(?<!la\s)mañana\b"),
            ),
            spared=(r"\blas últimas (?:24|48|72) horas\b",),
        ),
    ),
    causes=Phrases(
        found=(
            Phrase(r"\b(?:debido|debida|debidos|debidas) a(?:l)?\b"),
            Phrase(r"\b(?:causad|provocad|originad|ocasionad)(?:o|a|os|as) por\b"),
            Phrase(r"\ba causa de(?:l)?\b|\bpor culpa de(?:l)?\b|\ba raíz de(?:l)?\b"),
            Phrase(r"\bcausa (?:raíz|principal|del|de la)\b"),
            Phrase(r"\b(?:la causa|el motivo|la razón|el origen) (?:es|fue|del|de la)\b"),
        ),
        spared=(
            rf"\b(?:debid\w+ a|a causa de|a raíz de|(?:causad|provocad)\w+ por) ?{_INCIDENT}\b",
            r"\b(?:no|aún|todavía|desconocemos)\b[^.!?\n]{0,30}\bcausa\b(?: raíz)?",
        ),
    ),
    blame=Phrases(
        found=(
            Phrase(r"\berror(?:es)? humanos?\b|\berror del (?:operador|usuario)\b"),
            Phrase(r"\b(?:culpa|culpable|culpables|negligencia|negligente|descuido|incompetente|incompetencia)\b"),
            Phrase(
                r"\b(?:ingenier[oa]|técnic[oa]|operador|emplead[oa]|proveedor|equipo|compañer[oa])"
                r" (?:\w+ )?(?:olvidó|ignoró|no comprobó|no siguió)\b"
            ),
        ),
        spared=(r"\b(?:no|sin|nadie)\b[^.!?\n]{0,20}\bculpa\b",),
    ),
    tone=Phrases(
        (
            Phrase(r"!+(?=\s|$)", "End the sentence with a full stop.", "."),
            Phrase(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]+", "Leave the picture out."),
        )
    ),
    known=words.KNOWN | listed("IVA DNI NIF CIF NIE SA SL UE EE UU CDMX RR HH AA DGT ONG RGPD ITV AVE"),
    loud=listed("todo todos no ni y o pero nuevo solo nunca alto es son hay sí ya muy por favor"),
    words=words.WORDS
    | listed("rosa paz sol luz mar cielo blanca consuelo dolores esperanza pilar rocío nieves ángel cruz domingo"),
)
