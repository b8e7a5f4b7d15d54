// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Builds the trees that tests submit: OpenZeppelin's StandardMerkleTree of ['address','uint256'] leaves.
/// @dev A heap in one array: the root is node 0, the children of node i are 2i + 1 and 2i + 2, the leaves, sorted by
/// hash, fill the end from the last node backwards.
library Merkle {
    function leafOf(address account, uint256 cumulative) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
    }

    function treeOf(address[] memory accounts, uint256[] memory cumulatives)
        internal
        pure
        returns (bytes32[] memory nodes)
    {
        uint256 count = accounts.length;
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; i++) {
            bytes32 leaf = leafOf(accounts[i], cumulatives[i]);
            uint256 j = i;
            for (; j > 0 && leaves[j - 1] > leaf; j--) {
                leaves[j] = leaves[j - 1];
            }
            leaves[j] = leaf;
        }
        nodes = new bytes32[](2 * count - 1);
        for (uint256 i = 0; i < count; i++) {
            nodes[nodes.length - 1 - i] = leaves[i];
        }
        for (uint256 i = count - 1; i > 0; i--) {
            nodes[i - 1] = _pair(nodes[2 * i - 1], nodes[2 * i]);
        }
    }

    /// @dev The proof of a leaf that is in the tree.
    function proofOf(bytes32[] memory nodes, bytes32 leaf) internal pure returns (bytes32[] memory proof) {
        uint256 at = nodes.length - 1;
        while (nodes[at] != leaf) {
            at--;
        }
        uint256 depth;
        for (uint256 i = at; i > 0; i = (i - 1) / 2) {
            depth++;
        }
        proof = new bytes32[](depth);
        for (uint256 i = 0; i < depth; i++) {
            proof[i] = nodes[at % 2 == 1 ? at + 1 : at - 1];
            at = (at - 1) / 2;
        }
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }
}
