"""Small HTTP servers that behave as vendors' public documentation says, with faults to switch on."""
