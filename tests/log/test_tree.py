"""The Merkle tree against published vectors and against RFC 9162's own words, written down once more, naively."""

import hashlib
from functools import cache

import pytest
from pymerkle import InmemoryTree, InvalidProof, verify_consistency

from sharesync.model import merkle

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
"""The eight leaves of the Certificate Transparency reference tests, which every implementation is tried on."""
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, as it stands there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive(leaves[:split]) + naive(leaves[split:])).digest()


def nodes_of(leaves: list[bytes]) -> merkle.Nodes:
    """The tree as the log keeps it: complete subtrees, made by appending."""
    kept: dict[tuple[int, int], bytes] = {}
    for index, leaf in enumerate(leaves):
        for level, place, node in merkle.completed(index, merkle.leaf_hash(leaf), lambda *at: kept[at]):
            kept[level, place] = node
    return lambda level, place: kept[level, place]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_reference_leaves_give_the_published_roots(size: int) -> None:
    assert merkle.root(size, nodes_of(LEAVES)).hex() == ROOTS[size - 1]


def test_nothing_has_the_published_root_of_nothing() -> None:
    assert merkle.root(0, nodes_of([])).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


MANY = [str(number).encode() for number in range(40)]
ALL = nodes_of(MANY)


@cache
def root(size: int) -> bytes:
    return naive(MANY[:size])


def test_every_leaf_of_every_size_is_proved_and_no_other_is() -> None:
    for size in range(1, len(MANY) + 1):
        assert merkle.root(size, ALL) == root(size)
        for index in range(size):
            proof = merkle.inclusion(index, size, ALL)
            leaf = merkle.leaf_hash(MANY[index])
            assert merkle.check_inclusion(leaf, index, size, proof, root(size))
            assert not merkle.check_inclusion(merkle.leaf_hash(b"other"), index, size, proof, root(size))
            assert not merkle.check_inclusion(leaf, index, size, [*proof, leaf], root(size))
            for other in {index ^ 1, index + 1, size} - {index}:
                assert not merkle.check_inclusion(leaf, other, size, proof, root(size))


def test_every_growth_is_proved_and_a_fork_is_not() -> None:
    for old in range(1, len(MANY) + 1):
        for new in range(old, len(MANY) + 1):
            proof = merkle.consistency(old, new, ALL)
            assert merkle.check_consistency(old, new, root(old), root(new), proof)
            forked = naive([b"fork", *MANY[1:old]])
            assert not merkle.check_consistency(old, new, forked, root(new), proof)
            assert not merkle.check_consistency(old, new, root(old), naive([*MANY[: new - 1], b"fork"]), proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (1, 1), (0, 0)])
def test_what_is_no_leaf_of_the_tree_has_no_proof_and_proves_nothing(index: int, size: int) -> None:
    with pytest.raises(ValueError, match=r"^no such leaf in this tree$"):
        merkle.inclusion(index, size, ALL)
    leaf = merkle.leaf_hash(MANY[0])
    assert not merkle.check_inclusion(leaf, index, size, [], leaf)


@pytest.mark.parametrize(("old", "new"), [(-1, 4), (0, 4), (5, 4), (2, 1)])
def test_what_is_no_growth_has_no_proof_and_proves_nothing(old: int, new: int) -> None:
    with pytest.raises(ValueError, match=r"^no such pair of trees$"):
        merkle.consistency(old, new, ALL)
    for proof in ([], [root(new)]):
        assert not merkle.check_consistency(old, new, root(abs(old)), root(new), proof)
        assert not merkle.check_consistency(old, new, root(new), root(new), proof)


def test_a_tree_that_did_not_grow_is_proved_by_nothing_but_its_own_root() -> None:
    assert merkle.check_consistency(5, 5, root(5), root(5), [])
    assert not merkle.check_consistency(5, 5, root(5), root(4), [])
    assert not merkle.check_consistency(5, 5, root(5), root(5), [root(5)])
    assert not merkle.check_consistency(5, 7, root(5), root(7), [])
    assert not merkle.check_consistency(4, 7, root(4), root(7), [])


def test_a_proof_that_is_cut_off_or_goes_on_proves_nothing() -> None:
    for old in range(1, 16):
        for new in range(old + 1, 17):
            proof = merkle.consistency(old, new, ALL)
            for other in (proof[:-1], proof[1:], [*proof, root(1)], [root(1), *proof]):
                assert not merkle.check_consistency(old, new, root(old), root(new), other)


@pytest.fixture(scope="module")
def theirs() -> InmemoryTree:
    """The same leaves in another's implementation."""
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries(MANY)
    return tree


def test_another_implementation_makes_the_same_roots_and_proofs_of_inclusion(theirs: InmemoryTree) -> None:
    for size in range(1, len(MANY) + 1):
        assert merkle.root(size, ALL) == theirs.get_root(size)
        for index in range(size):
            leaf, *path = theirs.prove_inclusion(index + 1, size).path
            assert leaf == merkle.leaf_hash(MANY[index])
            assert merkle.inclusion(index, size, ALL) == path


def test_another_implementation_finds_our_roots_consistent_and_a_fork_not(theirs: InmemoryTree) -> None:
    for size in range(2, len(MANY) + 1):
        for old in range(1, size):
            # Their proofs of growth go down to a leaf where RFC 9162 stops at a subtree, so only roots can be compared.
            proof = theirs.prove_consistency(old, size)
            verify_consistency(merkle.root(old, ALL), merkle.root(size, ALL), proof)
            with pytest.raises(InvalidProof):
                verify_consistency(merkle.root(old, nodes_of([b"fork", *MANY])), merkle.root(size, ALL), proof)


GROWN = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
"""Consistency of the reference tree's sizes, as the Certificate Transparency reference tests list it."""


@pytest.mark.parametrize("sizes", GROWN)
def test_the_reference_growths_have_the_published_proofs(sizes: tuple[int, int]) -> None:
    old, new = sizes
    proof = merkle.consistency(old, new, nodes_of(LEAVES))
    assert [step.hex() for step in proof] == GROWN[sizes]
    roots = [bytes.fromhex(ROOTS[size - 1]) for size in sizes]
    assert merkle.check_consistency(old, new, roots[0], roots[1], proof)
