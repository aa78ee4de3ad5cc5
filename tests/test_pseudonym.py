import pytest

from cxnlp.errors import ConfigError
from cxnlp.pseudonym import Pseudonyms, load_pseudonyms


def test_the_hash_is_hmac_sha256_of_kind_and_id_after_the_id_of_its_key():
    # echo -n 'customer:C1' | openssl dgst -sha256 -hmac 0123456789abcdef
    import hashlib
    import hmac

    key_id = hmac.new(b"0123456789abcdef", b"key id", hashlib.sha256).hexdigest()[:8]
    wanted = hmac.new(b"0123456789abcdef", b"customer:C1", hashlib.sha256).hexdigest()[:32]
    assert Pseudonyms(b"0123456789abcdef").customer_key(" C1 ") == f"k{key_id}-{wanted}"


def test_a_new_key_is_applied_over_the_old_hash():
    old, new = Pseudonyms(b"k" * 16), Pseudonyms(b"k" * 16, (b"l" * 16,))
    assert new.renewed(old.customer_key("C1")) == new.customer_key("C1")
    assert new.renewed(old.key_hash("order", "7")) == new.key_hash("order", "7")
    assert new.renewed(new.customer_key("C1")) == new.customer_key("C1")
    assert old.customer_key("C1") != new.customer_key("C1")


def test_a_hash_under_a_key_that_is_not_known_is_refused():
    with pytest.raises(ConfigError, match="set the key the lake was written with"):
        Pseudonyms(b"k" * 16).renewed(Pseudonyms(b"l" * 16).customer_key("C1"))


def test_later_keys_are_numbered_variables(monkeypatch):
    monkeypatch.setenv("CXNLP_KEY", "first key of the tests")
    monkeypatch.setenv("CXNLP_KEY_2", "second key of the tests")
    assert load_pseudonyms("CXNLP_KEY") == Pseudonyms(b"first key of the tests", (b"second key of the tests",))


def test_another_key_gives_another_hash_and_the_key_is_never_shown():
    one, two = Pseudonyms(b"k" * 16), Pseudonyms(b"l" * 16)
    assert one.customer_key("C1") != two.customer_key("C1")
    assert "kkkk" not in repr(one)


def test_the_key_comes_from_the_environment_or_the_env_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CXNLP_KEY", raising=False)
    (tmp_path / ".env").write_text("OTHER=1\nCXNLP_KEY=from-the-file-0001\n")
    assert load_pseudonyms("CXNLP_KEY") == Pseudonyms(b"from-the-file-0001")
    monkeypatch.setenv("CXNLP_KEY", "from-the-environment")
    assert load_pseudonyms("CXNLP_KEY") == Pseudonyms(b"from-the-environment")


@pytest.mark.parametrize(("value", "told"), [(None, "is not set"), ("short", "has 5 characters")])
def test_a_missing_or_short_key_is_told_with_the_remedy(tmp_path, monkeypatch, value, told):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CXNLP_KEY", raising=False)
    if value:
        monkeypatch.setenv("CXNLP_KEY", value)
    with pytest.raises(ConfigError, match=rf"CXNLP_KEY {told}.*cxnlp init"):
        load_pseudonyms("CXNLP_KEY")
