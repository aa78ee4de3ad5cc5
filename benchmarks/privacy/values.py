"""Made-up values of every kind in the formats of eight countries and more; check digits are right."""

import random
import string

from cxnlp.clean import checksums

UPPER = string.ascii_uppercase
PLATE_LETTERS = "BCDFGHJKLMNPRSTVWXYZ"
BANKS = {"gb": "NWBK", "nl": "INGB", "ie": "AIBK"}
IBAN_DIGITS = {"de": 18, "gb": 14, "fr": 23, "es": 20, "it": 22, "nl": 10, "pl": 24, "ie": 14, "at": 16, "be": 12}
STREETS = ["Thornfield", "Wexcombe", "Larkspur", "Old Mill", "Copper Beech", "St Brannock", "Juniper", "Harrow"]
TOWNS = ["Norwich", "Swansea", "Dundee", "Lichfield", "Truro"]


def digits(rng: random.Random, n: int) -> str:
    """So many random digits."""
    return "".join(rng.choice(string.digits) for _ in range(n))


def _until(rng: random.Random, make, is_right) -> str:
    while not is_right(value := make(rng)):
        pass
    return value


def card(rng: random.Random, kind: str = "") -> str:
    """A card number with a right check digit, grouped as people write it."""
    starts = {
        "visa": ("4", 16),
        "mc": ("5" + rng.choice("12345"), 16),
        "amex": ("37", 15),
        "disc": ("6011", 16),
        "maestro": ("6759", 16),
    }
    start, length = starts.get(kind, starts[rng.choice(["visa", "mc"])])
    number = _until(rng, lambda r: start + digits(r, length - len(start)), checksums.luhn)
    if kind == "amex":
        return f"{number[:4]} {number[4:10]} {number[10:]}"
    sign = {"dash": "-", "plain": ""}.get(kind, " ")
    return sign.join(number[place : place + 4] for place in range(0, 16, 4))


def iban(rng: random.Random, kind: str = "") -> str:
    """An IBAN of a country, in groups of four where not `plain`."""
    country = kind[:2] or rng.choice(list(IBAN_DIGITS))
    body = BANKS.get(country, "X" if country == "it" else "") + digits(rng, IBAN_DIGITS[country])
    moved = "".join(str(int(c, 36)) for c in body + country.upper() + "00")
    whole = f"{country.upper()}{98 - int(moved) % 97:02d}{body}"
    if kind.endswith("low"):
        return whole.lower()
    return whole if kind.endswith("plain") else " ".join(whole[p : p + 4] for p in range(0, len(whole), 4))


