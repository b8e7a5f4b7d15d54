// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IVoteEscrow} from "../../src/interfaces/IVoteEscrow.sol";
import {VoteEscrow} from "../../src/VoteEscrow.sol";
import {Campaign} from "../support/Campaign.sol";
import {PlainToken} from "../support/Tokens.sol";
import {EscrowHandler} from "./EscrowHandler.sol";

/// @title What must hold of the escrow after any sequence of calls.
contract VoteEscrowInvariants is Campaign {
    EscrowHandler private _handler;
    VoteEscrow private _escrow;
    PlainToken private _token;

    function setUp() external {
        vm.warp(1_800_000_000);
        _handler = new EscrowHandler();
        _escrow = _handler.ESCROW();
        _token = _handler.TOKEN();
        bytes4[] memory calls = new bytes4[](11);
        calls[0] = EscrowHandler.lock.selector;
        calls[1] = EscrowHandler.lockMany.selector;
        calls[2] = EscrowHandler.unlock.selector;
        calls[3] = EscrowHandler.take.selector;
        calls[4] = EscrowHandler.giveBack.selector;
        calls[5] = EscrowHandler.giveToAnother.selector;
        calls[6] = EscrowHandler.slash.selector;
        calls[7] = EscrowHandler.transferTo.selector;
        calls[8] = EscrowHandler.delegateVotes.selector;
        calls[9] = EscrowHandler.register.selector;
        calls[10] = EscrowHandler.pass.selector;
        string[] memory paths = new string[](11);
        paths[0] = "lock";
        paths[1] = "unlock";
        paths[2] = "unlock refused";
        paths[3] = "take";
        paths[4] = "give back";
        paths[5] = "give refused";
        paths[6] = "list full";
        paths[7] = "part slashed";
        paths[8] = "locks slashed";
        paths[9] = "transfer refused";
        paths[10] = "delegate";
        _campaign(address(_handler), calls, paths);
    }

    /// @dev One campaign for all rules: forge would run one for each function.
    function invariant_theEscrowKeepsItsRules() external view {
        assertEq(_handler.slips(), 0, "allowed what it should refuse, or the other way round");
        _checkSupply();
        _checkGm();
        _checkVotes();
        _checkTokens();
    }

    /// @dev gm minted = Σ open locks; tokens held = Σ open locks. A list is walked when a call may have changed it: one
    /// that was changed by another's call does not add up.
    function _checkSupply() private view {
        uint256 gm;
        uint256 tokens;
        for (uint256 i = 0; i < 3; i++) {
            address actor = _handler.actors(i);
            bool walked = actor == _handler.touched();
            (uint256 lockedHere, uint256 gmHere) = walked ? _walk(actor) : _escrow.lockedOf(actor);
            gm += gmHere;
            tokens += lockedHere;
        }
        assertEq(_escrow.totalSupply(), gm, "gm");
        assertEq(_token.balanceOf(address(_escrow)), tokens, "tokens");
    }

    /// @dev All gm of an account is with it or held for it, so that what it gets back always unlocks its locks.
    function _checkGm() private view {
        for (uint256 i = 0; i < 3; i++) {
            address actor = _handler.actors(i);
            uint256 held;
            for (uint256 j = 0; j < 2; j++) {
                held += _escrow.heldFor(address(_handler.holders(j)), actor);
            }
            (, uint256 gm) = _escrow.lockedOf(actor);
            assertEq(_escrow.balanceOf(actor) + held, gm, "gm of an account");
        }
    }

    /// @dev The votes of a delegate are the gm of the locks of those who chose it, wherever that gm is.
    function _checkVotes() private view {
        uint256 all;
        for (uint256 i = 0; i < 3; i++) {
            uint256 votes;
            for (uint256 j = 0; j < 3; j++) {
                (, uint256 gm) = _escrow.lockedOf(_handler.actors(j));
                if (_escrow.delegates(_handler.actors(j)) == _handler.actors(i)) votes += gm;
            }
            assertEq(_escrow.getVotes(_handler.actors(i)), votes, "votes");
            all += votes;
        }
        assertEq(all, _escrow.totalSupply(), "all votes");
    }

    /// @dev No wei comes or goes but by slashes.
    function _checkTokens() private view {
        uint256 slashed;
        for (uint256 i = 0; i < 3; i++) {
            address actor = _handler.actors(i);
            (uint256 locked,) = _escrow.lockedOf(actor);
            assertEq(
                _token.balanceOf(actor) + locked + _handler.slashed(actor), _handler.FUNDS(), "tokens of an account"
            );
            slashed += _handler.slashed(actor);
        }
        uint256 received =
            _token.balanceOf(address(_handler.holders(0))) + _token.balanceOf(address(_handler.holders(1)));
        assertEq(received, slashed, "slashed");
    }

    /// @dev Each path is gone at least once, and the rules hold at the end.
    function test_EveryPathIsReached() external {
        _walk(600);
        this.invariant_theEscrowKeepsItsRules();
    }

    /// @dev The run was worth something, and nothing is stuck at its end.
    function afterInvariant() external {
        _checkReached();
        for (uint256 i = 0; i < 3; i++) {
            _walk(_handler.actors(i));
        }
        _handler.empty();
        assertEq(_escrow.totalSupply(), 0, "gm left");
        assertEq(_token.balanceOf(address(_escrow)), 0, "tokens left");
        skip(1);
        assertEq(_escrow.getPastTotalSupply(vm.getBlockTimestamp() - 1), 0, "votes left");
    }

    /// @dev The ends, the count and the totals of a list fit its locks.
    function _walk(address actor) private view returns (uint256 tokens, uint256 gm) {
        (uint8 open, uint64 oldest, uint64 newest) = _escrow.locksOf(actor);
        assertLe(open, 64, "open locks");
        uint256 count;
        uint64 previous;
        for (uint64 id = oldest; id != 0; count++) {
            IVoteEscrow.Lock memory held = _escrow.lockOf(id);
            assertEq(held.owner, actor);
            assertEq(held.previous, previous, "previous");
            assertGt(id, previous, "oldest first");
            assertGt(held.amount, 0, "empty lock");
            assertGt(held.gm, 0, "lock without gm");
            tokens += held.amount;
            gm += held.gm;
            (previous, id) = (id, held.next);
        }
        assertEq(previous, newest, "newest");
        assertEq(count, open, "count");
        (uint256 lockedTotal, uint256 gmTotal) = _escrow.lockedOf(actor);
        assertEq(lockedTotal, tokens, "total of tokens");
        assertEq(gmTotal, gm, "total of gm");
    }
}
