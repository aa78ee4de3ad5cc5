"""Voice-of-customer text analysis: labels, causes and honest numbers from customer feedback."""

__version__ = "0.1.0"
