// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {VoteEscrow} from "../../src/VoteEscrow.sol";
import {Test} from "../foundry/Test.sol";
import {GmHolder} from "./GmHolder.sol";
import {PlainToken} from "./Tokens.sol";

/// @title An escrow with a registered contract and two accounts that have tokens and approved both.
abstract contract EscrowFixture is Test {
    uint256 internal constant MINIMUM = 10;
    address internal admin = named("admin");
    address internal alice = named("alice");
    address internal bob = named("bob");
    PlainToken internal token;
    VoteEscrow internal escrow;
    GmHolder internal holder;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        token = new PlainToken();
        escrow = new VoteEscrow(admin, token, 1 days, MINIMUM);
        holder = new GmHolder(escrow);
        vm.prank(admin);
        escrow.setRegistered(address(holder), true);
        _join(alice);
        _join(bob);
    }

    /// @dev An account gets tokens, and approves the escrow for them and the holder for its gm.
    function _join(address account) internal {
        token.mint(account, 1e30);
        vm.startPrank(account);
        token.approve(address(escrow), type(uint256).max);
        escrow.approve(address(holder), type(uint256).max);
        vm.stopPrank();
    }

    function _lock(address account, uint128 amount, uint32 periods) internal returns (uint64 id) {
        vm.prank(account);
        return escrow.lock(amount, periods);
    }

    function _gmOf(address account) internal view returns (uint256 gm) {
        (, gm) = escrow.lockedOf(account);
    }

    function _lockedOf(address account) internal view returns (uint256 tokens) {
        (tokens,) = escrow.lockedOf(account);
    }
}
