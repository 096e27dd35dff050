from tests.unit.knowledge.importing.conftest import Guide

PAGE = """<!DOCTYPE html><html><head><title>海燕奖 - 某某网</title><meta charset="utf-8"><style>p{}</style></head><body>
<nav><a href="/">首页</a> <a href="/news">新闻</a></nav>
<div class="crumbs">当前位置：首页 &gt; 通知</div>
<div id="content"><h1>海燕奖申报指南</h1><p>来源：某某网</p>
<h2>一、申报方式</h2>
<p>请登录<a href="https://apply.example.org/">申报系统</a>填写，<br>
并将扫描件发送至 <a href="mailto:a@example.org">a@example.org</a>。</p>
<p><strong>二、费用</strong></p><p>参加本奖不收取任何费用，<a href="/about">评委会</a>承担评审开支。</p>
<ul><li>一份申报书</li><li>一份营业执照</li></ul>
<table><tr><td>申报截止</td><td>2030年3月1日</td></tr><tr><td>结果公布</td><td>2030年5月</td></tr></table>
<img src="x.png"><script>alert(1)</script></div>
<footer>版权所有 某某网 ICP备00000000号</footer></body></html>"""


def test_page_gives_its_main_part(guide: Guide) -> None:
    assert guide("page.html", PAGE) == (
        "# 海燕奖申报指南\n\n## 一、申报方式\n\n请登录申报系统（https://apply.example.org/）填写，"
        "并将扫描件发送至 a@example.org。\n\n## 二、费用\n\n参加本奖不收取任何费用，评委会承担评审开支。\n\n"
        "- 一份申报书\n- 一份营业执照\n\n申报截止：2030年3月1日\n\n结果公布：2030年5月\n"
    )


def test_page_in_a_chinese_encoding(guide: Guide) -> None:
    page = PAGE.replace("utf-8", "gb2312")
    assert guide("page.htm", page.encode("gbk")) == guide("page.html", PAGE)
