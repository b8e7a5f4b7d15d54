// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ArenaToken} from "../../src/ArenaToken.sol";
import {RewardDistributor} from "../../src/RewardDistributor.sol";
import {Campaign} from "../support/Campaign.sol";
import {DistributorHandler} from "./DistributorHandler.sol";

/// @title What must hold of the distributor and its token after any sequence of calls.
contract RewardDistributorInvariants is Campaign {
    DistributorHandler private _handler;
    RewardDistributor private _distributor;
    ArenaToken private _token;

    function setUp() external {
        vm.warp(1_800_000_000);
        _handler = new DistributorHandler();
        _distributor = _handler.DISTRIBUTOR();
        _token = _handler.TOKEN();
        bytes4[] memory calls = new bytes4[](11);
        calls[0] = DistributorHandler.submit.selector;
        calls[1] = DistributorHandler.submitLie.selector;
        calls[2] = DistributorHandler.submitTooMuch.selector;
        calls[3] = DistributorHandler.submitTooEarly.selector;
        calls[4] = DistributorHandler.disable.selector;
        calls[5] = DistributorHandler.activate.selector;
        calls[6] = DistributorHandler.claim.selector;
        calls[7] = DistributorHandler.claimFalsely.selector;
        calls[8] = DistributorHandler.fund.selector;
        calls[9] = DistributorHandler.setDelay.selector;
        calls[10] = DistributorHandler.pass.selector;
        string[] memory paths = new string[](13);
        paths[0] = "submit";
        paths[1] = "lie";
        paths[2] = "lie contained";
        paths[3] = "beyond the cap";
        paths[4] = "beyond the schedule";
        paths[5] = "a fall";
        paths[6] = "second root refused";
        paths[7] = "disable";
        paths[8] = "disable refused";
        paths[9] = "activate";
        paths[10] = "claim";
        paths[11] = "false claim refused";
        paths[12] = "fund";
        _campaign(address(_handler), calls, paths);
    }

    /// @dev One campaign for all rules: forge would run one for each function.
    function invariant_theDistributorKeepsItsRules() external view {
        assertEq(_handler.slip(), "");
        (uint256 activated, uint256 minted, uint256 funded, uint256 claimed) = _distributor.totals();
        (uint64 epoch,, uint256 total) = _distributor.active();

        // Σ claimed ≤ what was activated ≤ Σ minted + funded, and no token is anywhere else.
        assertLe(claimed, activated, "claimed more than the active root's total");
        assertLe(activated, minted + funded, "activated more than there is");
        assertEq(_token.balanceOf(address(_distributor)), minted + funded - claimed, "balance");
        uint256 sum;
        for (uint256 i = 0; i < 4; i++) {
            address account = _handler.accounts(i);
            sum += _distributor.claimedBy(account);
            assertEq(_token.balanceOf(account), _distributor.claimedBy(account), "paid");
        }
        assertEq(sum, claimed, "sum of claims");

        // Emission within schedule and cap.
        assertLe(minted, _distributor.emittedBy(epoch), "schedule");
        assertLe(_token.totalSupply(), _token.CAP(), "cap");
        assertEq(_token.totalSupply(), _handler.GENESIS_SUPPLY() + minted, "supply");

        // As the model says.
        assertEq(total, activated, "total of the active root");
        assertEq(activated, _handler.activated(), "activated");
        assertEq(minted, _handler.minted(), "minted");
        assertEq(funded, _handler.funded(), "funded");
    }

    /// @dev Each path is gone at least once, and the rules hold at the end.
    function test_EveryPathIsReached() external {
        _walk(1000);
        this.invariant_theDistributorKeepsItsRules();
    }

    /// @dev The run was worth something.
    function afterInvariant() external view {
        _checkReached();
    }
}