def national_id(rng: random.Random, kind: str = "") -> str:
    """A national id with right check digits."""
    kind = kind or rng.choice(["ssn", "nino", "cf", "dni", "pesel", "cpf", "aadhaar", "pan"])
    makers = {
        "ssn": lambda: f"{rng.randrange(1, 666):03d}-{rng.randrange(1, 99):02d}-{rng.randrange(1, 9999):04d}",
        "ssnplain": lambda: f"{rng.randrange(1, 666):03d}{rng.randrange(1, 99):02d}{rng.randrange(1, 9999):04d}",
        "nino": lambda: (
            f"{rng.choice('ABCEGHJ')}{rng.choice('ABCEGHJ')} {digits(rng, 2)} {digits(rng, 2)} {digits(rng, 2)} {rng.choice('ABCD')}"  # noqa: E501
        ),
        "ninoplain": lambda: f"{rng.choice('ABCEGHJ')}{rng.choice('ABCEGHJ')}{digits(rng, 6)}{rng.choice('ABCD')}",
        "dni": lambda: _letter(digits(rng, 8)),
        "nie": lambda: "X" + _letter("0" + digits(rng, 7))[1:],
        "pesel": lambda: _until(
            rng,
            lambda r: f"{r.randrange(40, 99)}{r.randrange(1, 13):02d}{r.randrange(1, 29):02d}{digits(r, 5)}",
            checksums.pesel,
        ),
        "bsn": lambda: _until(rng, lambda r: digits(r, 9), checksums.bsn),
        "aadhaar": lambda: _grouped(_until(rng, lambda r: r.choice("23456789") + digits(r, 11), checksums.aadhaar), 4),
        "pan": lambda: (
            f"{''.join(rng.choice(UPPER) for _ in range(3))}P{rng.choice(UPPER)}{digits(rng, 4)}{rng.choice(UPPER)}"
        ),
        "steuer": lambda: _until(rng, lambda r: r.choice("123456789") + digits(r, 10), checksums.steuer_id),
        "nir": lambda: _nir(
            f"{rng.choice('12')}{rng.randrange(30, 99)}{rng.randrange(1, 13):02d}{rng.randrange(10, 95)}{digits(rng, 6)}"  # noqa: E501
        ),
        "cpf": lambda: _cpf(_until(rng, lambda r: digits(r, 11), checksums.cpf)),
        "sin": lambda: _grouped(_until(rng, lambda r: r.choice("1345679") + digits(r, 8), checksums.luhn), 3),
        "swede": lambda: _swede(
            _until(
                rng,
                lambda r: f"{r.randrange(30, 99)}{r.randrange(1, 13):02d}{r.randrange(1, 29):02d}{digits(r, 4)}",
                checksums.luhn,
            )
        ),
        "cf": lambda: _codice(rng),
    }
    return makers[kind]()


def _letter(number: str) -> str:
    return number + checksums.DNI_LETTERS[int(number) % 23]


def _grouped(number: str, n: int) -> str:
    return " ".join(number[place : place + n] for place in range(0, len(number), n))


def _nir(number: str) -> str:
    whole = f"{number}{97 - int(number) % 97:02d}"
    return f"{whole[0]} {whole[1:3]} {whole[3:5]} {whole[5:7]} {whole[7:10]} {whole[10:13]} {whole[13:]}"


def _cpf(number: str) -> str:
    return f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"


def _swede(number: str) -> str:
    return f"{number[:6]}-{number[6:]}"


def _codice(rng: random.Random) -> str:
    letters = "".join(rng.choice(UPPER) for _ in range(6))
    body = f"{letters}{digits(rng, 2)}{rng.choice('ABCDEHLMPRST')}{rng.randrange(1, 29):02d}{rng.choice('ABCDEFGH')}{digits(rng, 3)}"  # noqa: E501
    return next(body + last for last in UPPER if checksums.codice_fiscale(body + last))


def phone(rng: random.Random) -> str:
    """A phone number as people of one of nine countries write it."""
    return rng.choice(
        [
            f"({rng.randrange(201, 989)}) 555-{digits(rng, 4)}",
            f"{rng.randrange(201, 989)}-555-{digits(rng, 4)}",
            f"07{rng.randrange(400, 999)} {digits(rng, 6)}",
            f"+44 7{digits(rng, 3)} {digits(rng, 6)}",
            f"+49 15{digits(rng, 1)} {digits(rng, 8)}",
            f"+33 6 {digits(rng, 2)} {digits(rng, 2)} {digits(rng, 2)} {digits(rng, 2)}",
            f"06 {digits(rng, 2)} {digits(rng, 2)} {digits(rng, 2)} {digits(rng, 2)}",
            f"+34 6{digits(rng, 2)} {digits(rng, 3)} {digits(rng, 3)}",
            f"+39 34{digits(rng, 1)} {digits(rng, 7)}",
            f"06-{digits(rng, 8)}",
            f"+91 9{digits(rng, 4)} {digits(rng, 5)}",
            f"+48 6{digits(rng, 2)} {digits(rng, 3)} {digits(rng, 3)}",
        ]
    )


