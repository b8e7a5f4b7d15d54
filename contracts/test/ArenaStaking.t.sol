// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IArenaStaking} from "../src/interfaces/IArenaStaking.sol";
import {StakingFixture} from "./support/StakingFixture.sol";

/// @title Follows ArenaStaking.tree: own stakes and cuts.
contract ArenaStakingTest is StakingFixture {
    function test_StakeRevertWhen_TheAmountIsZero() external {
        vm.expectRevert(IArenaStaking.ZeroAmount.selector);
        stakeAs(alice, 1, TRAINER, 0);
    }

    function test_StakeRevertWhen_TheProgramIsUnknown() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.UnknownProgram.selector, 3));
        vm.prank(alice);
        staking.stake(3, 1, TRAINER, MINIMUM);
    }

    function test_StakeRevertWhen_TheTaskTakesNoStakes() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.StakingClosed.selector, 0, 9));
        stakeAs(alice, 9, TRAINER, MINIMUM);
        vm.warp(ENDS);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.StakingClosed.selector, 0, 1));
        stakeAs(alice, 1, TRAINER, MINIMUM);
    }

    function test_StakeRevertWhen_TheAccountHasAnotherRoleOnTheTask() external {
        stakeAs(alice, 1, VALIDATOR, MINIMUM);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.OtherRole.selector, VALIDATOR));
        stakeAs(alice, 1, TRAINER, MINIMUM);
        // On another task it is free to choose.
        createTask(2, 0);
        verifyTask(2);
        stakeAs(alice, 2, TRAINER, MINIMUM);
    }

    function test_StakeRevertWhen_TheStakeOfAnotherRoleWasSlashedToNothing() external {
        stakeAs(alice, 1, VALIDATOR, MINIMUM);
        openCase("c", 1, VALIDATOR, alice, 1_000_000, 0);
        skip(3 days);
        slashCase("c");
        assertEq(staking.stakeOf(0, 1, VALIDATOR, alice), 0);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.OtherRole.selector, VALIDATOR));
        stakeAs(alice, 1, TRAINER, MINIMUM);
        stakeAs(alice, 1, VALIDATOR, MINIMUM);
    }

    function test_StakeRevertWhen_TheTotalIsBelowTheMinimum() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.BelowMinimum.selector, MINIMUM - 1, MINIMUM));
        stakeAs(alice, 1, TRAINER, MINIMUM - 1);
    }

    function test_StakeRevertWhen_ACaseIsOpen() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        openCase("c", 1, TRAINER, alice, 50_000, 0);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.CaseOpen.selector, alice));
        stakeAs(alice, 1, TRAINER, MINIMUM);
    }

    function test_StakeRevertWhen_ItWasNotApproved() external {
        vm.prank(alice);
        escrow.approve(address(staking), MINIMUM - 1);
        vm.expectRevert();
        stakeAs(alice, 1, TRAINER, MINIMUM);
        assertEq(staking.stakeOf(0, 1, TRAINER, alice), 0);
    }

    function test_StakeWhenItIsTheFirst() external {
        vm.expectEmit(address(staking));
        emit IArenaStaking.CutChanged(1, alice, 0, TRAINER, 400_000, START);
        vm.expectEmit(address(staking));
        emit IArenaStaking.StakeChanged(1, alice, 0, TRAINER, int256(uint256(MINIMUM)), MINIMUM);
        stakeAs(alice, 1, TRAINER, MINIMUM);
        assertEq(escrow.balanceOf(address(staking)), MINIMUM);
        assertEq(escrow.balanceOf(alice), 1000 ether - MINIMUM);
        assertEq(escrow.getVotes(alice), 1000 ether, "votes stay");
        assertTrue(staking.hasRole(0, 1, TRAINER, alice));
        assertFalse(staking.hasRole(0, 1, VALIDATOR, alice));
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 400_000);
    }

    function test_StakeWhenItIsAnotherOne() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        vm.expectEmit(address(staking));
        emit IArenaStaking.StakeChanged(1, alice, 0, TRAINER, 1, MINIMUM + 1);
        stakeAs(alice, 1, TRAINER, 1);
        assertEq(staking.stakeOf(0, 1, TRAINER, alice), MINIMUM + 1);
    }

    function test_UnstakeRevertWhen_TheAmountIsZero() external {
        vm.expectRevert(IArenaStaking.ZeroAmount.selector);
        unstakeAs(alice, 0);
    }

    function test_UnstakeRevertWhen_MoreIsAskedForThanIsThere() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        stakeAs(bob, 1, TRAINER, 2 * MINIMUM);
        endTask();
        skip(3 days);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NotEnoughStaked.selector, MINIMUM, MINIMUM + 1));
        unstakeAs(alice, MINIMUM + 1);
        // Nobody reaches another's stake.
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NotEnoughStaked.selector, 0, 1));
        unstakeAs(carol, 1);
    }

    function test_UnstakeRevertWhen_TheTaskHasNotEnded() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        vm.warp(ENDS + 1);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.TaskNotEnded.selector, 0, 1));
        unstakeAs(alice, 1);
    }

    function test_UnstakeRevertWhen_TheExitDelayIsNotOver() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        endTask();
        skip(3 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.ExitDelayed.selector, ENDS + 3 days));
        unstakeAs(alice, 1);
    }

    function test_UnstakeRevertWhen_ACaseIsOpen() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        endTask();
        openCase("c", 1, TRAINER, alice, 50_000, 0);
        skip(10 days);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.CaseOpen.selector, alice));
        unstakeAs(alice, 1);
        slashCase("c");
        unstakeAs(alice, MINIMUM * 95 / 100);
    }

    function test_UnstakeWhenAPartIsAskedFor() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        cancelTask(1);
        skip(3 days);
        unstakeAs(alice, MINIMUM - 1);
        assertEq(staking.stakeOf(0, 1, TRAINER, alice), 1);
        assertEq(escrow.balanceOf(alice), 1000 ether - 1);
    }

    function test_UnstakeWhenAllIsAskedFor() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        endTask();
        skip(3 days);
        vm.expectEmit(address(staking));
        emit IArenaStaking.StakeChanged(1, alice, 0, TRAINER, -int256(uint256(MINIMUM)), 0);
        unstakeAs(alice, MINIMUM);
        assertEq(escrow.balanceOf(alice), 1000 ether);
        assertFalse(staking.hasRole(0, 1, TRAINER, alice));
        vm.prank(alice);
        escrow.unlock(1);
        assertEq(balanceOf(alice), 1000 ether);
    }

    function test_SetCutRevertWhen_TheCallerHasNoStake() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NoOperator.selector, alice));
        setCutAs(alice, 100_000);
    }

    function test_SetCutRevertWhen_ItIsOutOfBounds() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.CutOutOfBounds.selector, 49_999, 50_000, 900_000));
        setCutAs(alice, 49_999);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.CutOutOfBounds.selector, 900_001, 50_000, 900_000));
        setCutAs(alice, 900_001);
    }

    function test_SetCutRevertWhen_ItWouldCountInTheFreeze() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        setCutAs(alice, 100_000);
        vm.warp(FREEZE - 5 days);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.Frozen.selector, FREEZE));
        setCutAs(alice, 200_000);
        stakeAs(bob, 1, TRAINER, MINIMUM);
        vm.warp(FREEZE);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.Frozen.selector, FREEZE));
        setCutAs(bob, 200_000);
        endTask();
        setCutAs(bob, 200_000);
    }

    function test_SetCutWhenItIsTheFirstOfAPoolWithoutDelegators() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        vm.expectEmit(address(staking));
        emit IArenaStaking.CutChanged(1, alice, 0, TRAINER, 100_000, START);
        setCutAs(alice, 100_000);
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 100_000);
    }

    function test_SetCutWhenItIsTheFirstOfAPoolWithDelegators() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        delegateAs(bob, 1, TRAINER, alice, 10 ether);
        setCutAs(alice, 900_000);
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 400_000);
        skip(5 days - 1);
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 400_000);
        skip(1);
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 900_000);
    }

    function test_SetCutWhenItIsAnotherOne() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        setCutAs(alice, 100_000);
        vm.expectEmit(address(staking));
        emit IArenaStaking.CutChanged(1, alice, 0, TRAINER, 200_000, START + 5 days);
        setCutAs(alice, 200_000);
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 100_000);
        skip(5 days);
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 200_000);
    }

    function test_SetCutWhenOneIsAnnouncedAlready() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        setCutAs(alice, 100_000);
        setCutAs(alice, 200_000);
        skip(5 days - 1);
        setCutAs(alice, 300_000);
        skip(1);
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 100_000);
        skip(5 days - 1);
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 300_000);
        // Once it counts, the next announcement does not undo it.
        setCutAs(alice, 400_000);
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 300_000);
    }
}
