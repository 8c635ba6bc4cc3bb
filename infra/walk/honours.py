"""The certificate that anybody can verify, and the January that makes the stars."""

from infra.walk import cast
from infra.walk.browser import Page, Unexpected
from infra.walk.cast import Person
from infra.walk.commitment import clockwork
from infra.walk.life import Life, words


def run(life: Life) -> None:
    """Go from confirmed results to the public ranking."""
    life.at(life.moment(5, 13))
    _certificate(life)
    life.at(life.moment(1, 12, next_year=True))
    _scores(life)
    _stars(life)
    _ranking(life)


def _certificate(life: Life) -> None:
    trainee = life.people["trainee"].browser
    with life.report.step(
        "The ministry's system returns the number; the certificate is issued", "一(三) 证书制发"
    ) as step:
        page = life.until(lambda: _issued(life), what="the certificate")
        copy = page.link("/pdf")
        paper = trainee.download(copy)
        if not paper.startswith(b"%PDF"):
            raise Unexpected(f"{copy} is no PDF")
        addresses = [str(a["href"]) for a in page.soup.select("a[href*='/verify/']")]
        life.facts["verify"] = max(addresses, key=len)  # the menu's own link has no token
        step.saw = f"{words(page, 120)} · PDF of {len(paper)} bytes"
    with life.report.step("Any citizen verifies the certificate by its QR address", "一(三)") as step:
        life.citizen.moment = life.moment(5, 20)
        page = life.citizen.open(life.facts["verify"])
        if life.people["trainee"].name in page.text or life.facts["name"] not in page.text:
            raise Unexpected(f"the public page does not show what it should: {page.text[:300]}")
        life.report.results["certificate_url"] = page.url
        step.saw = words(page, 160)


def _issued(life: Life) -> Page | None:
    clockwork(life, "exchange.move")
    page = life.people["trainee"].browser.open("/account/certificates/")
    return page if page.soup.select_one("a[href$='/pdf']") else None


def _scores(life: Life) -> None:
    province = cast.demo_person("province", life.port)
    life.people["province"] = province
    with life.report.step("In January the authorities enter their scores, with reasons", "五 主管部门30%") as step:
        cast.sign_in(province)
        life.at(life.moment(1, 12, next_year=True))
        entered = sum(_enter(life, person) for person in (life.people["officer"], province))
        step.saw = f"{entered} institutions scored"


def _enter(life: Life, officer: Person) -> int:
    """Score every institution that this officer still has to score."""
    page = officer.browser.open(f"/authority/scores/{life.year}/")
    links = {str(a["href"]) for a in page.soup.find_all("a", href=True) if f"/scores/{life.year}/" in str(a["href"])}
    entered = 0
    for link in sorted(links):
        sheet = officer.browser.open(link)
        form = sheet.form(having="score_quality") if sheet.soup.find(attrs={"name": "score_quality"}) else None
        if form is None or form.data.get("score_quality"):
            continue
        points = {name: "90" if name.startswith("score_") else "年度检查情况良好。" for name in form.fields}
        points.pop("csrfmiddlewaretoken", None)
        officer.browser.submit(form, points)
        entered += 1
    return entered


def _stars(life: Life) -> None:
    province = life.people["province"].browser
    with life.report.step("The yearly run: 70 % trainees, 30 % authority, inputs frozen", "五 每年1月统计") as step:
        page = province.open("/authority/stars/")
        page = province.submit(page.form("/runs/"), {"year": str(life.year)})
        life.facts["run"] = page.url
        step.saw = words(page, 160)
    with life.report.step("A second officer checks the preview and publishes the stars", "五 公布") as step:
        second = cast.demo_person("province2", life.port)
        life.people["province2"] = second
        cast.sign_in(second)
        life.at(life.moment(1, 14, next_year=True))
        page = second.browser.open(life.facts["run"])
        step.saw = words(second.browser.submit(page.form("/publication/")), 160)


def _ranking(life: Life) -> None:
    with life.report.step(
        "The public ranking shows the institution's stars, and anybody can recompute them", "五 网上公布"
    ) as step:
        life.citizen.moment = life.moment(1, 15, next_year=True)
        page = life.citizen.open(f"/rankings/{life.year}/")
        if life.facts["name"] not in page.text:
            raise Unexpected(f"the institution is not in the ranking: {page.text[:400]}")
        life.report.results["ranking_url"] = page.url
        table = life.citizen.json("GET", f"/api/v1/rankings/{life.year}/")
        mine = next(row for row in table["institutions"] if row["name"] == life.facts["name"])
        if mine["stars"] is None:
            raise Unexpected(f"the institution was not rated: {mine}")
        step.saw = f"{mine['name']}: {mine['stars']} stars, {mine['total']} points from {mine['ratings']} ratings"
