// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IVoteEscrow} from "../../src/interfaces/IVoteEscrow.sol";
import {VoteEscrow} from "../../src/VoteEscrow.sol";
import {Cheats} from "../foundry/Test.sol";
import {GmHolder} from "../support/GmHolder.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @title Does with the escrow, in any order, what accounts, holding contracts and the admin may do, and some of what
/// they may not. It remembers what each account put in and should have.
contract EscrowHandler is Cheats {
    uint256 public constant FUNDS = 1e30;
    PlainToken public immutable TOKEN = new PlainToken();
    VoteEscrow public immutable ESCROW;
    address[] public actors;
    /// @dev Whose locks the last call may have changed.
    address public touched;
    GmHolder[] public holders;

    /// @dev Tokens that slashes took from the locks of an account.
    mapping(address account => uint256) public slashed;
    /// @dev Calls that went through, by name.
    mapping(string name => uint256) public done;
    /// @dev What should have been refused and was not.
    uint256 public slips;

    constructor() {
        ESCROW = new VoteEscrow(address(this), TOKEN, 1 days, 3);
        for (uint256 i = 0; i < 2; i++) {
            holders.push(new GmHolder(ESCROW));
            ESCROW.setRegistered(address(holders[i]), true);
        }
        for (uint256 i = 1; i <= 3; i++) {
            address actor = vm.addr(i);
            actors.push(actor);
            TOKEN.mint(actor, FUNDS);
            vm.startPrank(actor);
            TOKEN.approve(address(ESCROW), type(uint256).max);
            for (uint256 j = 0; j < 2; j++) {
                ESCROW.approve(address(holders[j]), type(uint256).max);
            }
            vm.stopPrank();
        }
    }

    /// @dev Some locks are of a few wei, where floors bite.
    function lock(uint256 who, uint256 amount, uint256 periods) public {
        address actor = _touch(who);
        (uint8 open,,) = ESCROW.locksOf(actor);
        amount = amount % 3 == 0 ? bound(amount, 3, 50) : bound(amount, 3, 1e24);
        vm.prank(actor);
        try ESCROW.lock(uint128(amount), uint32(bound(periods, 0, 400))) {
            done["lock"]++;
            if (open == 64) slips++;
        } catch {
            if (open == 64) done["list full"]++;
        }
    }

    /// @dev Fills the list of the first actor: single locks would seldom come so far.
    function lockMany(uint256 amount) external {
        for (uint256 i = 0; i < 22; i++) {
            lock(0, amount >> i, i * 20);
        }
    }

    function unlock(uint256 who, uint256 which) external {
        address actor = _touch(who);
        uint64 id = _pick(actor, which);
        if (id == 0) return;
        IVoteEscrow.Lock memory held = ESCROW.lockOf(id);
        bool may = held.endsAt <= vm.getBlockTimestamp() && ESCROW.balanceOf(actor) >= held.gm;
        uint256 before = TOKEN.balanceOf(actor);
        vm.prank(actor);
        try ESCROW.unlock(id) {
            done["unlock"]++;
            if (!may || TOKEN.balanceOf(actor) != before + held.amount) slips++;
        } catch {
            done["unlock refused"]++;
            if (may) slips++;
        }
    }

    function take(uint256 who, uint256 which, uint256 gm) external {
        address actor = _touch(who);
        gm = bound(gm, 0, ESCROW.balanceOf(actor));
        GmHolder holder = holders[which % 2];
        bool may = ESCROW.isRegistered(address(holder));
        try holder.take(actor, gm) {
            done["take"]++;
            if (!may && gm != 0) slips++;
        } catch {
            if (may) slips++;
        }
    }

    function giveBack(uint256 who, uint256 which, uint256 gm) external {
        address actor = _touch(who);
        GmHolder holder = holders[which % 2];
        holder.giveTo(actor, bound(gm, 0, ESCROW.heldFor(address(holder), actor)));
        done["give back"]++;
    }

    /// @dev gm of one account never reaches another, not even through a contract that tries.
    function giveToAnother(uint256 who, uint256 which, uint256 gm) external {
        address actor = _touch(who);
        GmHolder holder = holders[which % 2];
        try holder.giveTo(actor, ESCROW.heldFor(address(holder), actor) + bound(gm, 1, 1e30)) {
            slips++;
        } catch {
            done["give refused"]++;
        }
    }

    function slash(uint256 who, uint256 which, uint256 gm) external {
        address actor = _touch(who);
        GmHolder holder = holders[which % 2];
        uint256 held = ESCROW.heldFor(address(holder), actor);
        gm = gm % 4 == 0 ? held : bound(gm, 0, held);
        bool may = ESCROW.isRegistered(address(holder));
        (uint8 open,,) = ESCROW.locksOf(actor);
        try holder.slash(actor, gm) returns (uint256 released) {
            slashed[actor] += released;
            if (!may) slips++;
            (uint8 left,,) = ESCROW.locksOf(actor);
            done[open == left ? "part slashed" : "locks slashed"]++;
        } catch {
            if (may) slips++;
        }
    }

    function transferTo(uint256 who, uint256 to, uint256 gm) external {
        address actor = _touch(who);
        address target = to % 2 == 0 ? actors[(who % 3 + 1) % 3] : address(holders[to % 4 / 2]);
        uint256 free = ESCROW.balanceOf(actor);
        if (free == 0) return;
        vm.prank(actor);
        try ESCROW.transfer(target, bound(gm, 1, free)) {
            slips++;
        } catch {
            done["transfer refused"]++;
        }
    }

    function delegateVotes(uint256 who, uint256 to) external {
        vm.prank(actors[who % 3]);
        ESCROW.delegate(to % 4 == 3 ? address(0) : actors[to % 4]);
        done["delegate"]++;
    }

    /// @dev Mostly they are.
    function register(uint256 which, uint256 registered) external {
        ESCROW.setRegistered(address(holders[which % 2]), registered % 4 != 0);
    }

    function pass(uint256 time) external {
        skip(bound(time, 1, 90 days));
    }

    /// @dev Everybody takes everything out. What fails here is stuck.
    function empty() external {
        skip(401 days);
        for (uint256 i = 0; i < 3; i++) {
            for (uint256 j = 0; j < 2; j++) {
                holders[j].giveTo(actors[i], ESCROW.heldFor(address(holders[j]), actors[i]));
            }
            for (uint64 id = _pick(actors[i], 0); id != 0; id = _pick(actors[i], 0)) {
                vm.prank(actors[i]);
                ESCROW.unlock(id);
            }
        }
    }

    function _touch(uint256 who) private returns (address actor) {
        actor = actors[who % 3];
        touched = actor;
    }

    function _pick(address actor, uint256 which) private view returns (uint64 id) {
        uint8 open;
        (open, id,) = ESCROW.locksOf(actor);
        for (uint256 i = open == 0 ? 0 : which % open; i != 0; i--) {
            id = ESCROW.lockOf(id).next;
        }
    }
}
