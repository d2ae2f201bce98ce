"""Take in what banks tell: each line once, money in as payments, statements as they follow."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from duly.cash_application.actions import (
    LineDraft,
    NoticedDraft,
    StatementDraft,
    book_lines,
    keep_statements,
    open_account,
    reserve_statements,
    set_aside_by_kind,
)
from duly.cash_application.queries import (
    accounts_of,
    holders_of,
    known_lines,
    sources_of,
    statements_of,
)
from duly.cash_application.rules.accounts import is_one_account, may_be_one_account
from duly.cash_application.rules.lines import (
    MONEY_IN,
    Occurrences,
    StatementFacts,
    gap_before,
    identity_of,
    is_known_everywhere,
    undoings_of,
    undone_by,
)
from duly.cash_application.rules.returning import Undoing
from duly.cash_application.rules.statements import (
    Balance,
    Closed,
    Entry,
    Noticed,
    Opened,
)
from duly.intake.actions.bank_formats import OtherFormats
from duly.intake.actions.bank_notices import Notices
from duly.intake.actions.returned import return_what_came_back
from duly.intake.actions.taking import Taking
from duly.intake.rules.reading import MOST_MINOR, Reading
from duly.kernel.currencies import EXPONENTS, exponent
from duly.kernel.errors import Problem
from duly.kernel.money import text_from_minor
from duly.receivables.queries import payments_alike


@dataclass(slots=True)
class _Statement:
    """A statement that is being read; `id` is the one that it has if it is kept."""

    id: int
    account_id: int
    head: Opened
    closing: Balance | None = None
    line_count: int = 0
    new_count: int = 0

    @property
    def facts(self) -> StatementFacts:
        """What it says of itself."""
        head, opening, closing = self.head, self.head.opening, self.closing
        return StatementFacts(
            head.kind,
            head.number[:64],
            opening.on if opening else None,
            opening.minor if opening else None,
            closing.on if closing else None,
            closing.minor if closing else None,
        )


def _posts(entry: Entry) -> bool:
    """Tell whether a line moves an account of the books."""
    return entry.minor > 0 or undone_by(entry) == MONEY_IN


class BankTaker:
    """Books the lines that are new, and keeps the statements that tell them.

    A file that does not add up is unfit as a whole: nothing of it can be taken.
    """

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._accounts = accounts_of(taking.entity.pk)
        self._told: dict[int, list[StatementFacts]] = {}
        self._counts: defaultdict[int, Occurrences] = defaultdict(Occurrences)
        self._open: _Statement | None = None  # that of the block before, if it goes on
        self._undoings: list[tuple[int, Undoing]] = []  # lines that take money back
        self._noticed: list[tuple[int, NoticedDraft]] = []  # of the block, with their statements
        self._notices = Notices(taking)
        self._formats = OtherFormats(taking.preset)
        self._kinds: Counter[str] = Counter()  # set aside, by what the banks' codes say
        self._alike = 0  # lines whose money another file may have told before

    def take(self, reading: Reading) -> None:
        """Book the new lines of one block."""
        outcome = self._taking.outcome
        outcome.is_unfit |= bool(reading.problems)
        drafts: dict[int, LineDraft] = {}
        ended: list[_Statement] = []
        statements = {one.id: one for one in self._walk(reading, drafts, ended)}
        known = known_lines({(one.account_id, one.identity) for one in drafts.values()})
        fresh: list[int] = []
        same: dict[int, int] = {}  # row: the batch that wrote its line
        for row, draft in drafts.items():
            key = (draft.account_id, draft.identity, draft.occurrence)
            if key in known:
                same[row] = known[key]
            else:
                fresh.append(row)
            known.setdefault(key, self._taking.recorder.batch_id)
        otherwise = self._formats.told(drafts, same=same, fresh=fresh)
        fresh = [row for row in fresh if row not in otherwise]
        posted = [row for row in fresh if _posts(drafts[row].entry)]
        self._notices.fill(drafts, fresh)
        shut = set(posted).difference(self._taking.open_rows(reading, posted, "booked_on"))
        fresh = [row for row in fresh if row not in shut]
        for row in fresh:
            statements[drafts[row].statement_id].new_count += 1
        if not outcome.is_unfit:
            self._book([drafts[row] for row in fresh])
            for statement_id, count in self._notices.take(self._noticed).items():
                statements[statement_id].line_count += count
                statements[statement_id].new_count += count
            self._keep(ended)
        self._noticed.clear()
        amounts = {row: (one.entry.currency, one.entry.minor) for row, one in drafts.items()}
        outcome.add_control(list(amounts.values()))
        outcome.add_written([amounts[row] for row in fresh])
        outcome.plan_rows(reading.columns, fresh)
        self._taking.sort_rows(reading.row, new=fresh, same=sorted({*same, *otherwise}))
        self._taking.close_block(reading)

    def finish(self) -> None:
        """Keep the statement that the file ends in, if it never closed; return what came back."""
        if self._open is not None and not self._taking.outcome.is_unfit:
            self._keep([self._open])
        if self._undoings and not self._taking.outcome.is_unfit:
            return_what_came_back(self._taking, self._undoings)
        for formats, number in self._formats.counts.items():
            lines = "1 line was" if number == 1 else f"{number:,} lines were"
            self._taking.outcome.notes.append(
                f"{lines} told by a file of another format ({formats}), under another reference: "
                "each is there once."
            )
        for says, number in sorted(self._kinds.items()):
            payments = "1 payment is" if number == 1 else f"{number:,} payments are"
            self._taking.outcome.notes.append(
                f"{payments} set aside as no receivable, by the bank's code: {says}."
            )
        if self._formats.moved:
            moved = self._formats.moved
            lines = "1 line was" if moved == 1 else f"{moved:,} lines were"
            self._taking.outcome.notes.append(
                f"{lines} booked on another day by a file of another format: each is there once."
            )
        if self._alike:
            lines = "1 line brings" if self._alike == 1 else f"{self._alike:,} lines bring"
            self._taking.outcome.notes.append(
                f"{lines} an amount that a payment of the same day, from another kind of file, has "
                "already. If it is the same money it would count twice: take the import of those "
                "payments back first."
            )

    def _walk(
        self, reading: Reading, drafts: dict[int, LineDraft], ended: list[_Statement]
    ) -> Iterator[_Statement]:
        """The statements of a block; their lines and those of them that end are filled in."""
        heads = sum(type(event) is Opened for event in reading.events)
        # The id of a statement that goes on is not written yet, and so may be given again.
        spare = 1 if self._open else 0
        ids = iter(reserve_statements(heads + spare if heads else 0)[spare:])
        if self._open is not None:
            yield self._open
        row = -1
        for event in reading.events:
            if type(event) is Entry:
                row += 1
                draft = self._line(reading, row, event)
                if draft is not None:
                    drafts[row] = draft
            elif isinstance(event, Noticed):
                self._take_noticed(event.entry)
            elif isinstance(event, Opened):
                if self._open is not None:
                    ended.append(self._open)
                self._open = self._begin(reading, next(ids), event)
                if self._open is not None:
                    yield self._open
            elif isinstance(event, Closed) and self._open is not None:
                self._end(reading, self._open, event)
                ended.append(self._open)
                self._open = None

    def _take_noticed(self, entry: Entry) -> None:
        """Take down a batch entry that a notice tells with its payments."""
        statement = self._open
        if statement is not None and entry.currency in EXPONENTS and entry.minor <= MOST_MINOR:
            on = entry.booked_on or entry.value_on
            self._noticed.append((statement.id, NoticedDraft(statement.account_id, on, entry)))

    def _begin(self, reading: Reading, id_: int, head: Opened) -> _Statement | None:
        """Begin a statement; None where nobody can say of which account."""
        if not head.account or head.currency not in EXPONENTS:
            return None
        self._refuse_huge(reading, head.place, head.opening)
        key = (head.account[:64], head.currency)
        if key not in self._accounts:
            self._refuse_elsewhere(reading, head)
            self._open_account(head, key)
        account_id = self._accounts[key]
        if account_id not in self._told:
            self._told[account_id] = statements_of(account_id)
        self._counts[account_id].open(head)
        self._note_gap(head, self._told[account_id])
        return _Statement(id_, account_id, head)

    def _open_account(self, head: Opened, key: tuple[str, str]) -> None:
        """Open an account, or keep the number as another of one that is known."""
        number, currency = key
        known = {told: pk for (told, of), pk in self._accounts.items() if of == currency}
        found = {pk: told for told, pk in known.items() if is_one_account(told, number)}
        same_as_id, name = found.popitem() if len(found) == 1 else (None, "")
        account = open_account(
            recorder=self._taking.recorder,
            entity_id=self._taking.entity.pk,
            head=head,
            same_as_id=same_as_id,
        )
        self._accounts[key] = same_as_id or account.pk
        self._taking.outcome.plan("account", [*key, same_as_id or 0])
        told = f"{number} in {currency} is an account that was not known: it is opened."
        if same_as_id is not None:
            told = f"{number} is the account {name}: its lines count once, whichever tells them."
        else:
            maybe = sorted(one for one in known if may_be_one_account(one, number))
            if maybe:
                told += (
                    f" It may be {' or '.join(maybe)}: if so, take this import back and say it "
                    f"first (duly bank account same {maybe[0]} {number}), or money counts twice."
                )
        self._taking.outcome.notes.append(told)

    def _line(self, reading: Reading, row: int, entry: Entry) -> LineDraft | None:
        """A booked line; None where it can't be taken, and what is wrong is told."""
        on = entry.booked_on or entry.value_on
        if on is None:
            reading.refuse(row, "VALUE_MISSING", "booked_on is empty.", "Ask the bank for the day.")
        elif not entry.currency:
            pass  # the statement names none: told of it, not of each line
        elif entry.currency not in EXPONENTS:
            reading.refuse(
                row,
                "UNKNOWN_CURRENCY",
                f"currency: {entry.currency[:20]!r} is no currency of ISO 4217.",
                "Ask the bank for the file again.",
            )
        elif max(abs(entry.minor), abs(entry.charges_minor)) > MOST_MINOR:
            most = text_from_minor(MOST_MINOR, exponent(entry.currency))
            reading.refuse(
                row,
                "AMOUNT_TOO_LARGE",
                f"amount: it is more than {most}, the most that one amount may be.",
                "Ask the bank for the file again.",
            )
        elif self._open is not None:
            return self._draft(self._open, on, entry)
        return None

    def _draft(self, statement: _Statement, on: date, entry: Entry) -> LineDraft:
        statement.line_count += 1
        identity, account_id = identity_of(entry, on), statement.account_id
        occurrence = self._counts[account_id].count(identity)
        return LineDraft(statement.id, account_id, identity, occurrence, on, entry)

    def _end(self, reading: Reading, statement: _Statement, foot: Closed) -> None:
        self._refuse_huge(reading, foot.place, foot.closing)
        statement.closing = foot.closing
        self._counts[statement.account_id].close(foot.closing.minor if foot.closing else None)

    def _book(self, lines: list[LineDraft]) -> None:
        self._count_alike(lines)
        ids = book_lines(
            recorder=self._taking.recorder, entity_id=self._taking.entity.pk, lines=lines
        )
        codes = {id_: one.entry.code for id_, one in zip(ids, lines, strict=True)
                 if one.entry.minor > 0 and one.entry.code}  # fmt: skip
        self._kinds += Counter(
            set_aside_by_kind(
                entity_id=self._taking.entity.pk, codes=codes, author=self._taking.recorder.author
            )
            if codes
            else {}
        )
        for id_, line in zip(ids, lines, strict=True):
            undoings = undoings_of(line.entry, line.booked_on)
            self._undoings += [(id_, undoing) for undoing in undoings]

    def _count_alike(self, lines: list[LineDraft]) -> None:
        """Count lines whose money a payments file may have brought before."""
        money = [(one.entry.currency, one.entry.minor, one.booked_on) for one in lines]
        alike = payments_alike(self._taking.entity.pk, {one for one in money if one[1] > 0})
        told = {alike[id_] for id_ in alike.keys() - sources_of(alike.keys()).keys()}
        self._alike += sum(one in told for one in money)

    def _keep(self, statements: list[_Statement]) -> None:
        """Keep statements, but for those told before that brought nothing."""
        outcome = self._taking.outcome
        kept = []
        for one in statements:
            told = self._told[one.account_id]
            if one.facts in told and not one.new_count:
                continue
            told.append(one.facts)
            kept.append(
                StatementDraft(
                    one.id,
                    one.account_id,
                    *one.facts,
                    one.line_count,
                    one.new_count,
                    self._taking.sha256,
                )
            )
        keep_statements(recorder=self._taking.recorder, statements=kept)
        outcome.plan("statements", [[*map(str, one[2:])] for one in kept])

    def _note_gap(self, head: Opened, told: list[StatementFacts]) -> None:
        """Tell where a statement does not go on from the one before it."""
        before = gap_before(head, told)
        if before is None or head.opening is None:
            return
        decimals = exponent(head.currency)
        self._taking.outcome.notes.append(
            f"Statement {head.number} of {head.account} opens with "
            f"{text_from_minor(head.opening.minor, decimals)} {head.currency}; the one before it, "
            f"of {before.closed_on}, closed with "
            f"{text_from_minor(before.closing_minor or 0, decimals)}: one between may be missing."
        )

    def _refuse_elsewhere(self, reading: Reading, head: Opened) -> None:
        """An account that is one the world over belongs to one entity."""
        if not is_known_everywhere(head.account):
            return
        if holders_of(head.account[:64], besides=self._taking.entity.pk):
            self._unfit(
                reading,
                head.place,
                "ACCOUNT_ELSEWHERE",
                f"{head.account} is an account of another company here.",
                "Import the file there: name it with --entity.",
            )

    def _refuse_huge(self, reading: Reading, place: str, balance: Balance | None) -> None:
        if balance is not None and abs(balance.minor) > MOST_MINOR:
            self._unfit(
                reading,
                place,
                "AMOUNT_TOO_LARGE",
                "Its balance is more than any account holds.",
                "Ask the bank for the file again.",
            )

    def _unfit(self, reading: Reading, place: str, code: str, message: str, remedy: str) -> None:
        self._taking.outcome.is_unfit = True
        reading.problems.append(Problem(place, code, message, remedy))
