"""The table of commands and flows: word, aliases, role and function. The only place that lists them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.context import Services, Turn
from bot.handlers import (
    admin_broadcast,
    admin_export,
    admin_programme,
    admin_questions,
    admin_review,
    admin_stats,
    apply,
    documents,
    faq,
    followup,
    page,
    privacy,
    start,
    status,
    watch,
)
from bot.handlers.paper_forms import paper_for
from bot.messages import Reply

Handler = Callable[[Turn, Services], list[Reply]]
Role = Literal["applicant", "staff", "owner"]


@dataclass(frozen=True, slots=True)
class Command:
    """A command. Its line in /help is the block `help_<word>` of the start template; `private` ones refuse groups.

    `listed` False keeps it out of /help: it is offered where it is of use.
    """

    word: str
    aliases: tuple[str, ...]
    handler: Handler
    role: Role = "applicant"
    private: bool = False
    listed: bool = True


_TABLE = (
    Command("start", ("开始", "你好", "您好", "hi", "hello"), start.start, listed=False),
    Command("help", ("帮助", "菜单", "menu", "命令"), start.help_),
    Command("ask", ("问", "提问"), faq.ask),
    Command("programmes", ("项目", "programme", "programs"), start.programmes),
    Command("apply", ("申报", "申请", "报名", "继续", "continue"), apply.apply, private=True),
    Command("page", ("网页",), page.page, private=True),
    Command("documents", ("材料", "材料包"), documents.documents, private=True),
    Command("followup", ("后续", "寄送"), followup.follow_up, private=True),
    Command("status", ("进度", "状态"), status.status, private=True),
    Command("watch", ("关注", "订阅", "关注截止"), watch.watch, private=True),
    Command("more", ("更多",), start.more, listed=False),
    Command("lang", ("语言", "language"), start.language),
    Command("privacy", ("隐私",), privacy.privacy),
    Command("forget", ("删除我的数据",), privacy.forget, private=True),
    Command("handover", ("转人工", "人工", "human"), faq.handover, private=True),
    Command("join", (), start.join, private=True, listed=False),
    Command("find", ("查找",), admin_review.find, "staff"),
    Command("list", ("列表",), admin_review.list_, "staff"),
    Command("move", ("变更",), admin_review.move, "staff"),
    Command("publish", ("公布",), admin_review.publish, "staff"),
    Command("export", ("导出",), admin_export.export, "staff", private=True),
    Command("deadline", ("截止",), admin_programme.deadline, "staff"),
    Command("questions", ("问题",), admin_questions.questions, "staff"),
    Command("reply", ("回复",), admin_questions.reply, "staff"),
    Command("broadcast", ("群发",), admin_broadcast.broadcast, "staff", private=True),
    Command("remind", ("提醒",), admin_broadcast.remind, "staff"),
    Command("stats", ("统计",), admin_stats.stats, "staff"),
    Command("invite", ("邀请",), admin_programme.invite, "owner", private=True),
    Command("staff", ("人员",), admin_programme.staff, "owner", private=True),
)

COMMANDS: Mapping[str, Command] = {command.word: command for command in _TABLE}
ALIASES: Mapping[str, str] = {word: command.word for command in _TABLE for word in (command.word, *command.aliases)}


@dataclass(frozen=True, slots=True)
class Flow:
    """A dialog of several turns. `answer` reads the next message; `show` repeats its prompt after an interruption.

    `takes_files`: files that are sent meanwhile are fetched, and `answer` finds them in the turn's event. `paper_for`
    says by the conversation's data which programme and application a filled Word form among them would belong to.
    """

    answer: Handler
    show: Handler | None = None
    takes_files: bool = False
    paper_for: Callable[[Mapping[str, Any]], tuple[str, int] | None] | None = None


# By the name in State.flow.
FLOWS: Mapping[str, Flow] = {
    "apply": Flow(apply.resume, apply.prompt_again, takes_files=True, paper_for=paper_for),
    "faq": Flow(faq.follow),
    "forget": Flow(privacy.confirm_forget),
    "publish": Flow(admin_review.confirm_publish),
    "deadline": Flow(admin_programme.confirm_deadline),
    "broadcast": Flow(admin_broadcast.continue_broadcast, admin_broadcast.prompt_again),
}
