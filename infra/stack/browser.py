"""The browser of the browser tests: Debian's Chromium, installed where we may, and a font that has Chinese."""

import os
import shutil
import subprocess
from pathlib import Path

from infra.stack import environment
from infra.stack.places import Places
from infra.stack.progress import Trouble, run, say, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
</fontconfig>
"""


def settings(places: Places) -> dict[str, str]:
    """The environment with which tests find the browser and its Chinese; empty where there is no browser.

    Says so plainly when there is none; whether that is a failure, NUOXING_REQUIRE_BROWSER decides.
    """
    program = find()
    if program is None or not has_chinese():
        _install(places, ["chromium"] if program is None else [])
        program = find()
    if program is None:
        say("  ---- no Chromium here: the browser tests are skipped (on Debian, as root: apt-get install chromium)")
        return {}
    return {"NUOXING_CHROMIUM": program} | ({} if has_chinese() else _font_of_wheel(places))


def find() -> str | None:
    """The browser named in NUOXING_CHROMIUM, or one on the PATH."""
    named = os.environ.get("NUOXING_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def has_chinese() -> bool:
    """Whether the system has a font for Chinese; without one every page is a row of boxes."""
    try:
        listed = subprocess.run(
            ["fc-list", ":lang=zh"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return False
    return bool(listed.stdout.strip())


def _install(places: Places, packages: list[str]) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    env = {**environment.plain(), "DEBIAN_FRONTEND": "noninteractive"}
    wanted = [*packages, "fontconfig", "fonts-wqy-microhei"]
    log = places.logs / "apt.log"
    try:
        with step(f"apt-get install {' '.join(wanted)}"):
            run(["apt-get", "update"], cwd=places.root, env=env, log=log)
            run(["apt-get", "install", "-y", "--no-install-recommends", *wanted], cwd=places.root, env=env, log=log)
    except Trouble as no:
        say(f"  ---- {no}")


def _font_of_wheel(places: Places) -> dict[str, str]:
    """The certificates' own font serves the browser too, where no font could be installed."""
    fonts = sorted(places.venv.glob("lib/python3.*/site-packages/noto_cjk_sans_otc/**/*.tt[cf]"))
    if not fonts:
        return {}
    configuration = places.state / "fonts.conf"
    configuration.write_text(FONTS_CONF.format(folder=fonts[0].parent), encoding="utf-8")
    return {"FONTCONFIG_FILE": str(configuration)}
