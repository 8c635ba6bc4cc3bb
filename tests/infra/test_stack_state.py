"""State of the stack: keys, the record of its run, stamps, and the environment of its processes."""

import base64
import stat
from pathlib import Path

import pytest

from infra.stack import environment, health, keys, locking, node, preparation, record
from infra.stack.digests import Stamp, digest
from infra.stack.paths import Paths
from infra.stack.progress import StackError
from infra.stack.record import Part, Run


def test_keys_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"

    first = keys.load(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(base64.b64decode(first["NUOXING_BLIND_KEY"])) == 32
    assert len(base64.b64decode(first["NUOXING_DATA_KEYS"].removeprefix("1:"))) == 32
    assert keys.load(path) == first


def test_a_key_added_later_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    keys.write(path, {"NUOXING_BLIND_KEY": "old"})

    loaded = keys.load(path)

    assert loaded["NUOXING_BLIND_KEY"] == "old"
    assert set(loaded) == set(keys.KINDS)


def test_a_broken_key_file_is_refused_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    path.write_text("half a li", encoding="ascii")

    with pytest.raises(StackError):
        keys.load(path)

    assert path.read_text(encoding="ascii") == "half a li"


def test_the_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    run = Run(Part(1, "2", grace=60.0), "running", 8000, 8001, True, "h", "postgresql:///x", {"web": Part(3, "4")})

    run.write(path)

    assert record.read(path) == run
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"supervisor": null}', '{"supervisor": null, "parts": {}, "new": 1}']
)
def test_a_record_that_cannot_be_understood_is_an_empty_one(tmp_path: Path, content: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(content, encoding="utf-8")

    assert record.read(path) == Run()


def test_a_digest_changes_with_a_content_a_name_and_a_further_word(tmp_path: Path) -> None:
    one = tmp_path / "one"
    one.write_text("1", encoding="utf-8")
    first = digest([one], base=tmp_path)

    assert digest([one], base=tmp_path) == first
    assert digest([one], "x", base=tmp_path) != first
    assert digest([one.rename(tmp_path / "two")], base=tmp_path) != first
    assert digest([one], base=tmp_path) != first


def test_a_stamp_is_nothing_until_it_is_written(tmp_path: Path) -> None:
    stamp = Stamp(tmp_path / "deep" / "stamp")
    assert stamp.read() == ""
    stamp.write("value")
    assert stamp.is_("value")
    stamp.clear()
    assert not stamp.is_("value")


def test_a_lock_is_held_by_one_and_shared_by_many(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not locking.is_held(path)
    with locking.locked(path):
        assert locking.is_held(path)
        assert locking.try_lock(path) is None
    assert not locking.is_held(path)

    one, two = locking.try_lock(path, shared=True), locking.try_lock(path, shared=True)
    assert one is not None
    assert two is not None
    one.close()
    two.close()


def test_a_persons_settings_win_over_the_stacks(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path)
    run = Run(port=8000, fakes_port=9000, demo=True, database_url="postgresql:///x")

    env = environment.for_stack(paths, run, {"NUOXING_SECRET_KEY": "mine", "PYTHONPATH": "/x", "HOME": "/h"})

    assert env["NUOXING_SECRET_KEY"] == "mine"
    assert env["HOME"] == "/h"
    assert "PYTHONPATH" not in env
    assert env["DATABASE_URL"] == "postgresql:///x"
    assert env["NUOXING_DEMO"] == env["NUOXING_DEMO_CLOCK"] == "1"
    assert env["STRIPE_API_BASE"] == env["NUOXING_FAKES_URL"] == "http://127.0.0.1:9000"
    assert env["STRIPE_WEBHOOK_SECRET"].startswith("whsec_")


def test_a_real_stripe_key_is_not_sent_to_the_stand_in(tmp_path: Path) -> None:
    run = Run(fakes_port=9000, demo=True)

    env = environment.for_stack(Paths(tmp_path, tmp_path), run, {"STRIPE_SECRET_KEY": "sk_real"})

    assert env["STRIPE_SECRET_KEY"] == "sk_real"
    assert "STRIPE_API_BASE" not in env


def test_without_the_demonstration_no_flag_of_it_is_set(tmp_path: Path) -> None:
    env = environment.for_stack(Paths(tmp_path, tmp_path), Run(fakes_port=9000), {})

    assert not {"NUOXING_DEMO", "NUOXING_DEMO_CLOCK", "NUOXING_FAKES_URL", "STRIPE_API_BASE"} & set(env)


@pytest.mark.parametrize(
    ("host", "given", "shown"),
    [
        ("nuoxing.localhost", {}, True),
        ("nuoxing.localhost", {"EMAIL_URL": "smtp://mail.example"}, False),
        ("nuoxing.localhost", {"NUOXING_SMS": "aliyun"}, False),
        ("training.example.cn", {}, False),
    ],
)
def test_where_nobody_carries_messages_and_nobody_else_comes_they_are_shown(
    host: str, given: dict[str, str], shown: bool
) -> None:
    env = environment.for_trying_out(given, Run(host=host))

    assert env["NUOXING_SHOW_MESSAGES"] == ("1" if shown else "0")


@pytest.mark.parametrize(
    ("version", "good"),
    [("v20.20.2", True), ("v20.19.0", True), ("v20.18.9", False), ("v18.20.0", False), ("v21.7.0", False),
     ("v22.11.0", False), ("v22.12.0", True), ("v24.1.0", True), ("", False), ("nonsense", False)],
)  # fmt: skip
def test_node_is_new_enough_for_vite(version: str, good: bool) -> None:
    assert node.is_new_enough(version) is good


def test_a_heartbeat_is_judged_by_its_age() -> None:
    fresh = health.judge('a warning\n{"worker": 1.5, "beat": 600}\n')
    assert (fresh["worker"].ok, fresh["beat"].ok) == (True, False)

    silent = health.judge('{"worker": null}')
    assert (silent["worker"].ok, silent["beat"].ok) == (False, False)
    assert health.judge("")["worker"].detail == "has not reported yet"


def test_pages_that_nobody_serves_are_not_well() -> None:
    assert not health.pages(1, "nuoxing.localhost").ok


def test_a_table_of_chinese_and_english_is_aligned() -> None:
    text = preparation.render(
        {"Sign-ins": [{"role": "学员", "account": "a"}, {"role": "clerk", "account": "bb"}], "x": []}
    )

    assert text == "Sign-ins\n  role   account\n  学员   a\n  clerk  bb"
