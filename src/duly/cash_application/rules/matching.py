"""The proposal for a payment: who paid, what for, how sure that is, and what speaks against it.

Rule: applied unattended is only what one customer's items explain in one way, with a confidence
that policy asks for, and that the written list does not forbid. Money of a known customer that is
said to be on account, or is paid a second time, goes on their account.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from duly.cash_application.policy import MatchingPolicy
from duly.cash_application.rules import never
from duly.cash_application.rules.book import Book
from duly.cash_application.rules.confidence import confidence_of, sure_of
from duly.cash_application.rules.explaining import explain, reading_of
from duly.cash_application.rules.explanation import ADVISED, GUESS, NAMED, SUM, Explanation
from duly.cash_application.rules.facts import BankPayment, Customer, OpenItem, PastPayment
from duly.cash_application.rules.mentions import FULL, TYPO
from duly.cash_application.rules.never import Past
from duly.cash_application.rules.payers import NOBODY, Directory, Payer
from duly.cash_application.rules.plain import alone, plainly
from duly.cash_application.rules.residuals import DISCOUNT, EXACT, UNEARNED, Line, Terms
from duly.cash_application.rules.texts import Text, form_of
from duly.cash_application.rules.wording import against, because, without_items
from duly.kernel.collector import without_collector

AUTO, SUGGEST, NONE = "auto", "suggest", "none"
ON_ACCOUNT, REPEATED = "on_account", "repeated"
PLAIN, SUMMED = f"{NAMED}/{FULL}/{EXACT}", f"{SUM}//{EXACT}"
_DOUBTED = Decimal("0.5")
_ROUND_MINOR = 10_000


class Proposal(NamedTuple):
    """What to do with a payment.

    `decision`: AUTO may be done unattended, SUGGEST waits for a person, NONE has nothing to say.
    `lines` with reason "settled" are cash; with `on_account` they are at most the amount.
    `unique`: no other open items of this payer explain the payment as well, what its text names
    counted. `way` tells by what it was found. `because` and `against` are words, made when read.
    """

    payment: BankPayment
    decision: str
    customer: Customer | None = None
    lines: tuple[Line, ...] = ()
    on_account: int = 0
    confidence: Decimal = Decimal(0)
    unique: bool = False
    way: str = ""
    refused: tuple[str, ...] = ()
    payer: Payer = NOBODY
    chosen: Explanation | None = None
    rivals: int = 0  # other customers whose items explain it

    @property
    def because(self) -> tuple[str, ...]:
        """Why: in words, the payer first."""
        if self.chosen is not None:
            return because(self.payment, self.payer, self.chosen)
        return without_items(self.customer, is_again=self.way == REPEATED)

    @property
    def against(self) -> tuple[str, ...]:
        """What speaks against it: in words."""
        if self.chosen is None:
            told = tuple(never.WORDS[code] for code in self.refused)
        else:
            told = against(self.payment, self.chosen, self.refused, rivals=self.rivals)
        return told

    @property
    def is_unearned(self) -> bool:
        """Whether discounts were taken, some of them too late."""
        return self.chosen is not None and self.chosen.fit.kind == UNEARNED

    @property
    def let_go(self) -> tuple[tuple[int, int], ...]:
        """What each line takes off its item: (item, minor)."""
        return tuple([(line.item_id, line.minor) for line in self.lines])


def propose(
    payment: BankPayment,
    directory: Directory,
    book: Book,
    past: Past | Sequence[PastPayment],
    policy: MatchingPolicy,
) -> Proposal:
    """What to do with one payment, given what is open and what came in just before."""
    payer = directory.identify(payment)
    before = past if isinstance(past, Past) else Past(past)
    repeated = before.earlier(payment, policy)
    if payer.customer is not None and not (payment.advised or payment.may_be_advised):
        for at_once in (plainly, alone):
            plain = at_once(payment, payer.customer, directory, book)
            if plain is not None:
                return _judged(payment, payer, plain, repeated, policy)
    return searched(payment, payer, directory, book, repeated, policy)


def _judged(
    payment: BankPayment,
    payer: Payer,
    plain: Explanation,
    repeated: PastPayment | None,
    policy: MatchingPolicy,
) -> Proposal:
    """Of what was found at once: nothing can explain the payment as well."""
    refused = never.refusals(payment, plain.customer, repeated, ())
    confidence = sure_of(plain.way)
    is_auto = not refused and policy.auto_from <= confidence
    return Proposal(
        payment,
        AUTO if is_auto else SUGGEST,
        plain.customer,
        plain.fit.lines,
        0,
        _DOUBTED if refused else confidence,
        True,
        PLAIN if plain.way == NAMED else SUMMED,
        refused,
        payer,
        plain,
    )


def searched(
    payment: BankPayment,
    payer: Payer,
    directory: Directory,
    book: Book,
    repeated: PastPayment | None,
    policy: MatchingPolicy,
) -> Proposal:
    """By reading and searching the items of each customer who may have paid."""
    found = [
        (one, confidence_of(one, payer, policy))
        for one in explanations(payment, payer, directory, book, policy)
    ]
    certain = [one for one in found if one[0].is_unique and one[1] >= policy.auto_from]
    is_again = repeated is not None and (not found or never.names_paid(payment, repeated))
    if not found or is_again or (found[0][0].way == GUESS and repeated):
        return _without_items(payment, payer, directory, book, repeated)
    chosen, confidence = certain[0] if len(certain) == 1 else max(found, key=_merit)
    foreign = _foreign(payment, chosen, directory, book)
    refused = never.refusals(payment, chosen.customer, repeated, foreign)
    if payment.is_advice_loose and chosen.way == ADVISED and payer.customer is None:
        refused = (*refused, never.HEARSAY)
    if payment.may_be_advised and chosen.way == SUM:
        refused = (*refused, never.AWAITED)
    is_auto = len(certain) == 1 and not refused
    if refused or len(certain) > 1:
        confidence = min(confidence, _DOUBTED)
    return Proposal(
        payment,
        AUTO if is_auto else SUGGEST,
        chosen.customer,
        chosen.fit.lines,
        payment.minor - chosen.cash,
        confidence,
        chosen.is_unique and len(certain) <= 1,
        f"{chosen.way}/{chosen.how}/{chosen.fit.kind}",
        refused,
        payer,
        chosen,
        len(found) - 1,
    )


def run(
    payments: Iterable[BankPayment],
    directory: Directory,
    book: Book,
    past: Iterable[PastPayment],
    policy: MatchingPolicy,
    later: Iterable[OpenItem] = (),
) -> list[Proposal]:
    """Proposals for many payments, in order of their days.

    What is applied unattended is no longer open for the next, and each payment is one that came in
    just before it. Items `later` than the book come into it on the day of their issue: money that
    came in before can't be meant for them, unless it names them. The book is changed.
    """
    with without_collector():
        return _run(payments, directory, book, past, policy, later)


def _run(
    payments: Iterable[BankPayment],
    directory: Directory,
    book: Book,
    past: Iterable[PastPayment],
    policy: MatchingPolicy,
    later: Iterable[OpenItem],
) -> list[Proposal]:
    before = Past(past)
    coming = sorted(later, key=attrgetter("issued_on"))
    days, here, day = [item.issued_on for item in coming], 0, date.min
    in_order = sorted(payments, key=attrgetter("received_on", "id"))
    times = Counter([(one.minor, one.currency) for one in in_order])
    found = []
    for payment in in_order:
        if payment.received_on > day:
            day = payment.received_on
            come = bisect_right(days, day, here)
            book.put_all(coming[here:come])
            here = come
        may_recur = times[payment.minor, payment.currency] > 1
        proposal = propose(payment, directory, book, before, policy)
        if proposal.decision == AUTO:
            book.applied(proposal.let_go)
        if may_recur:
            before.add(as_past(payment, proposal.customer))
        found.append(proposal)
    book.put_all(coming[here:])
    return [_named_since(one, directory, book, policy) for one in found] if later else found


def _named_since(
    proposal: Proposal, directory: Directory, book: Book, policy: MatchingPolicy
) -> Proposal:
    """Of money that nothing explained for sure when it came in: what it names was issued since."""
    is_settled = proposal.decision == AUTO or proposal.refused or proposal.way == REPEATED
    if is_settled or not proposal.payment.text or _is_silent(proposal, directory, book):
        return proposal
    again = propose(proposal.payment, directory, book, (), policy)
    if again.decision != AUTO or again.way.split("/")[0] not in (NAMED, ADVISED):
        return proposal
    book.applied(again.let_go)
    return again


def _is_silent(proposal: Proposal, directory: Directory, book: Book) -> bool:
    """A known payer's text names nothing of theirs still."""
    payment, customer = proposal.payment, proposal.payer.customer
    if customer is None or payment.advised:
        return False
    ids = [one.id for one in directory.family(customer)]
    text, digits = f"{payment.text} {payment.reference}", form_of(customer.code).bare
    return book.is_silent(text, book.all_of(ids, payment.currency), digits)


