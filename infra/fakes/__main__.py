"""`python -m infra.fakes --port P [--state DIR]`: run the stand-ins on 127.0.0.1."""

import argparse
import os
from pathlib import Path

import uvicorn

from infra.fakes.app import Fakes


def main() -> None:
    """Serve until stopped; what is not said is read from the environment of the stack."""
    home = os.environ.get("NUOXING_STATE", "")
    listens = f"http://127.0.0.1:{os.environ.get('NUOXING_PORT', '8000')}/stripe/webhook/"
    parser = argparse.ArgumentParser(prog="python -m infra.fakes", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, default=Path(home) / "fakes" if home else None)
    parser.add_argument("--webhook", default=os.environ.get("NUOXING_FAKES_WEBHOOK", listens))
    parser.add_argument("--secret", default=os.environ.get("STRIPE_WEBHOOK_SECRET", ""))
    options = parser.parse_args()
    key = os.environ.get("NUOXING_SECRET_KEY", "")
    ours = f"http://127.0.0.1:{os.environ.get('NUOXING_PORT', '8000')}"
    app = Fakes(options.state, webhook=options.webhook, secret=options.secret, key=key, ours=ours)
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning", access_log=False, lifespan="on")


if __name__ == "__main__":
    main()
