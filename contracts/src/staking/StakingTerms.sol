// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IArenaStaking} from "../interfaces/IArenaStaking.sol";
import {ITaskSource} from "../interfaces/ITaskRegistry.sol";

/// @title The terms of staking: programs, minimums and parameters, and what of them a task keeps once it has a stake.
/// @notice The admin (a timelock) sets them within bounds. What already runs never becomes longer: a task keeps the
/// source, exit delay and freeze window that it found with its first stake; cool-downs and cases keep their own times.
abstract contract StakingTerms is IArenaStaking, AccessControl {
    /// @notice What a task found with its first stake.
    /// @param source answers for the task; 0 before the first stake
    /// @param exitDelay seconds between the task's end and the first withdrawal
    /// @param freezeWindow seconds before submissions close in which delegations and cuts stand still
    struct Terms {
        ITaskSource source;
        uint32 exitDelay;
        uint32 freezeWindow;
    }

    /// @notice One, in parts per million.
    uint32 internal constant PPM = 1_000_000;
    /// @notice The longest that any delay, cool-down, window or lifetime can be set to.
    uint32 public constant MAX_WAIT = 90 days;
    /// @notice The largest share of a slash that the reporter can be given.
    uint32 public constant MAX_REPORTER_SHARE_PPM = 500_000;

    /// @notice The parameters.
    Parameters private _parameters;
    /// @notice Where the tasks of a program come from.
    mapping(uint8 program => ITaskSource) private _sources;
    /// @notice The least stake of a role in a program.
    mapping(uint8 program => mapping(uint8 role => uint128)) private _minimums;
    /// @notice What tasks found with their first stake.
    mapping(uint8 program => mapping(uint64 task => Terms)) private _terms;

    /// @inheritdoc IArenaStaking
    function setProgram(uint8 program, address source) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _sources[program] = ITaskSource(source);
        emit ProgramSet(program, source);
    }

    /// @inheritdoc IArenaStaking
    function setMinimum(uint8 program, uint8 role, uint128 amount) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _minimums[program][role] = amount;
        emit MinimumSet(program, role, amount);
    }

    /// @inheritdoc IArenaStaking
    function setParameters(Parameters calldata parameters_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setParameters(parameters_);
    }

    /// @inheritdoc IArenaStaking
    function parameters() external view returns (Parameters memory) {
        return _parameters;
    }

    /// @inheritdoc IArenaStaking
    function sourceOf(uint8 program) external view returns (address) {
        return address(_sources[program]);
    }

    /// @inheritdoc IArenaStaking
    function minimumOf(uint8 program, uint8 role) public view returns (uint128) {
        return _minimums[program][role];
    }

    /// @notice Checks the parameters' bounds and sets them.
    function _setParameters(Parameters memory p) internal {
        _bound(p.exitDelay <= MAX_WAIT, "exitDelay");
        _bound(p.freezeWindow <= MAX_WAIT, "freezeWindow");
        _bound(p.undelegationCooldown <= MAX_WAIT, "undelegationCooldown");
        _bound(p.cutCooldown <= MAX_WAIT, "cutCooldown");
        _bound(p.caseLifetime <= MAX_WAIT, "caseLifetime");
        _bound(p.appealWindow < p.caseLifetime, "appealWindow");
        _bound(p.maxCutPpm <= PPM, "maxCutPpm");
        _bound(p.minCutPpm <= p.defaultCutPpm && p.defaultCutPpm <= p.maxCutPpm, "defaultCutPpm");
        _bound(p.reporterSharePpm <= MAX_REPORTER_SHARE_PPM, "reporterSharePpm");
        _parameters = p;
        emit ParametersSet(p);
    }

    /// @notice Refuses a task that takes no stakes now. The first stake on it fixes its terms.
    function _requireAccepting(uint8 program, uint64 task) internal {
        Terms storage terms = _terms[program][task];
        ITaskSource source = terms.source;
        if (address(source) == address(0)) {
            source = _sources[program];
            if (address(source) == address(0)) revert UnknownProgram(program);
            _terms[program][task] = Terms(source, _parameters.exitDelay, _parameters.freezeWindow);
        }
        if (!source.acceptsStakes(task)) revert StakingClosed(program, task);
    }

    /// @notice Refuses what would change a pool at `at`, if that is between the freeze and the task's end.
    function _requireThawed(uint8 program, uint64 task, uint64 at) internal view {
        Terms storage terms = _terms[program][task];
        uint64 closesAt = terms.source.closesAt(task);
        uint64 window = terms.freezeWindow;
        if (closesAt == 0 || at + window < closesAt || terms.source.endedAt(task) != 0) return;
        revert Frozen(closesAt > window ? closesAt - window : 0);
    }

    /// @notice Unix second from which the stakes on a task may leave; 0 while the task has not ended.
    function _exitOf(uint8 program, uint64 task) internal view returns (uint64) {
        Terms storage terms = _terms[program][task];
        uint64 endedAt = terms.source.endedAt(task);
        return endedAt == 0 ? 0 : endedAt + terms.exitDelay;
    }

    /// @notice The parameters, without copying them to memory.
    function _current() internal view returns (Parameters storage) {
        return _parameters;
    }

    /// @notice Refuses a parameter that is out of its bounds.
    function _bound(bool within, string memory name) private pure {
        if (!within) revert ParameterOutOfBounds(name);
    }
}
