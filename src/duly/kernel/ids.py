"""Content digests: the same parts give the same id, and no two lists of parts collide."""

import hashlib


def digest(*parts: bytes | str) -> str:
    """SHA-256 of the parts in hexadecimal, each framed by its length, so that edges count.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    >>> digest("é") == digest("é".encode())
    True
    """
    hashed = hashlib.sha256()
    for part in parts:
        # Text out of damaged files may hold lone surrogates; they too have a digest.
        raw = part.encode(errors="surrogatepass") if isinstance(part, str) else part
        hashed.update(len(raw).to_bytes(8, "big"))
        hashed.update(raw)
    return hashed.hexdigest()
