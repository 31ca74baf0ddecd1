"""English abbreviations that everybody knows, words that may stand in capitals, and words that are names too."""

from bot.language.tongue import listed

KNOWN = listed(
    """
    UTC GMT CET CEST WET WEST EET EEST EST EDT CST CDT MST MDT PST PDT BST IST JST AEST AEDT NZST NZDT SGT HKT MSK ET PT CT MT ISO
    US USA UK EU UAE NYC LA DC EMEA APAC UN
    EUR USD GBP JPY CHF SEK NOK DKK PLN CZK AUD CAD NZD INR BRL VAT IBAN BIC ATM PIN TAN
    PDF CSV XLS XLSX DOC DOCX JPG JPEG PNG GIF ZIP MP MP3 MP4 HD 4K
    OK FAQ AM PM TV ID IDs SMS MMS QR GPS USB DVD CD PC PCs
    VIP CEO CFO CTO COO B2B B2C GDPR LTE DSL HR IT AG GmbH Ltd DIY FM AI XS XL XXL
    MON TUE WED THU FRI SAT SUN JAN FEB MAR APR JUN JUL AUG SEP SEPT OCT NOV DEC
    II III IV VI INC SEV BC AD PO RSVP ISBN MB GB TB KB CC BCC CVV CVC SIM NFC LED URL PS4 PS5
    """
)

LOUD = listed(
    """
    all no not do does did don and or but now new only please never must any stop note read this that is are was were
    the for with your you we our they it to in of on off yes both each every very still again update urgent alert fixed
    closed open over done more most some none sent call see use wait pay buy free sale live be will can cannot may
    before after first last if as at by from has have who what when where why how test drill end start status impact
    action next many much few days day hours hour weeks week times time people users user order orders sales shop store
    money card cards bank page pages file files name names data main full half two three four five six good bad right
    wrong great big small high low fast slow late early soon keep kept lost find found make made take taken give go come
    get got let look need want work works down up there here them their his her its my me him been being had just even
    also than too such own other same once text phone email mail door area north south east west city town
    """
)

WORDS = listed(
    """
    will may mark grace bill april june august rose hope faith joy art frank rob jack pat sue drew chase chance dean earl grant
    guy iris ivy lily daisy ruby pearl amber crystal jade summer autumn dawn eve gene glen harper hunter jay lance max miles nick
    olive page penny ray reed robin rusty sandy sky star stone trip victor violet wade ward win brook carol charity christian clay
    cliff colt dale dash flora forest ginger hazel heather holly melody norm prudence rich skip sterling sunny terry major prince
    jet dot duke angel baron bishop carter cole cooper gale gill hale happy honey jewel josh king law lee lane love marina merry
    mercy nova patience peg queen rain rocky sage saint shade spring storm teddy tiger true van vale wood woody wren chip buck bud
    bunny buddy basil herb kit lark mason mint myrtle archer parker tanner porter taylor tyler

    jordan paris sydney london austin dallas chelsea florence georgia india israel kenya madison phoenix savannah virginia
    carolina china asia charlotte alexandria houston lincoln orlando santiago vienna milan sofia adelaide victoria berlin brooklyn
    denver cairo troy jackson aurora holland ireland france cuba chad lourdes geneva valencia catalina regina salem florida dakota

    alexa siri claude sierra mercedes java julia pascal jenkins travis swift oracle atlas ada delta alpha beta gemini apollo
    support admin root ops dev test bot system service team data user customer sales legal finance security network help
    """
)
"""First names that are words, places or products too: alone they are taken for those."""
