"""Reads of access."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q

from duly.access.errors import UserUnknown
from duly.access.models import ApiKey, Approval, Authority, Change, Request, SavedView, User
from duly.access.rules.actors import SHELL, name_in_shell
from duly.access.rules.authority import Limit, authority_in
from duly.access.rules.requests import request_digest
from duly.kernel.proofs import MOST_VIOLATIONS, Proof
from duly.storage.among import among


def users() -> list[User]:
    """Everyone who may sign in, by name."""
    return list(User.objects.order_by("name", "id"))


def user_named(email: str) -> User:
    """The user of an address who may sign in. Refuses: UserUnknown."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise UserUnknown(
            f"Nobody who may sign in has the address {email}.",
            facts={"email": email},
            remedy="Look at `duly user list`.",
        )
    return user


def user_acting(actor: str) -> User | None:
    """Whose name stands under an act, or None: of the worker, or a shell tied to nobody."""
    if actor.startswith(SHELL):
        name = name_in_shell(actor)
        return User.objects.filter(shell_name=name).exclude(shell_name="").first()
    return User.objects.filter(email__iexact=actor).first()


def persons_behind(actors: Collection[str]) -> dict[str, str]:
    """{actor: who that is}: a user of the shell who is tied to a person counts as the person.

    A name that the environment says is tied to nobody: whoever sets it stays who they are.
    """
    names = {one: name_in_shell(one) for one in actors if one.startswith(SHELL)}
    wanted = {*names.values()} - {""}
    rows = User.objects.filter(shell_name__in=wanted) if wanted else User.objects.none()
    tied = dict(rows.values_list("shell_name", "email"))
    return {one: tied.get(names.get(one, ""), one) for one in actors}


def users_of(roles: Collection[str]) -> list[User]:
    """Who may sign in and has one of these roles, by name."""
    return list(User.objects.filter(role__in=list(roles), is_active=True).order_by("name", "id"))


def limits_of(act: str) -> list[Limit]:
    """Up to what amounts roles may do an act, where any is set."""
    rows = Authority.objects.filter(act=act).order_by("role", "currency")
    return [Limit(*row) for row in rows.values_list("role", "currency", "up_to_minor")]


def authority_of(role: str, act: str, currency: str) -> int | None:
    """Minor units up to which a role may do an act; None: any amount, 0: not at all."""
    return authority_in(role, act, currency, limits_of(act))


def authorities() -> list[Authority]:
    """All amounts that are set, by act."""
    return list(Authority.objects.order_by("act", "role", "currency"))


def changes_of_several(records: Mapping[str, Collection[int]], limit: int = 200) -> list[Change]:
    """Changes to records of several nouns ({noun: ids}), newest first."""
    wanted = Q(pk__in=[])
    for noun, ids in records.items():
        wanted |= Q(noun=noun, record_id__in=list(ids))
    return list(Change.objects.filter(wanted).order_by("-id")[:limit])


def changes_by_batch(
    noun: str, batch_id: int, limit: int | None = None
) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """(record id, before, after) of what one import changed, in the order of writing."""
    rows = Change.objects.filter(noun=noun, batch_id=batch_id).order_by("id")
    return list(rows.values_list("record_id", "before", "after")[:limit])


def first_result(key: str) -> dict[str, Any] | None:
    """What the write under a key came to, or None when there was none."""
    return Request.objects.filter(key=key).values_list("result", flat=True).first()


def approvals_of(act: str, limit: int = 50) -> list[Approval]:
    """What was asked for of one sort, newest first: waiting, approved and declined."""
    return list(Approval.objects.filter(act=act).order_by("-id")[:limit])


def changes_by_others(
    noun: str, record_ids: Collection[int], batch_id: int
) -> list[tuple[int, dict[str, Any], dict[str, Any]]]:
    """(record id, before, after) of what came from elsewhere than a batch, in order of writing."""
    rows = Change.objects.filter(noun=noun, record_id__in=among(record_ids))
    rows = rows.filter(~Q(batch_id=batch_id) | Q(batch_id=None))
    return list(rows.order_by("id").values_list("record_id", "before", "after"))


def prove_keys() -> Proof:
    """I9: a key stands for one command, one input and one result, as they were kept."""
    proof = Proof("I9", "A key stands for one input and one result", 0)
    for row in Request.objects.order_by("id").iterator(chunk_size=2000):
        proof.checked += 1
        digest = request_digest(row.key, row.command, row.input_digest, row.result, row.recorded_at)
        if digest != row.digest and len(proof.violations) < MOST_VIOLATIONS:
            proof.violations.append({"key": row.key, "command": row.command})
    return proof


def saved_views(*, place: str, owner: str) -> list[SavedView]:
    """The views of a page that a person has: their own, then those that others share."""
    rows = SavedView.objects.filter(Q(owner=owner) | Q(is_shared=True), place=place)
    return sorted(rows, key=lambda row: (row.owner != owner, row.name.casefold(), row.pk))


def api_keys() -> list[ApiKey]:
    """Every key there is or was, by name."""
    return list(ApiKey.objects.order_by("name", "pk"))
