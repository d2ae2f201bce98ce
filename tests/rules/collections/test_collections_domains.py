"""What SPF, DKIM and DMARC records say of mail sent under a name."""

import base64

import pytest

from duly.collections.rules.domains import check_dkim, check_dmarc, check_returns, check_spf

HOME = "n.example"
SERVER = ["192.0.2.7"]
LONG = base64.b64encode(b"k" * 294).decode()
SHORT = base64.b64encode(b"k" * 162).decode()


def asked(**texts):  # noqa: ANN003, ANN201
    """Records by `name__KIND`, dots as single underscores."""
    known = {
        (name.rpartition("__")[0].replace("_dot_", "."), name.rpartition("__")[2]): found
        for name, found in texts.items()
    }
    return lambda name, kind: known.get((name, kind), [])


def of(*records: str, **more):  # noqa: ANN003, ANN201
    return asked(n_dot_example__TXT=["google=1", *records], **more)


@pytest.mark.parametrize(
    ("records", "state", "said"),
    [
        ([], "wrong", "has no SPF record"),
        (["v=spf1 -all", "v=spf1 mx -all"], "wrong", "2 SPF records"),
        (["v=spf10 -all"], "wrong", "has no SPF record"),
        (["v=spf1 ip4:192.0.2.0/24 -all"], "ok", "names the server"),
        (["v=spf1 ip4:192.0.2.7 ~all"], "ok", "names the server"),
        (["V=SPF1 IP4:192.0.2.7 -ALL"], "ok", "names the server"),
        (["v=spf1 a:mail.n.example -all"], "ok", "names the server"),
        (["v=spf1 mx -all"], "ok", "names the server"),
        (["v=spf1 include:other.example -all"], "ok", "names the server"),
        (["v=spf1 redirect=other.example"], "ok", "names the server"),
        (["v=spf1 -ip4:192.0.2.7 -all"], "warning", "does not name 192.0.2.7"),
        (["v=spf1 ip4:198.51.100.0/24 -all"], "warning", "does not name 192.0.2.7"),
        (["v=spf1 ip4:nonsense a:%{i}.x -all"], "warning", "does not name"),
        (["v=spf1 ip4:192.0.2.7 +all"], "wrong", "lets anybody send"),
        (["v=spf1 all"], "wrong", "lets anybody send"),
        (["v=spf1 include:loop.example -all"], "wrong", "more than 10 look-ups"),
    ],
)
def test_spf(records: list[str], state: str, said: str) -> None:
    ask = of(
        *records,
        n_dot_example__MX=["10 mail.n.example"],
        mail_dot_n_dot_example__A=["192.0.2.7"],
        other_dot_example__TXT=["v=spf1 ip4:192.0.2.7 -all"],
        loop_dot_example__TXT=["v=spf1 include:loop.example -all"],
    )
    told = check_spf(HOME, SERVER, ask)
    assert (told.state, said in told.saw) == (state, True), told
    assert (told.state == "ok") is (told.remedy == "")


def test_spf_where_the_server_is_this_machine() -> None:
    told = check_spf(HOME, [], of("v=spf1 mx -all"))
    assert (told.state, "can't be seen from here" in told.saw) == ("ok", True)


@pytest.mark.parametrize(
    ("selectors", "key", "state"),
    [
        ([], "", "unchecked"),
        (["s1"], f"v=DKIM1; k=rsa; p={LONG}", "ok"),
        (["s1"], f"p={LONG[:100]} {LONG[100:]}", "ok"),
        (["s1"], f"v=DKIM1; p={SHORT}", "warning"),
        (["s1"], "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "ok"),
        (["s1"], "v=DKIM1; p=", "wrong"),
        (["s1"], "v=DKIM1; p=***", "wrong"),
        (["s1"], "nonsense", "wrong"),
        (["s2"], f"v=DKIM1; p={LONG}", "wrong"),
    ],
)
def test_dkim(selectors: list[str], key: str, state: str) -> None:
    def ask(name: str, kind: str) -> list[str]:
        return [key] if (name, kind) == (f"s1._domainkey.{HOME}", "TXT") else []

    assert check_dkim(HOME, selectors, ask).state == state


@pytest.mark.parametrize(
    ("domain", "records", "state"),
    [
        (HOME, {}, "wrong"),
        (HOME, {"_dmarc.n.example": ["v=DMARC1; p=reject"]}, "ok"),
        (HOME, {"_dmarc.n.example": ["v=DMARC1;p=quarantine; rua=mailto:a@b"]}, "ok"),
        (HOME, {"_dmarc.n.example": ["v=DMARC1; p=none"]}, "warning"),
        (HOME, {"_dmarc.n.example": ["v=DMARC1; rua=mailto:a@b"]}, "wrong"),
        (HOME, {"_dmarc.n.example": ["v=DMARC1; p=reject"] * 2}, "wrong"),
        (HOME, {"_dmarc.n.example": ["v=spf1 -all"]}, "wrong"),
        (f"mail.{HOME}", {"_dmarc.n.example": ["v=DMARC1; p=reject; sp=none"]}, "warning"),
        (f"mail.{HOME}", {"_dmarc.n.example": ["v=DMARC1; p=reject"]}, "ok"),
    ],
)
def test_dmarc(domain: str, records: dict[str, list[str]], state: str) -> None:
    told = check_dmarc(domain, lambda name, kind: records.get(name, []))
    assert told.state == state, told


@pytest.mark.parametrize(
    ("mx", "a", "state"),
    [
        (["10 mail.n.example"], [], "ok"),
        (["0 ."], ["192.0.2.7"], "wrong"),
        ([], ["192.0.2.7"], "warning"),
        ([], [], "wrong"),
    ],
)
def test_returned_mail(mx: list[str], a: list[str], state: str) -> None:
    told = check_returns(HOME, lambda name, kind: {"MX": mx, "A": a}.get(kind, []))
    assert told.state == state
