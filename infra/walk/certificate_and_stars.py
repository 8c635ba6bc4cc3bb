"""Certificate and stars: public verification, and the yearly run in January."""

from infra.walk import accounts
from infra.walk.accounts import Person
from infra.walk.browser import Page, Unexpected
from infra.walk.commitment import run_periodic_task
from infra.walk.context import WalkContext, excerpt


def run(walk: WalkContext) -> None:
    """Go from confirmed results to the public ranking."""
    walk.at(walk.moment(5, 13))
    _certificate(walk)
    walk.at(walk.moment(1, 12, next_year=True))
    _scores(walk)
    _stars(walk)
    _ranking(walk)


def _certificate(walk: WalkContext) -> None:
    trainee = walk.people["trainee"].browser
    with walk.report.step(
        "The ministry's system returns the number; the certificate is issued", "一(三) 证书制发"
    ) as step:
        page = walk.until(lambda: _issued(walk), what="the certificate")
        copy = page.link("/pdf")
        paper = trainee.download(copy)
        if not paper.startswith(b"%PDF"):
            raise Unexpected(f"{copy} is no PDF")
        addresses = [str(a["href"]) for a in page.soup.select("a[href*='/verify/']")]
        walk.facts["verify"] = max(addresses, key=len)  # the menu's own link has no token
        step.excerpt = f"{excerpt(page, 120)} · PDF of {len(paper)} bytes"
    with walk.report.step("Any citizen verifies the certificate by its QR address", "一(三)") as step:
        walk.citizen.moment = walk.moment(5, 20)
        page = walk.citizen.open(walk.facts["verify"])
        if walk.people["trainee"].name in page.text or walk.facts["name"] not in page.text:
            raise Unexpected(f"the public page does not show what it should: {page.text[:300]}")
        walk.report.results["certificate_url"] = page.url
        step.excerpt = excerpt(page, 160)


def _issued(walk: WalkContext) -> Page | None:
    run_periodic_task(walk, "exchange.push_due")
    page = walk.people["trainee"].browser.open("/account/certificates/")
    return page if page.soup.select_one("a[href$='/pdf']") else None


def _scores(walk: WalkContext) -> None:
    province = accounts.demo_person("province", walk.port)
    walk.people["province"] = province
    with walk.report.step("In January the authorities enter their scores, with reasons", "五 主管部门30%") as step:
        accounts.sign_in(province)
        walk.at(walk.moment(1, 12, next_year=True))
        entered = sum(_enter(walk, person) for person in (walk.people["officer"], province))
        step.excerpt = f"{entered} institutions scored"


def _enter(walk: WalkContext, officer: Person) -> int:
    """Score every institution that this officer still has to score."""
    page = officer.browser.open(f"/authority/scores/{walk.year}/")
    links = {str(a["href"]) for a in page.soup.find_all("a", href=True) if f"/scores/{walk.year}/" in str(a["href"])}
    entered = 0
    for link in sorted(links):
        sheet = officer.browser.open(link)
        form = sheet.form(having="score_quality") if sheet.soup.find(attrs={"name": "score_quality"}) else None
        if form is None or form.data.get("score_quality"):
            continue
        points = {name: "90" if name.startswith("score_") else "年度检查情况良好。" for name in form.fields}
        officer.browser.submit(form, points)
        entered += 1
    return entered


def _stars(walk: WalkContext) -> None:
    province = walk.people["province"].browser
    with walk.report.step("The yearly run: 70 % trainees, 30 % authority, inputs frozen", "五 每年1月统计") as step:
        page = province.open("/authority/stars/")
        page = province.submit(page.form("/runs/"), {"year": str(walk.year)})
        walk.facts["run"] = page.url
        step.excerpt = excerpt(page, 160)
    with walk.report.step("A second officer checks the preview and publishes the stars", "五 公布") as step:
        second = accounts.demo_person("province2", walk.port)
        walk.people["province2"] = second
        accounts.sign_in(second)
        walk.at(walk.moment(1, 14, next_year=True))
        page = second.browser.open(walk.facts["run"])
        step.excerpt = excerpt(second.browser.submit(page.form("/publication/")), 160)


def _ranking(walk: WalkContext) -> None:
    with walk.report.step(
        "The public ranking shows the institution's stars, and anybody can recompute them", "五 网上公布"
    ) as step:
        walk.citizen.moment = walk.moment(1, 15, next_year=True)
        page = walk.citizen.open(f"/rankings/{walk.year}/")
        if walk.facts["name"] not in page.text:
            raise Unexpected(f"the institution is not in the ranking: {page.text[:400]}")
        walk.report.results["ranking_url"] = page.url
        table = walk.citizen.json("GET", f"/api/v1/rankings/{walk.year}/")
        mine = next(row for row in table["institutions"] if row["name"] == walk.facts["name"])
        if mine["stars"] is None:
            raise Unexpected(f"the institution was not rated: {mine}")
        step.excerpt = f"{mine['name']}: {mine['stars']} stars, {mine['total']} points from {mine['ratings']} ratings"