def address(rng: random.Random) -> str:
    """A postal address of one of eight countries."""
    number, street = rng.randrange(1, 200), rng.choice(STREETS)
    return rng.choice(
        [
            f"{number} {street} {rng.choice(['Road', 'Street', 'Avenue', 'Lane', 'Close'])}, {rng.choice(TOWNS)} {rng.choice(['NR', 'SA', 'DD', 'TR'])}{rng.randrange(1, 9)} {rng.randrange(1, 9)}{rng.choice('ABDEFGHJ')}{rng.choice('LNPQRST')}",  # noqa: E501
            f"{rng.randrange(100, 9900)} {street} {rng.choice(['Drive', 'Blvd', 'Ave', 'St'])},"
            f" {rng.choice(['Boise, ID', 'Albany, NY', 'Macon, GA'])} {digits(rng, 5)}",
            f"{rng.choice(['Gartenstraße', 'Kirchweg', 'Schillerplatz', 'Rosenallee'])} {number},"
            f" {rng.randrange(10000, 99000)} {rng.choice(['Leipzig', 'Bremen', 'Essen'])}",
            f"{number} {rng.choice(['rue Voltaire', 'avenue Foch', 'boulevard Carnot'])},"
            f" {rng.randrange(10000, 95000)} {rng.choice(['Rouen', 'Nantes', 'Lille'])}",
            f"{rng.choice(['Calle', 'Avenida'])} {rng.choice(['Goya', 'Serrano', 'Colón'])} {number},"
            f" {rng.randrange(10000, 50000)} {rng.choice(['Valencia', 'Bilbao'])}",
            f"{rng.choice(['Via', 'Corso'])} {rng.choice(['Mazzini', 'Dante', 'Cavour'])} {number},"
            f" {rng.randrange(10000, 90000)} {rng.choice(['Bologna', 'Genova'])}",
            f"{rng.choice(['Molenstraat', 'Kerklaan', 'Stationsplein'])} {number}, {rng.randrange(1000, 9900)} {rng.choice(['AB', 'KL', 'XR'])} {rng.choice(['Eindhoven', 'Breda'])}",  # noqa: E501
            f"{number}, {street} Road, {rng.choice(['Nagpur', 'Kochi', 'Indore'])} {rng.randrange(110001, 850000)}",
            f"{number} {street} {rng.choice(['Road', 'Street'])}",
        ]
    )


def birth(rng: random.Random) -> str:
    """A date of birth in one of eight forms."""
    year, month, day = rng.randrange(1935, 2006), rng.randrange(1, 13), rng.randrange(1, 29)
    name = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ][month - 1]
    return rng.choice(
        [
            f"{day:02d}/{month:02d}/{year}",
            f"{month}/{day}/{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{day}.{month}.{year}",
        ]
        + [
            f"{day} {name} {year}",
            f"{name} {day}, {year}",
            f"{day}th {name[:3]} {year}",
            f"{day:02d}-{month:02d}-{year % 100:02d}",
        ]
    )


def plate(rng: random.Random) -> str:
    """A licence plate of one of six countries."""

    def letters(n: int) -> str:
        return "".join(rng.choice(PLATE_LETTERS) for _ in range(n))

    return rng.choice(
        [
            f"{letters(2)}{rng.randrange(10, 75)} {letters(3)}",
            f"{letters(2)}-{digits(rng, 3)}-{letters(2)}",
            f"{digits(rng, 4)} {letters(3)}",
        ]
        + [
            f"{letters(1)}-{letters(2)} {rng.randrange(100, 9999)}",
            f"{letters(2)} {digits(rng, 2)} {letters(2)} {digits(rng, 4)}",
        ]
    )


def account(rng: random.Random) -> str:
    """A bank account number without a country's form."""
    return rng.choice([digits(rng, 8), digits(rng, 10), digits(rng, 12), f"{digits(rng, 4)} {digits(rng, 4)}"])


def ip(rng: random.Random) -> str:
    """An address of version 4."""
    return ".".join(str(rng.randrange(11, 254)) for _ in range(4))


def mac(rng: random.Random) -> str:
    """A device address."""
    sign = rng.choice(":-")
    return sign.join(f"{rng.randrange(256):02X}" for _ in range(6))
