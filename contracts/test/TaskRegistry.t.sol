// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IRewardDistributor} from "../src/interfaces/IRewardDistributor.sol";
import {ITaskRegistry} from "../src/interfaces/ITaskRegistry.sol";
import {TaskRegistry} from "../src/TaskRegistry.sol";
import {Test} from "./foundry/Test.sol";
import {ArenaFixture} from "./support/ArenaFixture.sol";
import {FeeToken, HookToken, PlainToken} from "./support/Tokens.sol";

/// @title Follows TaskRegistry.tree: from creation to the last extension.
contract TaskRegistryTest is Test, ArenaFixture {
    address private stranger = named("stranger");

    function test_ConstructorRevertWhen_AnAddressIsZero() external {
        vm.expectRevert(ITaskRegistry.ZeroAddress.selector);
        new TaskRegistry(address(0), token, distributor, GRACE);
        vm.expectRevert(ITaskRegistry.ZeroAddress.selector);
        new TaskRegistry(admin, IERC20(address(0)), distributor, GRACE);
        vm.expectRevert(ITaskRegistry.ZeroAddress.selector);
        new TaskRegistry(admin, token, IRewardDistributor(address(0)), GRACE);
    }

    function test_ConstructorRevertWhen_TheGraceIsOverTheMaximum() external {
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.GraceTooLong.selector, 730 days + 1, 730 days));
        new TaskRegistry(admin, token, distributor, 730 days + 1);
    }

    function test_CreateRevertWhen_TheCallerIsNoTaskAdmin() external {
        expectUnauthorized();
        vm.prank(stranger);
        registry.create(1, 0);
    }

    function test_CreateRevertWhen_TheNumberIsZero() external {
        vm.expectRevert(ITaskRegistry.BadTaskNumber.selector);
        createTask(0, 0);
    }

    function test_CreateRevertWhen_TheNumberIsAboveThoseOfTheApi() external {
        createTask(2 ** 31 - 1, 0);
        vm.expectRevert(ITaskRegistry.BadTaskNumber.selector);
        createTask(2 ** 31, 0);
    }

    function test_CreateRevertWhen_TheNumberIsTaken() external {
        createTask(1, 0);
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.TaskExists.selector, 1));
        createTask(1, 0);
        cancelTask(1);
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.TaskExists.selector, 1));
        createTask(1, 0);
    }

    function test_CreateRevertWhen_TheTokenTakesAFee() external {
        registry = _registryOf(new FeeToken());
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.ShortTransfer.selector, 1000, 990));
        createTask(1, 1000);
    }

    function test_CreateRevertWhen_TheTokenCallsBack() external {
        HookToken hook = new HookToken();
        registry = _registryOf(hook);
        vm.startPrank(admin);
        registry.grantRole(registry.TASK_ADMIN_ROLE(), address(hook));
        vm.stopPrank();
        createTask(1, 1000);
        hook.onTransfer(address(registry), abi.encodeCall(registry.cancel, (1)));
        vm.expectRevert(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        createTask(2, 1000);
        // A refund can't be taken twice either.
        vm.expectRevert(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        cancelTask(1);
    }

    function test_CreateWhenTheBountyIsZero() external {
        createTask(1, 0);
        assertTrue(registry.phaseOf(1) == ITaskRegistry.Phase.Created);
        assertEq(registry.taskOf(1).creator, tasks);
    }

    function test_CreateWhenTheBountyIsNotZero() external {
        uint256 before = balanceOf(tasks);
        vm.expectEmit(address(registry));
        emit ITaskRegistry.TaskCreated(1, tasks, 50 ether);
        createTask(1, 50 ether);
        assertEq(balanceOf(address(registry)), 50 ether);
        assertEq(balanceOf(tasks), before - 50 ether);
        assertEq(registry.taskOf(1).bounty, 50 ether);
    }

    function test_RaiseBountyRevertWhen_TheTaskIsUnknown() external {
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.UnknownTask.selector, 1));
        _raise(tasks, 1 ether);
    }

    function test_RaiseBountyRevertWhen_TheCallerIsNotTheCreator() external {
        createTask(1, 0);
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.NotCreator.selector, 1));
        _raise(stranger, 1 ether);
    }

    function test_RaiseBountyRevertWhen_TheAmountIsZero() external {
        createTask(1, 0);
        vm.expectRevert(ITaskRegistry.ZeroAmount.selector);
        _raise(tasks, 0);
    }

    function test_RaiseBountyRevertWhen_SubmissionsHaveClosed() external {
        _open(0);
        skip(31 days);
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.Final));
        _raise(tasks, 1 ether);
    }

    function test_RaiseBountyRevertWhen_TheTaskHasEnded() external {
        createTask(1, 0);
        cancelTask(1);
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.Cancelled));
        _raise(tasks, 1 ether);
    }

    function test_RaiseBountyWhenSubmissionsHaveNotClosed() external {
        _open(5 ether);
        skip(31 days - 1);
        vm.expectEmit(address(registry));
        emit ITaskRegistry.BountyRaised(1, tasks, 2 ether, 7 ether);
        _raise(tasks, 2 ether);
        assertEq(registry.taskOf(1).bounty, 7 ether);
        assertEq(balanceOf(address(registry)), 7 ether);
    }

    function test_VerifyRevertWhen_TheCallerIsNoTaskAdmin() external {
        createTask(1, 0);
        expectUnauthorized();
        vm.prank(stranger);
        registry.verify(1);
    }

    function test_VerifyRevertWhen_TheTaskIsUnknown() external {
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.UnknownTask.selector, 1));
        verifyTask(1);
    }

    function test_VerifyRevertWhen_TheTaskWasVerified() external {
        createTask(1, 0);
        verifyTask(1);
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.Verified));
        verifyTask(1);
    }

    function test_VerifyWhenTheTaskWasCreated() external {
        createTask(1, 0);
        assertFalse(registry.acceptsStakes(1));
        vm.expectEmit(address(registry));
        emit ITaskRegistry.TaskVerified(1);
        verifyTask(1);
        assertTrue(registry.acceptsStakes(1));
    }

    function test_OpenRevertWhen_TheCallerIsNoTaskAdmin() external {
        createTask(1, 0);
        verifyTask(1);
        expectUnauthorized();
        vm.prank(stranger);
        registry.open(1, "spec", START, START + 1, START + 2);
    }

    function test_OpenRevertWhen_TheTaskIsNotVerified() external {
        createTask(1, 0);
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.Created));
        openTask(1);
        verifyTask(1);
        openTask(1);
        vm.expectRevert(_wrongPhase(ITaskRegistry.Phase.Scheduled));
        openTask(1);
    }

    function test_OpenRevertWhen_TheSpecHashIsZero() external {
        createTask(1, 0);
        verifyTask(1);
        vm.prank(tasks);
        vm.expectRevert(ITaskRegistry.BadSpecHash.selector);
        registry.open(1, 0, START, START + 1, START + 2);
    }

    function test_OpenRevertWhen_TheTimesAreOutOfOrder() external {
        _refuseTimes(START + 5, START + 5, START + 6);
        _refuseTimes(START, START + 6, START + 6);
        _refuseTimes(START, START + 7, START + 6);
    }

    function test_OpenRevertWhen_SubmissionsWouldCloseInThePast() external {
        _refuseTimes(START - 2, START, START + 6);
    }

    function test_OpenRevertWhen_TheTimesAreTooFarAway() external {
        _refuseTimes(START, START + 1, START + 730 days + 1);
        _refuseTimes(START + 730 days + 1, START + 730 days + 2, START + 730 days + 3);
        _refuseTimes(0, START + 1, START + 2);
        _refuseTimes(type(uint64).max - 2, type(uint64).max - 1, type(uint64).max);
    }

    function test_OpenWhenTheStartIsInThePast() external {
        createTask(1, 0);
        verifyTask(1);
        vm.prank(tasks);
        registry.open(1, "spec", START - 1, START + 1, START + 2);
        assertTrue(registry.phaseOf(1) == ITaskRegistry.Phase.Submission);
    }

    function test_OpenWhenTheStartIsInTheFuture() external {
        createTask(1, 0);
        verifyTask(1);
        vm.expectEmit(address(registry));
        emit ITaskRegistry.TaskOpened(1, "spec", START + 1 days, START + 31 days, START + 36 days);
        openTask(1);
        assertEq(registry.closesAt(1), START + 31 days);
        _expectPhase(START + 1 days - 1, ITaskRegistry.Phase.Scheduled);
        _expectPhase(START + 1 days, ITaskRegistry.Phase.Submission);
        _expectPhase(START + 31 days - 1, ITaskRegistry.Phase.Submission);
        _expectPhase(START + 31 days, ITaskRegistry.Phase.Final);
        _expectPhase(START + 36 days - 1, ITaskRegistry.Phase.Final);
        _expectPhase(START + 36 days, ITaskRegistry.Phase.AwaitingRanking);
    }

    function _registryOf(PlainToken plain) private returns (TaskRegistry made) {
        made = new TaskRegistry(admin, plain, distributor, GRACE);
        plain.mint(tasks, 10_000);
        bytes32 role = made.TASK_ADMIN_ROLE();
        vm.prank(admin);
        made.grantRole(role, tasks);
        vm.prank(tasks);
        plain.approve(address(made), type(uint256).max);
    }

    function _open(uint128 bounty) private {
        createTask(1, bounty);
        verifyTask(1);
        openTask(1);
    }

    function _raise(address caller, uint128 amount) private {
        vm.prank(caller);
        registry.raiseBounty(1, amount);
    }

    function _refuseTimes(uint64 opensAt, uint64 closesAt, uint64 finalEndsAt) private {
        if (registry.phaseOf(1) == ITaskRegistry.Phase.None) {
            createTask(1, 0);
            verifyTask(1);
        }
        vm.expectRevert(abi.encodeWithSelector(ITaskRegistry.BadTimes.selector, opensAt, closesAt, finalEndsAt));
        vm.prank(tasks);
        registry.open(1, "spec", opensAt, closesAt, finalEndsAt);
    }

    function _expectPhase(uint64 at, ITaskRegistry.Phase phase) private {
        vm.warp(at);
        assertTrue(registry.phaseOf(1) == phase);
    }

    function _wrongPhase(ITaskRegistry.Phase phase) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITaskRegistry.WrongPhase.selector, 1, phase);
    }
}
