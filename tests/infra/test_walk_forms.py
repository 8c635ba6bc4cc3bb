"""Forms as the walk's people fill them in."""

import httpx

from infra.walk.browser import Form, Page

FORM = """<form method="post" action="/there/">
<input type="hidden" name="csrfmiddlewaretoken" value="t"><input type="hidden" name="made_from" value="{}">
<input name="area" value="12"><textarea name="remark"></textarea><input type="file" name="scan">
<button name="go">Go</button>
</form>"""


def _form() -> Form:
    request = httpx.Request("GET", "http://nuoxing.localhost/here/")
    return Page(httpx.Response(200, text=FORM, request=request)).form()


def test_hidden_fields_go_back_as_the_page_gave_them_and_nobody_fills_them_in():
    form = _form()
    assert form.fields == {"area", "remark", "scan"}
    assert form.data == {"csrfmiddlewaretoken": "t", "made_from": "{}", "area": "12", "remark": ""}
