import pandas as pd

from cxnlp.trace.chains import link_chains


def contacts(*rows):
    frame = pd.DataFrame(rows, columns=["item_id", "customer_key", "created_at", "demand", "domain"])
    return frame.assign(created_at=pd.to_datetime(frame["created_at"], utc=True))


def chains(frame, days=21):
    linked = link_chains(frame, days)
    return dict(zip(linked["item_id"], zip(linked["chain_id"], linked["contact_no"], strict=True), strict=True))


def test_a_second_contact_that_blames_service_continues_the_chain():
    found = chains(
        contacts(
            ("b", "anna", "2026-04-20", "failure", "service"),
            ("a", "anna", "2026-04-16", "failure", "billing"),
            ("c", "anna", "2026-04-25", "failure", "none"),
        )
    )
    assert found == {"a": ("a", 0), "b": ("a", 1), "c": ("a", 2)}


def test_another_breakdown_another_customer_or_a_long_silence_starts_a_new_chain():
    found = chains(
        contacts(
            ("a", "anna", "2026-04-01", "failure", "billing"),
            ("b", "anna", "2026-04-02", "failure", "fulfilment"),
            ("c", "ben", "2026-04-02", "failure", "fulfilment"),
            ("d", "anna", "2026-04-24", "failure", "fulfilment"),
        )
    )
    assert found == {"a": ("a", 0), "b": ("b", 0), "c": ("c", 0), "d": ("d", 0)}


def test_a_chain_that_began_with_service_takes_the_breakdown_named_later():
    found = chains(
        contacts(
            ("a", "anna", "2026-04-01", "failure", "service"),
            ("b", "anna", "2026-04-02", "failure", "billing"),
            ("c", "anna", "2026-04-03", "failure", "sales"),
        )
    )
    assert found == {"a": ("a", 0), "b": ("a", 1), "c": ("c", 0)}


def test_unknown_customers_times_and_value_contacts_are_chains_of_one():
    found = chains(
        contacts(
            ("a", None, "2026-04-01", "failure", "billing"),
            ("b", None, "2026-04-02", "failure", "billing"),
            ("c", "anna", None, "failure", "billing"),
            ("d", "anna", "2026-04-02", "value", "none"),
            ("e", "anna", "2026-04-03", "failure", None),
        )
    )
    assert found == {"a": ("a", 0), "b": ("b", 0), "c": ("c", 0), "d": ("d", 0), "e": ("e", 0)}
