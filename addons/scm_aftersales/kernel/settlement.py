"""What a return is worth: units by grade, shares, reductions, fees. Money in the order's currency, with tax."""

from dataclasses import dataclass, field

#: grades of goods that came back; what is missing or wrong gives no claim
GRADES = ("A", "B", "C")
#: outcomes that are paid
PAID = ("refund", "credit", "keep")
#: quantities smaller than this are nothing
TINY = 1e-9


@dataclass(frozen=True)
class Shares:
    """Share of the price (0 to 1) that a unit of each grade gives a claim to; 1 for all where the fault is ours."""

    a: float = 1.0
    b: float = 1.0
    c: float = 0.0

    def of(self, grade, is_fault):
        return 1.0 if is_fault else getattr(self, grade.lower())


@dataclass(frozen=True)
class Claim:
    """What one line may claim. ``units`` are granted, ``share`` (0 to 1) is what is paid of their price on average."""

    units: float
    share: float
    refused: float


@dataclass(frozen=True)
class Part:
    """Units of one line on one invoice: ``gross`` is their price there, ``left`` what may still be credited of it.

    ``discount`` is the share of the price (0 to 1) that discounts on the whole invoice took off.
    """

    key: int
    gross: float
    left: float
    discount: float = 0.0


@dataclass(frozen=True)
class Paid:
    """One part as it is credited, each amount rounded to the currency.

    ``gross - discount - over - reduced - fee - freight = net``
    """

    key: int
    gross: float
    discount: float = 0.0
    over: float = 0.0
    reduced: float = 0.0
    fee: float = 0.0
    freight: float = 0.0

    @property
    def kept(self):
        return self.discount + self.over + self.reduced + self.fee + self.freight

    @property
    def net(self):
        return self.gross - self.kept


@dataclass
class Account:
    """Amounts of a whole return; ``fee_lost`` and ``freight_lost`` are what could not be kept from any money."""

    parts: list = field(default_factory=list)
    fee_lost: float = 0.0
    freight_lost: float = 0.0


def claim(outcome, grades, quantity, shares, is_fault=False, percent=1.0):
    """Units of a line that give a claim, and the share of their price.

    Goods that the customer keeps are not inspected: all that was agreed on (``quantity``) is paid by ``percent``.
    Exchange and repair grant the same units, whole.

    :param grades: ``{grade: units}`` by inspection
    :param percent: what the policy pays of the price, 0 to 1
    :return: :class:`Claim`

    Two as new, one to refurbish for which a half is paid, one scrap by the customer's doing, one missing:

    >>> claim("refund", {"A": 2, "B": 1, "C": 1, "missing": 1}, 5, Shares(b=0.5))
    Claim(units=3.0, share=0.8333333333333334, refused=2.0)
    >>> claim("refund", {"C": 1}, 1, Shares(), is_fault=True)
    Claim(units=1.0, share=1.0, refused=0.0)
    """
    if outcome == "keep":
        return Claim(float(quantity), min(max(percent, 0.0), 1.0), 0.0)
    found = [(float(grades.get(grade, 0.0)), shares.of(grade, is_fault)) for grade in GRADES]
    granted = [(units, share) for units, share in found if units > TINY and share > 0]
    units = sum(units for units, _share in granted)
    if units <= TINY:
        return Claim(0.0, 0.0, float(sum(grades.values())))
    share = sum(units * share for units, share in granted) / units if outcome in PAID else 1.0
    paid = share * min(max(percent, 0.0), 1.0) if outcome in PAID else 1.0
    return Claim(units, paid, float(sum(grades.values())) - units)


def allocate(wanted, sources):
    """Give out units from sources, in the order of the sources.

    :param wanted: ``[(name, key, lot or None, units)]``; those that name a lot are served first
    :param sources: ``[(name, key, {lot or None: free units})]``
    :return: ``([(wanted name, source name, lot, units)], {wanted name: units that found no source})``

    >>> allocate([("a", 1, None, 3), ("b", 1, "L2", 1)], [("m1", 1, {"L1": 2, "L2": 1}), ("m2", 1, {"L3": 5})])
    ([('b', 'm1', 'L2', 1), ('a', 'm1', 'L1', 2), ('a', 'm2', 'L3', 1)], {})
    """
    free = [(name, key, dict(lots)) for name, key, lots in sources]
    given, short = [], {}
    for name, key, lot, units in sorted(wanted, key=lambda one: one[2] is None):
        left = units
        for source, its_key, lots in free:
            if its_key != key:
                continue
            for its_lot in [lot] if lot is not None else list(lots):
                take = min(left, max(lots.get(its_lot, 0), 0))
                if take > TINY:
                    lots[its_lot] -= take
                    left -= take
                    given.append((name, source, its_lot, take))
        if left > TINY:
            short[name] = left
    return given, short


def pay(lines, fees, freight=0.0, digits=2):
    """Amounts of all lines of a return.

    What is not to be paid is taken off in this order: ``discount`` of the whole invoice; ``over``, what exceeds the
    ``left``; ``reduced = (gross - discount - over) * (1 - share)``; then the fee and the freight, as far as there
    is money to keep them from: nothing becomes negative, so nobody owes for a return.

    :param lines: ``{line: (share, [Part])}``
    :param fees: ``{line: fee}``
    :param digits: decimal places of the currency
    :return: :class:`Account` with the parts as :class:`Paid`, in the given order

    A lamp of 100 of which 80 % is paid, less a fee of 5 and freight of 8:

    >>> account = pay({1: (0.8, [Part(10, 100.0, 100.0)])}, {1: 5.0}, freight=8.0)
    >>> account.parts[0], account.parts[0].net
    (Paid(key=10, gross=100.0, discount=0.0, over=0.0, reduced=20.0, fee=5.0, freight=8.0), 67.0)
    """
    account = Account()
    freight = round(max(freight, 0.0), digits)
    for line, (share, parts) in lines.items():
        fee = round(max(fees.get(line, 0.0), 0.0), digits)
        for part in parts:
            discount = round(part.gross * part.discount, digits)
            over = round(max(part.gross - discount - max(part.left, 0.0), 0.0), digits)
            reduced = round((part.gross - discount - over) * (1.0 - share), digits)
            rest = round(part.gross - discount - over - reduced, digits)
            take_fee = min(fee, rest)
            take_freight = min(freight, round(rest - take_fee, digits))
            fee, freight = round(fee - take_fee, digits), round(freight - take_freight, digits)
            account.parts.append(Paid(part.key, part.gross, discount, over, reduced, take_fee, take_freight))
        account.fee_lost = round(account.fee_lost + fee, digits)
    account.freight_lost = freight
    return account
