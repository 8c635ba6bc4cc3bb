"""The database of the tests by its address, as another process finds it."""

from urllib.parse import quote

from django.db import connection


def url() -> str:
    """Return the address of the test's own database, by a socket or by a port."""
    known = {name: str(connection.settings_dict[name] or "") for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
    login = quote(known["USER"], safe="") + (f":{quote(known['PASSWORD'], safe='')}" if known["PASSWORD"] else "")
    port = f":{known['PORT']}" if known["PORT"] else ""
    if known["HOST"].startswith("/"):
        return f"postgresql://{login}@{port}/{known['NAME']}?host={quote(known['HOST'], safe='/')}"
    return f"postgresql://{login}@{known['HOST'] or 'localhost'}{port}/{known['NAME']}"
