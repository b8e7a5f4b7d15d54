// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ArenaStaking} from "../src/ArenaStaking.sol";
import {IArenaStaking} from "../src/interfaces/IArenaStaking.sol";
import {IRewardDistributor} from "../src/interfaces/IRewardDistributor.sol";
import {TaskRegistry} from "../src/TaskRegistry.sol";
import {StakingFixture} from "./support/StakingFixture.sol";

/// @title Follows ArenaStaking.tree: programs, minimums, parameters.
contract ArenaStakingTermsTest is StakingFixture {
    function test_ConstructorRevertWhen_AnAddressIsZero() external {
        vm.expectRevert(IArenaStaking.ZeroAddress.selector);
        new ArenaStaking(address(0), escrow, distributor, parametersOf());
        vm.expectRevert(IArenaStaking.ZeroAddress.selector);
        new ArenaStaking(admin, escrow, IRewardDistributor(address(0)), parametersOf());
    }

    function test_ConstructorRevertWhen_AParameterIsOutOfItsBounds() external {
        IArenaStaking.Parameters memory p = parametersOf();
        p.exitDelay = 90 days + 1;
        vm.expectRevert(_outOfBounds("exitDelay"));
        new ArenaStaking(admin, escrow, distributor, p);
    }

    function test_SetParametersRevertWhen_TheCallerIsNotTheAdmin() external {
        expectUnauthorized();
        vm.prank(rewards);
        staking.setParameters(parametersOf());
    }

    function test_SetParametersRevertWhen_AParameterIsOutOfItsBounds() external {
        IArenaStaking.Parameters memory p = parametersOf();
        p.freezeWindow = 90 days + 1;
        _refuse(p, "freezeWindow");
        p = parametersOf();
        p.undelegationCooldown = 90 days + 1;
        _refuse(p, "undelegationCooldown");
        p = parametersOf();
        p.cutCooldown = 90 days + 1;
        _refuse(p, "cutCooldown");
        p = parametersOf();
        p.caseLifetime = 90 days + 1;
        _refuse(p, "caseLifetime");
        p = parametersOf();
        p.appealWindow = p.caseLifetime;
        _refuse(p, "appealWindow");
        p = parametersOf();
        p.maxCutPpm = 1_000_001;
        _refuse(p, "maxCutPpm");
        p = parametersOf();
        p.defaultCutPpm = p.minCutPpm - 1;
        _refuse(p, "defaultCutPpm");
        p = parametersOf();
        p.defaultCutPpm = p.maxCutPpm + 1;
        _refuse(p, "defaultCutPpm");
        p = parametersOf();
        p.reporterSharePpm = 500_001;
        _refuse(p, "reporterSharePpm");
    }

    function test_SetParametersWhenTheTaskHasAStake() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        IArenaStaking.Parameters memory p = parametersOf();
        p.exitDelay = 90 days;
        p.freezeWindow = 90 days;
        setParameters(p);
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        createTask(2, 0);
        verifyTask(2);
        openTask(2);
        stakeAs(carol, 2, TRAINER, MINIMUM);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.Frozen.selector, CLOSES - 90 days));
        delegateAs(bob, 2, TRAINER, carol, 50 ether);
        endTask();
        skip(3 days);
        unstakeAs(alice, MINIMUM);
    }

    function test_SetParametersWhenACoolDownOrACaseRuns() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        delegateAs(bob, 1, TRAINER, alice, 50 ether);
        undelegateAs(bob, alice, 50 ether);
        setCutAs(alice, 200_000);
        stakeAs(carol, 1, VALIDATOR, MINIMUM);
        openCase("c", 1, VALIDATOR, carol, 50_000, 0);
        IArenaStaking.Parameters memory p = parametersOf();
        p.undelegationCooldown = 90 days;
        p.cutCooldown = 90 days;
        p.appealWindow = 89 days;
        p.caseLifetime = 90 days;
        setParameters(p);
        skip(7 days);
        withdrawAs(bob, alice);
        assertEq(staking.cutOf(0, 1, TRAINER, alice), 200_000);
        skip(23 days);
        staking.dismissCase("c");
    }

    function test_SetParametersWhenTheyAreWithinBounds() external {
        IArenaStaking.Parameters memory p = parametersOf();
        p.minimumDelegation = 77;
        p.reporterSharePpm = 500_000;
        vm.expectEmit(address(staking));
        emit IArenaStaking.ParametersSet(p);
        setParameters(p);
        assertEq(keccak256(abi.encode(staking.parameters())), keccak256(abi.encode(p)));
    }

    function test_SetProgramRevertWhen_TheCallerIsNotTheAdmin() external {
        expectUnauthorized();
        vm.prank(tasks);
        staking.setProgram(0, alice);
    }

    function test_SetProgramWhenTheTaskHasAStake() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        _setProgram(address(new TaskRegistry(admin, token, distributor, GRACE)));
        stakeAs(bob, 1, TRAINER, MINIMUM);
        endTask();
        skip(3 days);
        unstakeAs(alice, MINIMUM);
    }

    function test_SetProgramWhenTheTaskHasNoStake() external {
        TaskRegistry other = new TaskRegistry(admin, token, distributor, GRACE);
        vm.expectEmit(address(staking));
        emit IArenaStaking.ProgramSet(0, address(other));
        _setProgram(address(other));
        assertEq(staking.sourceOf(0), address(other));
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.StakingClosed.selector, 0, 1));
        stakeAs(alice, 1, TRAINER, MINIMUM);
    }

    function test_SetMinimumRevertWhen_TheCallerIsNotTheAdmin() external {
        expectUnauthorized();
        vm.prank(tasks);
        staking.setMinimum(0, TRAINER, 0);
    }

    function test_SetMinimumWhenTheCallerIsTheAdmin() external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        vm.expectEmit(address(staking));
        emit IArenaStaking.MinimumSet(0, TRAINER, 2 * MINIMUM);
        vm.prank(admin);
        staking.setMinimum(0, TRAINER, 2 * MINIMUM);
        assertEq(staking.minimumOf(0, TRAINER), 2 * MINIMUM);
        vm.expectRevert(abi.encodeWithSelector(IArenaStaking.BelowMinimum.selector, MINIMUM + 1, 2 * MINIMUM));
        stakeAs(alice, 1, TRAINER, 1);
        assertTrue(staking.hasRole(0, 1, TRAINER, alice));
    }

    function _setProgram(address source) private {
        vm.prank(admin);
        staking.setProgram(0, source);
    }

    function _refuse(IArenaStaking.Parameters memory p, string memory name) private {
        vm.expectRevert(_outOfBounds(name));
        setParameters(p);
    }

    function _outOfBounds(string memory name) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IArenaStaking.ParameterOutOfBounds.selector, name);
    }
}
