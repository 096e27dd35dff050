"""The words of the dialog, in both languages: what somebody types instead of tapping a button."""

import re

from bot.flows.values import Input
from knowledge.text import fold

# word: what means it. The buttons' labels in the templates are among these.
WORDS: dict[str, tuple[str, ...]] = {
    "back": ("返回", "上一步", "上一题", "上一个", "后退", "back", "previous", "go back"),
    "skip": ("跳过", "略过", "保留", "保留不变", "不改", "下一题", "skip", "keep", "keep it", "next"),
    "done": (
        *("完成", "写完了", "写好了", "填完了", "填好了", "发完了", "发好了", "传完了", "传好了", "结束"),
        *("done", "finish", "finished", "end"),
    ),
    "save": (
        "保存",
        "保存退出",
        "保存并离开",
        "保存离开",
        "稍后再填",
        "退出",
        "save",
        "save and leave",
        "leave",
        "exit",
        "later",
    ),
    "review": ("检查", "核对", "预览", "总览", "review", "overview", "check"),
    "progress": ("进度", "progress"),
    "edit": ("修改", "编辑", "更改", "edit", "change"),
    "cancel": ("取消", "放弃", "cancel", "abort"),
    "submit": ("提交", "确认提交", "submit"),
    "add": ("添加", "新增", "增加", "再加一行", "加一行", "再加一项", "add", "add a row", "add another"),
    "delete": ("删除", "删掉", "delete", "remove"),
    "clear": ("清空", "重写", "重新写", "clear", "rewrite", "start over"),
    "undo": ("撤回", "撤销", "undo"),
    "continue": ("继续", "继续填写", "continue", "go on"),
    "page": ("网页", "网页填写", "在网页填写", "去网页填写", "打开网页", "page", "web page", "open the page"),
    "goto": ("跳到", "跳转到", "转到", "goto", "go to", "jump to"),
    "replace": ("替换", "更换", "换一个", "replace"),
    "none": ("都不存", "不存", "none of them"),
    "discard": ("删除草稿", "discard", "delete the draft"),
}
_MEANING = {text: word for word, texts in WORDS.items() for text in texts}
_WITH_ARGUMENT = tuple((text, word) for word in ("edit", "delete", "goto", "replace") for text in WORDS[word])
_LONGEST_ARGUMENT = 40
_ROW = re.compile(r"(?:第|row |no\.? ?)?\s*(\d+)\s*[行项题个]?")
_PLACE = re.compile(r"第\s*(\d+)\s*[项题]")  # "第12项" alone: where to go
_FILLER = re.compile(r"^(?:好的?|嗯+|行|ok|okay)[,，、。 ]+我?|^我(?=[已写填发传])已?")  # "好的，我写完了"
PREFIX = "word:"


def read_word(text: str) -> Input:
    """What a typed text is: a word, a word with its argument ("修改 公司名称", "删除2"), or just a text."""
    said = fold(text.lstrip("/／")).rstrip("。.!！")
    if meant := _MEANING.get(said) or _MEANING.get(_FILLER.sub("", said)):
        return Input(text=text, word=meant)
    if place := _PLACE.fullmatch(said):
        return Input(text=text, word="goto", argument=place[1])
    for start, word in _WITH_ARGUMENT:
        rest = said.removeprefix(start)
        if rest == said or len(rest) > _LONGEST_ARGUMENT:
            continue
        if start.isascii() and not rest.startswith(" "):
            continue
        rest = rest.strip(" :")
        row = _ROW.fullmatch(rest)
        return Input(text=text, word=word, argument=row[1] if row else rest)
    return Input(text=text)


def read_choice(value: str) -> Input:
    """What a tapped choice is: "word:delete 2" is a word, anything else the value of an option."""
    if not value.startswith(PREFIX):
        return Input(choice=value)
    word, _, argument = value.removeprefix(PREFIX).partition(" ")
    return Input(word=word, argument=argument)
