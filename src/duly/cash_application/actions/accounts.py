"""Bank accounts: opened when a file first tells of one, and their numbers said to be of one."""

from datetime import datetime

from duly.access.actions import Author, record_changes
from duly.cash_application.errors import AccountsBothUsed, BankAccountUnknown
from duly.cash_application.models import BankAccount, BankLine
from duly.cash_application.rules.statements import Opened
from duly.ledger.actions import Recorder
from duly.storage.writing import whole


def open_account(
    *, recorder: Recorder, entity_id: int, head: Opened, same_as_id: int | None = None
) -> BankAccount:
    """Open the account that a statement is of, or keep another number of one that is known."""
    return BankAccount.objects.create(
        entity_id=entity_id,
        batch_id=recorder.batch_id,
        number=head.account[:64],
        currency=head.currency,
        bank=head.bank[:64],
        owner=head.owner[:200],
        same_as_id=same_as_id,
    )


@whole()
def join_accounts(
    *, entity_id: int, numbers: tuple[str, str], actor: str, at: datetime
) -> list[BankAccount]:
    """Say that two numbers are of one account, in each currency that both have; return the others.

    Lines told so far stay where they are: of two, the one that has lines is the account.
    Refuses: BankAccountUnknown; AccountsBothUsed where both have lines that stand.
    """
    rows = BankAccount.objects.select_for_update().filter(entity_id=entity_id, number__in=numbers)
    by_currency: dict[str, dict[str, BankAccount]] = {}
    for row in rows:
        by_currency.setdefault(row.currency, {})[row.number] = row
    pairs = [found for found in by_currency.values() if len(found) == len(set(numbers)) == 2]
    if not pairs:
        raise BankAccountUnknown(
            f"{numbers[0]} and {numbers[1]} are no two bank accounts of one currency.",
            facts={"numbers": list(numbers)},
            remedy="Look at `duly bank accounts`; a number is known once a file told of it.",
        )
    joined = []
    for found in pairs:
        first, second = (found[number] for number in numbers)
        account, other = (second, first) if _has_lines(second) else (first, second)
        if _has_lines(other):
            raise AccountsBothUsed(
                f"Lines of both {first.number} and {second.number} are in the books: money that "
                "both told would stay twice.",
                facts={"numbers": list(numbers), "currency": account.currency},
                remedy="Take the imports of one of them back (duly import --revert BATCH), say "
                "that they are one, and import those files again.",
            )
        joined.append(_say(other, account.same_as_id or account.pk, Author(actor, at)))
    return joined


@whole()
def part_accounts(*, entity_id: int, number: str, actor: str, at: datetime) -> list[BankAccount]:
    """Say that a number is of an account of its own after all; what it told so far stays.

    Refuses: BankAccountUnknown where it is another's nowhere.
    """
    rows = BankAccount.objects.select_for_update().filter(
        entity_id=entity_id, number=number, same_as_id__isnull=False
    )
    found = [_say(row, None, Author(actor, at)) for row in rows]
    if not found:
        raise BankAccountUnknown(
            f"{number} is no other number of an account.",
            facts={"number": number},
            remedy="Look at `duly bank accounts`.",
        )
    return found


def _has_lines(account: BankAccount) -> bool:
    return BankLine.objects.filter(account_id=account.pk, is_void=False).exists()


def _say(row: BankAccount, same_as_id: int | None, author: Author) -> BankAccount:
    before = {"same_as_id": row.same_as_id}
    row.same_as_id, row.same_said_by = same_as_id, author.actor if same_as_id else ""
    row.save(update_fields=["same_as_id", "same_said_by"])
    record_changes(
        noun="bank account",
        changes=[(row.pk, before, {"same_as_id": same_as_id})],
        author=author,
    )
    return row
