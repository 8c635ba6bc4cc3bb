"""The program does not start on an environment that is missing something or unsafe, and says so in one sentence."""

import base64

import pytest

from config import env

KEY = base64.b64encode(b"k" * 32).decode()
GOOD = {
    "DATABASE_URL": "postgresql://u:p%40ss@/nuoxing?host=/run/pg",
    "NUOXING_SECRET_KEY": "s" * 40,
    "NUOXING_DATA_KEYS": f"1:{KEY},2:{KEY}",
    "NUOXING_BLIND_KEY": KEY,
    "NUOXING_DEMO": "0",
    "NUOXING_DEMO_CLOCK": "0",
    "NUOXING_HOST": "nuoxing.localhost",
    "NUOXING_JURISDICTION": "360000",
}


@pytest.fixture
def environment(monkeypatch):
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_a_whole_environment_is_read_with_its_types(environment):
    read = env.read()
    assert read.NUOXING_DATA_KEYS == {1: KEY, 2: KEY}
    assert env.database(read.DATABASE_URL) == {
        "NAME": "nuoxing",
        "USER": "u",
        "PASSWORD": "p@ss",
        "HOST": "/run/pg",
        "PORT": "",
    }


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", None, "DATABASE_URL: Field required"),
        ("NUOXING_JURISDICTION", None, "NUOXING_JURISDICTION: Field required"),
        ("NUOXING_JURISDICTION", "360100", "NUOXING_JURISDICTION: String should match"),
        ("NUOXING_SECRET_KEY", "short", "at least 32 characters"),
        ("NUOXING_BLIND_KEY", "AAAA", "NUOXING_BLIND_KEY must be 32 bytes"),
        ("NUOXING_DATA_KEYS", "", "NUOXING_DATA_KEYS must hold at least one key"),
        ("NUOXING_DATA_KEYS", "1:AAAA", "NUOXING_DATA_KEYS[1] must be 32 bytes"),
    ],
)
def test_what_is_missing_or_weak_is_named(environment, name, value, words):
    environment.delenv(name) if value is None else environment.setenv(name, value)
    with pytest.raises(env.UnsafeEnvironment) as refused:
        env.read()
    assert words in str(refused.value)


def test_a_stand_in_for_the_ministry_answers_on_a_public_host_only_where_that_is_said(environment):
    assert env.read().NUOXING_STAND_IN_MINISTRY == "off"
    environment.setenv("NUOXING_HOST", "training.example.cn")
    environment.setenv("NUOXING_SCHEME", "https")
    environment.setenv("NUOXING_STAND_IN_MINISTRY", "on")
    with pytest.raises(env.UnsafeEnvironment, match="NUOXING_STAND_IN_MINISTRY=on must not be set for the public host"):
        env.read()
    environment.setenv("NUOXING_STAND_IN_MINISTRY", "on-a-public-host")
    assert env.read().NUOXING_STAND_IN_MINISTRY == "on-a-public-host"
    environment.setenv("NUOXING_SYSTEMS", '{"ministry": "https://ministry.example.cn"}')
    with pytest.raises(env.UnsafeEnvironment, match="exclude each other"):
        env.read()


@pytest.mark.parametrize("flag", ["NUOXING_DEBUG", "NUOXING_DEMO", "NUOXING_DEMO_CLOCK", "NUOXING_SHOW_MESSAGES"])
def test_a_public_host_does_not_start_with_a_switch_of_the_demonstration(environment, flag):
    environment.setenv("NUOXING_HOST", "training.example.cn")
    environment.setenv("NUOXING_SCHEME", "https")
    environment.setenv(flag, "1")
    with pytest.raises(env.UnsafeEnvironment) as refused:
        env.read()
    assert f"{flag} must not be set for the public host" in str(refused.value)


def test_a_public_host_does_not_start_without_the_databases_roles(environment):
    for name, value in (("NUOXING_HOST", "training.example.cn"), ("NUOXING_SCHEME", "https"), ("NUOXING_ROLES", "0")):
        environment.setenv(name, value)
    with pytest.raises(env.UnsafeEnvironment) as refused:
        env.read()
    assert "NUOXING_ROLES must not be switched off for a public host" in str(refused.value)


def test_a_public_host_does_not_start_without_https(environment):
    environment.setenv("NUOXING_HOST", "training.example.cn")
    with pytest.raises(env.UnsafeEnvironment) as refused:
        env.read()
    assert "needs NUOXING_SCHEME=https" in str(refused.value)


def test_the_keyword_form_of_a_database_url_names_the_socket():
    url = "postgresql://postgres@/nuoxing?host=/run/pg"
    assert env.libpq(url) == "dbname=nuoxing user=postgres host=/run/pg"


def test_an_sms_gateway_without_its_keys_is_named(environment):
    environment.setenv("NUOXING_SMS", "aliyun")
    environment.setenv("ALIYUN_ACCESS_KEY_ID", "id")
    with pytest.raises(SystemExit, match="NUOXING_SMS_SIGN, NUOXING_SMS_TEMPLATES, ALIYUN_ACCESS_KEY_SECRET"):
        env.read()
    environment.setenv("NUOXING_SMS_SIGN", "诺星")
    environment.setenv("NUOXING_SMS_TEMPLATES", '{"SMS_1": "验证码${code}"}')
    environment.setenv("ALIYUN_ACCESS_KEY_SECRET", "secret")
    assert env.read().NUOXING_SMS_TEMPLATES == {"SMS_1": "验证码${code}"}
