"""What a question asks for, a date, an amount, a number of people, and how a sentence shows that it holds it."""

import re
from collections.abc import Mapping

_MONTHS = r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_HAN = r"[一二两三四五六七八九十百千]"
_WORDS = r"one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|a|single|both"
_SOME = rf"(?:\d[\d,]*|{_HAN}+)\s*"  # a number before a measure word


def _kind(asked: str, held: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What asks for a kind, and what holds it."""
    return re.compile(asked), re.compile(held)


KINDS: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "date": _kind(
        r"什么时候|啥时候|何时|几号|哪天|几月|截止|最晚|最迟|多会儿|哪一天|哪几天|时间表"
        r"|(?:^|[,.?!] ?|\b(?:and|so|know|tell me|say) )when\b|deadline|\bdates?\b|\buntil\b|by what|which day|\bdue\b",
        rf"\d\s*月|\d{{4}}[-/.]\d|\b\d{{1,2}}\s+(?:{_MONTHS})|\b(?:{_MONTHS})[a-z]*\s+\d"
        r"|\d+\s*(?:个)?(?:工作)?(?:日|天)(?:之?内|后)|within \w+ (?:working )?(?:days|weeks)|[上中下]旬|每年|月底",
    ),
    "money": _kind(
        r"多少钱|几块钱|花多少|多少经费|多少奖金|奖金(?:有|是|能拿)?多少|拿多少|多少万|几万|给多少|补多少|资助多少"
        r"|\bhow much (?!time|of)|\bprice|how big is the (?:prize|grant)|what(?:'s| is) the (?:prize|award|grant)",
        r"\d\s*(?:万|元|美元|usd|rmb|cny|eur|欧|英镑)|[€$£¥]\s*\d|不收|免费|免收|无需|\bfree\b|没有奖金|不设奖金|荣誉|\d%",
    ),
    "fee": _kind(
        r"费用|收费|报名费|参赛费|评审费|交钱|要钱|缴费|花钱|收钱|掏钱|付费|免费"
        r"|\bcosts?\b|\bfees?\b|\bpay to\b|\bcharge|(?<!-)\bfree\b",
        r"费|收取|免|分文|公益|\d\s*元|[€$£¥]\s*\d|\bfree\b|\bfees?\b|charge|costs?\b|\bpay",
    ),
    "people": _kind(
        r"(?:几|多少)个?人|(?<!第)几[名位]|多少[名位]|几个(?:队员|成员|评委|专家|获奖)|人数"
        r"|how many (?:\w+ )?(?:people|members|guests|judges|experts|winners|authors|students|of us)|team size",
        rf"{_SOME}(?:个?人|名|位)|(?:\d+|\b(?:{_WORDS}))(?: [a-z-]+){{0,2}} "
        r"(?:people|members|persons|guests|judges|experts|winners|authors|students|founders|jurors|engineers)",
    ),
    "count": _kind(
        r"(?:几|多少)(?:个(?!月|人|[一-龥]{1,2}活|镜头)|[件项份张幅封本册台组篇部种家])"
        r"|名额|(?:最多|最少)[^,。]{0,5}(?:几|多少)|限报|how many|number of",
        rf"(?<![第（(]){_SOME}(?:个|件|项|份|张|幅|封|本|册|台|组|篇|部|种|家|名|人|次|支|段|页|字|种)"
        rf"|不限|(?:\d+|\b(?:{_WORDS})) [a-z]",
    ),
    "times": _kind(
        r"(?<!过)(?:几|多少)[次轮回届]|how (?:often|many (?:times|rounds|stages))",
        rf"{_SOME}(?:次|轮|回|届|阶段)|初[审评赛]|一次|\b(?:once|twice|rounds?|stages?)\b|每[一两\d]?年",
    ),
    "length": _kind(
        r"多少字|几个字|字数|篇幅|多长|几页|多少页"
        r"|how (?:long (?:should|may|can|must|is the|does the)|many (?:words|pages))|word limit|word count",
        r"\d[\d,]*\s*(?:字|页|words?|pages?|characters?|分钟|minutes?|秒)"
        r"|\b(?:one|two|three|four) pages?|months|个月|年",
    ),
    "duration": _kind(
        r"多久|多长时间|几年|几个月|(?<![那哪])几天|多少天|几个小时|几分钟"
        r"|how long|how many (?:minutes|days|weeks|months|years)|duration",
        rf"{_SOME}(?:年|个月|周|天|个?工作日|日|分钟|小时)"
        rf"|(?:\d|\b(?:{_WORDS})) ?(?:working )?(?:months?|years?|weeks?|days?|minutes?|hours?)",
    ),
    "size": _kind(
        r"\d\s*(?:mb|gb|kb|兆)\b|(?:文件|视频|图|片|附件|pdf|file|upload|attach|jpe?g)[^?]{0,30}\d\s?[mkg]\b|(?:图|文件|视频|照片|附件|尺寸)\S{0,3}多大|几兆|多少兆"
        r"|\bmb\b|file size|how (?:big|large)",
        r"\d\s*(?:mb?|gb?|kb?|兆)\b|像素|pixel|厘米|米|\bcm\b",
    ),
    "mail": _kind(r"邮箱|写信|发(?:到|给)?哪|邮件地址|e-?mail|write to", r"[\w.+-]+@[\w-]+\.\w+"),
    "phone": _kind(
        r"电话(?:号|是|多少|几|有|打得|能)|打哪|手机号|热线|(?:咨询|联系|什么|哪[个支])电话|号码|telephone|phone number"
        r"|\bcall (?:you|some|any)|number (?:to|i can|we can)|\b(?:ring|phone) (?:you|some|any|up)",
        r"\d{3,4}[-－ ]\d{4,8}|1\d{10}|\+\d{2,}",
    ),
    "link": _kind(
        r"网址|链接在|官网|哪个网站|入口|哪个平台|\blink\b|\burl\b|website|web address|which portal",
        r"https?://|www\.|\w\.(?:com|cn|org|net|example)\b|小程序|平台|portal",
    ),
    "place": _kind(
        r"哪里|哪儿|在哪|地址|地点|寄到|什么地方|\bwhere\b|address|venue",
        r"地址|[市区路街号楼室馆]|\bat the\b|\bin [a-z]+\b|street|road|https?://|www\.|@|平台|网站|官网|公众号|小程序|portal",
    ),
    "share": _kind(
        r"权重|占比|占多少|百分之|多少分|占几|分值|percent|weight|how many points|\brate\b|比例|几成",
        r"\d\s*(?:%|分(?!钟))|百分之|percent|points|[一二三四五六七八九]成",
    ),
    "age": _kind(
        r"多大(?:年纪|岁数|年龄|的人)|几岁|年龄|\d+\s*周?岁|超龄|\d\d后"
        r"|how old|\bage\b|years old|too (?:old|young)|\bborn\b",
        r"\d+\s*(?:周?岁)|年龄|出生|aged|\d+ or over|under \d+|\bborn\b|\bage\b",
    ),
}
