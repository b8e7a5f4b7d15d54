// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRewardDistributor} from "../src/interfaces/IRewardDistributor.sol";
import {ITaskRegistry} from "../src/interfaces/ITaskRegistry.sol";
import {TaskRegistry} from "../src/TaskRegistry.sol";
import {Test} from "./foundry/Test.sol";
import {ArenaFixture} from "./support/ArenaFixture.sol";

/// @title Follows TaskRegistry.tree: extensions, and the ends of a task.
contract TaskRegistryEndsTest is Test, ArenaFixture {
    uint64 private constant CLOSES = START + 31 days;
    uint64 private constant ENDS = START + 36 days;
    address private stranger = named("stranger");

    function setUp() public override {
        super.setUp();
        createTask(1, 50 ether);
        verifyTask(1);
        openTask(1);
    }

    function test_ExtendRevertWhen_TheCallerIsNoTaskAdmin() external {
        expectUnauthorized();
        vm.prank(stranger);
        registry.extend(1, CLOSES + 1, ENDS + 1);
    }

    function test_ExtendRevertWhen_TheTaskIsNotOpen() external {
        createTask(2, 0);
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.WrongPhase.selector, 2, ITaskRegistry.Phase.Created));
        _extend(2, CLOSES + 1, ENDS + 1);
    }

    function test_ExtendRevertWhen_ADeadlineWouldMoveToEarlier() external {
        _refuseExtension(CLOSES - 1, ENDS + 1);
        _refuseExtension(CLOSES + 1, ENDS - 1);
    }

    function test_ExtendRevertWhen_NothingWouldMove() external {
        _refuseExtension(CLOSES, ENDS);
    }

    function test_ExtendWhenSubmissionsHaveClosed() external {
        vm.warp(CLOSES);
        _refuseExtension(CLOSES + 1, ENDS + 1);
        _extend(1, CLOSES, ENDS + 1);
        assertEq(registry.taskOf(1).finalEndsAt, ENDS + 1);
    }

    function test_ExtendRevertWhen_TheFinalPhaseIsOver() external {
        vm.warp(ENDS);
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.AwaitingRanking));
        _extend(1, CLOSES, ENDS + 1);
    }

    function test_ExtendRevertWhen_TheEndIsTooFarAway() external {
        _refuseExtension(CLOSES, START + 1 days + 730 days + 1);
        _extend(1, CLOSES, START + 1 days + 730 days);
    }

    function test_ExtendRevertWhen_TheFinalPhaseWouldEndBeforeSubmissionsClose() external {
        _refuseExtension(ENDS, ENDS);
    }

    function test_ExtendWhenDeadlinesMoveToLater() external {
        vm.expectEmit(address(registry));
        emit ITaskRegistry.TaskExtended(1, START + 1 days, CLOSES + 1, ENDS + 2);
        _extend(1, CLOSES + 1, ENDS + 2);
        assertEq(registry.closesAt(1), CLOSES + 1);
        assertEq(registry.abandonedAt(1), ENDS + 2 + GRACE);
        _extend(1, CLOSES + 2, ENDS + 2);
    }

    function test_FinaliseRevertWhen_TheCallerIsNoFinaliser() external {
        vm.warp(ENDS);
        expectUnauthorized();
        vm.prank(tasks);
        registry.finalise(1, "root");
    }

    function test_FinaliseRevertWhen_TheFinalPhaseIsNotOver() external {
        vm.warp(ENDS - 1);
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.Final));
        finaliseTask(1, "root");
    }

    function test_FinaliseRevertWhen_TheTaskWasFinalised() external {
        vm.warp(ENDS);
        finaliseTask(1, "root");
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.Finalised));
        finaliseTask(1, "root");
    }

    function test_FinaliseRevertWhen_TheTaskWasCancelled() external {
        cancelTask(1);
        vm.warp(ENDS);
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.Cancelled));
        finaliseTask(1, "root");
    }

    function test_FinaliseWhenTheRootIsZero() external {
        uint256 before = balanceOf(tasks);
        vm.warp(ENDS);
        vm.expectEmit(address(registry));
        emit ITaskRegistry.BountyRefunded(1, tasks, 50 ether);
        finaliseTask(1, 0);
        assertEq(balanceOf(tasks), before + 50 ether);
        _expectEnded(ITaskRegistry.Phase.Finalised, ENDS);
    }

    function test_FinaliseWhenTheRootIsNotZero() external {
        vm.warp(ENDS + 3);
        vm.expectEmit(address(registry));
        emit ITaskRegistry.TaskFinalised(1, "root");
        vm.expectEmit(address(registry));
        emit ITaskRegistry.BountyPaid(1, address(distributor), 50 ether);
        vm.expectEmit(address(distributor));
        emit IRewardDistributor.Funded(1, address(registry), 50 ether);
        finaliseTask(1, "root");
        assertEq(balanceOf(address(distributor)), 50 ether);
        assertEq(registry.taskOf(1).rankingRoot, "root");
        assertEq(token.allowance(address(registry), address(distributor)), 0);
        _expectEnded(ITaskRegistry.Phase.Finalised, ENDS + 3);
    }

    function test_FinaliseWhenThereIsNoBounty() external {
        createTask(2, 0);
        verifyTask(2);
        openTask(2);
        vm.warp(ENDS);
        finaliseTask(2, "root");
        assertEq(balanceOf(address(registry)), 50 ether);
        assertEq(balanceOf(address(distributor)), 0);
        assertEq(registry.endedAt(2), ENDS);
    }

    function test_CancelRevertWhen_TheCallerIsNoTaskAdmin() external {
        expectUnauthorized();
        vm.prank(stranger);
        registry.cancel(1);
    }

    function test_CancelRevertWhen_TheTaskIsUnknown() external {
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.UnknownTask.selector, 9));
        cancelTask(9);
    }

    function test_CancelRevertWhen_TheTaskHasEnded() external {
        cancelTask(1);
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.Cancelled));
        cancelTask(1);
    }

    function test_CancelWhenTheTaskHasNotEnded() external {
        createTask(2, 1 ether);
        cancelTask(2);
        createTask(3, 1 ether);
        verifyTask(3);
        cancelTask(3);
        assertEq(balanceOf(address(registry)), 50 ether);
        uint64[4] memory times = [START, START + 1 days, CLOSES, ENDS];
        uint256 before = balanceOf(tasks);
        for (uint256 i = 0; i < times.length; ++i) {
            uint256 id = vm.snapshotState();
            vm.warp(times[i]);
            cancelTask(1);
            assertEq(balanceOf(tasks), before + 50 ether);
            _expectEnded(ITaskRegistry.Phase.Cancelled, times[i]);
            vm.revertToState(id);
        }
    }

    function test_CancelAbandonedRevertWhen_TheGraceIsNotOver() external {
        vm.warp(ENDS + GRACE);
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.NotAbandoned.selector, 1, ENDS + GRACE));
        registry.cancelAbandoned(1);
    }

    function test_CancelAbandonedWhenTheGraceIsOver() external {
        uint256 before = balanceOf(tasks);
        vm.warp(ENDS + GRACE + 1);
        vm.prank(stranger);
        registry.cancelAbandoned(1);
        assertEq(balanceOf(tasks), before + 50 ether);
        _expectEnded(ITaskRegistry.Phase.Cancelled, ENDS + GRACE + 1);
    }

    function test_CancelAbandonedWhenACreatedTaskStoodStillForTwoYears() external {
        createTask(2, 7 ether);
        vm.warp(START + 730 days);
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.NotAbandoned.selector, 2, START + 730 days));
        registry.cancelAbandoned(2);
        skip(1);
        registry.cancelAbandoned(2);
        assertEq(balanceOf(address(registry)), 50 ether);
    }

    function test_CancelAbandonedWhenAVerifiedTaskStoodStillForTwoYears() external {
        createTask(2, 7 ether);
        skip(10 days);
        verifyTask(2);
        vm.warp(START + 730 days + 1);
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.NotAbandoned.selector, 2, START + 740 days));
        registry.cancelAbandoned(2);
        skip(10 days);
        registry.cancelAbandoned(2);
        assertEq(balanceOf(address(registry)), 50 ether);
    }

    function test_CancelAbandonedRevertWhen_TheTaskHasEnded() external {
        cancelTask(1);
        vm.warp(ENDS + GRACE + 1);
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.Cancelled));
        registry.cancelAbandoned(1);
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.UnknownTask.selector, 9));
        registry.cancelAbandoned(9);
    }

    function test_CancelAbandonedWhenTheDistributorTakesNoFunds() external {
        vm.startPrank(admin);
        // The staking contract is no distributor: it has no `fund`.
        registry = new TaskRegistry(admin, token, IRewardDistributor(address(staking)), GRACE);
        registry.grantRole(registry.TASK_ADMIN_ROLE(), tasks);
        registry.grantRole(registry.FINALISER_ROLE(), rewards);
        vm.stopPrank();
        vm.prank(tasks);
        token.approve(address(registry), 50 ether);
        uint256 before = balanceOf(tasks);
        createTask(1, 50 ether);
        verifyTask(1);
        openTask(1);
        vm.warp(ENDS);
        vm.expectRevert();
        finaliseTask(1, "root");
        skip(GRACE + 1);
        registry.cancelAbandoned(1);
        assertEq(balanceOf(tasks), before);
    }

    function test_AcceptsStakesWhenTheTaskIsUnknownCreatedOrEnded() external {
        createTask(2, 0);
        assertFalse(registry.acceptsStakes(9));
        assertFalse(registry.acceptsStakes(2));
        vm.warp(ENDS);
        assertFalse(registry.acceptsStakes(1));
        finaliseTask(1, "root");
        assertFalse(registry.acceptsStakes(1));
    }

    function test_AcceptsStakesWhenTheTaskIsVerifiedScheduledInSubmissionOrInItsFinalPhase() external {
        createTask(2, 0);
        verifyTask(2);
        assertTrue(registry.acceptsStakes(2));
        assertTrue(registry.acceptsStakes(1));
        vm.warp(CLOSES - 1);
        assertTrue(registry.acceptsStakes(1));
        vm.warp(ENDS - 1);
        assertTrue(registry.acceptsStakes(1));
    }

    function _extend(uint64 task, uint64 closesAt, uint64 finalEndsAt) private {
        vm.prank(tasks);
        registry.extend(task, closesAt, finalEndsAt);
    }

    function _refuseExtension(uint64 closesAt, uint64 finalEndsAt) private {
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.BadTimes.selector, START + 1 days, closesAt, finalEndsAt));
        _extend(1, closesAt, finalEndsAt);
    }

    function _expectEnded(ITaskRegistry.Phase phase, uint64 at) private view {
        assertTrue(registry.phaseOf(1) == phase);
        assertEq(registry.endedAt(1), at);
        assertEq(registry.taskOf(1).bounty, 0);
        assertEq(balanceOf(address(registry)), 0);
    }

    function _wrongPhase(ITaskRegistry.Phase phase) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITaskRegistry.WrongPhase.selector, 1, phase);
    }
}
