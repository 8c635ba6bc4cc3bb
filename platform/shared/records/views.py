"""Files, by signed link only."""

from django.http import FileResponse, HttpRequest

from kernel import access

from . import queries

INLINE = ("image/", "application/pdf", "video/")


@access.public
def file(request: HttpRequest, link: str) -> FileResponse:
    """Send the file behind a signed link: shown in place if it is an image, PDF or video, else as an attachment."""
    row, stream = queries.file_behind(link)
    response = FileResponse(stream, as_attachment=not row.kind.startswith(INLINE), filename=row.name)
    response["Content-Type"] = row.kind
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300"
    return response
