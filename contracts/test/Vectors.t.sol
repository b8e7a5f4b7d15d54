// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IRewardDistributor} from "../src/interfaces/IRewardDistributor.sol";
import {RewardDistributor} from "../src/RewardDistributor.sol";
import {VoteEscrow} from "../src/VoteEscrow.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";
import {Merkle} from "./support/Merkle.sol";

/// @title The contracts agree with vectors.json, which TypeScript reads too.
contract VectorsTest is DistributorFixture {
    string private _json;

    function setUp() public override {
        super.setUp();
        _json = vm.readFile("vectors.json");
    }

    function test_GmIsWhatTheVectorsSay() external {
        VoteEscrow escrow = new VoteEscrow(admin, token, 1 days, 1);
        uint256 count;
        for (; _has(string.concat(".gm[", vm.toString(count), "]")); count++) {
            string memory at = string.concat(".gm[", vm.toString(count), "]");
            uint256 gm = escrow.gmFor(_uint(at, ".amount"), _uint(at, ".periods"));
            assertEq(gm, _uint(at, ".gm"), at);
        }
        assertEq(count, 120);
    }

    function test_EmissionIsWhatTheVectorsSay() external {
        uint256 count;
        for (; _has(string.concat(".schedules[", vm.toString(count), "]")); count++) {
            string memory at = string.concat(".schedules[", vm.toString(count), "]");
            distributor = new RewardDistributor(admin, token, GENESIS, DAY, _uint(at, ".emission"), DELAY);
            uint256[] memory epochs = vm.parseJsonUintArray(_json, string.concat(at, ".epochs"));
            uint256[] memory emitted = vm.parseJsonUintArray(_json, string.concat(at, ".emitted"));
            assertEq(epochs.length, emitted.length);
            for (uint256 i = 0; i < epochs.length; i++) {
                assertEq(distributor.emittedBy(uint64(epochs[i])), emitted[i], at);
            }
        }
        assertEq(count, 6);
    }

    function test_ProofsOfTheVectorsArePaid() external {
        uint256 count;
        uint256 claims;
        for (; _has(string.concat(".trees[", vm.toString(count), "]")); count++) {
            string memory tree = string.concat(".trees[", vm.toString(count), "]");
            _activate(tree);
            for (uint256 i = 0; _has(string.concat(tree, ".proofs[", vm.toString(i), "]")); i++) {
                string memory at = string.concat(tree, ".proofs[", vm.toString(i), "]");
                (address account, uint256 cumulative) = (_account(at), _uint(at, ".cumulative"));
                assertEq(Merkle.leafOf(account, cumulative), vm.parseJsonBytes32(_json, string.concat(at, ".leaf")), at);
                assertEq(distributor.claim(account, cumulative, _proofAt(at)), cumulative, at);
                claims++;
            }
        }
        assertEq(count, 6);
        assertEq(claims, 1 + 2 + 3 + 5 + 8 + 5);
    }

    /// @dev The trees that our other tests submit are built by the same rules.
    function test_TreesAreBuiltAsTheVectorsSay() external view {
        uint256 accountFactor = vm.parseJsonUint(_json, ".rule.accountFactor");
        uint256 cumulativeFactor = vm.parseJsonUint(_json, ".rule.cumulativeFactor");
        for (uint256 i = 0; i < 6; i++) {
            string memory tree = string.concat(".trees[", vm.toString(i), "]");
            uint256 size = _uint(tree, ".size");
            address[] memory accounts = new address[](size);
            uint256[] memory cumulatives = new uint256[](size);
            uint256 total;
            for (uint256 j = 0; j < size; j++) {
                accounts[j] = address(uint160((j + 1) * accountFactor));
                cumulatives[j] = uint64((j + 1) * cumulativeFactor);
                total += cumulatives[j];
            }
            assertEq(Merkle.treeOf(accounts, cumulatives)[0], vm.parseJsonBytes32(_json, string.concat(tree, ".root")));
            assertEq(total, _uint(tree, ".total"), tree);
        }
    }

    function test_TamperedProofsOfTheVectorsAreRefused() external {
        _activate(".tampered");
        uint256 count;
        for (; _has(string.concat(".tampered.claims[", vm.toString(count), "]")); count++) {
            string memory at = string.concat(".tampered.claims[", vm.toString(count), "]");
            (address account, uint256 cumulative) = (_account(at), _uint(at, ".cumulative"));
            bytes32[] memory proof = _proofAt(at);
            vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.BadProof.selector, account, cumulative));
            distributor.claim(account, cumulative, proof);
        }
        assertEq(count, 15);
    }

    /// @dev Without the second hash of a leaf, this inner node would be one.
    function test_InnerNodeOfTheVectorsIsInTheTree() external view {
        bytes32 node = vm.parseJsonBytes32(_json, ".tampered.innerNode.node");
        bytes32 left = vm.parseJsonBytes32(_json, ".tampered.innerNode.left");
        bytes32 right = vm.parseJsonBytes32(_json, ".tampered.innerNode.right");
        assertEq(keccak256(abi.encode(left, right)), node);
        bytes32 root = vm.parseJsonBytes32(_json, ".tampered.root");
        assertTrue(MerkleProof.verify(_proofAt(".tampered.innerNode"), root, node));
        assertFalse(
            MerkleProof.verify(
                _proofAt(".tampered.innerNode"), root, keccak256(abi.encode(keccak256(abi.encode(left, right))))
            )
        );
    }

    function _activate(string memory at) private {
        _deploy(1_000_000 ether);
        uint256 total = _uint(at, ".total");
        _fund(total);
        vm.warp(_endOf(0));
        _submit(0, vm.parseJsonBytes32(_json, string.concat(at, ".root")), total);
        skip(DELAY);
        distributor.activate();
    }

    function _has(string memory key) private view returns (bool) {
        return vm.keyExistsJson(_json, key);
    }

    function _uint(string memory at, string memory key) private view returns (uint256) {
        return vm.parseJsonUint(_json, string.concat(at, key));
    }

    function _account(string memory at) private view returns (address) {
        return vm.parseJsonAddress(_json, string.concat(at, ".account"));
    }

    function _proofAt(string memory at) private view returns (bytes32[] memory) {
        return vm.parseJsonBytes32Array(_json, string.concat(at, ".proof"));
    }
}
