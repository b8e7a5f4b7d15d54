// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IArenaStaking} from "../../src/interfaces/IArenaStaking.sol";
import {Test} from "../foundry/Test.sol";
import {ArenaFixture} from "./ArenaFixture.sol";

/// @title Task 1 is open; alice and bob have 1000 gm tokens each, carol and dave too.
abstract contract StakingFixture is Test, ArenaFixture {
    uint64 internal constant CLOSES = START + 31 days;
    uint64 internal constant ENDS = START + 36 days;
    uint64 internal constant FREEZE = CLOSES - 2 days;
    address internal alice = named("alice");
    address internal bob = named("bob");
    address internal carol = named("carol");
    address internal dave = named("dave");

    function setUp() public virtual override {
        super.setUp();
        createTask(1, 0);
        verifyTask(1);
        openTask(1);
        lockFor(alice, 1000 ether);
        lockFor(bob, 1000 ether);
        lockFor(carol, 1000 ether);
        lockFor(dave, 1000 ether);
    }

    /// @dev Finalises task 1 at the end of its final phase.
    function endTask() internal {
        vm.warp(ENDS);
        finaliseTask(1, "root");
    }

    function undelegateAs(address account, address operator, uint128 amount) internal {
        vm.prank(account);
        staking.undelegate(0, 1, TRAINER, operator, amount);
    }

    function withdrawAs(address account, address operator) internal {
        vm.prank(account);
        staking.withdrawDelegation(0, 1, TRAINER, operator);
    }

    function unstakeAs(address account, uint128 amount) internal {
        vm.prank(account);
        staking.unstake(0, 1, TRAINER, amount);
    }

    function setCutAs(address account, uint32 cutPpm) internal {
        vm.prank(account);
        staking.setCut(0, 1, TRAINER, cutPpm);
    }

    function setParameters(IArenaStaking.Parameters memory p) internal {
        vm.prank(admin);
        staking.setParameters(p);
    }

    function slashCase(bytes32 id) internal {
        vm.prank(rewards);
        staking.slash(id);
    }

    function slashDelegatorsOf(bytes32 id, address first, address second) internal {
        address[] memory all = new address[](second == address(0) ? 1 : 2);
        all[0] = first;
        if (second != address(0)) all[1] = second;
        vm.prank(rewards);
        staking.slashDelegators(id, all);
    }

    function poolOf(address operator) internal view returns (IArenaStaking.Pool memory) {
        return staking.poolOf(0, 1, TRAINER, operator);
    }

    function delegationOf(address account, address operator) internal view returns (IArenaStaking.Delegation memory) {
        return staking.delegationOf(0, 1, TRAINER, account, operator);
    }

    function lockedOf(address account) internal view returns (uint256 tokens) {
        (tokens,) = escrow.lockedOf(account);
    }
}
