// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IArenaStaking} from "../../../src/interfaces/IArenaStaking.sol";
import {StakeActions} from "./StakeActions.sol";

/// @title What case officers do, and the timelock with the parameters.
abstract contract CaseActions is StakeActions {
    mapping(bytes32 caseId => uint256) private _executableAt;
    mapping(bytes32 caseId => uint256) private _expiresAt;
    mapping(bytes32 caseId => mapping(address account => bool)) private _done;

    function accuse(uint256 seatSeed, uint256 ppm, uint256 delegationPpm) external counted("accuse") {
        bool delegated = links.length > 0 && _chance(delegationPpm, 2);
        Seat memory at = delegated ? _link(seatSeed, _chance(ppm, 2)).seat : _seat(seatSeed, _chance(ppm, 5));
        require(_chance(seatSeed ^ ppm, 2), "not now");
        bytes32 id = bytes32(caseIds.length + 1);
        ppm = _chance(ppm, 3) ? 1_000_000 : _in(ppm, 1, 500_000);
        delegationPpm = _chance(delegationPpm, 4) ? 0 : delegationPpm % (ppm + 1);
        openCase(id, at.task, at.role, at.operator, uint32(ppm), uint32(delegationPpm));
        caseIds.push(id);
        _executableAt[id] = _now() + staking.parameters().appealWindow;
        _expiresAt[id] = _now() + staking.parameters().caseLifetime;
        uint256 endedAt = registry.endedAt(at.task);
        _must(endedAt == 0 || _now() < endedAt + _exitDelayOf[at.task], "no case after the exit delay");
    }

    function dismiss(uint256 caseSeed, uint256 officer, uint256 chance) external counted("dismiss") {
        bytes32 id = _case(caseSeed, IArenaStaking.CaseStatus.Open);
        require(_chance(chance, 4), "not now");
        uint256 before = _openCases(_seatOf(id));
        vm.prank(_chance(officer, 2) ? rewards : actors[0]);
        staking.dismissCase(id);
        _must(_chance(officer, 2) || _now() >= _expiresAt[id], "strangers dismiss expired cases only");
        _must(_openCases(_seatOf(id)) == before - 1, "a dismissed case frees the pool");
    }

    function slash(uint256 caseSeed) external counted("slash") {
        bytes32 id = _case(caseSeed, IArenaStaking.CaseStatus.Open);
        IArenaStaking.Case memory c = staking.caseOf(id);
        Seat memory at = _seatOf(id);
        uint256 own = staking.stakeOf(0, at.task, at.role, at.operator);
        (uint256 gm, uint256 locked) = (_gmOf(at.operator), _lockedOf(at.operator));
        slashCase(id);
        uint256 burned = own * c.ppm / 1_000_000;
        _must(staking.stakeOf(0, at.task, at.role, at.operator) == own - burned, "a slash takes its rate");
        _remember(at.operator, gm, locked, burned);
        _must(_now() >= _executableAt[id], "not before the time to appeal is over");
        _must(_now() < _expiresAt[id], "not after it expired");
        if (_gmOf(at.operator) == 0) reached["all gm slashed"]++;
        if (staking.poolOf(0, at.task, at.role, at.operator).openCases > 1) reached["two cases"]++;
    }

    /// @dev The next delegator of the case, by an officer or, once it has expired, by anybody.
    function slashDelegator(uint256 caseSeed, uint256 officer) external counted("slashDelegator") {
        bytes32 id = _case(caseSeed, IArenaStaking.CaseStatus.Slashing);
        IArenaStaking.Case memory c = staking.caseOf(id);
        Link memory link = _nextDelegator(id);
        IArenaStaking.Delegation memory d = _delegation(link);
        (uint256 gm, uint256 locked) = (_gmOf(link.account), _lockedOf(link.account));
        address[] memory one = new address[](1);
        one[0] = link.account;
        vm.prank(_chance(officer, 2) ? rewards : actors[0]);
        staking.slashDelegators(id, one);
        _done[id][link.account] = true;
        IArenaStaking.Delegation memory left = _delegation(link);
        uint256 held = uint256(d.amount) + d.pending;
        uint256 burned = held * c.delegationPpm / 1_000_000;
        _must(uint256(left.amount) + left.pending == held - burned, "a delegator loses its rate");
        _must(left.amount == 0 || left.pending == d.pending, "what counts burns first");
        _remember(link.account, gm, locked, burned);
        _must(_chance(officer, 2) || _now() >= _expiresAt[id], "strangers go on with expired cases only");
        if (d.pending > 0) reached["slashed in cool-down"]++;
        if (staking.caseOf(id).status == IArenaStaking.CaseStatus.Closed) reached["closed by the last"]++;
        (bool again,) = address(staking).call(abi.encodeCall(staking.slashDelegators, (id, one)));
        _must(!again, "no delegator is slashed twice");
    }

    /// @dev New parameters: what runs must not notice.
    function tune(uint256 a, uint256 b, uint256 share) external counted("tune") {
        _tune(a, b, share);
    }

    function _tune(uint256 a, uint256 b, uint256 share) internal {
        IArenaStaking.Parameters memory p = parametersOf();
        p.exitDelay = uint32(_in(a, 1 hours, 6 days));
        p.freezeWindow = uint32(_in(b, 1 hours, 1 days));
        p.undelegationCooldown = uint32(_in(a ^ b, 1 hours, 4 days));
        p.appealWindow = uint32(_in(b, 1 hours, 1 days));
        p.caseLifetime = p.appealWindow + uint32(_in(a, 1 days, 10 days));
        p.reporterSharePpm = uint32(share % 500_001);
        vm.prank(admin);
        staking.setParameters(p);
    }

    function slashCase(bytes32 id) private {
        vm.prank(rewards);
        staking.slash(id);
    }

    /// @dev What a slash of an account burned and released, against what its locks lost.
    function _remember(address account, uint256 gm, uint256 locked, uint256 burned) private {
        uint256 released = locked - _lockedOf(account);
        uint256 share = released * staking.parameters().reporterSharePpm / 1_000_000;
        _must(gm - _gmOf(account) == burned, "gm slashed is gm burned from its owner's locks");
        gmSlashed[account] += burned;
        gmBurned += burned;
        reporterPaid += share;
        slashPaid += released - share;
    }

    /// @dev Mostly a case of this status, else any.
    function _case(uint256 seed, IArenaStaking.CaseStatus status) private view returns (bytes32 id) {
        for (uint256 i = 0; i < caseIds.length; ++i) {
            id = caseIds[(_index(seed, caseIds.length) + i) % caseIds.length];
            if (_chance(seed, 8) || staking.caseOf(id).status == status) return id;
        }
        return caseIds[_index(seed, caseIds.length)];
    }

    function _seatOf(bytes32 id) private view returns (Seat memory) {
        IArenaStaking.Case memory c = staking.caseOf(id);
        return Seat(c.task, c.role, c.account);
    }

    function _nextDelegator(bytes32 id) private view returns (Link memory link) {
        bytes32 seat = keccak256(abi.encode(_seatOf(id)));
        for (uint256 i = 0; i < links.length; ++i) {
            link = links[i];
            if (keccak256(abi.encode(link.seat)) != seat || _done[id][link.account]) continue;
            IArenaStaking.Delegation memory d = _delegation(link);
            if (d.amount > 0 || d.pending > 0) return link;
        }
        revert("no delegator left");
    }
}
