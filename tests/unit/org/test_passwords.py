"""Which passwords may be used, and that hashes say nothing about who exists."""

import time

import argon2
import pytest

from webapp.core.problems import Problem
from webapp.org import passwords

CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.mark.parametrize(
    "password",
    [
        "short7!",
        "password123",
        "PASSWORD123",
        "12345678",
        "87654321",
        "abcdefgh",
        "qwertyuiop",
        "aaaaaaaa",
        "11223311",
    ]
    + ["woaini1314", "ｐａｓｓｗｏｒｄ", "x" * 129 + "1aB"],
)
def test_a_short_common_or_patterned_password_is_weak(password):
    assert passwords.is_weak(password)


@pytest.mark.parametrize("password", ["prairie-post-1", "草原上的邮递员很忙", "xilin 2026 hot", "a7#Kd02!"])
def test_a_long_uncommon_password_may_be_used(password):
    assert not passwords.is_weak(password, "carrier", "张巴图")


@pytest.mark.parametrize("password", ["150204117", "150204117!", "a150204117b"])
def test_the_own_login_with_a_trimming_is_weak(password):
    assert passwords.is_weak(password, "150204117", "张巴图")
    assert not passwords.is_weak(f"{password}-Steppe", "150204117", "张巴图")


@pytest.mark.parametrize(
    "password",
    [
        "Sunshine1",
        "TRUSTNO1",
        "ｉｌｏｖｅｙｏｕ",
        "dragon123",
        "woaini1314",
        "wangfang@123",
        "ZhangWei1988",
        "lihong19880503",
    ]
    + [
        "5201314520",
        "13804711234",
        "1qaz2wsx3edc",
        "asdf.1234",
        "qazwsxedc",
        "youzheng11185",
        "Neimenggu2026",
    ],
)
def test_what_is_tried_first_is_refused_in_any_spelling(password):
    assert passwords.fault(password) == "common"


@pytest.mark.parametrize(
    "password", ["toucha-demo-2026", "steppe-wind-42", "马奶酒-三月-蓝", "kumis blue March"]
)
def test_words_that_have_nothing_to_do_with_each_other_may_be_used(password):
    assert passwords.fault(password, "carrier", "张巴图") is None


def test_the_longest_password_is_judged_at_once():
    start = time.perf_counter()
    assert passwords.fault("ab1c" * 32) is None
    assert time.perf_counter() - start < 0.5


def test_a_weak_password_is_never_hashed():
    with pytest.raises(Problem, match="weak-password") as refused:
        passwords.hashed("12345678")
    assert refused.value.fields == {"password": "weak"}


def test_a_hash_knows_its_password_and_no_other():
    stored = passwords.hashed("prairie-post-1")
    assert passwords.matches(stored, "prairie-post-1")
    assert not passwords.matches(stored, "prairie-post-2")


def test_nobody_has_no_password_and_takes_as_much_work(monkeypatch):
    asked = []
    real = argon2.PasswordHasher.verify
    monkeypatch.setattr(
        argon2.PasswordHasher, "verify", lambda self, *given: asked.append(1) or real(self, *given)
    )
    assert not passwords.matches(None, "prairie-post-1")
    assert asked == [1]


def test_a_hash_that_cannot_be_read_lets_nobody_in():
    assert not passwords.matches("plain text", "plain text")


def test_a_password_hashed_with_old_parameters_is_hashed_anew():
    renewed = passwords.renewed(CHEAP.hash("prairie-post-1"), "prairie-post-1")
    assert passwords.matches(renewed, "prairie-post-1")
    assert passwords.renewed(renewed, "prairie-post-1") is None


def test_temporary_passwords_are_all_different_and_without_confusable_letters():
    made = {passwords.temporary() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("0O1IL")
    assert all(not passwords.is_weak(word) for word in made)
