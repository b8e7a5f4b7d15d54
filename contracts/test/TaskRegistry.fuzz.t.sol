// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ITaskRegistry} from "../src/interfaces/ITaskRegistry.sol";
import {Test} from "./foundry/Test.sol";
import {ArenaFixture} from "./support/ArenaFixture.sol";

/// @title Whatever the times of a task: it keeps no bounty, and only moves forward.
contract TaskRegistryFuzzTest is Test, ArenaFixture {
    function setUp() public override {
        super.setUp();
        createTask(1, 50 ether);
        verifyTask(1);
    }

    /// @dev Two years to the start, two to the end, and the grace: then anybody can cancel.
    function testFuzz_NoTaskKeepsItsBounty(uint64 opensAt, uint64 closesAt, uint64 finalEndsAt) external {
        opensAt = uint64(bound(opensAt, START - 800 days, START + 800 days));
        closesAt = uint64(bound(closesAt, opensAt, opensAt + 800 days));
        finalEndsAt = uint64(bound(finalEndsAt, closesAt, closesAt + 800 days));
        vm.prank(tasks);
        try registry.open(1, "spec", opensAt, closesAt, finalEndsAt) {} catch {}
        vm.warp(START + 4 * 365 days + GRACE + 1);
        registry.cancelAbandoned(1);
        assertEq(balanceOf(address(registry)), 0);
    }

    function testFuzz_TimesBeyondReasonAreRefused(uint64 opensAt, uint64 closesAt, uint64 finalEndsAt) external {
        vm.prank(tasks);
        try registry.open(1, "spec", opensAt, closesAt, finalEndsAt) {
            assertLe(finalEndsAt, START + 4 * 365 days, "soon enough");
            assertTrue(opensAt < closesAt && closesAt < finalEndsAt && closesAt > START, "in order");
        } catch {}
    }

    function testFuzz_ExtensionsOnlyMoveToLater(uint32 wait, uint64 closesAt, uint64 finalEndsAt) external {
        openTask(1);
        closesAt = uint64(bound(closesAt, START + 25 days, START + 50 days));
        finalEndsAt = uint64(bound(finalEndsAt, START + 30 days, START + 800 days));
        vm.warp(START + wait % 40 days);
        ITaskRegistry.Task memory before = registry.taskOf(1);
        vm.prank(tasks);
        try registry.extend(1, closesAt, finalEndsAt) {} catch {}
        ITaskRegistry.Task memory t = registry.taskOf(1);
        assertGe(t.closesAt, before.closesAt, "submissions close later");
        assertGe(t.finalEndsAt, before.finalEndsAt, "the final phase ends later");
        assertGt(t.finalEndsAt, t.closesAt, "in order");
        assertLe(t.finalEndsAt, uint256(t.opensAt) + 730 days, "within two years");
        if (vm.getBlockTimestamp() >= before.closesAt) assertEq(t.closesAt, before.closesAt, "what passed stays");
        if (vm.getBlockTimestamp() >= before.finalEndsAt) assertEq(t.finalEndsAt, before.finalEndsAt, "and the end");
    }
}
