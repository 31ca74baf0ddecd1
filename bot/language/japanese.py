"""Japanese: the rules that hold for every language, with Japanese times, causes, blame and abbreviations. No blanks stand between
words, so that no words are counted."""

from bot.language.english import words
from bot.language.phrases import Phrase, Phrases
from bot.language.tongue import Times, Tongue, listed

_NUMBER = r"(?:[0-9０-９]+|数|一|二|三|四|五|十|半)"

JAPANESE = Tongue(
    times=Times(
        clock=r"(?<![\d:.,/０-９-])(?:(?:午前|午後)\s?)?(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])"
        r"|(?<![\d０-９])(?:(?:午前|午後)\s?)?[0-9０-９]{1,2}時(?:[0-9０-９]{1,2}分|半)?(?!間)|正午",
        zone=r"[（(]?(?:UTC|GMT|JST|日本時間|協定世界時|現地時間)",
        zone_before=r"(?:UTC|GMT|JST|日本時間|協定世界時)(?:で)?[）)、]?\s?(?:[0-9０-９]+月[0-9０-９]+日)?(?:（.）)?\s?$",
        joins=r"(?:,|、|と|から|および|～|〜|-|–|/|まで|\s)+",
        not_before=r"\s?(?:分間|時間|秒)",
        relative=Phrases(
            found=(
                Phrase(rf"{_NUMBER}(?:分|時間|日|秒)(?:ほど|くらい|程度)?前"),
                Phrase(rf"(?:今後|次の|この|過去){_NUMBER}(?:分|時間)"),
                Phrase(r"先ほど|さきほど|昨日|昨夜|明日|今朝|今夜|本日(?:午前|午後|中)|たった今|数分前"),
            ),
        ),
    ),
    causes=Phrases(
        found=(
            Phrase(r"(?:根本)?原因は|原因となっ|が原因(?:で|の)|に起因|に起因する|を受けて発生|によって引き起こされ"),
            Phrase(r"原因(?:を|が)(?:特定|判明)"),
        ),
        spared=(
            r"原因は[^。\n]{0,20}(?:不明|わかって|分かって|調査中|確認中)",
            r"原因[をが](?:特定|判明)(?:できて|して)い?(?:ない|ません|おりません)",
        ),
    ),
    blame=Phrases(
        found=(Phrase(r"人為的(?:な)?ミス|ヒューマンエラー|操作ミス|不注意|怠慢|責任者の責任|のせいで|過失"),),
        spared=(r"(?:この|本)(?:障害|問題)のせいで",),
    ),
    tone=Phrases(
        (
            Phrase(r"[!！]+", "End the sentence with a full stop.", "。"),
            Phrase(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]+", "Leave the picture out."),
        )
    ),
    known=words.KNOWN | listed("NTT JR NHK SNS"),
    loud=words.LOUD,
    words=words.WORDS,
    has_blanks=False,
)
