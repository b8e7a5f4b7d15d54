// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IArenaStaking} from "../src/interfaces/IArenaStaking.sol";
import {StakingFixture} from "./support/StakingFixture.sol";

/// @title Whatever the amounts and rates: the books and the tokens agree, and no rounding is in anybody's favour.
contract ArenaStakingFuzzTest is StakingFixture {
    function testFuzz_ASlashTakesTheRateRoundedDownAndPaysAllOfIt(uint128 own, uint32 ppm, uint32 sharePpm) external {
        own = uint128(bound(own, MINIMUM, 1000 ether));
        ppm = uint32(bound(ppm, 1, 1_000_000));
        IArenaStaking.Parameters memory p = parametersOf();
        p.reporterSharePpm = uint32(bound(sharePpm, 0, 500_000));
        setParameters(p);
        stakeAs(alice, 1, TRAINER, own);
        openCase("c", 1, TRAINER, alice, ppm, 0);
        skip(3 days);
        slashCase("c");
        uint256 burned = uint256(own) * ppm / 1_000_000;
        uint256 released = 1000 ether - lockedOf(alice);
        assertEq(staking.stakeOf(0, 1, TRAINER, alice), own - burned);
        assertEq(escrow.totalSupply(), 4000 ether - burned);
        assertEq(balanceOf(reporter), released * p.reporterSharePpm / 1_000_000);
        assertEq(balanceOf(reporter) + balanceOf(address(distributor)), released);
        assertEq(balanceOf(address(staking)), 0);
    }

    function testFuzz_DelegatorsLoseTheRateOfAllTheyHold(uint128 amount, uint128 leaving, uint32 ppm) external {
        amount = uint128(bound(amount, 10 ether, 1000 ether));
        ppm = uint32(bound(ppm, 1, 1_000_000));
        stakeAs(alice, 1, TRAINER, MINIMUM);
        delegateAs(bob, 1, TRAINER, alice, amount);
        delegateAs(carol, 1, TRAINER, alice, 500 ether);
        leaving = uint128(bound(leaving, 1, amount));
        if (amount - leaving < 10 ether) leaving = amount;
        undelegateAs(bob, alice, leaving);
        openCase("c", 1, TRAINER, alice, 1_000_000, ppm);
        skip(3 days);
        slashCase("c");
        slashDelegatorsOf("c", bob, carol);
        IArenaStaking.Delegation memory d = delegationOf(bob, alice);
        uint256 burned = uint256(amount) * ppm / 1_000_000;
        assertEq(uint256(d.amount) + d.pending, amount - burned);
        if (burned <= amount - leaving) assertEq(d.pending, leaving, "what counts burns first");
        else assertEq(d.amount, 0, "what cools down burns after it");
        assertEq(poolOf(alice).delegated, d.amount + delegationOf(carol, alice).amount);
        assertEq(poolOf(alice).pending, d.pending);
        assertEq(poolOf(alice).delegators, ppm == 1_000_000 ? 0 : 2);
        assertEq(escrow.balanceOf(address(staking)), poolOf(alice).delegated + poolOf(alice).pending);
    }

    function testFuzz_RepeatedSlashesNeverTakeMoreThanIsThere(uint32[8] memory ppms) external {
        stakeAs(alice, 1, TRAINER, 1000 ether);
        for (uint256 i = 0; i < ppms.length; ++i) {
            if (staking.stakeOf(0, 1, TRAINER, alice) == 0) break;
            openCase(bytes32(i + 1), 1, TRAINER, alice, uint32(bound(ppms[i], 1, 1_000_000)), 0);
        }
        skip(3 days);
        for (uint256 i = 0; i < ppms.length; ++i) {
            slashCase(bytes32(i + 1));
        }
        assertEq(poolOf(alice).openCases, 0);
        assertEq(escrow.balanceOf(address(staking)), poolOf(alice).own);
        (, uint256 gm) = escrow.lockedOf(alice);
        assertEq(gm, poolOf(alice).own);
    }

    function testFuzz_StakeComesBackToTheWei(uint128 own, uint128 first, uint32 wait) external {
        own = uint128(bound(own, MINIMUM, 1000 ether));
        first = uint128(bound(first, 1, own));
        stakeAs(alice, 1, TRAINER, own);
        stakeAs(bob, 1, TRAINER, 1000 ether);
        endTask();
        skip(3 days + uint256(wait));
        unstakeAs(alice, first);
        if (own > first) unstakeAs(alice, own - first);
        assertEq(escrow.balanceOf(alice), 1000 ether);
        assertEq(escrow.balanceOf(address(staking)), 1000 ether);
    }

    function testFuzz_PositionsNeverMeet(uint8 program, uint64 task, uint8 role) external {
        stakeAs(alice, 1, TRAINER, MINIMUM);
        bool same = program == 0 && task == 1 && role == TRAINER;
        assertEq(staking.stakeOf(program, task, role, alice), same ? MINIMUM : 0);
    }
}
