"""The browser's part: packages by npm ci, then Vite; each only when its inputs have changed."""

from infra.stack import environment, node
from infra.stack.digests import Stamp, below, digest
from infra.stack.paths import Paths
from infra.stack.progress import run, say, step

NOT_SOURCES = ("node_modules", "dist", "templates", "coverage")


def build(paths: Paths) -> None:
    """Leave frontend/dist as the sources say. Says so, and does nothing, while there is no front end."""
    folder = paths.frontend
    if not (folder / "package-lock.json").exists():
        say("  ---- no frontend/package-lock.json: no front end to build")
        return
    lock = digest([folder / name for name in ("package.json", "package-lock.json", ".npmrc")], base=folder)
    sources = below(folder, "*", without=NOT_SOURCES)
    built = digest(sources, lock, base=folder)
    packages_stamp = Stamp(folder / "node_modules" / ".nuoxing-stamp")
    built_stamp = Stamp(folder / "dist" / ".nuoxing-stamp")
    if packages_stamp.is_(lock) and built_stamp.is_(built):
        return
    log = paths.logs / "frontend.log"
    builder = node.find(paths.venv, environment.for_setup())
    if not packages_stamp.is_(lock):
        with step(f"front end: packages (npm ci, node {builder.version})"):
            run([*builder.npm, "ci"], cwd=folder, env=builder.env, log=log, error_message="npm ci failed")
        packages_stamp.write(lock)
    with step("front end: build (vite)"):
        built_stamp.clear()
        run([*builder.npm, "run", "build"], cwd=folder, env=builder.env, log=log, error_message="npm run build failed")
    built_stamp.write(built)
