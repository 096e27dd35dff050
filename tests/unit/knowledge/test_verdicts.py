"""What the shipped packs answer to yes/no questions of a topic, whichever way round they are put."""

from datetime import UTC, datetime

import pytest

from knowledge.case import Case
from knowledge.library import Library
from knowledge.query import Query, read
from knowledge.reasoning import reason
from knowledge.verdicts import verdict_of

NOW = datetime(2022, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("programme", "topic", "question", "verdict"),
    [
        ("tr50", "fee", "官方真收这笔钱？", "no"),
        ("tr50", "fee", "一分钱都不用交对吧", "yes"),
        ("tr50", "fee", "不交钱就报不上吗", "no"),
        ("tr50", "fee", "Applying costs nothing, right?", "yes"),
        ("tr50", "reapply", "上过榜的再来，算违规吗", "no"),
        ("tr50", "eligible-large", "大集团就没资格了吧", "no"),
        ("tr50", "eligible-startup", "小公司报是不是白报", "no"),
        ("tr50", "eligible-foreign", "是不是只收中国公司", "no"),
        ("tr50", "reuse-form", "还得从头填一遍吗", "yes"),
        ("tr50", "reuse-form", "原来那份不用重填吧", "no"),
        ("tr50", "last-version", "是不是按第一次交的算", "no"),
        ("tr50", "patent-pending", "专利必须已经授权才行吗", "yes"),
        ("tr50", "patent-pending", "还没下证的不行吧", "yes"),
        ("tr50", "receipt-confirmation", "没收到邮件是不是就没报上", "no"),
        ("tr50", "receipt-confirmation", "没收到邮件也算数吧", "yes"),
        ("tr50", "deadline", "截止日期还没定吧", "yes"),
        ("tr50", "speaking", "不一定能上台吧", "yes"),
        ("tr50", "scope", "没有单独的中国榜吧", "yes"),
        ("tr50", "submission-count", "一年只能填一次吗", "no"),
        ("tr50", "submission-count", "May a firm apply once in a lifetime only?", "no"),
        ("tr50", "patent-years", "专利必须是今年申请的吗", "no"),
        ("tr50", "judges", "是不是机器打分定的", "no"),
        ("tr50", "interview", "报名的公司人人都要被访谈吗", "no"),
        ("tr50", "interview", "有可能找我们聊聊核实情况吧", "yes"),
        ("tr50", "after-submission", "官方一直没动静，是不是就被刷掉了", "no"),
        ("tr50", "last-version", "按头一回填的算吗", "no"),
        ("tr50", "scope", "会另设一个中国的榜吗", "no"),
        ("tr50", "criteria", "商业模式不在评选范围里，对吧", "no"),
        ("tr50", "fee", "一分钱不收，有这么好的事？真的假的", "yes"),
        ("tr50", "quota-split", "没有固定比例，这个说法属实吗", "yes"),
        ("tr50", "eligible-startup", "Five people. Too tiny to be considered?", "no"),
        ("tr50", "eligible-joint-venture", "净系收内资公司？", "no"),
        ("tr50", "judges", "会有美国的编辑参加吗", "yes"),
        ("tr50", "organizer", "是美国总部在办吗", "no"),
        ("tr50", "speaking", "活动都是光有线下的吧", "no"),
        ("tr50", "fee", "先免费，选上以后再收钱，是这样吧", "no"),
        ("tr50", "eligible-startup", "小公司你们压根不考虑，是这么回事吗", "no"),
        ("innovation-light", "expert-block", "省中心推荐上去的，专家那格要填吗", "no"),
        ("innovation-light", "expert-block", "没走推荐，专家那几行能不填吗", "no"),
        ("innovation-light", "expert-block", "专家那一块必填吗", "depends"),
        ("innovation-light", "patent-count", "报产品，手上一件都没有，行不行", "no"),
        ("innovation-light", "patent-count", "报技术类，没有专利行吗", "yes"),
        ("innovation-light", "patent-count", "产品只有一个发明专利，够吗", "yes"),
        ("innovation-light", "who-can-apply", "我们是上万人的国企，能报吗", "no"),
        ("innovation-light", "file-format", "图片一页一页传可以吗", "no"),
        ("innovation-light", "file-merge", "三页分三个文件一个一个传，可以吧", "no"),
        ("innovation-light", "title-priority", "小巨人是不是直接算入选", "no"),
        ("innovation-light", "title-priority", "市级的也优先吗", "no"),
        ("innovation-light", "review-rounds", "评审就一轮吗", "no"),
        ("innovation-light", "scope", "Does it cover firms in Cambodia?", "yes"),
        ("innovation-light", "srdi-field", "We are from Malaysia, must we fill it in?", "no"),
        ("innovation-light", "field-other", "八个领域都不沾，是不是就别报了", "no"),
        ("tr50", "criteria", "只看技术吗", "no"),
        ("tr50", "criteria", "看技术吗", "yes"),
        ("innovation-light", "paper-required", "不寄纸质的会作废吗", "yes"),
        ("innovation-light", "paper-required", "光发邮件行吗", "no"),
        ("innovation-light", "stamp", "Can we skip the company seal?", "no"),
        ("innovation-light", "eligible-without-title", "没有专精特新就不让报了是吗", "no"),
        ("innovation-light", "eligible-large", "大企业就不能报了是吗", "yes"),
        ("innovation-light", "eligible-large", "只收中小企业吗", "yes"),
        ("innovation-light", "eligible-foreign", "我们在德国，可以吗", "depends"),
        ("innovation-light", "clean-record", "出过事故会影响评选吗", "yes"),
        ("innovation-light", "clean-record", "出过一次事故，没关系吧", "no"),
        ("innovation-light", "field-fit", "那八个领域是写死的吗", "no"),
        ("innovation-light", "field-other", "不在里面就没戏了吧", "no"),
        ("innovation-light", "expert-block", "不是自荐的，这几行空着没关系吧", "yes"),
        ("innovation-light", "expert-block", "我们自荐，可以不填吗", "no"),
        ("innovation-light", "srdi-field", "境外项目那一栏要填吗", "no"),
        ("innovation-light", "srdi-field", "境外项目那一栏空着行吧", "yes"),
        ("innovation-light", "contact-person", "写俩成不成", "no"),
        ("innovation-light", "public-notice", "名单不公示的吧", "no"),
        ("innovation-light", "defence", "不用答辩吧", "no"),
        ("innovation-light", "secrecy", "有没有关于不涉密的保证", "yes"),
        ("innovation-light", "materials", "只交基本信息表就够了吗", "no"),
        ("innovation-light", "file-format", "只能用pdf吗", "no"),
        ("innovation-light", "stamp", "公章非盖不可吗", "yes"),
        ("innovation-light", "stamp", "忘了盖章就寄出去了，会不会白寄", "yes"),
        ("innovation-light", "pledge-required", "少了承诺书会被退件吗", "yes"),
        ("innovation-light", "clean-record", "Can we still apply despite a past accident?", "no"),
        ("innovation-light", "clean-record", "Will a past accident count against us?", "yes"),
        ("innovation-light", "support-services", "之后就没有后续服务了吧", "no"),
        ("sci-tech-pioneer", "self-nomination", "没有专家推荐就报不了了吧", "no"),
        ("sci-tech-pioneer", "self-nomination", "Are self-nominations rejected?", "no"),
        ("sci-tech-pioneer", "trophy-certificate", "只有证书没有奖杯吧", "no"),
        ("sci-tech-pioneer", "list-rising", "只看融资吗", "no"),
        ("sci-tech-pioneer", "self-nomination", "不认识专家，自己报行吗", "yes"),
        ("sci-tech-pioneer", "ip-ownership", "Does the IP pass to the organiser?", "no"),
        ("sci-tech-pioneer", "ip-ownership", "Does it stay ours?", "yes"),
        ("sci-tech-pioneer", "ip-ownership", "不会归你们吧", "yes"),
        ("sci-tech-pioneer", "ip-licence", "没有稿费的吧", "yes"),
        ("sci-tech-pioneer", "return-materials", "交上去的不退是吧", "yes"),
        ("sci-tech-pioneer", "return-materials", "没评上的话，稿子会还给我们吗", "no"),
        ("sci-tech-pioneer", "return-materials", "材料能要回来吗", "no"),
        ("sci-tech-pioneer", "review-rounds", "评审分两轮，我理解得对吗", "yes"),
        ("sci-tech-pioneer", "forum-seat", "入围就铁定有座位吗", "no"),
        ("sci-tech-pioneer", "language", "材料能用日文写吗", "no"),
        ("sci-tech-pioneer", "forum-seat", "保证有座位，没错吧", "no"),
        ("sci-tech-pioneer", "ip-ownership", "主办方不拿走，是吧", "yes"),
        ("sci-tech-pioneer", "language-foreign", "公司在杭州，写英文行吗", "no"),
        ("sci-tech-pioneer", "language-foreign", "我们是国外项目，必须用中文提交吗", "no"),
        ("sci-tech-pioneer", "language", "我们在深圳，是不是必须用中文提交", "yes"),
        ("sci-tech-pioneer", "language", "新加坡公司，必须用中文吗", "no"),
        ("sci-tech-pioneer", "language-foreign", "We are in Oslo, Norway. Is English-only material accepted?", "yes"),
        ("sci-tech-pioneer", "infringement", "用了一张没授权的 stock photo，可以 keep 吗", "no"),
        ("sci-tech-pioneer", "who-can-apply", "只有构想，还没有任何落地项目，够条件吗", "no"),
        ("sci-tech-pioneer", "real-name", "不用真名行不行", "no"),
        ("sci-tech-pioneer", "not-released", "没有落地项目是不是就不行", "yes"),
        ("sci-tech-pioneer", "not-released", "只有想法行吗", "no"),
        ("sci-tech-pioneer", "incomplete-information", "漏填一项没关系吧", "no"),
        ("sci-tech-pioneer", "incomplete-information", "漏填会被取消资格吗", "yes"),
        ("sci-tech-pioneer", "risk-diagnosis", "打官司的事会影响吗", "yes"),
        ("sci-tech-pioneer", "language-foreign", "用英文得唔得？", "yes"),
        ("sci-tech-pioneer", "language-domestic", "不用中文行吗", "no"),
        ("sci-tech-pioneer", "submission-count", "三个项目都想报，只能挑一个是吧", "no"),
    ],
)
def test_verdict_of_a_topic(library: Library, programme: str, topic: str, question: str, verdict: str) -> None:
    meant = next(one for one in library.topics if one.id == topic and one.programme in ("", programme))
    assert verdict_of(Query(read(question)), meant, library.programmes[programme].entries[topic]) == verdict


