// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IArenaStaking} from "../interfaces/IArenaStaking.sol";
import {Stakes} from "./Stakes.sol";

/// @title Delegations to operators, and their way back through a cool-down.
/// @notice Around the end of a task delegations stand still; so do all of a pool while a case on its operator is open.
abstract contract Delegations is Stakes {
    /// @notice The delegations by position, operator and delegator.
    mapping(uint256 position => mapping(address operator => mapping(address account => Delegation))) internal
        _delegations;

    /// @inheritdoc IArenaStaking
    function delegate(uint8 program, uint64 task, uint8 role, address operator, uint128 amount) external nonReentrant {
        if (amount == 0) revert ZeroAmount();
        if (operator == msg.sender) revert SelfDelegation();
        uint256 position = _at(program, task, role);
        Pool storage pool = _pools[position][operator];
        if (pool.own == 0) revert NoOperator(operator);
        _requireAccepting(program, task);
        _requireThawed(program, task, uint64(block.timestamp));
        _requireNoCase(pool, operator);
        Delegation storage d = _delegations[position][operator][msg.sender];
        uint128 total = d.amount + amount;
        uint128 minimum = _current().minimumDelegation;
        if (total < minimum) revert BelowMinimum(total, minimum);
        if (d.amount == 0) {
            d.since = uint64(block.timestamp);
            if (d.pending == 0) ++pool.delegators;
        }
        d.amount = total;
        pool.delegated += amount;
        emit DelegationChanged(task, msg.sender, operator, program, role, int256(uint256(amount)), total);
        _takeGm(amount);
    }

    /// @inheritdoc IArenaStaking
    /// @dev Leaves nothing or at least the smallest delegation: dust of many accounts would make a slash dear.
    function undelegate(uint8 program, uint64 task, uint8 role, address operator, uint128 amount)
        external
        nonReentrant
    {
        if (amount == 0) revert ZeroAmount();
        uint256 position = _at(program, task, role);
        Pool storage pool = _pools[position][operator];
        Delegation storage d = _delegations[position][operator][msg.sender];
        if (d.amount < amount) revert NotEnoughStaked(d.amount, amount);
        _requireThawed(program, task, uint64(block.timestamp));
        _requireNoCase(pool, operator);
        uint128 left = d.amount - amount;
        uint128 minimum = _current().minimumDelegation;
        if (left != 0 && left < minimum) revert BelowMinimum(left, minimum);
        d.amount = left;
        d.pending += amount;
        d.readyAt = uint64(block.timestamp) + _current().undelegationCooldown;
        if (left == 0) d.since = 0;
        pool.delegated -= amount;
        pool.pending += amount;
        int256 delta = int256(uint256(amount));
        emit DelegationChanged(task, msg.sender, operator, program, role, -delta, left);
        emit UndelegationChanged(task, msg.sender, operator, program, role, delta, d.pending, d.readyAt);
    }

    /// @inheritdoc IArenaStaking
    function withdrawDelegation(uint8 program, uint64 task, uint8 role, address operator) external nonReentrant {
        uint256 position = _at(program, task, role);
        Pool storage pool = _pools[position][operator];
        Delegation storage d = _delegations[position][operator][msg.sender];
        uint128 amount = d.pending;
        uint64 readyAt = d.readyAt;
        if (amount == 0 || block.timestamp < readyAt) revert NothingReady(readyAt);
        _requireNoCase(pool, operator);
        d.pending = 0;
        d.readyAt = 0;
        pool.pending -= amount;
        if (d.amount == 0) --pool.delegators;
        emit UndelegationChanged(task, msg.sender, operator, program, role, -int256(uint256(amount)), 0, readyAt);
        _giveGm(amount);
    }

    /// @inheritdoc IArenaStaking
    function delegationOf(uint8 program, uint64 task, uint8 role, address account, address operator)
        external
        view
        returns (Delegation memory)
    {
        return _delegations[_at(program, task, role)][operator][account];
    }
}
