"""JSON pointers (RFC 6901)."""


def escaped(key: str) -> str:
    """Return a key as one part of a JSON pointer (RFC 6901, section 3)."""
    return key.replace("~", "~0").replace("/", "~1")
