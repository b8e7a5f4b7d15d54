// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IVoteEscrow} from "../src/interfaces/IVoteEscrow.sol";
import {VoteEscrow} from "../src/VoteEscrow.sol";
import {EscrowFixture} from "./support/EscrowFixture.sol";
import {FeeToken, HookToken} from "./support/Tokens.sol";

/// @title Follows VoteEscrow.tree: opening and closing locks.
contract VoteEscrowLocksTest is EscrowFixture {
    function test_ConstructorRevertWhen_ThePeriodIsZero() external {
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.AmountTooSmall.selector, 0, 1));
        new VoteEscrow(admin, token, 0, MINIMUM);
    }

    function test_ConstructorRevertWhen_TheMinimumIsZero() external {
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.AmountTooSmall.selector, 0, 1));
        new VoteEscrow(admin, token, 1 days, 0);
    }

    function test_GmForWhenTheTermIsUpTo30Periods() external view {
        assertEq(escrow.gmFor(1e18 + 7, 0), 1e18 + 7);
        assertEq(escrow.gmFor(1e18 + 7, 30), 1e18 + 7);
    }

    function test_GmForWhenTheTermIsBetween30And365Periods() external view {
        assertEq(escrow.gmFor(100, 31), 100);
        assertEq(escrow.gmFor(100 ether, 31), 100.6 ether);
        assertEq(escrow.gmFor(100 ether, 365), 301 ether);
    }

    function test_GmForWhenTheTermIsOver365Periods() external view {
        assertEq(escrow.gmFor(100 ether, type(uint256).max), 301 ether);
    }

    function testFuzz_GmForGrowsWithAmountAndTerm(uint128 amount, uint16 periods) external view {
        uint256 gm = escrow.gmFor(amount, periods);
        assertGe(gm, amount, "never less than the tokens");
        assertLe(gm * 100, uint256(amount) * 301, "never more than 3.01 times");
        assertLe(gm, escrow.gmFor(amount, uint256(periods) + 1), "by term");
        assertLe(gm, escrow.gmFor(uint256(amount) + 1, periods), "by amount");
    }

    function test_LockRevertWhen_TheAmountIsBelowTheMinimum() external {
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.AmountTooSmall.selector, MINIMUM - 1, MINIMUM));
        _lock(alice, uint128(MINIMUM - 1), 30);
    }

    function test_LockRevertWhen_TheTermIsAboveTheMaximum() external {
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.TermTooLong.selector, 1461, 1460));
        _lock(alice, 100, 1461);
    }

    function test_LockRevertGiven_64OpenLocks() external {
        for (uint256 i = 0; i < 64; i++) {
            _lock(alice, 100, 0);
        }
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.TooManyLocks.selector, alice));
        _lock(alice, 100, 0);
        // A closed lock makes room, and another's list is its own.
        vm.prank(alice);
        escrow.unlock(7);
        _lock(alice, 100, 0);
        _lock(bob, 100, 0);
    }

    function test_LockRevertWhen_TheTokenTakesAFee() external {
        FeeToken fee = new FeeToken();
        fee.mint(alice, 1000);
        escrow = new VoteEscrow(admin, fee, 1 days, MINIMUM);
        vm.startPrank(alice);
        fee.approve(address(escrow), 1000);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.ShortTransfer.selector, 1000, 990));
        escrow.lock(1000, 30);
    }

    function test_LockRevertWhen_TheTokenCallsBack() external {
        HookToken hook = new HookToken();
        hook.mint(alice, 1000);
        escrow = new VoteEscrow(admin, hook, 1 days, MINIMUM);
        vm.startPrank(alice);
        hook.approve(address(escrow), 1000);
        uint64 id = escrow.lock(100, 0);
        bytes[3] memory calls = [
            abi.encodeCall(escrow.lock, (uint128(100), uint32(0))),
            abi.encodeCall(escrow.unlock, (id)),
            abi.encodeCall(escrow.slash, (alice, uint256(1)))
        ];
        for (uint256 i = 0; i < calls.length; i++) {
            hook.onTransfer(address(escrow), calls[i]);
            vm.expectRevert(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
            escrow.lock(100, 0);
            vm.expectRevert(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
            escrow.unlock(id);
        }
    }

    function test_LockWhenItIsTheFirst() external {
        vm.expectEmit(address(escrow));
        emit IVoteEscrow.LockChanged(alice, 1, 1000, 1000, 3010, 3010, uint64(block.timestamp + 365 days));
        uint64 id = _lock(alice, 1000, 365);

        assertEq(token.balanceOf(address(escrow)), 1000);
        assertEq(escrow.balanceOf(alice), 3010);
        assertEq(escrow.getVotes(alice), 3010);
        IVoteEscrow.Lock memory held = escrow.lockOf(id);
        assertEq(held.owner, alice);
        assertEq(held.amount, 1000);
        assertEq(held.gm, 3010);
        assertEq(held.endsAt, block.timestamp + 365 days);
        (uint8 open, uint64 oldest, uint64 newest) = escrow.locksOf(alice);
        assertEq(open, 1);
        assertEq(oldest, id);
        assertEq(newest, id);
    }

    function test_LockGivenOtherLocks() external {
        uint64 first = _lock(alice, 100, 0);
        _lock(bob, 100, 0);
        uint64 second = _lock(alice, 100, 0);
        assertEq(escrow.lockOf(first).next, second);
        assertEq(escrow.lockOf(second).previous, first);
        (uint8 open, uint64 oldest, uint64 newest) = escrow.locksOf(alice);
        assertEq(open, 2);
        assertEq(oldest, first);
        assertEq(newest, second);
        assertEq(_lockedOf(alice), 200);
    }

    function test_UnlockRevertWhen_TheLockIsAnothers() external {
        uint64 id = _lock(alice, 100, 0);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.NotYourLock.selector, id));
        vm.prank(bob);
        escrow.unlock(id);
    }

    function test_UnlockRevertWhen_TheLockIsClosed() external {
        uint64 id = _lock(alice, 100, 0);
        vm.startPrank(alice);
        escrow.unlock(id);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.NotYourLock.selector, id));
        escrow.unlock(id);
    }

    function test_UnlockRevertWhen_TheTermIsNotOver() external {
        uint64 id = _lock(alice, 100, 30);
        uint256 endsAt = block.timestamp + 30 days;
        vm.warp(endsAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.StillLocked.selector, id, endsAt));
        vm.prank(alice);
        escrow.unlock(id);
    }

    function test_UnlockRevertGiven_ItsGmIsInUse() external {
        uint64 id = _lock(alice, 100, 0);
        holder.take(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.GmInUse.selector, alice, 99, 100));
        vm.prank(alice);
        escrow.unlock(id);
    }

    function test_UnlockWhenTheTermIsJustOver() external {
        uint64 id = _lock(alice, 1001, 365);
        _lock(alice, 50, 0);
        uint256 before = token.balanceOf(alice);
        uint64 endsAt = uint64(block.timestamp + 365 days);
        vm.warp(endsAt);
        vm.expectEmit(address(escrow));
        emit IVoteEscrow.LockChanged(alice, id, -1001, 50, -3013, 50, endsAt);
        vm.prank(alice);
        escrow.unlock(id);
        assertEq(token.balanceOf(alice), before + 1001);
        assertEq(escrow.balanceOf(alice), 50);
        assertEq(escrow.getVotes(alice), 50);
        assertEq(escrow.lockOf(id).owner, address(0));
    }

    function test_UnlockWhenItIsInTheMiddleOfTheList() external {
        uint64 first = _lock(alice, 100, 0);
        uint64 middle = _lock(alice, 100, 0);
        uint64 last = _lock(alice, 100, 0);
        vm.prank(alice);
        escrow.unlock(middle);
        assertEq(escrow.lockOf(first).next, last);
        assertEq(escrow.lockOf(last).previous, first);
    }

    function test_UnlockGivenTheAdminRaisedTheMinimum() external {
        uint64 id = _lock(alice, 100, 0);
        vm.prank(admin);
        escrow.setMinimumLock(1e30);
        vm.prank(alice);
        escrow.unlock(id);
        assertEq(token.balanceOf(alice), 1e30);
    }

    function testFuzz_UnlockReturnsExactlyWhatWasLocked(uint128 amount, uint32 periods, uint128 other) external {
        amount = uint128(bound(amount, MINIMUM, 4e29));
        periods = uint32(bound(periods, 0, 1460));
        _lock(alice, uint128(bound(other, MINIMUM, 4e29)), 0);
        uint256 before = token.balanceOf(alice);
        uint64 id = _lock(alice, amount, periods);
        vm.warp(block.timestamp + uint256(periods) * 1 days);
        vm.prank(alice);
        escrow.unlock(id);
        assertEq(token.balanceOf(alice), before);
    }
}