@pytest.mark.parametrize(
    ("programme", "topic", "question", "verdict"),
    [
        ("innovation-light", "release-date", "21年11月就开卖了，算新的吗", "no"),
        ("innovation-light", "release-date", "22年5月上市的算不算", "yes"),
        ("innovation-light", "release-date", "It came out in March '21. OK?", "no"),
        ("innovation-light", "release-date", "2022年前上市的行吗", "no"),
        ("innovation-light", "release-date", "2022年才发布的行吗", "yes"),
        ("innovation-light", "release-date", "2020年上市的是不是太早了", "yes"),
        ("innovation-light", "late-submission", "12月28号寄就来不及了吧", "yes"),
        ("innovation-light", "late-submission", "12月10号寄会不会太晚", "no"),
        ("sci-tech-pioneer", "deadline", "截止是2024年10月25号吗", "no"),
        ("sci-tech-pioneer", "deadline", "截止是10月20号没错吧", "yes"),
        ("sci-tech-pioneer", "deadline", "10月23号交行吗", "no"),
        ("sci-tech-pioneer", "deadline-hour", "下午5点截止吗", "no"),
        ("sci-tech-pioneer", "deadline-hour", "截止当天晚上10点提交可以吗", "yes"),
        ("sci-tech-pioneer", "deadline-hour", "can we submit at 8 pm on the last day?", "yes"),
        ("sci-tech-pioneer", "deadline-hour", "Is the deadline 12 pm?", "no"),
        ("sci-tech-pioneer", "deadline-hour", "the deadline is 12am, right?", "yes"),
        ("sci-tech-pioneer", "deadline-hour", "是24点截止吧", "yes"),
        ("sci-tech-pioneer", "open-now", "报名已经结束了吗", "no"),
        ("innovation-light", "contact-person", "我跟我崽两个人的名字都写上去要不要得", "no"),
        ("innovation-light", "contact-person", "两位联系人会不会太多", "yes"),
        ("innovation-light", "paper-copies", "一共要5份，3份就够了吧", "no"),
        ("innovation-light", "paper-copies", "不用寄4份吧", "no"),
        ("innovation-light", "file-size", "扫描件8个多兆能收不", "no"),
        ("innovation-light", "file-size", "扫描件5M是不是太大了", "yes"),
        ("innovation-light", "file-size", "超过3M行吗", "no"),
        ("innovation-light", "file-size", "90K会不会太小", "yes"),
        ("innovation-light", "limit-summary", "超一点点行吗", "no"),
        ("innovation-light", "limit-summary", "写1300字会被退吗", "yes"),
        ("tr50", "patent-years", "申请日2019，授权公告日是今年3月，能写吗", "yes"),
        ("tr50", "patent-pending", "It was filed in 2016 and only granted this spring. OK to list it?", "yes"),
        ("tr50", "patent-years", "2012年授权的太老了吧", "yes"),
        ("tr50", "patent-years", "2020年申请，今年5月证书才拿到手，能写吗", "yes"),
        ("tr50", "patent-years", "两年前授权的，能列吗", "depends"),
        ("tr50", "patent-years", "It was granted two years ago, not this year. Does it count?", "depends"),
        ("innovation-light", "limit-summary", "写了1300字，没超吧", "no"),
        ("innovation-light", "limit-summary", "写了900字，没超吧", "yes"),
        ("innovation-light", "release-date", "2022年3月上市的，过关了吧", "yes"),
        ("innovation-light", "postal-address", "纸质材料送到武汉对吗", "no"),
        ("innovation-light", "postal-address", "是寄到北京吧", "yes"),
        ("sci-tech-pioneer", "office-address", "组委会在广州吗", "no"),
        ("innovation-light", "postal-address", "不是寄到武汉吧", "yes"),
        ("innovation-light", "postal-address", "不是寄到北京吧", "no"),
        ("innovation-light", "organizer", "中国中小企业家协会是主办单位吗", "no"),
        ("innovation-light", "organizer", "中国奶业协会不是主办方吧", "yes"),
        ("innovation-light", "limit-summary", "写了1300字，会不会超字数", "yes"),
        ("innovation-light", "limit-summary", "1300字，有没有超字数", "yes"),
        ("innovation-light", "organizer", "中国奶业协会也是主办方吧", "no"),
        ("innovation-light", "organizer", "中国中小企业国际合作协会是主办方吗", "yes"),
    ],
)
def test_verdict_weighed_by_facts(library: Library, programme: str, topic: str, question: str, verdict: str) -> None:
    meant = next(one for one in library.topics if one.id == topic and one.programme in ("", programme))
    told = library.programmes[programme]
    found = reason(meant.reason, Case(read(question), told, told.entries[topic], NOW, None))
    assert found is not None
    assert found.verdict == verdict


