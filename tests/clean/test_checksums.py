import pytest

from cxnlp.clean import checksums

# Examples that the issuers or standards print.
CASES = [
    (checksums.luhn, "79927398713"),
    (checksums.iban, "GB29NWBK60161331926819"),
    (checksums.iban, "DE89370400440532013000"),
    (checksums.dni, "12345678Z"),
    (checksums.dni, "X1234567L"),
    (checksums.codice_fiscale, "RSSMRA85T10A562S"),
    (checksums.nir, "255081416802538"),
    (checksums.bsn, "111222333"),
    (checksums.pesel, "44051401359"),
    (checksums.steuer_id, "86095742719"),
    (checksums.aadhaar, "234123412346"),
    (checksums.cpf, "52998224725"),
    (checksums.nhs_number, "9434765919"),
]


@pytest.mark.parametrize(("check", "value"), CASES)
def test_a_published_example_passes_and_its_neighbour_does_not(check, value):
    digit = next(place for place in range(len(value) - 2, 0, -1) if value[place].isdecimal())
    changed = value[:digit] + str((int(value[digit]) + 1) % 10) + value[digit + 1 :]
    assert (check(value), check(changed)) == (True, False)
