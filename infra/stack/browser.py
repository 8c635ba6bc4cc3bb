"""The browser of the browser tests: Debian's Chromium, installed where we may, and a font that has Chinese."""

import os
import shutil
import subprocess
from pathlib import Path

from infra.stack import environment
from infra.stack.paths import Paths
from infra.stack.progress import StackError, run, say, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
</fontconfig>
"""


def settings(paths: Paths) -> dict[str, str]:
    """The environment with which tests find the browser and its Chinese; empty where there is no browser.

    Says so plainly when there is none; whether that is a failure, NUOXING_REQUIRE_BROWSER decides.
    """
    program = find()
    if program is None or not has_chinese():
        _install(paths, ["chromium"] if program is None else [])
        program = find()
    if program is None:
        say("  ---- no Chromium here: the browser tests are skipped (on Debian, as root: apt-get install chromium)")
        return {}
    return {"NUOXING_CHROMIUM": program} | ({} if has_chinese() else _font_of_wheel(paths))


def find() -> str | None:
    """The browser named in NUOXING_CHROMIUM, or one on the PATH."""
    configured = os.environ.get("NUOXING_CHROMIUM")
    if configured:
        return configured if Path(configured).exists() else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def has_chinese() -> bool:
    """Say whether the system has a font for Chinese; without one every page is a row of boxes."""
    try:
        listed = subprocess.run(
            ["fc-list", ":lang=zh"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return False
    return bool(listed.stdout.strip())


def _install(paths: Paths, packages: list[str]) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    env = {**environment.plain(), "DEBIAN_FRONTEND": "noninteractive"}
    to_install = [*packages, "fontconfig", "fonts-wqy-microhei"]
    log = paths.logs / "apt.log"
    try:
        with step(f"apt-get install {' '.join(to_install)}"):
            run(["apt-get", "update"], cwd=paths.root, env=env, log=log)
            run(["apt-get", "install", "-y", "--no-install-recommends", *to_install], cwd=paths.root, env=env, log=log)
    except StackError as error:
        say(f"  ---- {error}")


def _font_of_wheel(paths: Paths) -> dict[str, str]:
    """The certificates' own font serves the browser too, where no font could be installed."""
    fonts = sorted(paths.venv.glob("lib/python3.*/site-packages/noto_cjk_sans_otc/**/*.tt[cf]"))
    if not fonts:
        return {}
    configuration = paths.state / "fonts.conf"
    configuration.write_text(FONTS_CONF.format(folder=fonts[0].parent), encoding="utf-8")
    return {"FONTCONFIG_FILE": str(configuration)}
