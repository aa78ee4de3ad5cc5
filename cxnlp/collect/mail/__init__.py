"""Mailboxes: guarded connections, messages by their number, words of a message."""
