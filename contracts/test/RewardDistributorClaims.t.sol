// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IArenaToken} from "../src/interfaces/IArenaToken.sol";
import {IRewardDistributor} from "../src/interfaces/IRewardDistributor.sol";
import {RewardDistributor} from "../src/RewardDistributor.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";
import {Merkle} from "./support/Merkle.sol";
import {FeeToken, HookToken} from "./support/Tokens.sol";

/// @title Follows RewardDistributor.tree: roots that count, claims and funds.
contract RewardDistributorClaimsTest is DistributorFixture {
    function test_ActivateRevertGiven_NoRootIsPending() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.NoPendingRoot.selector, 0));
        distributor.activate();
    }

    function test_ActivateRevertWhen_TheDelayIsNotOver() external {
        _settle(0, 1, 1);
        vm.warp(_endOf(0) + DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.NotYetActive.selector, _endOf(0) + DELAY));
        distributor.activate();
    }

    function test_ActivateWhenTheDelayIsJustOver() external {
        _settle(0, 300, 400);
        vm.expectEmit(address(distributor));
        emit IRewardDistributor.RootActivated(0, distributor.rootOf(0).root, 700, 700);
        distributor.activate();
        assertEq(token.balanceOf(address(distributor)), 700);
        (bool exists,) = distributor.pending();
        assertFalse(exists);
    }

    function test_ActivateGivenFundsThatAreNotSpent() external {
        _fund(500);
        _settle(0, 300, 400);
        distributor.activate();
        assertEq(_minted(), 200);
        assertEq(token.balanceOf(address(distributor)), 700);
    }

    function test_ActivateGivenFundsForMoreThanTheRoot() external {
        _fund(1000);
        _settle(0, 300, 400);
        distributor.activate();
        assertEq(_minted(), 0);
        _settle(1, 600, 800);
        distributor.activate();
        assertEq(_minted(), 400);
    }

    function test_ActivateGivenTheDelayWasRaisedMeanwhile() external {
        _settle(0, 1, 1);
        vm.prank(admin);
        distributor.setActivationDelay(30 days);
        distributor.activate();
    }

    function test_ClaimRevertGiven_NoRootIsActive() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.BadProof.selector, alice, 1));
        distributor.claim(alice, 1, new bytes32[](0));
    }

    function test_ClaimRevertGiven_OnlyAPendingRootGrantsIt() external {
        _settle(0, 300, 400);
        vm.warp(_endOf(0) + DELAY - 1);
        _expectBadProof(alice, 300, _proof(alice, 300));
    }

    function test_ClaimRevertWhen_TheAmountIsNotTheOneOfTheLeaf() external {
        _settle(0, 300, 400);
        _expectBadProof(alice, 301, _proof(alice, 300));
        _expectBadProof(alice, 299, _proof(alice, 300));
    }

    function test_ClaimRevertWhen_TheAccountIsNotTheOneOfTheLeaf() external {
        _settle(0, 300, 400);
        _expectBadProof(sponsor, 300, _proof(alice, 300));
    }

    /// @dev With single hashes an inner node, read as (account, cumulative), would be a leaf of enormous worth.
    function test_ClaimRevertWhen_AnInnerNodeIsPassedOffAsALeaf() external {
        _settle(0, 300, 400);
        (bytes32 a, bytes32 b) = (Merkle.leafOf(alice, 300), Merkle.leafOf(bob, 400));
        if (b < a) (a, b) = (b, a);
        _expectBadProof(address(uint160(uint256(a))), uint256(b), new bytes32[](0));
    }

    function test_ClaimRevertWhen_TheLeafIsOfAnEarlierRoot() external {
        _settle(0, 300, 400);
        bytes32[] memory old = _proof(alice, 300);
        _settle(1, 500, 400);
        distributor.activate();
        _expectBadProof(alice, 300, old);
    }

    function test_ClaimRevertWhen_ItIsClaimedAgain() external {
        _settle(0, 300, 400);
        bytes32[] memory proof = _proof(alice, 300);
        distributor.claim(alice, 300, proof);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.NothingToClaim.selector, alice));
        distributor.claim(alice, 300, proof);
    }

    /// @dev A root that lies about its total pays its own emission at most, never what was funded for later ones.
    function test_ClaimRevertWhen_TheLeavesSumToMoreThanTheTotal() external {
        _fund(1000);
        vm.warp(_endOf(0));
        _submit(0, _grant(300, 400), 600);
        skip(DELAY);
        distributor.claim(bob, 400, _proof(bob, 400));
        bytes32[] memory proof = _proof(alice, 300);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.TotalExceeded.selector, 300, 200));
        distributor.claim(alice, 300, proof);
    }

    function test_ClaimWhenAnybodyClaimsForTheAccount() external {
        _settle(0, 300, 400);
        distributor.activate();
        vm.expectEmit(address(distributor));
        emit IRewardDistributor.Claimed(alice, 0, distributor.rootOf(0).root, 300, 300);
        vm.prank(bob);
        assertEq(distributor.claim(alice, 300, _proof(alice, 300)), 300);
        assertEq(token.balanceOf(alice), 300);
        assertEq(distributor.claimedBy(alice), 300);
    }

    function test_ClaimWhenItClaimsAfterALaterRoot() external {
        _settle(0, 300, 400);
        distributor.claim(alice, 300, _proof(alice, 300));
        _settle(1, 550, 400);
        distributor.activate();
        assertEq(distributor.claim(alice, 550, _proof(alice, 550)), 250);
        assertEq(distributor.claim(bob, 400, _proof(bob, 400)), 400);
        assertEq(token.balanceOf(address(distributor)), 0);
    }

    function test_ClaimGivenAPendingRootIsDue() external {
        _settle(0, 300, 400);
        assertEq(distributor.claim(alice, 300, _proof(alice, 300)), 300);
        (, bytes32 root,) = distributor.active();
        assertEq(root, distributor.rootOf(0).root);
    }

    function test_ClaimManyRevertWhen_TheListsDifferInLength() external {
        vm.expectRevert(IRewardDistributor.LengthMismatch.selector);
        distributor.claimMany(new address[](2), new uint256[](1), new bytes32[][](2));
        vm.expectRevert(IRewardDistributor.LengthMismatch.selector);
        distributor.claimMany(new address[](2), new uint256[](2), new bytes32[][](1));
    }

    function test_ClaimManyRevertWhen_OneOfTheProofsIsBad() external {
        _settle(0, 300, 400);
        (address[] memory accounts, uint256[] memory amounts, bytes32[][] memory proofs) = _both(300, 400);
        proofs[1] = proofs[0];
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.BadProof.selector, bob, 400));
        distributor.claimMany(accounts, amounts, proofs);
    }

    function test_ClaimManyWhenOneOfThemWasPaidBefore() external {
        _settle(0, 300, 400);
        (address[] memory accounts, uint256[] memory amounts, bytes32[][] memory proofs) = _both(300, 400);
        distributor.claim(alice, 300, proofs[0]);
        distributor.claimMany(accounts, amounts, proofs);
        assertEq(token.balanceOf(alice), 300);
        assertEq(token.balanceOf(bob), 400);
    }

    function test_ClaimManyWhenAnAccountComesTwice() external {
        _settle(0, 300, 400);
        (address[] memory accounts, uint256[] memory amounts, bytes32[][] memory proofs) = _both(300, 400);
        (accounts[1], amounts[1], proofs[1]) = (accounts[0], amounts[0], proofs[0]);
        distributor.claimMany(accounts, amounts, proofs);
        assertEq(token.balanceOf(alice), 300);
    }

    function testFuzz_EveryLeafIsPaidInFull(uint256 seed, uint256 size) external {
        size = bound(size, 1, 40);
        address[] memory accounts = new address[](size);
        uint256[] memory amounts = new uint256[](size);
        uint256 total;
        for (uint256 i = 0; i < size; i++) {
            seed = uint256(keccak256(abi.encode(seed)));
            accounts[i] = address(uint160(seed));
            amounts[i] = bound(seed >> 160, 1, 25 ether);
            total += amounts[i];
        }
        bytes32[] memory nodes = Merkle.treeOf(accounts, amounts);
        vm.warp(_endOf(0));
        _submit(0, nodes[0], total);
        skip(DELAY);
        for (uint256 i = 0; i < size; i++) {
            bytes32[] memory proof = Merkle.proofOf(nodes, Merkle.leafOf(accounts[i], amounts[i]));
            distributor.claim(accounts[i], amounts[i], proof);
            assertEq(token.balanceOf(accounts[i]), amounts[i]);
        }
        assertEq(token.balanceOf(address(distributor)), 0);
        assertEq(_minted(), total);
    }

    function test_FundRevertWhen_TheCallerDidNotApprove() external {
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        vm.prank(bob);
        distributor.fund(1, 1);
    }

    function test_FundRevertWhen_TheTokenTakesAFee() external {
        FeeToken fee = new FeeToken();
        _replaceToken(address(fee));
        fee.mint(address(this), 1000);
        fee.approve(address(distributor), 1000);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.ShortTransfer.selector, 1000, 990));
        distributor.fund(1, 1000);
    }

    function test_FundRevertWhen_TheTokenCallsBack() external {
        HookToken hook = new HookToken();
        _replaceToken(address(hook));
        hook.mint(address(this), 1000);
        hook.approve(address(distributor), 1000);
        hook.onTransfer(address(distributor), abi.encodeCall(distributor.fund, (uint64(1), uint256(0))));
        vm.expectRevert(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        distributor.fund(1, 1000);
    }

    function test_FundWhenTokensAreSentWithoutFunding() external {
        vm.prank(sponsor);
        token.transfer(address(distributor), 50);
        (,, uint256 funded,) = distributor.totals();
        assertEq(funded, 0);
        _settle(0, 300, 400);
        distributor.activate();
        assertEq(_minted(), 700);
    }

    function test_FundWhenTheCallerApproved() external {
        vm.expectEmit(address(distributor));
        emit IRewardDistributor.Funded(9, sponsor, 77);
        vm.prank(sponsor);
        distributor.fund(9, 77);
        (,, uint256 funded,) = distributor.totals();
        assertEq(funded, 77);
        assertEq(token.balanceOf(address(distributor)), 77);
    }

    function test_SetActivationDelayRevertWhen_TheCallerIsNotTheAdmin() external {
        vm.expectPartialRevert(IAccessControl.AccessControlUnauthorizedAccount.selector);
        vm.prank(guardian);
        distributor.setActivationDelay(1);
    }

    function test_SetActivationDelayRevertWhen_TheDelayIsAboveTheMaximum() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.DelayTooLong.selector, 30 days + 1, 30 days));
        vm.prank(admin);
        distributor.setActivationDelay(30 days + 1);
    }

    function test_SetActivationDelayWhenTheAdminSetsIt() external {
        vm.expectEmit(address(distributor));
        emit IRewardDistributor.ActivationDelaySet(5);
        vm.prank(admin);
        distributor.setActivationDelay(5);
        vm.warp(_endOf(0));
        _submit(0, _grant(1, 1), 2);
        assertEq(distributor.rootOf(0).activeAt, _endOf(0) + 5);
    }

    function _both(uint256 toAlice, uint256 toBob)
        private
        view
        returns (address[] memory accounts, uint256[] memory amounts, bytes32[][] memory proofs)
    {
        (accounts, amounts, proofs) = (new address[](2), new uint256[](2), new bytes32[][](2));
        (accounts[0], amounts[0], proofs[0]) = (alice, toAlice, _proof(alice, toAlice));
        (accounts[1], amounts[1], proofs[1]) = (bob, toBob, _proof(bob, toBob));
    }

    function _expectBadProof(address account, uint256 cumulative, bytes32[] memory proof) private {
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.BadProof.selector, account, cumulative));
        distributor.claim(account, cumulative, proof);
    }

    /// @dev The distributor's constructor asks a token for its cap only, so that any token can stand in.
    function _replaceToken(address strange) private {
        distributor = new RewardDistributor(admin, IArenaToken(strange), GENESIS, DAY, 0, DELAY);
    }
}
