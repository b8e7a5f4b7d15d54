// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IVoteEscrow} from "../src/interfaces/IVoteEscrow.sol";
import {EscrowFixture} from "./support/EscrowFixture.sol";
import {GmHolder} from "./support/GmHolder.sol";

/// @title Follows VoteEscrow.tree: what becomes of gm tokens and votes.
contract VoteEscrowGmTest is EscrowFixture {
    function test_SlashRevertWhen_TheCallerIsNotRegistered() external {
        _lock(alice, 100, 0);
        holder.take(alice, 100);
        vm.prank(admin);
        escrow.setRegistered(address(holder), false);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.NotRegistered.selector, address(holder)));
        holder.slash(alice, 1);
    }

    function test_SlashRevertWhen_TheCallerHoldsLessForTheAccount() external {
        _lock(alice, 100, 0);
        _lock(bob, 100, 0);
        holder.take(alice, 40);
        holder.take(bob, 100);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.NotEnoughLocked.selector, alice, 41));
        holder.slash(alice, 41);
    }

    function test_SlashRevertWhen_TheAccountHasNoLocks() external {
        _lock(alice, 100, 0);
        holder.take(alice, 100);
        // A registered contract that takes from itself holds gm "for itself", and has no locks to cut.
        vm.prank(address(holder));
        escrow.transfer(address(holder), 5);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.NotEnoughLocked.selector, address(holder), 5));
        holder.slash(address(holder), 5);
    }

    function test_SlashWhenItCutsAPartOfALock() external {
        uint64 id = _lock(alice, 1000, 365);
        holder.take(alice, 3010);
        vm.expectEmit(address(escrow));
        emit IVoteEscrow.LockChanged(alice, id, -33, 967, -100, 2910, uint64(block.timestamp + 365 days));
        assertEq(holder.slash(alice, 100), 33);
        assertEq(token.balanceOf(address(holder)), 33);
        assertEq(escrow.lockOf(id).amount, 967);
        assertEq(escrow.lockOf(id).gm, 2910);
        assertEq(escrow.totalSupply(), 2910);
        assertEq(escrow.getVotes(alice), 2910);
        assertEq(escrow.heldFor(address(holder), alice), 2910);
    }

    function test_SlashWhenItCutsAPartTooSmallForAWei() external {
        uint64 id = _lock(alice, 1000, 365);
        holder.take(alice, 2);
        assertEq(holder.slash(alice, 2), 0);
        assertEq(escrow.lockOf(id).amount, 1000);
        assertEq(escrow.lockOf(id).gm, 3008);
    }

    function test_SlashWhenItCutsALockWholly() external {
        uint64 id = _lock(alice, 1001, 365);
        holder.take(alice, 3013);
        // What the floors of small cuts left in the lock goes out with its last gm.
        uint256 released;
        for (uint256 i = 0; i < 100; i++) {
            released += holder.slash(alice, 7);
        }
        released += holder.slash(alice, 3013 - 700);
        assertEq(released, 1001);
        assertEq(escrow.lockOf(id).owner, address(0));
        assertEq(escrow.totalSupply(), 0);
        assertEq(token.balanceOf(address(escrow)), 0);
    }

    function test_SlashWhenItCutsSeveralLocks() external {
        uint64 first = _lock(alice, 100, 0);
        uint64 second = _lock(alice, 100, 365);
        uint64 third = _lock(alice, 100, 0);
        holder.take(alice, 500);
        assertEq(holder.slash(alice, 100 + 150), 100 + 49);
        assertEq(escrow.lockOf(first).owner, address(0));
        assertEq(escrow.lockOf(second).amount, 51);
        assertEq(escrow.lockOf(third).amount, 100);
        (uint8 open, uint64 oldest, uint64 newest) = escrow.locksOf(alice);
        assertEq(open, 2);
        assertEq(oldest, second);
        assertEq(newest, third);
    }

    function test_SlashWhenVotesWereDelegated() external {
        _lock(alice, 100, 0);
        _lock(bob, 50, 0);
        vm.prank(alice);
        escrow.delegate(bob);
        holder.take(alice, 100);
        holder.slash(alice, 30);
        assertEq(escrow.getVotes(bob), 120);
        assertEq(escrow.getVotes(alice), 0);
    }

    /// @dev The worst case: all of the largest list goes at once.
    function test_SlashWhenItCuts64Locks() external {
        for (uint256 i = 0; i < 64; i++) {
            _lock(alice, 100, 0);
        }
        holder.take(alice, 6400);
        uint256 gas = gasleft();
        assertEq(holder.slash(alice, 6400), 6400);
        assertLt(gas - gasleft(), 3_000_000, "gas");
    }

    function testFuzz_SlashReleasesInProportionAndLosesNothing(
        uint96[4] calldata amounts,
        uint16[4] calldata terms,
        uint256 gm
    ) external {
        uint256 minted;
        uint256 locked;
        for (uint256 i = 0; i < 4; i++) {
            uint128 amount = uint128(bound(amounts[i], MINIMUM, type(uint96).max));
            minted += escrow.lockOf(_lock(alice, amount, uint32(bound(terms[i], 0, 1460)))).gm;
            locked += amount;
        }
        gm = bound(gm, 1, minted);
        holder.take(alice, gm);
        uint256 released = holder.slash(alice, gm);
        assertLe(released, gm, "never more tokens than gm");
        assertEq(_gmOf(alice), minted - gm);
        assertEq(_lockedOf(alice), locked - released);
        assertEq(token.balanceOf(address(escrow)), locked - released);
        if (gm == minted) assertEq(released, locked, "all of it");
    }

    function test_TransferRevertWhen_AnAccountSendsToAnother() external {
        _lock(alice, 100, 0);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.NotTransferable.selector, alice, bob));
        vm.prank(alice);
        escrow.transfer(bob, 1);
    }

    function test_TransferRevertWhen_AnAccountSendsToARegisteredContract() external {
        _lock(alice, 100, 0);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.NotTransferable.selector, alice, address(holder)));
        vm.prank(alice);
        escrow.transfer(address(holder), 1);
    }

    function test_TransferRevertWhen_AnUnregisteredContractTakes() external {
        _lock(alice, 100, 0);
        GmHolder stranger = new GmHolder(escrow);
        vm.prank(alice);
        escrow.approve(address(stranger), 100);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.NotTransferable.selector, alice, address(stranger)));
        stranger.take(alice, 1);
    }

    function test_TransferRevertWhen_ARegisteredContractTakesWithoutApproval() external {
        _lock(alice, 100, 0);
        vm.prank(alice);
        escrow.approve(address(holder), 0);
        vm.expectPartialRevert(IERC20Errors.ERC20InsufficientAllowance.selector);
        holder.take(alice, 1);
    }

    function test_TransferRevertWhen_AContractGivesToAnotherThanTheOwner() external {
        _lock(alice, 100, 0);
        holder.take(alice, 100);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.NotTransferable.selector, address(holder), bob));
        holder.giveTo(bob, 1);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.NotTransferable.selector, address(holder), alice));
        holder.giveTo(alice, 101);
    }

    function test_TransferWhenARegisteredContractTakes() external {
        _lock(alice, 100, 0);
        holder.take(alice, 60);
        assertEq(escrow.balanceOf(address(holder)), 60);
        assertEq(escrow.heldFor(address(holder), alice), 60);
        assertEq(escrow.getVotes(alice), 100);
        assertEq(escrow.getVotes(address(holder)), 0);
    }

    function test_TransferGivenTheContractWasUnregistered() external {
        uint64 id = _lock(alice, 100, 0);
        holder.take(alice, 100);
        vm.prank(admin);
        escrow.setRegistered(address(holder), false);
        holder.giveTo(alice, 100);
        vm.prank(alice);
        escrow.unlock(id);
        assertEq(token.balanceOf(alice), 1e30);
    }

    function test_DelegateWhenTheAccountDelegatesToAnother() external {
        _lock(alice, 100, 0);
        vm.prank(alice);
        escrow.delegate(bob);
        assertEq(escrow.getVotes(bob), 100);
        assertEq(escrow.getVotes(alice), 0);
        _lock(alice, 10, 0);
        assertEq(escrow.getVotes(bob), 110);
    }

    function test_DelegateWhenTheAccountDelegatesToNobody() external {
        _lock(alice, 100, 0);
        vm.startPrank(alice);
        escrow.delegate(bob);
        escrow.delegate(address(0));
        assertEq(escrow.delegates(alice), alice);
        assertEq(escrow.getVotes(alice), 100);
        escrow.delegate(address(0));
        escrow.unlock(1);
        assertEq(escrow.getVotes(alice), 0);
    }

    function test_DelegateWhenVotesAreLookedUpInThePast() external {
        uint256 start = vm.getBlockTimestamp();
        _lock(alice, 100, 0);
        skip(10);
        _lock(alice, 50, 0);
        skip(1);
        assertEq(escrow.clock(), start + 11);
        assertEq(escrow.CLOCK_MODE(), "mode=timestamp");
        assertEq(escrow.getPastVotes(alice, start - 1), 0);
        assertEq(escrow.getPastVotes(alice, start + 9), 100);
        assertEq(escrow.getPastVotes(alice, start + 10), 150);
        assertEq(escrow.getPastTotalSupply(start + 9), 100);
    }

    function test_SetRegisteredRevertWhen_TheCallerIsNotTheAdmin() external {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, alice));
        vm.prank(alice);
        escrow.setRegistered(alice, true);
    }

    function test_SetRegisteredWhenTheAdminRegisters() external {
        vm.expectEmit(address(escrow));
        emit IVoteEscrow.ContractRegistered(bob, true);
        vm.prank(admin);
        escrow.setRegistered(bob, true);
        assertTrue(escrow.isRegistered(bob));
    }

    function test_SetMinimumLockRevertWhen_TheCallerIsNotTheAdmin() external {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, alice));
        vm.prank(alice);
        escrow.setMinimumLock(1);
    }

    function test_SetMinimumLockRevertWhen_TheMinimumIsZero() external {
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.AmountTooSmall.selector, 0, 1));
        vm.prank(admin);
        escrow.setMinimumLock(0);
    }

    function test_SetMinimumLockWhenTheAdminSetsIt() external {
        vm.expectEmit(address(escrow));
        emit IVoteEscrow.MinimumLockSet(500);
        vm.prank(admin);
        escrow.setMinimumLock(500);
        vm.expectRevert(abi.encodeWithSelector(IVoteEscrow.AmountTooSmall.selector, 499, 500));
        _lock(alice, 499, 0);
        _lock(alice, 500, 0);
    }
}
