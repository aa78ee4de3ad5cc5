"""Check digits of cards, accounts and national ids: what tells such a number from any other."""

import re

DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
NIE_DIGIT = {"X": "0", "Y": "1", "Z": "2"}
# Value of a character of the Italian tax code at an odd place (decree of 23 December 1976).
CODICE_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            1,
            0,
            5,
            7,
            9,
            13,
            15,
            17,
            19,
            21,
            1,
            0,
            5,
            7,
            9,
            13,
            15,
            17,
            19,
            21,
            2,
            4,
            18,
            20,
            11,
            3,
            6,
            8,
            12,
            14,
            16,
            10,
        )
        + (22, 25, 24, 23),
        strict=True,
    )
)
# Dihedral group of order 10 (Verhoeff, 1969, Error detecting decimal codes).
VERHOEFF_PRODUCT = tuple(
    tuple(
        ((a + b) % 5 if b < 5 else 5 + (a + b) % 5) if a < 5 else ((a - b) % 5 + (0 if b >= 5 else 5))
        for b in range(10)
    )
    for a in range(10)
)
VERHOEFF_STEP = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def luhn(digits: str) -> bool:
    """Luhn, 1960, US patent 2,950,048; ISO/IEC 7812-1."""
    doubled = sum(DOUBLED[int(digit)] for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0


def iban(compacted: str) -> bool:
    """ISO 13616: letters as 10 to 35, the first four characters last, 1 modulo 97."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", compacted):
        return False
    moved = compacted[4:] + compacted[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def dni(compacted: str) -> bool:
    """Spanish DNI and NIE: letter 23rds of the number."""
    number = NIE_DIGIT.get(compacted[0], compacted[0]) + compacted[1:-1]
    return number.isdecimal() and DNI_LETTERS[int(number) % 23] == compacted[-1]


def codice_fiscale(compacted: str) -> bool:
    """Italian tax code: its sixteenth character."""
    odd = sum(CODICE_ODD[character] for character in compacted[0:15:2])
    even = sum(int(c) if c.isdecimal() else ord(c) - ord("A") for c in compacted[1:15:2])
    return chr(ord("A") + (odd + even) % 26) == compacted[15]


def nir(digits: str) -> bool:
    """French social security number: 97 less the first thirteen digits modulo 97."""
    return len(digits) == 15 and 97 - int(digits[:13]) % 97 == int(digits[13:])


def bsn(digits: str) -> bool:
    """Dutch citizen number: the eleven test."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(digits) == 9 and sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0


def pesel(digits: str) -> bool:
    """Polish number: month and day are a date (centuries by 20), and the last digit checks."""
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)
    if len(digits) != 11 or not (1 <= int(digits[2:4]) % 20 <= 12 and 1 <= int(digits[4:6]) <= 31):
        return False
    return sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 10 == 0


def steuer_id(digits: str) -> bool:
    """German tax id: ISO 7064, MOD 11,10."""
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return len(digits) == 11 and (11 - product) % 10 == int(digits[10])


def aadhaar(digits: str) -> bool:
    """Indian number: Verhoeff; it begins with 2 to 9."""
    check, places = 0, tuple(range(10))
    steps = [places]
    for _ in range(7):
        places = tuple(VERHOEFF_STEP[place] for place in places)
        steps.append(places)
    for number, digit in enumerate(reversed(digits)):
        check = VERHOEFF_PRODUCT[check][steps[number % 8][int(digit)]]
    return len(digits) == 12 and digits[0] not in "01" and check == 0


def cpf(digits: str) -> bool:
    """Brazilian number: two digits modulo 11."""
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    for length in (9, 10):
        total = sum((length + 1 - place) * int(digits[place]) for place in range(length))
        if total * 10 % 11 % 10 != int(digits[length]):
            return False
    return True


def nhs_number(digits: str) -> bool:
    """British health service number: modulo 11."""
    total = sum((10 - place) * int(digits[place]) for place in range(9))
    return len(digits) == 10 and (11 - total % 11) % 11 == int(digits[9])