def as_past(payment: BankPayment, customer: Customer | None) -> PastPayment:
    """A payment as those after it see it."""
    return PastPayment(
        payment.received_on,
        payment.minor,
        payment.currency,
        customer.id if customer else None,
        payment.text,
        payment.name,
        payment.account,
    )


def _merit(one: tuple[Explanation, Decimal]) -> tuple[bool, Decimal]:
    return one[0].way != GUESS, one[1]


def explanations(
    payment: BankPayment, payer: Payer, directory: Directory, book: Book, policy: MatchingPolicy
) -> list[Explanation]:
    """One for each customer who may have paid and whose items have to do with it."""
    customers = payer.possible
    if payer.customer is None:
        owners = {item.customer_id for item in _pointed_at(payment, book)}
        known = {one.id for one in customers}
        customers += tuple(
            directory.by_id[n] for n in sorted(owners - known) if n in directory.by_id
        )
    found = []
    for customer in customers:
        terms = Terms(payment.received_on, policy, customer.pays_from_abroad)
        one = explain(payment, customer, directory.family(customer), book, terms)
        if one and one.way == SUM and customer not in payer.possible:
            chance = max(one.chance_ppm, book.coincidence_ppm(payment.minor))
            one = one._replace(chance_ppm=chance)
        if one:
            found.append(one)
    return found


