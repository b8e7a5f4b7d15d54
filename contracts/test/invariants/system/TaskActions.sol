// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ITaskRegistry} from "../../../src/interfaces/ITaskRegistry.sol";
import {World} from "./World.sol";

/// @title Time, and what admins do with tasks.
abstract contract TaskActions is World {
    function pass(uint256 time) external counted("pass") {
        skip(_in(time, 1 hours, 3 days));
    }

    function create(uint256 bounty) external counted("create") {
        require(taskCount < MAX_TASKS && _live() < 4, "enough tasks");
        bounty = _chance(bounty, 3) ? 0 : _in(bounty, 1, 1000 ether);
        createTask(taskCount + 1, uint128(bounty));
        taskCount++;
        bountiesIn += bounty;
    }

    function raise(uint256 taskSeed, uint256 amount) external counted("raise") {
        amount = _in(amount, 1, 1000 ether);
        vm.prank(tasks);
        registry.raiseBounty(_task(taskSeed), uint128(amount));
        bountiesIn += amount;
    }

    /// @dev Takes a task one step further, whichever is next.
    function advance(uint256 taskSeed, uint256 length, uint256 ranked) external counted("advance") {
        uint64 task = _task(taskSeed);
        ITaskRegistry.Phase phase = registry.phaseOf(task);
        uint64 now_ = uint64(_now());
        if (phase == ITaskRegistry.Phase.Created) {
            verifyTask(task);
        } else if (phase == ITaskRegistry.Phase.Verified) {
            uint64 closesAt = now_ + uint64(_in(length, 4 days, 16 days));
            vm.prank(tasks);
            registry.open(task, "spec", now_ + 1 hours, closesAt, closesAt + 2 days);
        } else {
            require(phase == ITaskRegistry.Phase.AwaitingRanking, "nothing to do");
            _finalise(task, !_chance(ranked, 4) ? bytes32("root") : bytes32(0));
        }
    }

    function extend(uint256 taskSeed, uint256 closes, uint256 ends) external counted("extend") {
        uint64 task = _task(taskSeed);
        ITaskRegistry.Task memory t = registry.taskOf(task);
        vm.prank(tasks);
        registry.extend(task, t.closesAt + uint64(closes % 2 days), t.finalEndsAt + uint64(ends % 3 days));
    }

    /// @dev Rarely, else tasks would not live for long.
    function cancel(uint256 taskSeed, uint256 chance) external counted("cancel") {
        require(_chance(chance, 8), "not now");
        uint64 task = _task(taskSeed);
        uint256 bounty = registry.taskOf(task).bounty;
        uint256 before = balanceOf(tasks);
        cancelTask(task);
        _must(balanceOf(tasks) == before + bounty, "a cancelled bounty goes back");
        bountiesRefunded += bounty;
    }

    function cancelAbandoned(uint256 taskSeed, uint256 caller) external counted("cancelAbandoned") {
        uint64 task = _task(taskSeed);
        ITaskRegistry.Task memory t = registry.taskOf(task);
        vm.prank(_actor(caller));
        registry.cancelAbandoned(task);
        _must(_now() > t.finalEndsAt + GRACE, "nobody cancels before the grace is over");
        bountiesRefunded += t.bounty;
    }

    function _live() private view returns (uint256 live) {
        for (uint64 task = 1; task <= taskCount; ++task) {
            if (registry.endedAt(task) == 0) live++;
        }
    }

    function _finalise(uint64 task, bytes32 root) private {
        uint256 bounty = registry.taskOf(task).bounty;
        uint256 before = balanceOf(tasks);
        finaliseTask(task, root);
        _must(_now() >= registry.taskOf(task).finalEndsAt, "no task ends before its final phase");
        if (root == 0) {
            _must(balanceOf(tasks) == before + bounty, "an unranked bounty goes back");
            bountiesRefunded += bounty;
            reached["refunded"]++;
        } else {
            bountiesPaid += bounty;
            if (bounty > 0) reached["bounty paid"]++;
        }
    }
}
