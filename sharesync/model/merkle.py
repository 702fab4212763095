"""A Merkle tree as RFC 6962 and RFC 9162 define it: append-only, with short proofs that others can check.

Pure arithmetic over SHA-256. A tree of `size` leaves is known by the roots of its complete subtrees, so appending and
proving touch a logarithmic number of hashes; where they are kept is the caller's business (`Nodes`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

Nodes = Callable[[int, int], bytes]
"""The hash of the complete subtree at (level, index): level 0 are the leaves, one above holds two each."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def completed(index: int, leaf: bytes, nodes: Nodes) -> Iterator[tuple[int, int, bytes]]:
    """What appending the leaf at this index completes: (level, index, hash), the leaf itself first."""
    level, here = 0, leaf
    yield level, index, here
    while index & 1:
        here = node_hash(nodes(level, index - 1), here)
        level, index = level + 1, index >> 1
        yield level, index, here


def root(size: int, nodes: Nodes) -> bytes:
    """The root of the tree of the first `size` leaves (RFC 9162, 2.1.1)."""
    return _range(0, size, nodes) if size else EMPTY_ROOT


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The proof that the leaf at `index` is in the tree of `size` leaves, from the leaf upwards (RFC 9162, 2.1.3)."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in this tree")
    return _path(index, 0, size, nodes)


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """The proof that the tree of `old` leaves is the beginning of the one of `new` leaves (RFC 9162, 2.1.4)."""
    if not 0 < old <= new:
        raise ValueError("no such pair of trees")
    return _subproof(old, 0, new, nodes)


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether the proof shows that this leaf hash is at `index` in the tree with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, computed = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            computed = node_hash(step, computed)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            computed = node_hash(computed, step)
        here, last = here >> 1, last >> 1
    return last == 0 and computed == expected


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `old` leaves only grew into the one of `new` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if old not in range(1, new):
        return False
    steps = list(proof)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, step)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _range(start: int, size: int, nodes: Nodes) -> bytes:
    """The hash over `size` leaves from `start` on, a multiple of the next power of two."""
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes(level, start >> level)
    left = _split(size)
    return node_hash(_range(start, left, nodes), _range(start + left, size - left, nodes))


def _path(index: int, start: int, size: int, nodes: Nodes) -> list[bytes]:
    if size == 1:
        return []
    left = _split(size)
    if index < left:
        return [*_path(index, start, left, nodes), _range(start + left, size - left, nodes)]
    return [*_path(index - left, start + left, size - left, nodes), _range(start, left, nodes)]


def _subproof(old: int, start: int, size: int, nodes: Nodes) -> list[bytes]:
    """RFC 9162's SUBPROOF; its flag says what `start` does: from the first leaf on, whoever checks knows this root."""
    if old == size:
        return [_range(start, size, nodes)] if start else []
    left = _split(size)
    if old <= left:
        return [*_subproof(old, start, left, nodes), _range(start + left, size - left, nodes)]
    rest = _subproof(old - left, start + left, size - left, nodes)
    return [*rest, _range(start, left, nodes)]
