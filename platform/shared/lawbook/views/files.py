"""Pack files on their way out."""

from django.http import HttpResponse


def pack_file(text: str, name: str) -> HttpResponse:
    """Return a pack file to keep."""
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return answer
