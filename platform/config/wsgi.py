"""The pages as a deployed web process has them: WSGI with persistent connections (granian), nothing live in it.

Run it with NUOXING_SHAPE=web; what begins with /live/attempts/ or /live/rooms/ goes to config.asgi (infra/deploy).
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
