from tests.unit.knowledge.importing.conftest import Guide

SAVED = r"""---
id: 1
title: |
  海燕评论-申请指南丨“海燕50家”报名正在进行
draft: true
---

# 海燕评论-申请指南丨“海燕50家”报名正在进行
#Omnivore

[Read on Omnivore](https://example.org/saved)

date_saved: 2030-12-13 04:55:00

---

# Full Content:

**海燕评论每年评选出“海燕50家”，这是第八届。**

**1 如何申请**

请[点击这里](https://apply.example.org/petrel)填写申请表，见 PNZog\_YVH。

**2 申请费用**

无需任何费用，**免费申请。**


1\. 提交数据力求客观真实；2\. 提供具体案例说明。

| 奖项 | 名额 | 奖金 |
|------|------|------|
| 一等奖 | 1 | 5 万元 |
| 二等奖 | 3 | 2 万元 |

- **品牌曝光：**文字报道
- 线下活动

![](https://example.org/picture.png)

2小时前

---
"""


def test_what_a_page_saver_adds_is_dropped(guide: Guide) -> None:
    assert guide("saved.md", SAVED) == (
        "# 海燕评论-申请指南丨“海燕50家”报名正在进行\n\n海燕评论每年评选出“海燕50家”，这是第八届。\n\n## 1 如何申请\n\n"
        "请点击这里（https://apply.example.org/petrel）填写申请表，见 PNZog_YVH。\n\n## 2 申请费用\n\n"
        "无需任何费用，免费申请。\n\n1. 提交数据力求客观真实；2. 提供具体案例说明。\n\n"
        "一等奖：名额 1；奖金 5 万元\n\n二等奖：名额 3；奖金 2 万元\n\n- 品牌曝光：文字报道\n- 线下活动\n"
    )


def test_markdown_in_a_text_file_is_read_as_such(guide: Guide) -> None:
    assert guide("saved.txt", SAVED) == guide("saved.md", SAVED)


def test_headings_keep_their_order_of_depth(guide: Guide) -> None:
    text = (
        "# 海燕奖\n\n## 申报\n\n### 时间\n\n即日起至三月底截止，逾期不再受理。\n\n## 评审\n\n由专家评审，分两轮进行。\n"
    )
    assert guide("a.md", text) == text
