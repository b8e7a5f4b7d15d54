// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ArenaStaking} from "../../src/ArenaStaking.sol";
import {ArenaToken} from "../../src/ArenaToken.sol";
import {IArenaStaking} from "../../src/interfaces/IArenaStaking.sol";
import {RewardDistributor} from "../../src/RewardDistributor.sol";
import {TaskRegistry} from "../../src/TaskRegistry.sol";
import {VoteEscrow} from "../../src/VoteEscrow.sol";
import {Cheats} from "../foundry/Test.sol";

/// @title The five contracts, wired as they are deployed, with roles held by named accounts.
abstract contract ArenaFixture is Cheats {
    uint64 internal constant START = 1_800_000_000;
    uint64 internal constant GRACE = 5 days;
    uint128 internal constant MINIMUM = 100 ether;
    uint8 internal constant TRAINER = 0;
    uint8 internal constant VALIDATOR = 1;

    address internal admin = named("admin");
    address internal tasks = named("tasks");
    address internal rewards = named("rewards");
    address internal reporter = named("reporter");
    ArenaToken internal token;
    VoteEscrow internal escrow;
    RewardDistributor internal distributor;
    TaskRegistry internal registry;
    ArenaStaking internal staking;

    function setUp() public virtual {
        vm.warp(START);
        vm.startPrank(admin);
        token = new ArenaToken(admin, admin, 500_000_000 ether);
        escrow = new VoteEscrow(admin, token, 1 days, 1 ether);
        distributor = new RewardDistributor(admin, token, START, 1 days, 100_000 ether, 1 hours);
        token.setDistributor(address(distributor));
        registry = new TaskRegistry(admin, token, distributor, GRACE);
        staking = new ArenaStaking(admin, escrow, distributor, parametersOf());
        escrow.setRegistered(address(staking), true);
        staking.setProgram(0, address(registry));
        staking.setMinimum(0, TRAINER, MINIMUM);
        staking.setMinimum(0, VALIDATOR, MINIMUM);
        staking.grantRole(staking.CASE_ROLE(), rewards);
        registry.grantRole(registry.TASK_ADMIN_ROLE(), tasks);
        registry.grantRole(registry.FINALISER_ROLE(), rewards);
        distributor.grantRole(distributor.SUBMITTER_ROLE(), rewards);
        distributor.grantRole(distributor.GUARDIAN_ROLE(), rewards);
        token.transfer(tasks, 10_000_000 ether);
        vm.stopPrank();
        vm.prank(tasks);
        token.approve(address(registry), type(uint256).max);
    }

    function parametersOf() internal pure returns (IArenaStaking.Parameters memory) {
        return IArenaStaking.Parameters({
            exitDelay: 3 days,
            freezeWindow: 2 days,
            undelegationCooldown: 7 days,
            cutCooldown: 5 days,
            appealWindow: 3 days,
            caseLifetime: 30 days,
            minCutPpm: 50_000,
            maxCutPpm: 900_000,
            defaultCutPpm: 400_000,
            reporterSharePpm: 100_000,
            minimumDelegation: 10 ether
        });
    }

    /// @dev Locks `amount` tokens of an account for a month, which is as many gm tokens, and approves the staking.
    function lockFor(address account, uint128 amount) internal {
        vm.prank(admin);
        token.transfer(account, amount);
        vm.startPrank(account);
        token.approve(address(escrow), amount);
        escrow.lock(amount, 30);
        escrow.approve(address(staking), type(uint256).max);
        vm.stopPrank();
    }

    function createTask(uint64 task, uint128 bounty) internal {
        vm.prank(tasks);
        registry.create(task, bounty);
    }

    function verifyTask(uint64 task) internal {
        vm.prank(tasks);
        registry.verify(task);
    }

    /// @dev Opens a verified task: submissions from tomorrow for 30 days, then a final phase of 5.
    function openTask(uint64 task) internal {
        uint64 now_ = uint64(vm.getBlockTimestamp());
        vm.prank(tasks);
        registry.open(task, "spec", now_ + 1 days, now_ + 31 days, now_ + 36 days);
    }

    function finaliseTask(uint64 task, bytes32 root) internal {
        vm.prank(rewards);
        registry.finalise(task, root);
    }

    function cancelTask(uint64 task) internal {
        vm.prank(tasks);
        registry.cancel(task);
    }

    function stakeAs(address account, uint64 task, uint8 role, uint128 amount) internal {
        vm.prank(account);
        staking.stake(0, task, role, amount);
    }

    function delegateAs(address account, uint64 task, uint8 role, address operator, uint128 amount) internal {
        vm.prank(account);
        staking.delegate(0, task, role, operator, amount);
    }

    function openCase(bytes32 id, uint64 task, uint8 role, address account, uint32 ppm, uint32 delegationPpm) internal {
        vm.prank(rewards);
        staking.openCase(id, IArenaStaking.Position(0, role, task), account, ppm, delegationPpm, "evidence", reporter);
    }

    /// @dev The next call fails for want of a role.
    function expectUnauthorized() internal {
        vm.expectPartialRevert(IAccessControl.AccessControlUnauthorizedAccount.selector);
    }

    function balanceOf(address account) internal view returns (uint256) {
        return IERC20(address(token)).balanceOf(account);
    }
}
