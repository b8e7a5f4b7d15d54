// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IArenaStaking} from "../src/interfaces/IArenaStaking.sol";
import {IRewardDistributor} from "../src/interfaces/IRewardDistributor.sol";
import {StakingFixture} from "./support/StakingFixture.sol";

/// @title Follows ArenaStaking.tree: cases that are carried out.
contract ArenaStakingSlashesTest is StakingFixture {
    function setUp() public override {
        super.setUp();
        stakeAs(alice, 1, TRAINER, 200 ether);
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        delegateAs(carol, 1, TRAINER, alice, 100 ether);
    }

    function test_SlashRevertWhen_TheCallerIsNoCaseOfficer() external {
        openCase("c", 1, TRAINER, alice, 200_000, 0);
        skip(3 days);
        expectUnauthorized();
        staking.slash("c");
    }

    function test_SlashRevertWhen_TheCaseIsUnknown() external {
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.UnknownCase.selector, bytes32("c")));
        slashCase("c");
    }

    function test_SlashRevertWhen_ItIsNotOpen() external {
        _execute("c", 200_000, 0);
        vm.expectRevert(_wrongStatus("c", IArenaStaking.CaseStatus.Closed));
        slashCase("c");
    }

    function test_SlashRevertWhen_TheTimeToAppealRuns() external {
        openCase("c", 1, TRAINER, alice, 200_000, 0);
        skip(3 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.TooEarly.selector, START + 3 days));
        slashCase("c");
    }

    function test_SlashRevertWhen_ItHasExpired() external {
        openCase("c", 1, TRAINER, alice, 200_000, 0);
        skip(30 days);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.TooLate.selector, START + 30 days));
        slashCase("c");
    }

    function test_SlashRevertWhen_AnotherCaseSlashesDelegatorsOfThePool() external {
        openCase("d", 1, TRAINER, alice, 500_000, 500_000);
        _execute("c", 200_000, 200_000);
        vm.expectRevert(_wrongStatus("c", IArenaStaking.CaseStatus.Slashing));
        slashCase("d");
        slashDelegatorsOf("c", bob, carol);
        slashCase("d");
        slashDelegatorsOf("d", bob, carol);
        assertEq(delegationOf(bob, alice).amount, 20 ether);
        assertEq(poolOf(alice).openCases, 0);
    }

    function test_SlashWhenNoRateForDelegatorsIsNamed() external {
        openCase("c", 1, TRAINER, alice, 200_000, 0);
        skip(3 days);
        vm.expectEmit(address(staking));
        emit IArenaStaking.StakeChanged(1, alice, 0, TRAINER, -40 ether, 160 ether);
        vm.expectEmit(address(staking));
        emit IArenaStaking.Slashed("c", 1, alice, 40 ether, 40 ether, 4 ether);
        vm.expectEmit(address(distributor));
        emit IRewardDistributor.Funded(1, address(staking), 36 ether);
        vm.expectEmit(address(staking));
        emit IArenaStaking.CaseClosed("c", 1, alice);
        slashCase("c");
        assertEq(lockedOf(alice), 960 ether);
        assertEq(escrow.totalSupply(), 3960 ether);
        assertEq(balanceOf(reporter), 4 ether);
        assertEq(balanceOf(address(distributor)), 36 ether);
        assertEq(balanceOf(address(staking)), 0);
        assertEq(poolOf(alice).delegated, 150 ether);
        assertEq(poolOf(alice).openCases, 0);
        assertEq(escrow.balanceOf(address(staking)), 310 ether);
    }

    function test_SlashWhenThereIsNoReporter() external {
        reporter = address(0);
        _execute("c", 200_000, 0);
        assertEq(balanceOf(address(distributor)), 40 ether);
    }

    function test_SlashWhenTwoCasesAreOpen() external {
        openCase("d", 1, TRAINER, alice, 1_000_000, 0);
        _execute("c", 500_000, 0);
        assertEq(poolOf(alice).own, 100 ether);
        assertEq(poolOf(alice).openCases, 1);
        slashCase("d");
        assertEq(poolOf(alice).own, 0);
        assertEq(poolOf(alice).openCases, 0);
        assertEq(lockedOf(alice), 800 ether);
    }

    function test_SlashWhenAPartIsLessThanOneUnit() external {
        openCase("d", 1, TRAINER, alice, 1, 0);
        _execute("c", 1_000_000, 0);
        slashCase("d");
        assertTrue(staking.caseOf("d").status == IArenaStaking.CaseStatus.Closed);
        assertEq(lockedOf(alice), 800 ether);
    }

    function test_SlashWhenItIsOfALaterProgram() external {
        vm.prank(admin);
        staking.setProgram(7, address(registry));
        vm.prank(dave);
        staking.stake(7, 1, 3, 100 ether);
        vm.prank(rewards);
        staking.openCase("c", IArenaStaking.Position(7, 3, 1), dave, 500_000, 0, "evidence", reporter);
        skip(3 days);
        vm.expectEmit(address(distributor));
        emit IRewardDistributor.Funded(0, address(staking), 45 ether);
        slashCase("c");
    }

    function test_SlashWhenThereAreNoDelegators() external {
        stakeAs(dave, 1, VALIDATOR, 200 ether);
        openCase("c", 1, VALIDATOR, dave, 200_000, 200_000);
        skip(3 days);
        slashCase("c");
        assertTrue(staking.caseOf("c").status == IArenaStaking.CaseStatus.Closed);
    }

    function test_SlashWhenARateForDelegatorsIsNamed() external {
        _execute("c", 200_000, 100_000);
        assertTrue(staking.caseOf("c").status == IArenaStaking.CaseStatus.Slashing);
        assertEq(staking.caseOf("c").delegatorsLeft, 2);
        assertEq(poolOf(alice).own, 160 ether);
        assertEq(poolOf(alice).openCases, 1);
    }

    function test_SlashDelegatorsRevertWhen_OwnStakeWasNotSlashedYet() external {
        openCase("c", 1, TRAINER, alice, 200_000, 100_000);
        vm.expectRevert(_wrongStatus("c", IArenaStaking.CaseStatus.Open));
        slashDelegatorsOf("c", bob, carol);
    }

    function test_SlashDelegatorsRevertWhen_AStrangerAsksBeforeTheCaseExpires() external {
        _execute("c", 200_000, 100_000);
        vm.warp(START + 30 days - 1);
        expectUnauthorized();
        staking.slashDelegators("c", new address[](0));
    }

    function test_SlashDelegatorsRevertWhen_AnAccountDelegatedNothing() external {
        _execute("c", 200_000, 100_000);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.NotDelegator.selector, dave));
        slashDelegatorsOf("c", bob, dave);
    }

    function test_SlashDelegatorsRevertWhen_AnAccountComesTwice() external {
        _execute("c", 200_000, 100_000);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.AlreadySlashed.selector, bytes32("c"), bob));
        slashDelegatorsOf("c", bob, bob);
        slashDelegatorsOf("c", bob, address(0));
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.AlreadySlashed.selector, bytes32("c"), bob));
        slashDelegatorsOf("c", bob, address(0));
    }

    function test_SlashDelegatorsWhenSomeAreLeft() external {
        _execute("c", 200_000, 100_000);
        slashDelegatorsOf("c", bob, address(0));
        assertEq(staking.caseOf("c").delegatorsLeft, 1);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.CaseOpen.selector, alice));
        undelegateAs(bob, alice, 45 ether);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.CaseOpen.selector, alice));
        delegateAs(dave, 1, TRAINER, alice, 45 ether);
    }

    function test_SlashDelegatorsWhenTheLastIsDone() external {
        _execute("c", 200_000, 100_000);
        slashDelegatorsOf("c", bob, address(0));
        vm.expectEmit(address(staking));
        emit IArenaStaking.DelegationChanged(1, carol, alice, 0, TRAINER, -10 ether, 90 ether);
        vm.expectEmit(address(staking));
        emit IArenaStaking.Slashed("c", 1, carol, 10 ether, 10 ether, 1 ether);
        vm.expectEmit(address(staking));
        emit IArenaStaking.CaseClosed("c", 1, alice);
        slashDelegatorsOf("c", carol, address(0));
        assertTrue(staking.caseOf("c").status == IArenaStaking.CaseStatus.Closed);
        assertEq(poolOf(alice).delegated, 135 ether);
        assertEq(poolOf(alice).openCases, 0);
        assertEq(lockedOf(bob), 995 ether);
        assertEq(lockedOf(carol), 990 ether);
        assertEq(balanceOf(reporter), 4 ether + 0.5 ether + 1 ether);
        assertEq(balanceOf(address(distributor)), 36 ether + 4.5 ether + 9 ether);
        assertEq(balanceOf(address(staking)), 0);
        undelegateAs(bob, alice, 45 ether);
    }

    function test_SlashDelegatorsWhenSomeCoolsDown() external {
        undelegateAs(bob, alice, 40 ether);
        _execute("c", 400_000, 400_000);
        vm.expectEmit(address(staking));
        emit IArenaStaking.UndelegationChanged(1, bob, alice, 0, TRAINER, -10 ether, 30 ether, START + 7 days);
        slashDelegatorsOf("c", bob, carol);
        assertEq(delegationOf(bob, alice).amount, 0);
        assertEq(delegationOf(bob, alice).since, 0);
        assertEq(delegationOf(bob, alice).pending, 30 ether);
        assertEq(poolOf(alice).pending, 30 ether);
        assertEq(poolOf(alice).delegated, 60 ether);
        skip(7 days);
        withdrawAs(bob, alice);
        assertEq(escrow.balanceOf(bob), 980 ether);
    }

    function test_SlashDelegatorsWhenAllOfADelegationBurns() external {
        _execute("c", 1_000_000, 1_000_000);
        slashDelegatorsOf("c", bob, carol);
        assertEq(poolOf(alice).delegators, 0);
        assertEq(poolOf(alice).delegated, 0);
        assertEq(escrow.balanceOf(address(staking)), 0);
    }

    function test_SlashDelegatorsWhenTheCaseHasExpired() external {
        _execute("c", 200_000, 100_000);
        vm.warp(START + 30 days);
        address[] memory all = new address[](2);
        (all[0], all[1]) = (carol, bob);
        vm.prank(bob);
        staking.slashDelegators("c", all);
        assertEq(poolOf(alice).openCases, 0);
    }

    /// @dev Opens a case on alice and carries out its first part after the time to appeal.
    function _execute(bytes32 id, uint32 ppm, uint32 delegationPpm) private {
        openCase(id, 1, TRAINER, alice, ppm, delegationPpm);
        skip(3 days);
        slashCase(id);
    }

    function _wrongStatus(bytes32 id, IArenaStaking.CaseStatus status) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IArenaStaking.WrongCaseStatus.selector, id, status);
    }
}