def test_duration_is_no_year(library: Library) -> None:
    answer = library.ask("研发了10年才上市的产品可以报吗", programme="innovation-light", now=NOW)
    assert answer.verdict != "no"


@pytest.mark.parametrize(
    ("programme", "topic", "question"),
    [
        ("innovation-light", "postal-address", "我们在武汉，纸质材料寄到哪个地址"),
        ("innovation-light", "organizer", "请问主办单位是不是你们协会"),
        ("innovation-light", "release-date", "It was released half a year ago, OK?"),
        ("tr50", "patent-years", "专利今年还没拿到证书，能填吗"),
    ],
)
def test_facts_that_are_not_named_are_not_weighed(library: Library, programme: str, topic: str, question: str) -> None:
    meant = next(one for one in library.topics if one.id == topic and one.programme in ("", programme))
    pack = library.programmes[programme]
    found = reason(meant.reason, Case(read(question), pack, pack.entries[topic], NOW, None))
    assert found is None or found.verdict is None


@pytest.mark.parametrize(
    "question", ["成果是3000年前上市的可以报吗", f"附件{'1' * 400}M可以吗", f"写了{'9' * 400}字行吗"]
)
def test_number_beyond_all_measure_is_no_error(library: Library, question: str) -> None:
    answers = [library.ask(question, programme=programme, now=NOW) for programme in library.programmes]
    assert all(answer.text for answer in answers)


@pytest.mark.parametrize(
    ("text", "polar"),
    [("or is " * 200, False), (",要要要" * 300, False), ("we have sold them to many people and " * 30, False)],
)
def test_long_text_without_a_question_mark_is_read_to_its_end(text: str, polar: bool) -> None:
    assert Query(text).is_polar is polar  # a pattern that tries all ways of cutting the text would never come back


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("We are a small factory in Malaysia. May we take part?", "yes"),
        ("评审专家都是什么人，有没有投资人？", "yes"),
    ],
)
def test_verdict_of_a_message_of_several_sentences(library: Library, question: str, verdict: str) -> None:
    answer = library.ask(question, programme="innovation-light", now=NOW)
    assert (answer.status, answer.verdict) == ("answered", verdict)
