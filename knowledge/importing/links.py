"""Links whose target a reader of the text alone would miss."""

import re

# Words of a link that leads to what an applicant needs; others lead elsewhere on the site.
_NEEDED = re.compile(
    r"申请|申报|报名|提交|入口|下载|官网|网站|网址|平台|系统|登录|注册|点击|这里|此处|附件|表格"
    r"|\b(?:apply|application|submit|register|registration|download|form|portal|website|here|log ?in|sign ?up|entry)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+|mailto:\S+", re.IGNORECASE)
_LONGEST = 200


def with_target(text: str, target: str) -> str:
    """A link's text, with its target in brackets where the text leads to the application and does not show it."""
    if not text.strip() or not _ADDRESS.fullmatch(target) or len(target) > _LONGEST:
        return text
    shown = target.removeprefix("mailto:").split("?")[0] if target.startswith("mailto:") else target
    if re.sub(r"^https?://|/$", "", shown).lower() in text.lower() or (not _NEEDED.search(text) and "@" not in shown):
        return text
    return f"{text}（{shown}）" if re.search(r"[\u3400-\u9fff]", text) else f"{text} ({shown})"
