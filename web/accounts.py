"""Accounts: the forms people fill in, one-time passwords, and who may have which account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.db import transaction

from archive.models import Profile
from archive.register import Register, Unit

#: No 0/O, 1/l/I: one-time passwords are read out over the telephone.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
#: 31^10 possibilities, in two groups for reading: 49 bits, and of use only once.
GROUP, GROUPS = 5, 2

#: Failed sign-ins for one name, or from one address, before a pause of PAUSE seconds.
TRIES, TRIES_OF_ADDRESS, PAUSE = 10, 100, 15 * 60


def one_time_password() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


class FirstAccount(forms.Form):
    """The county office's first account."""

    username = forms.CharField(label="用户名", max_length=150, strip=True)
    password = forms.CharField(label="密码", max_length=200, strip=False)
    again = forms.CharField(label="再输一次密码", max_length=200, strip=False)

    def clean(self) -> dict[str, str]:
        data: dict[str, str] = self.cleaned_data
        first, second = data.get("password"), data.get("again")
        if first and second and first != second:
            self.add_error("again", "两次输入的密码不一样，请重新输入")
        if first:
            try:
                validate_password(first, User(username=data.get("username", "")))
            except forms.ValidationError as error:
                self.add_error("password", in_chinese(error))
        return data


class NewPassword(PasswordChangeForm):
    """Changing one's own password, its faults in Chinese."""

    def validate_password_for_user(self, user: User, password_field_name: str = "") -> None:
        name = password_field_name or "new_password2"
        password = self.cleaned_data.get(name)
        if password:
            try:
                validate_password(password, user)
            except forms.ValidationError as error:
                self.add_error(name, in_chinese(error))


#: What Django's password validators say, by their codes: its own catalogue leaves some in English.
PASSWORD_FAULTS = {
    "password_too_short": "密码太短，至少要 %(min_length)d 位",
    "password_too_common": "这是常见密码，容易被人猜到，请换一个",
    "password_entirely_numeric": "密码不能全是数字，请加上汉字或字母",
}


def in_chinese(error: forms.ValidationError) -> list[str]:
    """The sentences of a validator's error."""
    return [
        PASSWORD_FAULTS[one.code] % (one.params or {})
        if one.code in PASSWORD_FAULTS
        else "；".join(one.messages)
        for one in error.error_list
    ]


@dataclass(frozen=True, slots=True)
class Issued:
    """An account with its one-time password, shown once and stored nowhere."""

    username: str
    unit: str
    password: str


def issue(username: str, role: str, unit: Unit | None) -> Issued:
    """A new account whose password must be changed at the first sign-in.
    django.db.IntegrityError when the name is taken."""
    password = one_time_password()
    with transaction.atomic():
        user = User.objects.create_user(username=username, password=password)
        Profile.objects.create(user=user, role=role, unit_id=unit.id if unit else "", one_time=True)
    return Issued(username, unit.name if unit else "", password)


def reissue(user: User, unit_name: str) -> Issued:
    """A new one-time password for an account whose owner forgot theirs; ends its sessions."""
    password = one_time_password()
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        Profile.objects.filter(user=user).update(one_time=True)
    return Issued(user.username, unit_name, password)


def schools_without_account(register: Register) -> list[Unit]:
    served = set(Profile.objects.filter(role=Profile.SCHOOL).values_list("unit_id", flat=True))
    return [school for school in register.schools() if school.id not in served]


# --- brakes on guessing ------------------------------------------------------


def too_many_tries(username: str, address: str) -> bool:
    return (
        int(cache.get(_key("name", username), 0)) >= TRIES
        or int(cache.get(_key("address", address), 0)) >= TRIES_OF_ADDRESS
    )


def count_failure(username: str, address: str) -> None:
    for key in (_key("name", username), _key("address", address)):
        if not cache.add(key, 1, PAUSE):
            cache.incr(key)


def forget_failures(username: str) -> None:
    cache.delete(_key("name", username))


def _key(what: str, value: str) -> str:
    return f"sign-in:{what}:{value.casefold().encode().hex()[:180]}"