def _pointed_at(payment: BankPayment, book: Book) -> list[OpenItem]:
    """Items of whomever that a text names, in full or by their end, or open to the amount."""
    return [
        *(i for line in payment.advised for i in book.named_in(line.number, payment.currency)),
        *book.named_in(payment.text, payment.currency),
        *book.ending_in(payment.text, payment.currency),
        *book.open_to(payment.minor, payment.currency),
    ]


def _foreign(
    payment: BankPayment, chosen: Explanation, directory: Directory, book: Book
) -> list[OpenItem]:
    """Items of others, or of another currency, that the text names where none of theirs is named.

    A number with a sign wrong that is whole somebody else's counts as theirs, if the money is to
    the cent what they owe and not what the other does. One that only ends, or is a part of, a whole
    number of somebody else does not.
    """
    family = {one.id for one in directory.family(chosen.customer)}
    named = [
        item
        for item in book.named_in(payment.text)
        if item.customer_id not in family or item.currency != payment.currency
    ]
    if not named:
        return []
    is_loose = chosen.fit.kind not in (EXACT, DISCOUNT)
    text = Text(f"{payment.text} {payment.reference}").squeezed
    places = [(text[m.start : m.end], m.how) for m in chosen.reading.mentions]
    typos = {place for place, how in places if how == TYPO}
    is_doubted = bool(chosen.reading.unknown or (is_loose and typos))
    found = []
    for item in named:
        is_theirs = item.customer_id in family
        number = form_of(item.number).squeezed
        if number in typos:
            is_other = is_loose or is_theirs or item.open_minor == payment.minor
        elif any(place == number for place, _ in places):
            is_other = False
        else:
            is_other = is_doubted or any(place and place in number for place, _ in places)
        if is_other:
            found.append(item)
    return found


def _without_items(
    payment: BankPayment,
    payer: Payer,
    directory: Directory,
    book: Book,
    repeated: PastPayment | None,
) -> Proposal:
    """Where no items explain it: on account of a payer who is known, if they say so.

    So is a round sum that names nothing at all.
    """
    customer = payer.customer
    if customer is None and repeated and repeated.customer_id is not None:
        customer = directory.by_id.get(repeated.customer_id)
    refused = tuple(
        code
        for code in never.refusals(payment, customer, repeated, ())
        if code not in (never.DUPLICATE, never.SETTLED)
    )
    if customer is None:
        return Proposal(payment, NONE, refused=refused)
    ids = [one.id for one in directory.family(customer)]
    reading = reading_of(payment, customer, ids, book)
    is_round = repeated is None and not reading.unknown and payment.minor % _ROUND_MINOR == 0
    says_so = (reading.says_on_account or is_round) and not reading.mentions
    is_again = repeated is not None and (
        not reading.mentions or never.names_paid(payment, repeated)
    )
    certain = (says_so or is_again) and not refused
    return Proposal(
        payment,
        AUTO if certain else SUGGEST,
        customer,
        (),
        payment.minor,
        Decimal("0.99") if certain else Decimal("0.3"),
        certain,
        REPEATED if repeated else ON_ACCOUNT,
        refused,
        payer,
    )
