// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IArenaStaking} from "../../../src/interfaces/IArenaStaking.sol";
import {World} from "./World.sol";

/// @title What actors do with their locks, stakes and delegations, and what they try with those of others.
abstract contract StakeActions is World {
    function lock(uint256 actorSeed, uint256 amount, uint256 periods) external counted("lock") {
        address actor = _actor(actorSeed);
        uint256 before = _gmOf(actor);
        periods = _chance(periods, 3) ? periods / 3 % 400 : periods % 4;
        vm.prank(actor);
        escrow.lock(uint128(_in(amount, 1 ether, 20_000 ether)), uint32(periods));
        gmMinted[actor] += _gmOf(actor) - before;
    }

    function unlock(uint256 actorSeed, uint256 newest) external counted("unlock") {
        address actor = _actor(actorSeed);
        (, uint64 oldestId, uint64 newestId) = escrow.locksOf(actor);
        uint256 before = _gmOf(actor);
        vm.prank(actor);
        escrow.unlock(_chance(newest, 2) ? newestId : oldestId);
        gmUnlocked[actor] += before - _gmOf(actor);
    }

    function stake(uint256 actorSeed, uint256 taskSeed, uint256 role, uint256 amount) external counted("stake") {
        Seat memory at = Seat(_openTask(taskSeed), uint8(role % 2), _actor(actorSeed));
        uint256 free = escrow.balanceOf(at.operator);
        amount = _chance(amount, 8) ? _in(amount, 1, free + 1) : _in(amount, MINIMUM, free / 2);
        stakeAs(at.operator, at.task, at.role, uint128(amount));
        gmIn += amount;
        _must(staking.stakeOf(0, at.task, 1 - at.role, at.operator) == 0, "one role on a task");
        _must(staking.stakeOf(0, at.task, at.role, at.operator) >= MINIMUM, "at least the minimum");
        _must(_openCases(at) == 0, "nothing joins a pool with a case");
        if (_exitDelayOf[at.task] == 0) {
            _exitDelayOf[at.task] = staking.parameters().exitDelay;
            _freezeOf[at.task] = staking.parameters().freezeWindow;
        }
        bytes32 key = keccak256(abi.encode(at));
        if (!_seated[key]) seats.push(at);
        _seated[key] = true;
    }

    function unstake(uint256 seatSeed, uint256 amount) external counted("unstake") {
        Seat memory at = _seat(seatSeed, true);
        amount = _in(amount, 1, uint256(staking.stakeOf(0, at.task, at.role, at.operator)) + 1);
        vm.prank(at.operator);
        staking.unstake(0, at.task, at.role, uint128(amount));
        gmOut += amount;
        uint256 endedAt = registry.endedAt(at.task);
        _must(endedAt != 0 && _now() >= endedAt + _exitDelayOf[at.task], "stake stays until the exit");
        _must(_openCases(at) == 0, "stake stays while a case is open");
    }

    function delegate(uint256 actorSeed, uint256 seatSeed, uint256 amount) external counted("delegate") {
        Link memory link = Link(_seat(seatSeed, false), _actor(actorSeed));
        Seat memory at = link.seat;
        uint256 free = escrow.balanceOf(link.account);
        amount = _chance(amount, 8) ? _in(amount, 1, free + 1) : _in(amount, 10 ether, free / 2);
        _must(link.account != at.operator || !_tryDelegate(link, uint128(amount)), "nobody delegates to itself");
        delegateAs(link.account, at.task, at.role, at.operator, uint128(amount));
        gmIn += amount;
        _must(staking.stakeOf(0, at.task, at.role, at.operator) > 0, "operators have own stake");
        _must(_openCases(at) == 0 && !_frozen(at.task), "no delegation in the freeze or with a case");
        bytes32 key = keccak256(abi.encode(link));
        if (!_linked[key]) links.push(link);
        _linked[key] = true;
    }

    function undelegate(uint256 linkSeed, uint256 amount) external counted("undelegate") {
        Link memory link = _link(linkSeed, false);
        Seat memory at = link.seat;
        uint128 held = _delegation(link).amount;
        amount = _chance(amount, 2) ? held : _in(amount, 1, uint256(held) + 1);
        vm.prank(link.account);
        staking.undelegate(0, at.task, at.role, at.operator, uint128(amount));
        _must(_openCases(at) == 0 && !_frozen(at.task), "no undelegation in the freeze or with a case");
        uint256 readyAt = _now() + staking.parameters().undelegationCooldown;
        _must(_delegation(link).readyAt == readyAt, "the cool-down starts anew");
    }

    function withdraw(uint256 linkSeed) external counted("withdraw") {
        Link memory link = _link(linkSeed, true);
        Seat memory at = link.seat;
        IArenaStaking.Delegation memory d = _delegation(link);
        uint256 before = escrow.balanceOf(link.account);
        vm.prank(link.account);
        staking.withdrawDelegation(0, at.task, at.role, at.operator);
        gmOut += d.pending;
        _must(escrow.balanceOf(link.account) == before + d.pending, "what cooled down comes back");
        _must(_now() >= d.readyAt && _openCases(at) == 0, "not before it is ready");
    }

    function setCut(uint256 seatSeed, uint256 cutPpm) external counted("setCut") {
        Seat memory at = _seat(seatSeed, false);
        uint32 counting = staking.cutOf(0, at.task, at.role, at.operator);
        cutPpm = _in(cutPpm, 50_000, 900_000);
        vm.prank(at.operator);
        staking.setCut(0, at.task, at.role, uint32(cutPpm));
        uint32 now_ = staking.cutOf(0, at.task, at.role, at.operator);
        bool alone = staking.poolOf(0, at.task, at.role, at.operator).delegators == 0;
        _must(alone || now_ == counting || staking.parameters().cutCooldown == 0, "no cut changes under delegators");
    }

    /// @dev Nothing of this may ever succeed.
    function steal(uint256 thiefSeed, uint256 seatSeed, uint256 linkSeed) external counted("steal") {
        address thief = _actor(thiefSeed);
        Seat memory at = _seat(seatSeed, true);
        uint128 all = staking.stakeOf(0, at.task, at.role, at.operator);
        uint128 own = staking.stakeOf(0, at.task, at.role, thief);
        vm.prank(thief);
        try staking.unstake(0, at.task, at.role, own + all) {
            _must(own + all <= own, "nobody withdraws another's stake");
        } catch {}
        vm.prank(thief);
        (bool moved,) = address(escrow).call(abi.encodeCall(escrow.transfer, (at.operator, 1)));
        _must(!moved, "gm tokens don't change hands");
        vm.prank(thief);
        (moved,) = address(escrow).call(abi.encodeCall(escrow.transfer, (address(staking), 1)));
        _must(!moved, "gm tokens are staked by the books only");
        if (links.length == 0) return;
        Link memory link = _link(linkSeed, true);
        link.account = thief;
        if (_delegation(link).pending > 0) return;
        vm.prank(thief);
        try staking.withdrawDelegation(0, link.seat.task, link.seat.role, link.seat.operator) {
            _must(false, "nobody withdraws another's delegation");
        } catch {}
    }

    function _tryDelegate(Link memory link, uint128 amount) private returns (bool done) {
        Seat memory at = link.seat;
        vm.prank(link.account);
        (done,) = address(staking).call(abi.encodeCall(staking.delegate, (0, at.task, at.role, at.operator, amount)));
    }
}
