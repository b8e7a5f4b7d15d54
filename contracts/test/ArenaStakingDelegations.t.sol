// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IArenaStaking} from "../src/interfaces/IArenaStaking.sol";
import {StakingFixture} from "./support/StakingFixture.sol";

/// @title Follows ArenaStaking.tree: delegations.
contract ArenaStakingDelegationsTest is StakingFixture {
    function setUp() public override {
        super.setUp();
        stakeAs(alice, 1, TRAINER, MINIMUM);
    }

    function test_DelegateRevertWhen_TheAmountIsZero() external {
        vm.expectRevert(IArenaStaking.ZeroAmount.selector);
        delegateAs(bob, 1, TRAINER, alice, 0);
    }

    function test_DelegateRevertWhen_ItIsToOneself() external {
        vm.expectRevert(IArenaStaking.SelfDelegation.selector);
        delegateAs(alice, 1, TRAINER, alice, 50 ether);
    }

    function test_DelegateRevertWhen_TheOperatorHasNoOwnStake() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NoOperator.selector, carol));
        delegateAs(bob, 1, TRAINER, carol, 50 ether);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NoOperator.selector, alice));
        delegateAs(bob, 1, VALIDATOR, alice, 50 ether);
    }

    function test_DelegateRevertWhen_TheTaskTakesNoStakes() external {
        endTask();
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.StakingClosed.selector, 0, 1));
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
    }

    function test_DelegateRevertWhen_ItIsInTheFreeze() external {
        vm.warp(FREEZE - 1);
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        vm.warp(FREEZE);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.Frozen.selector, FREEZE));
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
    }

    function test_DelegateRevertWhen_ACaseIsOpen() external {
        openCase("c", 1, TRAINER, alice, 50_000, 0);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.CaseOpen.selector, alice));
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
    }

    function test_DelegateRevertWhen_TheTotalIsBelowTheMinimum() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.BelowMinimum.selector, 10 ether - 1, 10 ether));
        delegateAs(bob, 1, TRAINER, alice, 10 ether - 1);
    }

    function test_DelegateWhenItIsTheFirst() external {
        vm.expectEmit(address(staking));
        emit IArenaStaking.DelegationChanged(1, bob, alice, 0, TRAINER, 50 ether, 50 ether);
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        IArenaStaking.Pool memory pool = poolOf(alice);
        assertEq(pool.own, MINIMUM);
        assertEq(pool.delegated, 50 ether);
        assertEq(pool.delegators, 1);
        assertEq(delegationOf(bob, alice).amount, 50 ether);
        assertEq(delegationOf(bob, alice).since, START);
        assertEq(escrow.balanceOf(bob), 950 ether);
        assertFalse(staking.hasRole(0, 1, TRAINER, bob));
    }

    function test_DelegateWhenItIsAnotherOne() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        skip(1 days);
        delegateAs(bob, 1, TRAINER, alice, 1);
        delegateAs(carol, 1, TRAINER, alice, 10 ether);
        assertEq(delegationOf(bob, alice).amount, 50 ether + 1);
        assertEq(delegationOf(bob, alice).since, START);
        assertEq(poolOf(alice).delegated, 60 ether + 1);
        assertEq(poolOf(alice).delegators, 2);
    }

    function test_UndelegateRevertWhen_TheAmountIsZero() external {
        vm.expectRevert(IArenaStaking.ZeroAmount.selector);
        undelegateAs(bob, alice, 0);
    }

    function test_UndelegateRevertWhen_MoreIsAskedForThanIsThere() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NotEnoughStaked.selector, 50 ether, 50 ether + 1));
        undelegateAs(bob, alice, 50 ether + 1);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NotEnoughStaked.selector, 0, 1));
        undelegateAs(carol, alice, 1);
    }

    function test_UndelegateRevertWhen_ItIsInTheFreeze() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        vm.warp(FREEZE);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.Frozen.selector, FREEZE));
        undelegateAs(bob, alice, 50 ether);
        vm.warp(ENDS + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.Frozen.selector, FREEZE));
        undelegateAs(bob, alice, 50 ether);
    }

    function test_UndelegateRevertWhen_ACaseIsOpen() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        openCase("c", 1, TRAINER, alice, 50_000, 0);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.CaseOpen.selector, alice));
        undelegateAs(bob, alice, 50 ether);
    }

    function test_UndelegateRevertWhen_LessThanTheMinimumWouldStay() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.BelowMinimum.selector, 10 ether - 1, 10 ether));
        undelegateAs(bob, alice, 40 ether + 1);
        undelegateAs(bob, alice, 40 ether);
    }

    function test_UndelegateWhenSomeCoolsDownAlready() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        undelegateAs(bob, alice, 20 ether);
        skip(6 days);
        undelegateAs(bob, alice, 30 ether);
        assertEq(delegationOf(bob, alice).pending, 50 ether);
        assertEq(delegationOf(bob, alice).readyAt, START + 13 days);
        assertEq(delegationOf(bob, alice).since, 0);
        assertEq(poolOf(alice).delegators, 1);
    }

    function test_UndelegateWhenTheTaskHasEnded() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        endTask();
        undelegateAs(bob, alice, 50 ether);
        skip(3 days);
        unstakeAs(alice, MINIMUM);
        skip(4 days);
        withdrawAs(bob, alice);
        assertEq(escrow.balanceOf(bob), 1000 ether);
    }

    function test_UndelegateWhenItIsPossible() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        vm.expectEmit(address(staking));
        emit IArenaStaking.DelegationChanged(1, bob, alice, 0, TRAINER, -20 ether, 30 ether);
        vm.expectEmit(address(staking));
        emit IArenaStaking.UndelegationChanged(1, bob, alice, 0, TRAINER, 20 ether, 20 ether, START + 7 days);
        undelegateAs(bob, alice, 20 ether);
        assertEq(poolOf(alice).delegated, 30 ether);
        assertEq(poolOf(alice).pending, 20 ether);
        assertEq(escrow.balanceOf(bob), 950 ether, "not back yet");
    }

    function test_WithdrawDelegationRevertWhen_NothingCoolsDown() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NothingReady.selector, 0));
        withdrawAs(bob, alice);
    }

    function test_WithdrawDelegationRevertWhen_TheCoolDownIsNotOver() external {
        _cool();
        skip(7 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NothingReady.selector, START + 7 days));
        withdrawAs(bob, alice);
    }

    function test_WithdrawDelegationRevertWhen_ACaseIsOpen() external {
        _cool();
        openCase("c", 1, TRAINER, alice, 50_000, 0);
        skip(7 days);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.CaseOpen.selector, alice));
        withdrawAs(bob, alice);
    }

    function test_WithdrawDelegationRevertWhen_AnotherOneAsks() external {
        _cool();
        skip(7 days);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NothingReady.selector, 0));
        withdrawAs(carol, alice);
    }

    function test_WithdrawDelegationWhenSomeStillCounts() external {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        undelegateAs(bob, alice, 20 ether);
        skip(7 days);
        withdrawAs(bob, alice);
        assertEq(poolOf(alice).delegators, 1);
        assertEq(poolOf(alice).pending, 0);
        assertEq(delegationOf(bob, alice).amount, 30 ether);
        assertEq(escrow.balanceOf(bob), 970 ether);
    }

    function test_WithdrawDelegationWhenItIsInTheFreeze() external {
        vm.warp(FREEZE - 1);
        _cool();
        skip(7 days);
        withdrawAs(bob, alice);
        assertEq(escrow.balanceOf(bob), 1000 ether);
    }

    function test_WithdrawDelegationWhenNothingCountsAnyMore() external {
        _cool();
        skip(7 days);
        vm.expectEmit(address(staking));
        emit IArenaStaking.UndelegationChanged(1, bob, alice, 0, TRAINER, -50 ether, 0, START + 7 days);
        withdrawAs(bob, alice);
        assertEq(escrow.balanceOf(bob), 1000 ether);
        assertEq(poolOf(alice).delegators, 0);
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        assertEq(poolOf(alice).delegators, 1);
        assertEq(delegationOf(bob, alice).since, START + 7 days);
    }

    /// @dev Bob delegates 50 and undelegates all of it.
    function _cool() private {
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        undelegateAs(bob, alice, 50 ether);
    }
}
