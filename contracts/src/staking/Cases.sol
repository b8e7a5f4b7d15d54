// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IArenaStaking} from "../interfaces/IArenaStaking.sol";
import {IRewardDistributor} from "../interfaces/IRewardDistributor.sol";
import {Delegations} from "./Delegations.sol";

/// @title Cases against operators: opened, then dismissed or carried out.
/// @notice An open case keeps the whole pool of the operator still: own stake, delegations, and what cools down. It is
/// carried out between the end of the time to appeal and its expiry. Own stake burns first; where the case names a rate
/// for delegators, each of them is slashed exactly once, and the case closes with the last.
/// @dev Two cases may be open on one stake: each takes its part of what the other left, so nothing is taken twice. Only
/// one at a time slashes delegators, since that one alone may change who they are.
abstract contract Cases is Delegations {
    using SafeERC20 for IERC20;

    /// @notice Opens, dismisses and carries out cases: the rewards service, after its appeals.
    bytes32 public constant CASE_ROLE = keccak256("CASE_ROLE");

    /// @notice The token behind the gm tokens.
    IERC20 public immutable TOKEN;
    /// @notice Receives what is slashed, less the reporter's share, for the pot of the task.
    IRewardDistributor public immutable DISTRIBUTOR;

    /// @notice The cases by their ids.
    mapping(bytes32 caseId => Case) private _cases;
    /// @notice The delegators whom a case has slashed.
    mapping(bytes32 caseId => mapping(address account => bool)) private _slashed;
    /// @notice The case that slashes the delegators of a pool right now; 0 for none.
    mapping(uint256 position => mapping(address operator => bytes32)) private _slashing;

    /// @notice Names the token, and where slashed tokens go.
    constructor(IERC20 token, IRewardDistributor distributor) {
        if (address(token) == address(0) || address(distributor) == address(0)) revert ZeroAddress();
        TOKEN = token;
        DISTRIBUTOR = distributor;
    }

    /// @inheritdoc IArenaStaking
    function openCase(
        bytes32 caseId,
        Position calldata position,
        address account,
        uint32 ppm,
        uint32 delegationPpm,
        bytes32 evidenceHash,
        address reporter
    ) external onlyRole(CASE_ROLE) {
        if (caseId == 0) revert UnknownCase(caseId);
        if (_cases[caseId].status != CaseStatus.None) revert CaseExists(caseId);
        if (ppm == 0) revert ZeroAmount();
        if (ppm > PPM) revert RateTooHigh(ppm);
        if (delegationPpm > ppm) revert RateTooHigh(delegationPpm);
        Pool storage pool = _pools[_at(position.program, position.task, position.role)][account];
        if (pool.own == 0) revert NoOperator(account);
        uint64 exit = _exitOf(position.program, position.task);
        // Else case after case could keep a stake for ever.
        if (exit != 0 && block.timestamp >= exit) revert StakingClosed(position.program, position.task);
        Case storage c = _cases[caseId];
        c.status = CaseStatus.Open;
        c.program = position.program;
        c.role = position.role;
        c.task = position.task;
        c.account = account;
        c.ppm = ppm;
        c.delegationPpm = delegationPpm;
        c.executableAt = uint64(block.timestamp) + _current().appealWindow;
        c.expiresAt = uint64(block.timestamp) + _current().caseLifetime;
        c.reporter = reporter;
        c.evidenceHash = evidenceHash;
        ++pool.openCases;
        emit CaseOpened(
            caseId, c.task, account, c.program, c.role, ppm, delegationPpm, evidenceHash, reporter, c.executableAt
        );
    }

    /// @inheritdoc IArenaStaking
    function dismissCase(bytes32 caseId) external {
        Case storage c = _require(caseId, CaseStatus.Open);
        if (block.timestamp < c.expiresAt) _checkRole(CASE_ROLE);
        c.status = CaseStatus.Dismissed;
        --_pools[_at(c.program, c.task, c.role)][c.account].openCases;
        emit CaseDismissed(caseId, c.task, c.account);
    }

    /// @inheritdoc IArenaStaking
    function slash(bytes32 caseId) external onlyRole(CASE_ROLE) nonReentrant {
        Case storage c = _require(caseId, CaseStatus.Open);
        if (block.timestamp < c.executableAt) revert TooEarly(c.executableAt);
        if (block.timestamp >= c.expiresAt) revert TooLate(c.expiresAt);
        uint256 position = _at(c.program, c.task, c.role);
        address account = c.account;
        Pool storage pool = _pools[position][account];
        if (c.delegationPpm > 0 && pool.delegators > 0) {
            bytes32 other = _slashing[position][account];
            if (other != 0) revert WrongCaseStatus(other, CaseStatus.Slashing);
            _slashing[position][account] = caseId;
            c.status = CaseStatus.Slashing;
            c.delegatorsLeft = pool.delegators;
        }
        uint128 burned = _part(pool.own, c.ppm);
        pool.own -= burned;
        if (burned > 0) emit StakeChanged(c.task, account, c.program, c.role, -int256(uint256(burned)), pool.own);
        bool done = c.status == CaseStatus.Open;
        if (done) _close(caseId, c);
        (uint256 rest, uint256 share) = _burn(caseId, c, account, burned);
        _payOut(c, rest, share);
        if (done) emit CaseClosed(caseId, c.task, account);
    }

    /// @inheritdoc IArenaStaking
    function slashDelegators(bytes32 caseId, address[] calldata delegators) external nonReentrant {
        Case storage c = _require(caseId, CaseStatus.Slashing);
        if (block.timestamp < c.expiresAt) _checkRole(CASE_ROLE);
        uint256 rest;
        uint256 share;
        for (uint256 i = 0; i < delegators.length; ++i) {
            address account = delegators[i];
            if (_slashed[caseId][account]) revert AlreadySlashed(caseId, account);
            _slashed[caseId][account] = true;
            uint128 burned = _cutDelegation(c, account);
            (uint256 restOfOne, uint256 shareOfOne) = _burn(caseId, c, account, burned);
            rest += restOfOne;
            share += shareOfOne;
        }
        // No overflow: each of the delegators counted at the start got here once.
        c.delegatorsLeft -= uint32(delegators.length);
        bool done = c.delegatorsLeft == 0;
        if (done) _close(caseId, c);
        _payOut(c, rest, share);
        if (done) emit CaseClosed(caseId, c.task, c.account);
    }

    /// @inheritdoc IArenaStaking
    function caseOf(bytes32 caseId) external view returns (Case memory) {
        return _cases[caseId];
    }

    /// @notice Takes its part from a delegation, from what counts first, then from what cools down.
    function _cutDelegation(Case storage c, address account) private returns (uint128 burned) {
        uint256 position = _at(c.program, c.task, c.role);
        Pool storage pool = _pools[position][c.account];
        Delegation storage d = _delegations[position][c.account][account];
        uint128 held = d.amount + d.pending;
        if (held == 0) revert NotDelegator(account);
        burned = _part(held, c.delegationPpm);
        uint128 counted = burned < d.amount ? burned : d.amount;
        uint128 cooling = burned - counted;
        d.amount -= counted;
        d.pending -= cooling;
        pool.delegated -= counted;
        pool.pending -= cooling;
        if (d.amount == 0) d.since = 0;
        if (burned == held) --pool.delegators;
        int256 delta = -int256(uint256(counted));
        if (counted > 0) emit DelegationChanged(c.task, account, c.account, c.program, c.role, delta, d.amount);
        delta = -int256(uint256(cooling));
        if (cooling > 0) {
            emit UndelegationChanged(c.task, account, c.account, c.program, c.role, delta, d.pending, d.readyAt);
        }
    }

    /// @notice Ends a case that has been carried out. Its event follows when the tokens have gone their ways.
    function _close(bytes32 caseId, Case storage c) private {
        uint256 position = _at(c.program, c.task, c.role);
        c.status = CaseStatus.Closed;
        --_pools[position][c.account].openCases;
        if (_slashing[position][c.account] == caseId) delete _slashing[position][c.account];
    }

    /// @notice Burns gm tokens of an account. The tokens that leave its locks come here, to be paid out at once.
    function _burn(bytes32 caseId, Case storage c, address account, uint256 gm)
        private
        returns (uint256 rest, uint256 share)
    {
        uint256 released = gm == 0 ? 0 : ESCROW.slash(account, gm);
        share = c.reporter == address(0) ? 0 : released * _current().reporterSharePpm / PPM;
        rest = released - share;
        emit Slashed(caseId, c.task, account, gm, released, share);
    }

    /// @notice Pays the reporter its share, and the rest to the task's pot. Tasks of later programs have no pot of this
    /// number at the distributor: theirs goes to the arena's.
    function _payOut(Case storage c, uint256 rest, uint256 share) private {
        if (share > 0) TOKEN.safeTransfer(c.reporter, share);
        if (rest == 0) return;
        TOKEN.forceApprove(address(DISTRIBUTOR), rest);
        DISTRIBUTOR.fund(c.program == 0 ? c.task : 0, rest);
    }

    /// @notice A case that is where it must be.
    function _require(bytes32 caseId, CaseStatus expected) private view returns (Case storage c) {
        c = _cases[caseId];
        if (c.status == CaseStatus.None) revert UnknownCase(caseId);
        if (c.status != expected) revert WrongCaseStatus(caseId, c.status);
    }

    /// @notice A part of an amount, rounded down: rounding never takes more than the rate says.
    function _part(uint128 amount, uint32 ppm) private pure returns (uint128) {
        return uint128(uint256(amount) * ppm / PPM);
    }
}
