"""Bech32 (BIP 173) without its length limit: how age writes keys as text."""

from __future__ import annotations

from dedere.crypto.errors import KeyTextError

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LENGTH = 6


def encode_bech32(prefix: str, data: bytes) -> str:
    """`data` under the lower-case human-readable `prefix`, in lower case."""
    words = _regroup(data, 8, 5, pad=True)
    checksum = _polymod([*_expand(prefix), *words, *([0] * _CHECKSUM_LENGTH)]) ^ 1
    words.extend((checksum >> 5 * (5 - place)) & 31 for place in range(_CHECKSUM_LENGTH))
    return prefix + "1" + "".join(_ALPHABET[word] for word in words)


def decode_bech32(text: str) -> tuple[str, bytes]:
    """The lower-case prefix and the data of `text`.

    Raises:
        KeyTextError: mixed case, a foreign character, a wrong checksum, bits left over.
    """
    lowered = text.lower()
    if text not in (lowered, text.upper()):
        raise KeyTextError("A key is written in one case throughout; this one mixes them.")
    prefix, separator, rest = lowered.rpartition("1")
    words = [_VALUES.get(letter, -1) for letter in rest]
    if not separator or not prefix.isascii() or not prefix.isprintable():
        raise KeyTextError("This is not the text form of a key.")
    if len(words) < _CHECKSUM_LENGTH or -1 in words or _polymod([*_expand(prefix), *words]) != 1:
        raise KeyTextError("The key's checksum is wrong: a character was lost or changed.")
    return prefix, bytes(_regroup(words[:-_CHECKSUM_LENGTH], 5, 8, pad=False))


def _expand(prefix: str) -> list[int]:
    codes = prefix.encode("ascii")
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _polymod(words: list[int]) -> int:
    check = 1
    for word in words:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ word
        for place, factor in enumerate(_GENERATOR):
            if top >> place & 1:
                check ^= factor
    return check


def _regroup(values: bytes | list[int], from_bits: int, to_bits: int, *, pad: bool) -> list[int]:
    pending = bits = 0
    result = []
    mask = (1 << to_bits) - 1
    for value in values:
        pending = (pending << from_bits | value) & 0xFFF
        bits += from_bits
        while bits >= to_bits:
            bits -= to_bits
            result.append(pending >> bits & mask)
    left = pending & ((1 << bits) - 1)
    if pad:
        if bits:
            result.append(left << (to_bits - bits) & mask)
    elif left or bits >= from_bits:
        raise KeyTextError("The key's text has bits left over.")
    return result
