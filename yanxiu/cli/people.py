"""users: who may sign in."""

from __future__ import annotations

import argparse

from yanxiu.cli.options import Verbs, json_option
from yanxiu.cli.output import emit, note
from yanxiu.errors import CannotError
from yanxiu.opening import home_of, open_archive


def register(verbs: Verbs) -> None:
    users = verbs.add_parser("users", help="登录用户：列出、新建、重设密码")
    json_option(users)
    acts = users.add_subparsers(dest="act", required=True, metavar="动作", title="动作")
    listing = acts.add_parser("list", help="列出用户")
    listing.set_defaults(run=run_list)
    add = acts.add_parser("add", help="新建用户，显示一次初始密码")
    add.add_argument("name", metavar="用户名")
    add.add_argument("--school", metavar="学校", help="学校用户；不写则为县教研室用户")
    add.set_defaults(run=run_add)
    password = acts.add_parser("password", help="重设密码，显示一次")
    password.add_argument("name", metavar="用户名")
    password.set_defaults(run=run_password)
    for parser in (listing, add, password):
        json_option(parser)


def run_list(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from archive.models import Profile

    for profile in Profile.objects.select_related("user").order_by("role", "user__username"):
        unit = house.register.units.get(profile.unit_id)
        line = {
            "name": profile.user.get_username(),
            "role": profile.role,
            "role_name": profile.get_role_display(),
            "school": unit.name if unit else None,
        }
        if args.json:
            emit(line)
        else:
            role = f"{line['role_name']}（{line['role']}）"
            print(f"{line['name']}\t{role}\t{line['school'] or ''}")
    return 0


def run_add(args: argparse.Namespace) -> int:
    house = open_archive(home_of(args.home))
    from django.contrib.auth import get_user_model

    from archive.models import Profile
    from web.accounts import issue
    from yanxiu.cli.taking import unit_id

    if get_user_model().objects.filter(username=args.name).exists():
        raise CannotError("user_exists", f"用户「{args.name}」已经存在", "请换一个用户名")
    unit = house.register.units.get(unit_id(house.register, args.school))
    issued = issue(args.name, Profile.SCHOOL if unit else Profile.COUNTY, unit)
    return _show(args, issued.password)


def run_password(args: argparse.Namespace) -> int:
    open_archive(home_of(args.home))
    from django.contrib.auth import get_user_model

    from web.accounts import reissue

    user = get_user_model().objects.filter(username=args.name).first()
    if user is None:
        raise CannotError("user_unknown", f"没有用户「{args.name}」", "请用 yanxiu users list 查看")
    return _show(args, reissue(user, "").password)


def _show(args: argparse.Namespace, password: str) -> int:
    if args.json:
        emit({"name": args.name, "password": password})
    else:
        print(password)
        note(f"以上是「{args.name}」的初始密码，只显示这一次；登录后请修改。")
    return 0
