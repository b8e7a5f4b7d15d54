// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IArenaStaking} from "../src/interfaces/IArenaStaking.sol";
import {StakingFixture} from "./support/StakingFixture.sol";

/// @title Follows ArenaStaking.tree: cases from opening to their dismissal.
contract ArenaStakingCasesTest is StakingFixture {
    function setUp() public override {
        super.setUp();
        stakeAs(alice, 1, TRAINER, 200 ether);
    }

    function test_OpenCaseRevertWhen_TheCallerIsNoCaseOfficer() external {
        expectUnauthorized();
        staking.openCase("c", IArenaStaking.Position(0, TRAINER, 1), alice, 1, 0, "evidence", reporter);
    }

    function test_OpenCaseRevertWhen_TheIdIsZero() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.UnknownCase.selector, bytes32(0)));
        openCase(0, 1, TRAINER, alice, 50_000, 0);
    }

    function test_OpenCaseRevertWhen_TheIdIsTaken() external {
        openCase("c", 1, TRAINER, alice, 50_000, 0);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.CaseExists.selector, bytes32("c")));
        openCase("c", 1, TRAINER, alice, 50_000, 0);
    }

    function test_OpenCaseRevertWhen_TheRateIsZero() external {
        vm.expectRevert(IArenaStaking.ZeroAmount.selector);
        openCase("c", 1, TRAINER, alice, 0, 0);
    }

    function test_OpenCaseRevertWhen_TheRateIsOverOne() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.RateTooHigh.selector, 1_000_001));
        openCase("c", 1, TRAINER, alice, 1_000_001, 0);
    }

    function test_OpenCaseRevertWhen_TheRateOfDelegatorsIsOverTheOperators() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.RateTooHigh.selector, 50_001));
        openCase("c", 1, TRAINER, alice, 50_000, 50_001);
    }

    function test_OpenCaseRevertWhen_ThereIsNoStake() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NoOperator.selector, alice));
        openCase("c", 1, VALIDATOR, alice, 50_000, 0);
    }

    function test_OpenCaseRevertWhen_TheExitDelayIsOver() external {
        endTask();
        skip(3 days);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.StakingClosed.selector, 0, 1));
        openCase("c", 1, TRAINER, alice, 50_000, 0);
    }

    function test_OpenCaseWhenTheExitDelayRuns() external {
        endTask();
        skip(3 days - 1);
        openCase("c", 1, TRAINER, alice, 50_000, 0);
        assertEq(poolOf(alice).openCases, 1);
    }

    function test_OpenCaseWhenItIsPossible() external {
        vm.expectEmit(address(staking));
        emit IArenaStaking.CaseOpened("c", 1, alice, 0, TRAINER, 200_000, 100_000, "evidence", reporter, START + 3 days);
        openCase("c", 1, TRAINER, alice, 200_000, 100_000);
        IArenaStaking.Case memory c = staking.caseOf("c");
        assertTrue(c.status == IArenaStaking.CaseStatus.Open);
        assertEq(c.account, alice);
        assertEq(c.task, 1);
        assertEq(c.expiresAt, START + 30 days);
        assertEq(c.evidenceHash, "evidence");
        assertEq(poolOf(alice).openCases, 1);
    }

    function test_DismissCaseRevertWhen_TheCaseIsUnknown() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.UnknownCase.selector, bytes32("c")));
        staking.dismissCase("c");
    }

    function test_DismissCaseRevertWhen_ItIsNotOpen() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        openCase("c", 1, TRAINER, alice, 200_000, 100_000);
        skip(3 days);
        slashCase("c");
        skip(30 days);
        vm.expectRevert(_wrongStatus(IArenaStaking.CaseStatus.Slashing));
        staking.dismissCase("c");
        slashDelegatorsOf("c", bob, address(0));
        vm.expectRevert(_wrongStatus(IArenaStaking.CaseStatus.Closed));
        staking.dismissCase("c");
    }

    function test_DismissCaseRevertWhen_AStrangerAsksBeforeItExpires() external {
        openCase("c", 1, TRAINER, alice, 200_000, 0);
        skip(30 days - 1);
        expectUnauthorized();
        vm.prank(alice);
        staking.dismissCase("c");
    }

    function test_DismissCaseWhenACaseOfficerAsks() external {
        openCase("c", 1, TRAINER, alice, 200_000, 0);
        vm.expectEmit(address(staking));
        emit IArenaStaking.CaseDismissed("c", 1, alice);
        vm.prank(rewards);
        staking.dismissCase("c");
        assertEq(poolOf(alice).openCases, 0);
        assertEq(poolOf(alice).own, 200 ether);
        skip(3 days);
        vm.expectRevert(_wrongStatus(IArenaStaking.CaseStatus.Dismissed));
        slashCase("c");
    }

    function test_DismissCaseWhenItHasExpired() external {
        openCase("c", 1, TRAINER, alice, 200_000, 0);
        skip(30 days);
        vm.prank(carol);
        staking.dismissCase("c");
        assertEq(poolOf(alice).openCases, 0);
    }

    function _wrongStatus(IArenaStaking.CaseStatus status) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IArenaStaking.WrongCaseStatus.selector, bytes32("c"), status);
    }
}
