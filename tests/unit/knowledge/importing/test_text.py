from tests.unit.knowledge.importing.conftest import Guide

RUNNING_HEAD = """

2030 海燕计划案例征集

2030 Petrel Programme

申报指南

一·背景

海燕计划每年一届。计划面向沿海城市征集青年创业案例，凡是注册满一年的企业、高校团队和个人都可以报名，并将对在海洋科技领域作出突出贡献的企业、人

物给予表彰。

2030 海燕计划案例征集

二·评审

组委会将邀请专家学者担任评委，

2030 海燕计划案例征集

依据公平公正的原则开展评审工作。

征集在海洋科技领域、行业影响力等方面表

2030 海燕计划案例征集

现突出的人物，展现海洋科技的活力。

三·联系

咨询：petrel@example.org
"""


def test_running_head_that_splits_sentences_is_taken_out(guide: Guide) -> None:
    assert guide("guide.txt", RUNNING_HEAD) == (
        "# 2030 海燕计划案例征集\n\n2030 Petrel Programme\n\n申报指南\n\n## 一·背景\n\n"
        "海燕计划每年一届。计划面向沿海城市征集青年创业案例，凡是注册满一年的企业、高校团队和个人都可以报名，并将对在海洋科技领域作出突出贡献的企业、人物给予表彰。"
        "\n\n## 二·评审\n\n组委会将邀请专家学者担任评委，依据公平公正的原则开展评审工作。\n\n"
        "征集在海洋科技领域、行业影响力等方面表现突出的人物，展现海洋科技的活力。\n\n"
        "## 三·联系\n\n咨询：petrel@example.org\n"
    )


CELLS = """



关于征集第二届“海燕”中小企业
海洋技术优秀成果的通知

各有关单位：
[bookmark: _GoBack]为推动海洋技术创新，现开展征集工作。
一、申报条件
1.申报成果应为2030年1月1日后发布上市的新产品；
2.申报成果须真实、合法。
二、成果领域
1.海洋装备
2.海洋生物
附件：1.申报企业基本信息表
 \t附件1

\t申报企业基本信息

\t单位性质
\t企业，科研机构
\t推荐渠道
\t

\t资质材料
\t请提交扫描件，大小在150K-3M之间

\t单位简介
\t中英文，不超过100字

\t
\t
"""


def test_cells_on_lines_of_their_own_become_rows(guide: Guide) -> None:
    assert guide("notice.txt", CELLS).split("\n\n") == [
        "# 关于征集第二届“海燕”中小企业海洋技术优秀成果的通知",
        "各有关单位：",
        "为推动海洋技术创新，现开展征集工作。",
        "## 一、申报条件",
        "1.申报成果应为2030年1月1日后发布上市的新产品；",
        "2.申报成果须真实、合法。",
        "## 二、成果领域",
        "1.海洋装备",
        "2.海洋生物",
        "附件：1.申报企业基本信息表",
        "## 附件1 申报企业基本信息",
        "单位性质：企业，科研机构",
        "推荐渠道",
        "资质材料：请提交扫描件，大小在150K-3M之间",
        "单位简介：中英文，不超过100字\n",
    ]


WRAPPED = """Petrel Prize

1. Who may apply

The Petrel Prize is open to start-ups that were founded in a coastal
city of the region and that have been active in marine techno-
logy for at least one year before the closing date of this call.

2. How to apply

Send the application form to petrel@example.org before 17:00 on 15
March 2030. Late applications will not be read, and nothing that was
sent to another mailbox will be forwarded by the organizers of it.
"""


def test_lines_of_a_page_become_paragraphs(guide: Guide) -> None:
    assert guide("petrel.txt", WRAPPED) == (
        "# Petrel Prize\n\n## 1. Who may apply\n\nThe Petrel Prize is open to start-ups that were founded in a coastal "
        "city of the region and that have been active in marine technology for at least one year before the closing "
        "date of this call.\n\n## 2. How to apply\n\nSend the application form to petrel@example.org before 17:00 on "
        "15 March 2030. Late applications will not be read, and nothing that was sent to another mailbox will be "
        "forwarded by the organizers of it.\n"
    )


def test_text_in_the_encodings_of_chinese_systems(guide: Guide) -> None:
    text = "海燕奖申报指南\n\n一、费用\n\n参加本奖不收取任何费用，材料一经提交不予退还。\n"
    expected = "# 海燕奖申报指南\n\n## 一、费用\n\n参加本奖不收取任何费用，材料一经提交不予退还。\n"
    assert [guide("a.txt", text.encode(encoding)) for encoding in ("utf-8-sig", "gb18030", "utf-16")] == [expected] * 3
