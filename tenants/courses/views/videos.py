"""Videos of lessons, stored as they come in."""

import uuid
from typing import Any

from kernel.web.http import Request
from shared.records import operations as records


def store_video(request: Request, video: Any) -> uuid.UUID | None:
    """Store an uploaded video; return its key, None where none came."""
    if not video:
        return None
    kinds = ("video",)
    return records.store_file(content=video, name=video.name, kinds=kinds, by=request.actor, at=request.now).id
