// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IArenaStaking} from "../../../src/interfaces/IArenaStaking.sol";
import {ITaskRegistry} from "../../../src/interfaces/ITaskRegistry.sol";
import {ArenaFixture} from "../../support/ArenaFixture.sol";

/// @title The arena with five actors, and what the handlers remember of all that happened.
/// @notice An action whose call reverts is undone as a whole, so what is remembered is what succeeded. A rule that an
/// action finds broken is noted in `broken` instead of reverting, else nobody would see it.
abstract contract World is ArenaFixture {
    struct Seat {
        uint64 task;
        uint8 role;
        address operator;
    }

    struct Link {
        Seat seat;
        address account;
    }

    uint64 internal constant MAX_TASKS = 12;

    address[] public actors;
    uint64 public taskCount;
    Seat[] public seats;
    Link[] public links;
    bytes32[] public caseIds;
    string public broken;
    mapping(string what => uint256 times) public reached;

    mapping(address account => uint256) public gmMinted;
    mapping(address account => uint256) public gmUnlocked;
    mapping(address account => uint256) public gmSlashed;
    uint256 public gmIn;
    uint256 public gmOut;
    uint256 public gmBurned;
    uint256 public bountiesIn;
    uint256 public bountiesPaid;
    uint256 public bountiesRefunded;
    uint256 public slashPaid;
    uint256 public reporterPaid;

    mapping(uint64 task => uint256) internal _exitDelayOf;
    mapping(uint64 task => uint256) internal _freezeOf;
    mapping(bytes32 seat => bool) internal _seated;
    mapping(bytes32 link => bool) internal _linked;
    mapping(uint64 task => ITaskRegistry.Phase) private _seen;

    constructor() {
        ArenaFixture.setUp();
        string[5] memory names = ["ann", "ben", "cleo", "dora", "emil"];
        for (uint256 i = 0; i < names.length; ++i) {
            address actor = named(names[i]);
            actors.push(actor);
            vm.prank(admin);
            token.transfer(actor, 1_000_000 ether);
            vm.startPrank(actor);
            token.approve(address(escrow), type(uint256).max);
            escrow.approve(address(staking), type(uint256).max);
            vm.stopPrank();
        }
    }

    /// @dev Counts an action, and checks that no task went backwards by it.
    modifier counted(string memory what) {
        _;
        reached[what]++;
        for (uint64 task = 1; task <= taskCount; ++task) {
            ITaskRegistry.Phase phase = registry.phaseOf(task);
            ITaskRegistry.Phase seen = _seen[task];
            bool onward = seen >= ITaskRegistry.Phase.Finalised ? phase == seen : phase >= seen;
            _must(onward, "a task went backwards");
            _seen[task] = phase;
        }
    }

    function contractsOf()
        external
        view
        returns (address token_, address escrow_, address registry_, address staking_, address distributor_)
    {
        return (address(token), address(escrow), address(registry), address(staking), address(distributor));
    }

    function counts() external view returns (uint256 actors_, uint256 seats_, uint256 links_, uint256 cases_) {
        return (actors.length, seats.length, links.length, caseIds.length);
    }

    function bystanders() external view returns (address admin_, address tasks_, address reporter_) {
        return (admin, tasks, reporter);
    }

    function _must(bool holds, string memory rule) internal {
        if (!holds && bytes(broken).length == 0) broken = rule;
    }

    /// @dev A number of a range, its ends more often than the rest. Forge likes small numbers: hashing spreads them.
    function _in(uint256 seed, uint256 min, uint256 max) internal pure returns (uint256) {
        require(min <= max, "nothing to choose from");
        uint256 hash = uint256(keccak256(abi.encode(seed)));
        if (hash % 8 == 0) return min;
        if (hash % 8 == 1) return max;
        return min + (hash >> 8) % (max - min + 1);
    }

    /// @dev Comes true once in `often` times.
    function _chance(uint256 seed, uint256 often) internal pure returns (bool) {
        return uint256(keccak256(abi.encode(seed, often))) % often == 0;
    }

    function _index(uint256 seed, uint256 length) internal pure returns (uint256) {
        require(length > 0, "none yet");
        return (uint256(keccak256(abi.encode(seed))) >> 8) % length;
    }

    function _actor(uint256 seed) internal view returns (address) {
        return actors[_index(seed, actors.length)];
    }

    function _task(uint256 seed) internal view returns (uint64) {
        return uint64(_index(seed, taskCount)) + 1;
    }

    /// @dev Mostly a task that takes stakes, else any.
    function _openTask(uint256 seed) internal view returns (uint64 task) {
        for (uint256 i = 0; i < taskCount; ++i) {
            task = uint64((_index(seed, taskCount) + i) % taskCount) + 1;
            if (_chance(seed, 8) || registry.acceptsStakes(task)) return task;
        }
        return _task(seed);
    }

    /// @dev Mostly a seat with stake and without a case, on a task that has ended or not, else any.
    function _seat(uint256 seed, bool ended) internal view returns (Seat memory at) {
        for (uint256 i = 0; i < seats.length; ++i) {
            at = seats[(_index(seed, seats.length) + i) % seats.length];
            bool still = _openCases(at) > 0 && !_chance(seed, 4);
            bool staked = staking.stakeOf(0, at.task, at.role, at.operator) > 0;
            if (_chance(seed, 8) || (staked && !still && ended == (registry.endedAt(at.task) != 0))) return at;
        }
        return seats[_index(seed, seats.length)];
    }

    /// @dev Mostly a delegation without a case that counts, or that is ready to be withdrawn, else any.
    function _link(uint256 seed, bool ready) internal view returns (Link memory link) {
        for (uint256 i = 0; i < links.length; ++i) {
            link = links[(_index(seed, links.length) + i) % links.length];
            IArenaStaking.Delegation memory d = _delegation(link);
            bool still = _openCases(link.seat) > 0 && !_chance(seed, 4);
            bool fits = ready ? d.pending > 0 && _now() >= d.readyAt : d.amount > 0;
            if (_chance(seed, 8) || (fits && !still)) return link;
        }
        return links[_index(seed, links.length)];
    }

    function _delegation(Link memory link) internal view returns (IArenaStaking.Delegation memory) {
        return staking.delegationOf(0, link.seat.task, link.seat.role, link.account, link.seat.operator);
    }

    function _openCases(Seat memory at) internal view returns (uint64) {
        return staking.poolOf(0, at.task, at.role, at.operator).openCases;
    }

    function _now() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    /// @dev Whether delegations and cuts of a task stand still, by the window that it found with its first stake.
    function _frozen(uint64 task) internal view returns (bool) {
        uint256 closesAt = registry.closesAt(task);
        return closesAt != 0 && _now() + _freezeOf[task] >= closesAt && registry.endedAt(task) == 0;
    }

    function _gmOf(address account) internal view returns (uint256 gm) {
        (, gm) = escrow.lockedOf(account);
    }

    function _lockedOf(address account) internal view returns (uint256 tokens) {
        (tokens,) = escrow.lockedOf(account);
    }
}
