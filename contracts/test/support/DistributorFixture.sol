// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ArenaToken} from "../../src/ArenaToken.sol";
import {RewardDistributor} from "../../src/RewardDistributor.sol";
import {Test} from "../foundry/Test.sol";
import {Merkle} from "./Merkle.sol";

/// @title A distributor that is its token's, in the middle of epoch 0, and accounts to pay.
abstract contract DistributorFixture is Test {
    uint64 internal constant GENESIS = 1_800_000_000;
    uint64 internal constant DAY = 1 days;
    uint64 internal constant DELAY = 1 hours;
    uint256 internal constant EMISSION = 1000 ether;
    bytes32 internal constant EVIDENCE = keccak256("evidence");
    string internal constant URI = "s3://evidence/1";

    address internal admin = named("admin");
    address internal submitter = named("submitter");
    address internal guardian = named("guardian");
    address internal sponsor = named("sponsor");
    address internal alice = named("alice");
    address internal bob = named("bob");
    ArenaToken internal token;
    RewardDistributor internal distributor;

    /// @dev The tree built last.
    bytes32[] private _nodes;

    function setUp() public virtual {
        _deploy(1_000_000 ether);
    }

    function _deploy(uint256 genesisSupply) internal {
        vm.warp(GENESIS + DAY / 2);
        token = new ArenaToken(admin, sponsor, genesisSupply);
        distributor = new RewardDistributor(admin, token, GENESIS, DAY, EMISSION, DELAY);
        vm.startPrank(admin);
        token.setDistributor(address(distributor));
        distributor.grantRole(distributor.SUBMITTER_ROLE(), submitter);
        distributor.grantRole(distributor.GUARDIAN_ROLE(), guardian);
        vm.stopPrank();
        vm.prank(sponsor);
        token.approve(address(distributor), type(uint256).max);
    }

    /// @dev The root of a tree that grants alice and bob so much in all.
    function _grant(uint256 toAlice, uint256 toBob) internal returns (bytes32) {
        address[] memory accounts = new address[](2);
        uint256[] memory cumulatives = new uint256[](2);
        (accounts[0], accounts[1]) = (alice, bob);
        (cumulatives[0], cumulatives[1]) = (toAlice, toBob);
        _nodes = Merkle.treeOf(accounts, cumulatives);
        return _nodes[0];
    }

    function _proof(address account, uint256 cumulative) internal view returns (bytes32[] memory) {
        return Merkle.proofOf(_nodes, Merkle.leafOf(account, cumulative));
    }

    function _endOf(uint64 epoch) internal pure returns (uint256) {
        return GENESIS + (uint256(epoch) + 1) * DAY;
    }

    function _submit(uint64 epoch, bytes32 root, uint256 total) internal {
        vm.prank(submitter);
        distributor.submitRoot(epoch, root, total, EVIDENCE, URI);
    }

    /// @dev Submits when the epoch is over, and waits until the root can be activated.
    function _settle(uint64 epoch, uint256 toAlice, uint256 toBob) internal {
        vm.warp(_endOf(epoch));
        _submit(epoch, _grant(toAlice, toBob), toAlice + toBob);
        skip(DELAY);
    }

    function _fund(uint256 amount) internal {
        vm.prank(sponsor);
        distributor.fund(0, amount);
    }

    function _minted() internal view returns (uint256 minted) {
        (, minted,,) = distributor.totals();
    }
}
