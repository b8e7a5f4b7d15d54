// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IRewardDistributor} from "./interfaces/IRewardDistributor.sol";
import {IVoteEscrow} from "./interfaces/IVoteEscrow.sol";
import {Cases} from "./staking/Cases.sol";
import {Stakes} from "./staking/Stakes.sol";
import {VoteEscrow} from "./VoteEscrow.sol";

/// @title Stakes gm tokens on (program, task, role), delegates them to operators, and slashes by cases.
/// @notice Holds exactly the gm tokens of its books: the sum of all stakes, delegations and undelegations in cool-down.
/// No admin can move them. What can take them is a case, by its rates, after its time to appeal.
/// @dev Split by subject, each file on top of the one before: `StakingTerms` (parameters), `Stakes` (own stakes, cuts),
/// `Delegations`, `Cases`.
contract ArenaStaking is Cases {
    /// @notice Names the admin, the two contracts that stakes come from and go to, and the first parameters.
    /// @param admin sets programs, minimums and parameters, and grants the case role: the timelock
    /// @param escrow the gm token, whose locks a slash cuts; this contract must be registered there
    /// @param distributor receives what is slashed
    /// @param parameters_ the first parameters
    constructor(address admin, IVoteEscrow escrow, IRewardDistributor distributor, Parameters memory parameters_)
        Stakes(escrow)
        Cases(VoteEscrow(address(escrow)).TOKEN(), distributor)
    {
        if (admin == address(0)) revert ZeroAddress();
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
        _setParameters(parameters_);
    }
}
