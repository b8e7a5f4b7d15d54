// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IArenaStaking} from "../interfaces/IArenaStaking.sol";
import {IVoteEscrow} from "../interfaces/IVoteEscrow.sol";
import {StakingTerms} from "./StakingTerms.sol";

/// @title Own stakes and the cuts of operators.
/// @notice A wallet has one role on a task, for good: also a stake slashed to nothing does not free it for the other side.
abstract contract Stakes is StakingTerms, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice Holds the locks behind the gm tokens, and is the gm token.
    IVoteEscrow public immutable ESCROW;

    /// @notice The pools by position and operator.
    mapping(uint256 position => mapping(address operator => Pool)) internal _pools;
    /// @notice The role of an account on a task, plus one; 0 for none yet.
    mapping(uint8 program => mapping(uint64 task => mapping(address account => uint256))) private _held;

    /// @notice Names the escrow.
    constructor(IVoteEscrow escrow) {
        if (address(escrow) == address(0)) revert ZeroAddress();
        ESCROW = escrow;
    }

    /// @inheritdoc IArenaStaking
    function stake(uint8 program, uint64 task, uint8 role, uint128 amount) external nonReentrant {
        if (amount == 0) revert ZeroAmount();
        _requireAccepting(program, task);
        Pool storage pool = _pools[_at(program, task, role)][msg.sender];
        uint256 held = _held[program][task][msg.sender];
        if (held == 0) {
            _held[program][task][msg.sender] = uint256(role) + 1;
            pool.cutPpm = _current().defaultCutPpm;
            emit CutChanged(task, msg.sender, program, role, pool.cutPpm, uint64(block.timestamp));
        } else if (held != uint256(role) + 1) {
            revert OtherRole(uint8(held - 1));
        }
        _requireNoCase(pool, msg.sender);
        uint128 total = pool.own + amount;
        uint128 minimum = minimumOf(program, role);
        if (total < minimum) revert BelowMinimum(total, minimum);
        pool.own = total;
        emit StakeChanged(task, msg.sender, program, role, int256(uint256(amount)), total);
        _takeGm(amount);
    }

    /// @inheritdoc IArenaStaking
    /// @dev Any part: after the task's end a stake does nothing that a minimum would be for.
    function unstake(uint8 program, uint64 task, uint8 role, uint128 amount) external nonReentrant {
        if (amount == 0) revert ZeroAmount();
        Pool storage pool = _pools[_at(program, task, role)][msg.sender];
        uint128 own = pool.own;
        if (own < amount) revert NotEnoughStaked(own, amount);
        uint64 exit = _exitOf(program, task);
        if (exit == 0) revert TaskNotEnded(program, task);
        if (block.timestamp < exit) revert ExitDelayed(exit);
        _requireNoCase(pool, msg.sender);
        pool.own = own - amount;
        emit StakeChanged(task, msg.sender, program, role, -int256(uint256(amount)), own - amount);
        _giveGm(amount);
    }

    /// @inheritdoc IArenaStaking
    /// @dev The first cut of a pool to which nobody has delegated counts at once. One that would come to count in the
    /// freeze is refused: those who dislike it could not leave any more.
    function setCut(uint8 program, uint64 task, uint8 role, uint32 cutPpm) external {
        Pool storage pool = _pools[_at(program, task, role)][msg.sender];
        if (pool.own == 0) revert NoOperator(msg.sender);
        Parameters storage p = _current();
        if (cutPpm < p.minCutPpm || cutPpm > p.maxCutPpm) revert CutOutOfBounds(cutPpm, p.minCutPpm, p.maxCutPpm);
        bool atOnce = pool.nextCutAt == 0 && pool.delegators == 0;
        uint64 effectiveAt = uint64(block.timestamp) + (atOnce ? 0 : p.cutCooldown);
        _requireThawed(program, task, effectiveAt);
        pool.cutPpm = atOnce ? cutPpm : _cutNow(pool);
        pool.nextCutPpm = cutPpm;
        pool.nextCutAt = effectiveAt;
        emit CutChanged(task, msg.sender, program, role, cutPpm, effectiveAt);
    }

    /// @inheritdoc IArenaStaking
    function stakeOf(uint8 program, uint64 task, uint8 role, address account) external view returns (uint128) {
        return _pools[_at(program, task, role)][account].own;
    }

    /// @inheritdoc IArenaStaking
    function poolOf(uint8 program, uint64 task, uint8 role, address operator) external view returns (Pool memory) {
        return _pools[_at(program, task, role)][operator];
    }

    /// @inheritdoc IArenaStaking
    function cutOf(uint8 program, uint64 task, uint8 role, address operator) external view returns (uint32) {
        return _cutNow(_pools[_at(program, task, role)][operator]);
    }

    /// @inheritdoc IArenaStaking
    function hasRole(uint8 program, uint64 task, uint8 role, address account) external view returns (bool) {
        return _pools[_at(program, task, role)][account].own > 0;
    }

    /// @notice Takes gm tokens of the caller.
    function _takeGm(uint256 amount) internal {
        IERC20(address(ESCROW)).safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Gives gm tokens back to the caller.
    function _giveGm(uint256 amount) internal {
        IERC20(address(ESCROW)).safeTransfer(msg.sender, amount);
    }

    /// @notice Refuses while a case on the operator is open or being carried out.
    function _requireNoCase(Pool storage pool, address operator) internal view {
        if (pool.openCases > 0) revert CaseOpen(operator);
    }

    /// @notice One number for a program, task and role.
    function _at(uint8 program, uint64 task, uint8 role) internal pure returns (uint256) {
        return (uint256(program) << 72) | (uint256(task) << 8) | role;
    }

    /// @notice The cut that counts now.
    function _cutNow(Pool storage pool) private view returns (uint32) {
        bool announced = pool.nextCutAt != 0 && block.timestamp >= pool.nextCutAt;
        return announced ? pool.nextCutPpm : pool.cutPpm;
    }
}
