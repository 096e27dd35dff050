from tests.unit.knowledge.importing.conftest import Guide, pdf

FIRST = "海燕计划面向沿海城市征集青年创业案例，企业注册地在青岛市和烟"
SECOND = "台市的，可以优先入选；其他城市的企业须成立一年以上，并由所在地"
WHOLE = "海燕计划面向沿海城市征集青年创业案例，企业可以优先入选并推广。"


def page(number: int, *lines: tuple[int, str]) -> list[tuple[int, int, str]]:
    body = [(size, 760 - 20 * place, text) for place, (size, text) in enumerate(lines)]
    return [(9, 810, "2030 海燕计划"), *body, (9, 30, f"- {number} -"), (9, 15, str(number))]


def test_pages_become_one_text(guide: Guide) -> None:
    content = pdf(
        [
            page(1, (18, "海燕青年创业计划申报指南"), (14, "申报条件"), (11, FIRST), (11, SECOND)),
            page(2, (11, "中小企业服务中心推荐。"), (14, "申报费用"), (11, "参加本计划不收取任何费用。")),
        ]
    )
    assert guide("plan.pdf", content) == (
        f"# 海燕青年创业计划申报指南\n\n## 申报条件\n\n{FIRST}{SECOND}中小企业服务中心推荐。\n\n"
        "## 申报费用\n\n参加本计划不收取任何费用。\n"
    )


def test_radicals_that_stand_for_characters_are_put_right(guide: Guide) -> None:
    assert guide("a.txt", "海燕奖申报指南\n\n⼀、费⽤\n\n申报⼈⽆须缴费，⻅附件⼆第⼀⻚，官⽅⽹站可查。\n") == (
        "# 海燕奖申报指南\n\n## 一、费用\n\n申报人无须缴费，见附件二第一页，官方网站可查。\n"
    )


def test_address_that_did_not_fit_on_a_line_stays_in_its_sentence(guide: Guide) -> None:
    lines = (
        (18, 800, "海燕奖申报指南"),
        (11, 770, WHOLE),
        (11, 750, "请申报企业在规定时间之内，将材料发送至"),
        (11, 730, "petrel-award-committee-office@example.org，并将纸质材料寄送"),
        (11, 710, "到组委会办公室。"),
    )
    assert guide("plan.pdf", pdf([lines])) == (
        f"# 海燕奖申报指南\n\n{WHOLE}\n\n请申报企业在规定时间之内，将材料发送至"
        "petrel-award-committee-office@example.org，并将纸质材料寄送到组委会办公室。\n"
    )
